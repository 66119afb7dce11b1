"""What comes into the window from outside: drops, the clipboard and the file dialog become queries or new folders.

Nothing here opens a modal box or goes to the network without asking: an address is offered in the notice bar first.
What dropped paths are is looked up in a thread, for their disk may not answer; a newer drop does not wait for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QMimeData, QObject, QTimer, QUrl, Signal

from photofind.gui.drops import Drop, Scratch, are_temporary, parted, read_drop
from photofind.gui.errands import Errands
from photofind.gui.fetch import PictureFetcher
from photofind.gui.notices import NoticeBar
from photofind.gui.query import QueryPart

_MOST_FILES = 50
_LATE_MS = 2_000
"""After so long the user is told what a drop waits for."""


class Intake(QObject):
    """Turns mime data into what the window can do with it."""

    parts_ready = Signal(object, bool)
    """A list of :class:`QueryPart` made of what was dropped or pasted, and whether it is added to the query."""

    folders_offered = Signal(object)
    """The user confirmed that these folders (a list of paths) should be added."""

    def __init__(self, notices: NoticeBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notices = notices
        self._scratch = Scratch()
        self._adding = self._fetched_adding = False
        self._looking: Errands | None = None
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_LATE_MS)
        self._late_path = ""
        self._late.timeout.connect(self._on_late)
        self._fetcher = PictureFetcher(self)
        self._fetcher.fetched.connect(self._on_fetched)
        self._fetcher.failed.connect(self._warn)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being fetched."""
        return self._fetcher.is_idle

    def will_pass(self, path: str) -> bool:
        """Tell whether a picture has no file that outlives the window."""
        return self._scratch.holds(path)

    def close(self) -> None:
        """Give up what is being fetched and remove the pictures that had no file of their own."""
        self._fetcher.cancel()
        self._look_no_more()
        self._scratch.close()

    def take(self, mime: QMimeData, *, adding: bool = False) -> None:
        """Act on what was dropped or pasted: search by it, or, when ``adding``, by it along with the query."""
        drop = read_drop(mime)
        self._adding = adding
        self._look_no_more()
        try:
            self._act_on(drop)
        except OSError as error:
            self._warn(self.tr("The picture cannot be read: {}.").format(error.strerror or error))

    def take_files(self, paths: list[str]) -> None:
        """Search by picture files the user chose."""
        self._adding = False
        self._look_no_more()
        self._search(QueryPart.of_file(path) for path in paths[:_MOST_FILES])

    def _act_on(self, drop: Drop) -> None:
        if drop.paths:
            self._take_paths(drop.paths)
        elif drop.image is not None:
            path = self._scratch.store_image(drop.image)
            if path is None:
                self._warn(self.tr("The picture cannot be stored; is the disk full?"))
            else:
                self._search([QueryPart.of_file(path, self.tr("Picture"))])
        elif drop.data is not None:
            self._search([QueryPart.of_file(self._scratch.store_bytes(drop.data), self.tr("Picture"))])
        elif drop.url is not None:
            self._offer_address(drop.url)
        else:
            self._warn(self.tr("There is no picture in what was dropped or pasted."))

    def _take_paths(self, paths: Sequence[str]) -> None:
        # At once: what lies there for the drop only is gone a moment later, and that disk is our own.
        kept = dict(zip(paths[:_MOST_FILES], self._scratch.keep(paths[:_MOST_FILES]), strict=True))
        if are_temporary(paths):
            self._on_parted(kept, self._adding, parted(paths))
            return
        self._late_path = paths[0]
        self._late.start()
        self._looking = Errands("photofind-drop", self)
        adding = self._adding
        self._looking.do(partial(parted, paths), lambda found: self._on_parted(kept, adding, found))

    def _on_parted(self, kept: dict[str, str], adding: bool, found: tuple[list[str], list[str]]) -> None:  # noqa: FBT001
        self._look_no_more()
        files, folders = found
        if folders:
            self._offer_folders(folders)
            return
        if len(files) > _MOST_FILES:
            self._warn(self.tr("Only the first {} of these pictures are searched by.").format(_MOST_FILES))
        self._adding = adding
        self._search(QueryPart.of_file(kept[path], os.path.basename(path)) for path in files[:_MOST_FILES])

    def _look_no_more(self) -> None:
        self._late.stop()
        if self._looking is not None:
            self._looking.close()
            self._looking.deleteLater()
            self._looking = None

    def _on_late(self) -> None:
        self._warn(self.tr("The disk of {} does not answer; what was dropped waits for it.").format(self._late_path))

    def _search(self, parts: Iterable[QueryPart]) -> None:
        found = list(parts)
        if found:
            self.parts_ready.emit(found, self._adding)

    def _offer_folders(self, folders: list[str]) -> None:
        name = os.path.basename(folders[0]) or folders[0]
        text = (
            self.tr("Add the folder “{}” to the library?").format(name)
            if len(folders) == 1
            else self.tr("Add {} folders to the library?").format(len(folders))
        )
        self._notices.show_notice(text, actions=[(self.tr("Add"), lambda: self.folders_offered.emit(folders))])

    def _offer_address(self, address: str) -> None:
        adding = self._adding
        self._notices.show_notice(
            self.tr("This picture is on the web. Download it from {}?").format(QUrl(address).host()),
            actions=[(self.tr("Download"), lambda: self._fetch(address, adding=adding))],
        )

    def _fetch(self, address: str, *, adding: bool) -> None:
        self._fetched_adding = adding
        self._fetcher.fetch(address)

    def _on_fetched(self, address: str, data: bytes) -> None:
        try:
            path = self._scratch.store_bytes(data)
        except OSError as error:
            self._warn(self.tr("The picture cannot be stored: {}.").format(error.strerror or error))
            return
        self._adding = self._fetched_adding
        self._search([QueryPart.of_file(path, QUrl(address).fileName() or self.tr("Picture"))])

    def _warn(self, text: str) -> None:
        self._notices.show_notice(text, kind="warning")
