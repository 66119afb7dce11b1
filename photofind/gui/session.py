"""Everything that runs behind one window on one library: reader threads, the writer process, the folder watch.

Photos are decoded in processes apart, see :attr:`Session.pictures`: no file takes the window along.

The window asks the session's parts and listens to their signals. Closing has two steps, so that the window can vanish
at once: :meth:`Session.begin_shutdown` asks all of them to end, and :attr:`Session.ended` comes when the writer has
committed what it was at and no thread or process is left.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from photofind.core.imaging.apart import ApartLimits, PictureReader
from photofind.core.ownership import DATABASE
from photofind.core.settings import Settings
from photofind.gui.listing import ListingLoader
from photofind.gui.patience import Look
from photofind.gui.searching import SearchLink
from photofind.gui.threads import close_readers
from photofind.gui.thumbnails import ThumbnailProvider
from photofind.gui.watching import WatchLink
from photofind.gui.worker_link import WorkerLink


class Session(QObject):
    """The running parts of an open library; made and ended by its window."""

    ended = Signal()
    """Nothing of the session runs any more."""

    settings_changed = Signal()
    """Searches work by other settings from now on."""

    def __init__(self, library: Path, settings: Settings, *, cache_bytes: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library = library
        self.settings = settings
        self.thumbnails = ThumbnailProvider(library, settings, cache_bytes=cache_bytes, parent=self)
        self.listing = ListingLoader(library, settings, self)
        self.pictures = PictureReader(ApartLimits.of(settings))
        self.searching = SearchLink(library, settings, self, pictures=self.pictures)
        self.worker = WorkerLink(library, self)
        self.watch = WatchLink(library, self)
        # A disk that does not answer: then there may be a library, and who reads it waits in its own thread.
        self._is_there = Look(lambda: os.path.isfile(library / DATABASE), otherwise=True)
        self.worker.ready.connect(self._on_ready)
        self.worker.ended.connect(self._on_worker_ended)

    def warm(self) -> None:
        """Prepare in the background for the first search and the first picture."""
        self.searching.warm()
        self.searching.ask(lambda _: self.pictures.warm(), lambda _: None)

    def library_exists(self) -> bool:
        """Tell whether there is a library already, or its writer has to make it first.

        There may be one on a disk that does not answer.
        """
        return self._is_there.answer()

    def use(self, settings: Settings) -> None:
        """Search by other settings from now on; the writer and who lists photos need none, or read them themselves."""
        self.settings = settings
        self.searching.use(settings)
        self.pictures.use(ApartLimits.of(settings))
        self.settings_changed.emit()

    def begin_shutdown(self) -> None:
        """End everything; returns when the readers have ended, while the writer may still be committing."""
        self.pictures.close()
        self.watch.close()
        self.worker.begin_shutdown()
        close_readers([self.searching, self.listing, self.thumbnails])

    def _on_ready(self) -> None:
        for reader in (self.searching, self.listing, self.thumbnails):
            reader.library_appeared()

    def _on_worker_ended(self) -> None:
        self.ended.emit()
