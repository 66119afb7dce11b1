"""What goes on behind the window, shown in it: the writer's progress, the folders, the errors, the watch for changes.

::

    watch, panels, drops ──▶ WorkerLink ──events──▶ progress bar, panels, notices
                                   └──────────────▶ library_changed ──▶ the grid lists again

A run of the writer begins when the window opens (what changed meanwhile?), when a folder is added, when the watch sees
a change, and when the user asks.
"""

from __future__ import annotations

import time
from itertools import islice

from PySide6.QtCore import QObject, Signal

from photofind.core.catalog import FileError
from photofind.core.errors import UserError
from photofind.core.library import Library
from photofind.core.queries import IndexShape
from photofind.core.records import RootSummary
from photofind.gui import desktop, numbers
from photofind.gui.notices import NoticeBar
from photofind.gui.panels.errors import ErrorsPanel
from photofind.gui.panels.folders import FoldersPanel
from photofind.gui.progress_bar import ProgressBar
from photofind.gui.session import Session
from photofind.gui.speed import SpeedSlider
from photofind.gui.worker_link import WorkerProgress

_MOST_ERRORS = 20_000
_COUNT_SECONDS = 10.0
_CHANGES = ("added", "changed", "removed", "moved", "embedded")


class BackgroundWork(QObject):
    """Connects a session to the widgets that show what it does; see the module for the flow."""

    library_changed = Signal(bool)
    """Photos were added, changed or removed; comes often while photos are read, and with True when that is over."""

    roots_changed = Signal(object)
    """The folders of the library, as a list of :class:`RootSummary`, were read anew."""

    pause_changed = Signal(bool)
    """Reading photos was paused or goes on."""

    def __init__(
        self,
        session: Session,
        bar: ProgressBar,
        folders: FoldersPanel,
        errors: ErrorsPanel,
        notices: NoticeBar,
        speed: SpeedSlider,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._bar = bar
        self._folders = folders
        self._errors = errors
        self._notices = notices
        self._speed = speed
        self._done = 0
        self._counted_at = 0.0
        self._connect_worker()
        self._connect_panels()

    def start(self) -> None:
        """Start the writer, let it look for what changed meanwhile, and show what is known already."""
        self._session.worker.start()
        self.rescan()
        self.read_numbers()

    def add_folders(self, folders: list[str]) -> None:
        """Bring folders into the library, or look for changes in some of it."""
        self._session.worker.index(folders)

    def rescan(self) -> None:
        """Look for changes in all folders."""
        self.add_folders([])

    def set_paused(self, *, paused: bool) -> None:
        """Pause reading photos, or go on."""
        if paused:
            self._session.worker.pause()
        else:
            self._session.worker.resume()

    def read_numbers(self) -> None:
        """Show what the library holds and how well its index finds it."""
        self._read_counts()
        self.read_shape()

    def read_shape(self) -> None:
        """Fit the slider to the index as it is now, and to what was measured of it."""
        self._session.searching.ask(Library.index_shape, self._on_shape)

    # Wiring

    def _connect_worker(self) -> None:
        worker = self._session.worker
        worker.progressed.connect(self._on_progressed)
        worker.finished.connect(self._on_finished)
        worker.removed.connect(self._on_removed)
        worker.pack_wanted.connect(self._on_pack_wanted)
        worker.pause_changed.connect(self._on_pause_changed)
        worker.failed.connect(self._on_failed)
        worker.gave_up.connect(self._on_gave_up)
        self._session.watch.changed.connect(self.rescan)
        self._session.settings_changed.connect(self.read_shape)
        self._session.searching.ask_failed.connect(lambda text: self._notices.show_notice(text, kind="warning"))

    def _connect_panels(self) -> None:
        worker = self._session.worker
        self._bar.pause_clicked.connect(worker.pause)
        self._bar.resume_clicked.connect(worker.resume)
        self._folders.remove_requested.connect(worker.remove_folder)
        self._folders.rescan_requested.connect(lambda folder: self.add_folders([folder]))
        self._folders.reveal_requested.connect(self._on_reveal_requested)
        self._folders.folder_activated.connect(self._on_reveal_requested)
        self._errors.retry_requested.connect(worker.retry)
        self._errors.reveal_requested.connect(self._on_reveal_requested)

    # Events of the writer

    def _on_progressed(self, progress: WorkerProgress) -> None:
        self._bar.show_progress(progress)
        if progress.done != self._done:
            if not self._done or time.monotonic() - self._counted_at > _COUNT_SECONDS:
                self._read_counts()  # a folder that was just added has its row now
            self._done = progress.done
            self.library_changed.emit(False)

    def _on_finished(self, report: dict[str, object]) -> None:
        self._done = 0
        photos = report.get("photos")
        self._bar.show_idle(photos if isinstance(photos, int) else 0)
        self.read_numbers()
        self.library_changed.emit(any(report.get(kind) for kind in _CHANGES))

    def _on_removed(self, folder: str, photos: int) -> None:
        count = self.tr("1 photo") if photos == 1 else self.tr("{} photos").format(numbers.grouped(photos))
        self._notices.show_notice(
            self.tr("{} was removed from the library with {}; the files are where they were.").format(folder, count),
            kind="info",
        )
        self.read_numbers()
        self.library_changed.emit(True)

    def _on_pack_wanted(self, spec: str) -> None:
        self._notices.show_notice(
            self.tr("All photos are read again with the model {}; until then, search goes on with the old one.").format(
                spec
            ),
            kind="info",
        )
        self.rescan()

    def _on_pause_changed(self, paused: bool) -> None:  # noqa: FBT001 - a slot
        self._bar.set_paused(paused=paused)
        self.pause_changed.emit(paused)

    def _on_failed(self, message: str, fixable: bool) -> None:  # noqa: FBT001 - a slot
        self._done = 0
        self._bar.show_problem(message)
        self._notices.show_notice(message, kind="warning" if fixable else "error")

    def _on_gave_up(self, message: str) -> None:
        self._bar.show_problem(message)
        self._notices.show_notice(message, kind="error")

    def _on_reveal_requested(self, path: str) -> None:
        try:
            desktop.show_in_file_manager(path)
        except UserError as error:
            self._notices.show_notice(str(error), kind="warning")

    # Numbers

    def _read_counts(self) -> None:
        self._counted_at = time.monotonic()
        ask = self._session.searching.ask
        ask(lambda library: library.roots(), self._on_roots)
        ask(_first_errors, self._on_errors)
        ask(lambda library: library.count_photos(), self._bar.set_photos)

    def _on_roots(self, roots: list[RootSummary]) -> None:
        self._folders.set_roots(roots)
        self._bar.set_offline([root.path for root in roots if root.offline])
        self._session.watch.set_folders([root.path for root in roots])
        self.roots_changed.emit(roots)

    def _on_errors(self, errors: tuple[list[FileError], int]) -> None:
        listed, total = errors
        self._errors.set_errors(listed, total=total)
        self._bar.set_errors(total)

    def _on_shape(self, shape: IndexShape) -> None:
        self._speed.set_index(shape.nlist, shape.default_nprobe, shape.accuracy)


def _first_errors(library: Library) -> tuple[list[FileError], int]:
    listed = list(islice(library.errors(), _MOST_ERRORS))
    return listed, len(listed) if len(listed) < _MOST_ERRORS else sum(root.errors for root in library.roots())
