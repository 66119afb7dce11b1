"""The façade of the core: a library on disk, opened to read (any number of times) or to write (once).

:class:`Library` answers queries and reports; :class:`LibraryWriter` brings it up to date and repairs it. What only the
writer, the search or the doctor needs is imported when it is used: a window that opens would wait for it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from photofind.core.accuracy import Accuracy
from photofind.core.catalog import Catalog, FileError, Pack, ThumbnailStore
from photofind.core.encoders import Selection, resolve
from photofind.core.errors import FolderError, LibraryDamagedError, QueryError, StorageError
from photofind.core.imaging import DecodeLimits
from photofind.core.ownership import check_library_folder, lock_library
from photofind.core.paths import can_be_a_path, is_within
from photofind.core.places import places_to_update
from photofind.core.progress import Control, Progress
from photofind.core.queries import ExactCheck, Filters, IndexShape, Query, SearchResult
from photofind.core.records import Listing, PhotoId, PhotoRecord, RootSummary, SortKey, Tile
from photofind.core.scan import is_away
from photofind.core.serving_pack import is_at_hand, open_pack, open_words
from photofind.core.settings import Settings

if TYPE_CHECKING:
    from photofind.core.doctor import Diagnosis
    from photofind.core.duplicates.finding import Finder
    from photofind.core.duplicates.reading import DuplicateReader
    from photofind.core.evaluation.calibrating import Calibrator
    from photofind.core.health import IndexHealth
    from photofind.core.indexing.run import IndexRun
    from photofind.core.indexing.upkeep import IndexUpkeep
    from photofind.core.search import Searcher
    from photofind.core.status import LibraryStatus

LOG = logging.getLogger(__name__)
_DATABASE = "library.db"
_THUMBNAILS = "thumbnails.db"


class Library:
    """A library opened for reading; sees what the writer commits, from the next call on."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self._settings = settings
        if not os.path.isfile(folder / _DATABASE):  # it never raises
            raise QueryError(f"There is no library in {folder}; run `photofind index FOLDER` first.")
        self._catalog = Catalog.open_reader(folder / _DATABASE)
        self._opened_searcher: Searcher | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the library's files go."""
        if self._opened_searcher is not None:
            self._opened_searcher.close()
        self._catalog.close()

    def search(self, query: Query) -> SearchResult:
        """Return the photos that look most like the query; see :meth:`Searcher.search`."""
        return self._searcher.search(query)

    @property
    def _searcher(self) -> Searcher:
        if self._opened_searcher is None:
            from photofind.core.search import Searcher

            limits = DecodeLimits.of(
                megapixels=self._settings.photo_megapixels, megabytes=self._settings.photo_megabytes
            )
            self._opened_searcher = Searcher(
                self.folder, self._catalog, open_pack, limits, open_words, settings=self._settings
            )
        return self._opened_searcher

    def prepare_words(self) -> None:
        """Open what reads words, which takes a while, before somebody waits for it; PackError when it is not here."""
        pack = self._catalog.active_pack()
        if pack is not None:
            open_words(pack)

    def index_shape(self) -> IndexShape:
        """Return over what nprobe ranges; cheap, but the first call opens the index as the first search does."""
        return self._searcher.shape()

    def check_exactly(self, query: Query, found: Collection[int], control: Control) -> ExactCheck | None:
        """Return what an answer lacked that showed ``found`` photos; see :meth:`Searcher.check_exactly`."""
        return self._searcher.check_exactly(query, found, control)

    def accuracy(self) -> Accuracy | None:
        """Return what a calibration has measured of the index as it is now, None without one that still holds."""
        return self.index_shape().accuracy

    def is_calibration_due(self) -> bool:
        """Tell whether there is something to measure that no calibration which still holds has measured."""
        shape = self.index_shape()
        return shape.vectors > 1 and shape.accuracy is None

    def nprobe_for(self, recall: float) -> int | None:
        """Return the least measured nprobe with which searches find this share of the ten nearest photos.

        None when only comparing with every photo does, and where every search does so anyway. Raises QueryError when
        nothing that still holds was measured.
        """
        shape = self.index_shape()
        accuracy = shape.accuracy
        if accuracy is None and shape.nlist <= 1:  # an empty library cannot be measured, and yet be asked
            return None
        if accuracy is None:
            raise QueryError(
                "What this library's index finds was not measured since it changed; run `photofind evaluate` first."
            )
        point = accuracy.cheapest(recall)
        return point.nprobe if point.recall_at_10 >= recall else None

    def calibrator(self, control: Control | None = None, queries: int | None = None) -> Calibrator:
        """Return what measures the index and keeps the result; it writes nothing but its own file.

        ``queries`` caps the photos that are asked, by default as many as a small error takes.
        """
        from photofind.core.evaluation.calibrating import Calibrator

        return Calibrator(self.folder, self._catalog, self._settings, control or Control(), queries)

    def health(self) -> IndexHealth:
        """Return what the index is like and what could be done for it, changing nothing."""
        from photofind.core.health import examine_index

        return examine_index(self.folder, self._catalog, self._settings)

    def list_photos(
        self,
        sort: SortKey = SortKey.DATE,
        *,
        descending: bool = True,
        limit: int | None = None,
        filters: Sequence[Filters] = (),
    ) -> Listing:
        """Return all photos in an order, those on absent volumes too, or only the first ``limit`` of them.

        With filters, only the photos that all of these keep.
        """
        with self._catalog.snapshot():
            if not filters:
                return self._catalog.lists.photos(sort, descending=descending, limit=limit)
            listing = self._catalog.lists.photos(sort, descending=descending, limit=None)
            return listing.kept([self._catalog.filtering.photo_ids(each) for each in filters], limit)

    def cameras(self) -> list[str]:
        """Return the names of the cameras that photos were taken with, sorted."""
        return self._catalog.contents.cameras()

    def formats(self) -> list[str]:
        """Return the formats that the photos have, as filters name them, sorted."""
        return self._catalog.contents.formats()

    def tiles(self, photo_ids: Sequence[int]) -> list[Tile]:
        """Return what it takes to show these photos, in their order; unknown ids are left out."""
        return self._catalog.lists.tiles(photo_ids)

    def photo(self, photo_id: int) -> PhotoRecord | None:
        """Return all that the library knows of a photo, None when it has none with this id."""
        return self._catalog.lists.photo(photo_id)

    def photo_at(self, path: str) -> PhotoId | None:
        """Return the photo at a path if the library has it; the file itself is not looked at."""
        return self._catalog.lists.photo_at(*os.path.split(os.path.abspath(path))) if can_be_a_path(path) else None

    def roots(self) -> list[RootSummary]:
        """Return the folders that the user added, in the order of their paths."""
        with self._catalog.snapshot():
            return self._catalog.lists.roots()

    def count_photos(self) -> int:
        """Return the number of photos, those on absent volumes too."""
        return self._catalog.files.count_photos()

    def revision(self) -> int:
        """Return a number that grows when what the lists of photos and roots say may have changed; cheap to ask."""
        return self._catalog.revision()

    def status(self) -> LibraryStatus:
        """Return the library's numbers."""
        from photofind.core.status import read_status

        return read_status(self.folder, self._catalog)

    def duplicates(self) -> DuplicateReader:
        """Open what was found of duplicates; the caller closes it, before the library and in the same thread."""
        from photofind.core.duplicates.calibration import Calibration
        from photofind.core.duplicates.reading import DuplicateReader

        return DuplicateReader(self.folder, self._catalog, Calibration.for_pack(self._pack_spec()))

    def finder(self, control: Control | None = None) -> Finder:
        """Return what looks for duplicates; it writes nothing but its own file, beside whoever writes the library."""
        from photofind.core.duplicates.calibration import Calibration
        from photofind.core.duplicates.crew import Files
        from photofind.core.duplicates.finding import Finder

        limits = DecodeLimits.of(megapixels=self._settings.photo_megapixels, megabytes=self._settings.photo_megabytes)
        files = Files(self.folder / _DATABASE, self.folder / _THUMBNAILS, limits)
        calibration = Calibration.for_pack(self._pack_spec())
        return Finder(self.folder, self._catalog, files, calibration, self._settings.workers, control or Control())

    def _pack_spec(self) -> str:
        pack = self._catalog.active_pack()
        return pack.spec if pack is not None else ""

    def errors(self) -> Iterator[FileError]:
        """Yield the error list."""
        return self._catalog.files.errors()

    def thumbnails(self) -> ThumbnailStore:
        """Open the library's thumbnails for reading; the caller closes them."""
        return ThumbnailStore.open(self.folder / _THUMBNAILS, writable=False)

    def examine(self) -> Diagnosis:
        """Return what is wrong with the library, changing nothing."""
        from photofind.core.doctor import examine

        return examine(self.folder, self._catalog, self.folder / _THUMBNAILS)


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
        with contextlib.ExitStack() as stack:
            self._lock = lock_library(folder)
            stack.callback(self._lock.release)
            self._catalog = stack.enter_context(Catalog.open_writer(folder / _DATABASE))
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
        """
        from photofind.core.indexing.run import Bench, IndexRun

        started = time.monotonic()
        places = places_to_update(folders, self._catalog)
        wanted = resolve(self._wanted_spec())
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

        yield from Rework(self.folder, self.folder / _DATABASE, self._settings, self.control, act).run(phase)

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

        diagnosis = examine(self.folder, self._catalog, self.folder / _THUMBNAILS)
        self._thumbnails.close()
        try:
            repair(diagnosis, self.folder, self._catalog, self.folder / _THUMBNAILS, self._upkeep)
        finally:
            self._thumbnails = ThumbnailStore.open(self.folder / _THUMBNAILS, writable=True)
        return diagnosis

    def _open_thumbnails(self) -> ThumbnailStore:
        path = self.folder / _THUMBNAILS
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


def _is_blank(path: Path) -> bool:
    """Tell whether a file is not there or holds nothing."""
    try:
        return path.stat().st_size == 0
    except FileNotFoundError:
        return True
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {error.strerror}.") from error
