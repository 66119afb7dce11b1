"""The façade of the core for whoever writes: a library on disk, opened once, brought up to date and repaired.

What only a run or a repair needs is imported when it is used.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from photofind.core.catalog import Catalog, FileError, Pack, ThumbnailStore
from photofind.core.catalog.connection import check_in_place, check_length, connect, moved_away
from photofind.core.catalog.schema import check_version
from photofind.core.encoders import Selection, resolve
from photofind.core.errors import FolderError, LibraryDamagedError, StorageError
from photofind.core.library import DATABASE, THUMBNAILS
from photofind.core.ownership import WRITER_LOCK, check_library_folder, lock_library
from photofind.core.paths import can_be_a_path, is_within
from photofind.core.places import places_to_update
from photofind.core.progress import Control, Progress
from photofind.core.scan import is_away
from photofind.core.serving_pack import check_same, is_at_hand
from photofind.core.settings import Settings

if TYPE_CHECKING:
    from photofind.core.doctor import Diagnosis
    from photofind.core.indexing.run import IndexRun
    from photofind.core.indexing.upkeep import IndexUpkeep

LOG = logging.getLogger(__name__)


class LibraryWriter:
    """A library opened for writing: one per library, held by a lock that ends with the process.

    Raises
    ------
    LibraryBusyError
        When another process writes it.
    LibraryVersionError, LibraryDamagedError, StorageError
        When it is newer, damaged, or its disk refuses.
    """

    def __init__(self, folder: Path, settings: Settings, control: Control | None = None) -> None:
        self.folder = folder
        from photofind.core.indexing.run import IndexReport

        self._settings = settings
        self.control = control or Control()
        self.report = IndexReport()
        check_library_folder(folder)
        check_length(folder / DATABASE)
        _refuse_foreign(folder / DATABASE)
        with contextlib.ExitStack() as stack:
            self._lock = lock_library(folder)
            stack.callback(self._lock.release)
            self._locked = _identity(folder / WRITER_LOCK)
            self._catalog = Catalog.open_writer(folder / DATABASE)
            stack.callback(self._catalog.close_signed)
            self._thumbnails = self._open_thumbnails()
            stack.callback(lambda: self._thumbnails.close())  # the store, by then, may be another one
            self._upkeep("").collect_garbage()
            self._resources = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the library go."""
        self._resources.close()

    def check_in_place(self) -> None:
        """Raise StorageError when the library was moved, or another put in its place, since it was opened.

        What is locked and open is the former one, while index files and embeddings are found by their paths.
        """
        if _identity(self.folder / WRITER_LOCK) != self._locked:
            raise moved_away(self.folder)
        check_in_place(self.folder)

    def use(self, settings: Settings) -> None:
        """Work by other settings from the next update on."""
        self._settings = settings

    def update(self, folders: Sequence[str] = ()) -> Iterator[Progress]:
        """Bring the library up to date with ``folders``, added if they are new; without any, with all it has.

        Yields progress; the result is in :attr:`report`. When the wanted model pack is another than the active one,
        new photos are embedded for the active one first, then every photo for the wanted one, which takes over when it
        is complete: as long as photos that it lacks are on volumes that are away, the old one goes on to serve.

        Raises
        ------
        FolderError
            When a folder does not exist or is none; nothing is changed then.
        PackError
            When the wanted model pack cannot be used, or seems to be a damaged one.
        """
        from photofind.core.indexing.run import Bench, IndexRun

        self.check_in_place()
        started = time.monotonic()
        places = places_to_update(folders, self._catalog)
        wanted = resolve(self._wanted_spec())
        check_same(wanted, self._catalog.active_pack())
        serving = self._serving_pack(wanted)
        run = IndexRun(Bench(self.folder, self._catalog, self._thumbnails, self._settings, self.control), places)
        self.report = run.report
        yield from run.run(serving)
        active = self._catalog.active_pack()  # not the serving one, if that pack is not installed any more
        if (active is None or active.key != wanted.key) and not run.report.stopped:
            yield from self._change_pack(run, wanted)
        run.report.seconds = time.monotonic() - started

    def compact(self) -> Iterator[Progress]:
        """Drop dead vectors from the index and merge its segments; a stop leaves what was done until then."""
        yield from self._rework("compact", lambda upkeep: upkeep.compact())

    def recluster(self) -> Iterator[Progress]:
        """Train the index anew from the stored embeddings; a stop leaves the old one."""
        yield from self._rework("recluster", lambda upkeep: upkeep.rebuild())

    def _rework(self, phase: str, act: Callable[[IndexUpkeep], None]) -> Iterator[Progress]:
        from photofind.core.indexing.reworking import Rework

        def act_in_place(upkeep: IndexUpkeep) -> None:
            self.check_in_place()  # which catalog it has opened, by its path, is known by now
            act(upkeep)

        yield from Rework(self.folder, self.folder / DATABASE, self._settings, self.control, act_in_place).run(phase)

    def remove_root(self, path: str) -> int:
        """Forget a root with its photos and return how many these were; the files on disk are not touched.

        Embeddings and thumbnails stay for the case that the photos come back, in this root or another.

        Raises
        ------
        FolderError
            When the library has no such root.
        """
        root = next((root for root in self._catalog.files.roots() if root.path == path), None)
        if root is None:
            raise FolderError(f"{path} is not one of the folders that were added to this library.")
        with self._catalog.transaction():
            contents = self._catalog.files.remove_root(root.id)
            self._catalog.vectors.refresh_live(set(contents))
        return len(contents)

    def retry(self, paths: Sequence[str] = ()) -> list[str]:
        """Let the next update read files of the error list again, by default all of them.

        Returns the roots that this update has to be asked for. Files whose volume is away stay as they are.
        """
        with self._catalog.transaction():
            self._catalog.files.retry([os.path.split(path) for path in paths if can_be_a_path(path)] if paths else None)
        roots = [root.path for root in self._catalog.files.roots()]
        return [root for root in roots if not paths or any(is_within(path, root) for path in paths)]

    def want_pack(self, spec: str) -> Selection:
        """Record the model pack that the user wants from the next update on; raises PackError when it is not sound."""
        selection = resolve(spec)
        selection.pack.read_network(selection.variant)
        with self._catalog.transaction():
            self._catalog.set_target_spec(selection.spec)
        return selection

    def errors(self) -> Iterator[FileError]:
        """Yield the error list."""
        return self._catalog.files.errors()

    def count_errors(self) -> int:
        """Return the length of the error list."""
        return self._catalog.files.count_errors()

    def count_photos(self) -> int:
        """Return the number of photos in the library."""
        return self._catalog.files.count_photos()

    def repair(self) -> Diagnosis:
        """Find what is wrong and rebuild what can be rebuilt; return what was found."""
        from photofind.core.doctor import examine, repair

        self.check_in_place()
        diagnosis = examine(self.folder, self._catalog, self.folder / THUMBNAILS)
        self._thumbnails.close()
        try:
            repair(diagnosis, self.folder, self._catalog, self.folder / THUMBNAILS, self._upkeep)
        finally:
            self._thumbnails = ThumbnailStore.open(self.folder / THUMBNAILS, writable=True)
        return diagnosis

    def _open_thumbnails(self) -> ThumbnailStore:
        path = self.folder / THUMBNAILS
        if _is_blank(path) and self.count_photos():
            LOG.warning("the thumbnails are gone and made anew")
            with self._catalog.transaction():
                self._catalog.set_thumbnails_wanted(wanted=True)
        try:
            return ThumbnailStore.open(path, writable=True)
        except LibraryDamagedError as error:
            from photofind.core.doctor import set_aside

            LOG.warning("thumbnails are made anew: %s", error)
            set_aside(path)
            with self._catalog.transaction():
                self._catalog.set_thumbnails_wanted(wanted=True)
            return ThumbnailStore.open(path, writable=True)

    # Packs

    def _wanted_spec(self) -> str:
        return self._catalog.target_spec() or self._settings.model

    def _serving_pack(self, wanted: Selection) -> Pack:
        """Return the active pack if its encoder is still here, else start with the wanted one."""
        active = self._catalog.active_pack()
        if active is not None and is_at_hand(active):
            return active
        pack = self._put_pack(wanted)
        if active is None:
            with self._catalog.transaction():
                self._catalog.set_active_pack(pack.key)
        return pack

    def _change_pack(self, run: IndexRun, wanted: Selection) -> Iterator[Progress]:
        pack = self._put_pack(wanted)
        with self._catalog.transaction():
            for root in self._catalog.files.roots():
                if is_away(root.path):  # the run itself has only looked at the roots that it was asked for
                    self._catalog.files.set_root_offline(root.id, offline=True)
        yield from run.reembed(pack)
        lacking = self._catalog.contents.count_missing_embeddings
        away = lacking(pack.id, reachable=False) - lacking(pack.id, reachable=True)
        if not run.report.stopped and not away:
            self._take_over(pack)

    def _take_over(self, pack: Pack) -> None:
        with self._catalog.transaction():
            self._catalog.set_active_pack(pack.key)
            for other in self._catalog.vectors.packs():
                if other.key != pack.key:
                    self._catalog.vectors.drop_pack(other.id)
        self._upkeep(pack.key).collect_garbage()

    def _put_pack(self, selection: Selection) -> Pack:
        with self._catalog.transaction():
            return self._catalog.vectors.put_pack(selection.key, selection.spec, selection.pack.dimension)

    def _upkeep(self, pack_key: str) -> IndexUpkeep:
        from photofind.core.indexing.upkeep import IndexUpkeep
        from photofind.core.vectors.rule import Tuning

        tuning = Tuning.of(self._settings)
        return IndexUpkeep(self.folder, self._catalog, pack_key, self._settings.workers, lambda: None, tuning)


def _refuse_foreign(database: Path) -> None:
    """Raise before anything is made or changed in a folder whose database is another program's, damaged or newer."""
    if not _is_blank(database):
        with contextlib.closing(connect(database, writable=False)) as connection:
            check_version(connection, database)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from every other one that there is meanwhile, None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_blank(path: Path) -> bool:
    """Tell whether a file is not there or holds nothing."""
    try:
        return path.stat().st_size == 0
    except FileNotFoundError:
        return True
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {error.strerror}.") from error
