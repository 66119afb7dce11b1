"""The review in a real window, over groups that a test puts together from a small real library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofind.core.evidence import GroupKind, Verdict
from photofind.core.settings import Settings
from photofind.gui.preferences import Preferences
from photofind.gui.review.control import ReviewControl
from photofind.gui.review.page import ReviewPage
from photofind.gui.review.review import Review
from tests.gui.review.handmade import Groups
from tests.support.gallery import PHOTOS, Gallery, copy_gallery
from tests.support.windows import Opened


class Reviewing:
    """A window with its review open, and what tests do with it."""

    def __init__(self, opened: Opened, control: ReviewControl) -> None:
        self.opened = opened
        self.control = control

    @property
    def page(self) -> ReviewPage:
        return self.control.page

    @property
    def review(self) -> Review:
        return self.control.review

    def open(self) -> None:
        """Show the page, and wait for what it lists first."""
        with self.opened.qtbot.waitSignal(self.review.listed, timeout=30_000):
            self.control.show()
        self.settle()

    def settle(self) -> None:
        """Wait until the current group is shown in full."""
        review = self.review
        self.opened.until(lambda: self._is_settled(review), "the current group")

    def _is_settled(self, review: Review) -> bool:
        group = review.groups.group(review.row)
        if group < 0:
            return review.members.group is None
        listed = review.groups.overview.members(group).tolist()
        shown = review.members.group
        return shown is not None and [int(m.photo_id) for m in shown.members] == listed and review.member >= 0

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is, and wait for what it leads to."""
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key, modifiers)
        self.settle()

    def names(self) -> list[str]:
        """Return the names of the current group's files."""
        group = self.review.members.group
        return [] if group is None else [Path(member.path).name for member in group.members]

    def codes(self) -> list[int]:
        """Return the marks of the current group."""
        return [int(code) for code in self.review.members.codes]

    def close(self) -> None:
        """End the review and close the window."""
        self.control.close()
        self.opened.close()


OpenReview = Callable[..., Reviewing]


@pytest.fixture
def place(gallery: Gallery, tmp_path: Path) -> Gallery:
    """A small library of the test's own."""
    return copy_gallery(gallery, tmp_path / "place")


@pytest.fixture
def groups(place: Gallery) -> Groups:
    """Two groups of edited copies, of three and two photos, and one of similar shots; those of three free the most."""
    made = Groups()
    photos = [place.holidays / f"{number:02}.jpg" for number in range(20)]
    made.add(GroupKind.NEAR, [photos[1], photos[6], photos[11]], Verdict.RESIZED, Verdict.EDITED)
    made.add(GroupKind.NEAR, [photos[4], photos[9]], Verdict.REENCODED)
    made.add(GroupKind.SIMILAR, [photos[2], photos[7]], Verdict.SIMILAR)
    return made


@pytest.fixture
def open_review(qtbot: QtBot, place: Gallery, groups: Groups, tmp_path: Path) -> Iterator[OpenReview]:
    """Open a window on the library, and its review."""
    opened: list[Reviewing] = []

    def open_it(settings: Settings = place.settings) -> Reviewing:
        window = Opened(qtbot, place.library, settings, Preferences(tmp_path / f"{len(opened)}.ini"))
        control = ReviewControl(window.window, groups.open)
        reviewing = Reviewing(window, control)
        opened.append(reviewing)
        window.start(PHOTOS)
        with qtbot.waitActive(window.window):
            window.window.activateWindow()
        reviewing.open()
        return reviewing

    yield open_it
    for reviewing in opened:
        reviewing.close()
