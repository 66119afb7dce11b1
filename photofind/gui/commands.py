"""What can be done with the selected photos outside photofind: open, show, copy, drag. Their files are only read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from photofind.core.errors import QueryError, UserError
from photofind.core.imaging import DecodeLimits
from photofind.core.library import Library
from photofind.core.settings import Settings
from photofind.gui import desktop, numbers
from photofind.gui.notices import NoticeBar
from photofind.gui.patience import within_a_moment
from photofind.gui.picture import picture_of_photo
from photofind.gui.session import Session

MOST_PATHS = 100_000
"""What a clipboard takes without trouble."""

_MOST_OPENED = 10


class PhotoCommands(QObject):
    """Acts on photos by id; what goes wrong becomes a notice."""

    def __init__(
        self,
        session: Session,
        notices: NoticeBar,
        limits: DecodeLimits,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._searching = session.searching
        self._notices = notices
        self._limits = limits

    def open_default(self, photo_ids: Sequence[int]) -> None:
        """Open photos in the program that the system has for them."""
        if len(photo_ids) > _MOST_OPENED:
            self._notices.show_notice(
                self.tr("Only the first {} photos are opened.").format(_MOST_OPENED), kind="warning"
            )
        self._with_paths(photo_ids[:_MOST_OPENED], self._open)

    def show_in_manager(self, photo_ids: Sequence[int]) -> None:
        """Show the first of the photos in its folder."""
        self._with_paths(photo_ids[:1], lambda paths: self._tell(lambda: desktop.show_in_file_manager(paths[0])))

    def copy_paths(self, photo_ids: Sequence[int]) -> None:
        """Copy the names of the files with their folders."""
        if len(photo_ids) > MOST_PATHS:
            self._notices.show_notice(
                self.tr("Only the first {} paths are copied.").format(numbers.grouped(MOST_PATHS)), kind="warning"
            )
        self._with_paths(photo_ids[:MOST_PATHS], lambda paths: self._tell(lambda: desktop.copy_paths(paths)))

    def copy_image(self, photo_ids: Sequence[int]) -> None:
        """Copy the first of the photos as a picture."""
        if photo_ids:
            read = partial(picture_of_photo, photo_id=photo_ids[0], limits=self._limits)
            self._searching.ask(read, self._on_picture)

    def paths_of(self, photo_ids: Sequence[int]) -> list[str]:
        """Return the paths of photos that are being dragged away, at once; those on absent drives are left out."""
        late = self.tr("The disk of the library does not answer; try again when it does.")
        nothing: tuple[list[str], str] = ([], late)
        look = partial(_paths_at_hand, self._session.library, self._session.settings, photo_ids)
        paths, reason = within_a_moment(look, otherwise=nothing)
        if reason:
            self._notices.show_notice(reason, kind="warning")
        return paths

    def _open(self, paths: list[str]) -> None:
        for path in paths:
            self._tell(partial(desktop.open_in_default_program, path))

    def _on_picture(self, image: QImage) -> None:
        self._tell(lambda: desktop.copy_image(image))

    def _with_paths(self, photo_ids: Sequence[int], act: Callable[[list[str]], None]) -> None:
        if photo_ids:
            self._searching.ask(lambda library: _paths(library, photo_ids), act)

    def _tell(self, act: Callable[[], None]) -> None:
        try:
            act()
        except UserError as error:
            self._notices.show_notice(str(error), kind="warning")


def _paths_at_hand(folder: Path, settings: Settings, photo_ids: Sequence[int]) -> tuple[list[str], str]:
    """Return the paths of photos that are not on absent drives, or a sentence that says why there are none."""
    try:
        with Library(folder, settings) as library:
            return [tile.path for tile in library.tiles(photo_ids) if not tile.offline], ""
    except UserError as error:
        return [], str(error)


def _paths(library: Library, photo_ids: Sequence[int]) -> list[str]:
    paths = [tile.path for tile in library.tiles(photo_ids)]
    if not paths:  # they were removed while they were still shown
        raise QueryError("This photo is not in the library any more.")
    return paths
