"""Two photos side by side, as large as there is room, decoded behind the window; the next two are read ahead."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from photofind.core.errors import PhotoError, QueryError
from photofind.core.evidence import Member
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.pictures import IN_PLACE, Pictures
from photofind.core.settings import Settings
from photofind.gui.errands import Errands
from photofind.gui.names import displayable
from photofind.gui.preview.image_view import ImageView
from photofind.gui.preview.picture import Picture, picture_of
from photofind.gui.review.dialogs.making import quiet
from photofind.gui.review.words import measures
from photofind.gui.settings.page import ErrorLabel

_AREA: Final = 1_600_000
"""Pixels that are decoded of each photo: enough for half a large screen, and quick."""

_LEAST_SIDE: Final = 1600
_KEPT: Final = 8


class PairPictures(QWidget):
    """Shows two photos; :meth:`close_pictures` must be called before it goes."""

    def __init__(self, settings: Settings, parent: QWidget | None = None, *, pictures: Pictures = IN_PLACE) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._limits = DecodeLimits.of(megapixels=settings.photo_megapixels, megabytes=settings.photo_megabytes)
        self._errands = Errands("photofind-pairs", self)
        self._known: dict[str, Picture | str] = {}
        self._asked: set[str] = set()
        self._shown: tuple[str, ...] = ()
        self.sides = (_Side(self), _Side(self))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for side in self.sides:
            row.addWidget(side, 1)

    def show_pair(self, members: Sequence[Member], ahead: Sequence[Member] = ()) -> None:
        """Show two photos, now or when they are decoded, and then read others ahead."""
        self._shown = tuple(member.path for member in members)
        for side, member in zip(self.sides, members, strict=True):
            side.show_member(member)
            self._fill(side, member.path)
        for member in (*members, *ahead):
            self._want(member.path)

    def close_pictures(self) -> None:
        """Read nothing any more."""
        self._errands.close()

    def _want(self, path: str) -> None:
        if path not in self._asked:
            self._asked.add(path)
            received = partial(self._on_read, path)
            self._errands.do(partial(_read, self._pictures, path, self._limits), received, received)

    def _on_read(self, path: str, found: Picture | str) -> None:
        self._known[path] = found
        for side, shown in zip(self.sides, self._shown, strict=False):
            if shown == path:
                self._fill(side, path)
        while len(self._known) > _KEPT:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._asked.discard(oldest)

    def _fill(self, side: _Side, path: str) -> None:
        found = self._known.get(path)
        if isinstance(found, Picture):
            side.show_picture(found)
        elif found is not None:
            side.show_problem(found)


class _Side(QWidget):
    """A photo with what its file is called and how large it is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.view = ImageView(self)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys are answers
        self.view.setMinimumHeight(240)
        self.problem = ErrorLabel(self)
        self.problem.hide()
        self.name = QLabel(self)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setMinimumWidth(40)
        self.facts = quiet("", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.view, 1)
        for label in (self.problem, self.name, self.facts):
            column.addWidget(label)

    def show_member(self, member: Member) -> None:
        """Say which photo it is; its picture comes later."""
        name = displayable(os.path.basename(member.path))
        self.name.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, max(120, self.width())))
        self.name.setToolTip(displayable(member.path))
        self.facts.setText(measures(member))
        self.view.setAccessibleName(name)
        self.view.start_photo()
        self.problem.hide()

    def show_picture(self, picture: Picture) -> None:
        """Show the photo."""
        self.view.set_picture(picture)

    def show_problem(self, words: str) -> None:
        """Say why there is none."""
        self.problem.setText(words)
        self.problem.show()


def _read(pictures: Pictures, path: str, limits: DecodeLimits) -> Picture:
    try:
        photo = pictures.decode(path, limits=limits, working_area=_AREA)
    except (OSError, PhotoError) as error:
        raise QueryError(f"The photo cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    # A small copy is shown as large as the other: what is in them is to be compared, not how many pixels they have.
    width, height = photo.image.size
    scale = max(1.0, _LEAST_SIDE / max(width, height))
    return picture_of(photo.image, QSize(round(width * scale), round(height * scale)), complete=True)
