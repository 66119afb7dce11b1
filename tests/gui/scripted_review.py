"""One review of duplicates in the real window, from the first look to an undo after a restart, with pictures.

Usage: ``python -m tests.gui.scripted_review PHOTOS OUT [--dark]``, on any screen Qt knows, see ``scripted_run``.

::

    PHOTOS ──copied──▶ window 1: index, find, look at a pair of each verdict, mark, plan, trash, close
                       window 2, another process: history, undo ──▶ every file is back, byte for byte

Settings, trash and library are in a temporary folder. The pictures are for looking at; the walk itself fails when a
station is not reached, when there is no pair of some verdict among the photos, or when a byte is lost.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from photofind.core.evidence import GroupKind, Verdict
from photofind.gui.app import Windows
from photofind.gui.preferences import Preferences
from photofind.gui.review.bulk import BulkDialog
from photofind.gui.review.dialogs.apply import ApplyDialog
from photofind.gui.review.dialogs.history import HistoryDialog
from photofind.gui.review.review import Review
from tests.gui.scripted_run import LostError, Outing, Walk

_Key = Qt.Key
_LONG_MS: Final = 900_000
_UNDO_STATIONS: Final = 50


class Tour:
    """The review of a window, and how to get about in it."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.window = walk.window
        self.control = walk.window.review_control
        self.found: list[object] = []
        self.window.session.worker.duplicates_found.connect(self.found.append)

    @property
    def review(self) -> Review:
        """What is at work."""
        return self.control.review

    def press(self, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press keys where the keyboard is."""
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.control.page, key, modifiers)
            self.settle()

    def settle(self) -> None:
        """Wait until the current group is shown in full."""
        self.walk.until(self._is_settled, "a group")

    def _is_settled(self) -> bool:
        review = self.review
        number, group = review.groups.group(review.row), review.members.group
        if number < 0 or group is None:
            return number < 0 and group is None
        members = set(review.groups.overview.members(number).tolist())
        return {int(member.photo_id) for member in group.members} <= members and review.member >= 0

    def look(self) -> None:
        """Wait until both photos of the comparison are decoded, and all thumbnails painted."""
        sides = self.control.page.compare.sides
        self.walk.until(lambda: all(side.is_decoded or side.message for side in sides), "both photos")

    def groups(self, kind: GroupKind) -> Iterator[int]:
        """Go through the groups of a kind."""
        self.review.show_kind(kind)
        self.settle()
        for row in range(self.review.groups.rowCount()):
            self.control.page.list.view.go(row)
            self.settle()
            yield row

    def dialog(self, kind: type[QDialog]) -> QDialog:
        """Wait for a dialog."""

        def shown() -> list[QDialog]:
            return [found for found in self.window.findChildren(kind) if found.isVisible()]

        self.walk.until(shown, kind.__name__)
        return shown()[0]


def review_all(walk: Walk, place: Path) -> None:
    """Find duplicates, look at them in every way, and put some into the trash."""
    window, tour = walk.window, Tour(walk)
    _index(walk, place)
    walk.do("duplicates")
    walk.station("looking")
    walk.until(lambda: tour.found, "duplicates", wait_ms=_LONG_MS)
    walk.until(lambda: tour.review.listing is not None and len(tour.review.listing.overview), "groups")
    tour.settle()
    for kind in GroupKind:
        if tour.review.groups.overview.count_of(kind):
            tour.review.show_kind(kind)
            tour.settle()
            tour.look()
            walk.station(f"list-{kind.value}")
    _verdicts(tour)
    _modes(tour)
    _marks(tour)
    _carry_out(tour)
    window.resize(760, 560)
    walk.station("narrow")


def _index(walk: Walk, place: Path) -> None:
    window = walk.window
    finished: list[object] = []
    window.session.worker.finished.connect(finished.append)
    walk.until(lambda: window.pages.currentWidget() is window.empty_state, "the invitation")
    walk.do("duplicates")
    walk.until(lambda: window.review_control.is_open, "the review of nothing")
    walk.station("nothing-yet")
    QTest.keyClick(QApplication.focusWidget() or window, _Key.Key_Escape)
    walk.until(lambda: window.pages.currentWidget() is window.empty_state, "the invitation again")
    finished.clear()
    window.background.add_folders([str(place / "photos")])
    walk.until(lambda: any(_has_photos(report) for report in finished), "all photos", wait_ms=_LONG_MS)


def _has_photos(report: object) -> bool:
    return isinstance(report, dict) and bool(report.get("photos"))


def _verdicts(tour: Tour) -> None:
    """Show one pair of each verdict."""
    wanted = set(Verdict)
    for kind in GroupKind:
        for _ in tour.groups(kind):
            for verdict, row in _pairs(tour):
                if verdict in wanted:
                    wanted.remove(verdict)
                    tour.control.page.cards.go(row)
                    tour.look()
                    tour.walk.station(f"verdict-{verdict.value.replace(' ', '-')}")
            if not wanted:
                return
    if wanted:
        raise LostError(f"no pair is: {', '.join(sorted(wanted))}")


def _pairs(tour: Tour) -> list[tuple[Verdict, int]]:
    """Return the members that the comparison shows against the one that is kept, with their verdicts."""
    members = tour.review.members
    kept = members.kept_row()
    others = (row for row in range(members.rowCount()) if row != kept)
    pairs = ((members.compared(kept, row), row) for row in others)
    return [(second.evidence.verdict, row) for (first, second), row in pairs if not first.evidence and second.evidence]


def _go_to(tour: Tour, verdict: Verdict) -> None:
    for kind in (GroupKind.NEAR, GroupKind.EXACT, GroupKind.SIMILAR):
        for _ in tour.groups(kind):
            for found, row in _pairs(tour):
                if found is verdict:
                    tour.control.page.cards.go(row)
                    tour.look()
                    return
    raise LostError(f"no pair is {verdict}")


def _modes(tour: Tour) -> None:
    """Show the ways to compare: curtain, difference, and both crops moving together."""
    walk, compare = tour.walk, tour.control.page.compare
    differences: list[object] = []
    compare.compared.connect(differences.append)
    _go_to(tour, Verdict.CROPPED)
    tour.press(_Key.Key_O)
    tour.press(*[_Key.Key_Right] * 3, modifiers=Qt.KeyboardModifier.ShiftModifier)
    walk.station("overlay-crop")
    tour.press(_Key.Key_S)
    tour.press(*[_Key.Key_Plus] * 6)
    tour.press(_Key.Key_Right, modifiers=Qt.KeyboardModifier.ShiftModifier)
    walk.station("zoom-crop")
    tour.press(_Key.Key_0, _Key.Key_D)
    walk.until(lambda: differences, "the difference of a crop")
    walk.station("difference-crop")
    _go_to(tour, Verdict.EDITED)
    differences.clear()
    tour.press(_Key.Key_G)
    walk.until(lambda: differences, "the difference of an edit")
    walk.station("difference-edit")
    tour.press(_Key.Key_S, _Key.Key_I)
    walk.station("facts")
    tour.press(_Key.Key_I)


def _marks(tour: Tour) -> None:
    """Decide some groups by keyboard, and the rest at once."""
    walk, page = tour.walk, tour.control.page
    kind = next(kind for kind in GroupKind if tour.review.groups.overview.count_of(kind))
    tour.review.show_kind(kind)
    tour.settle()
    page.setFocus()
    tour.press(_Key.Key_Home, _Key.Key_Return, _Key.Key_3, _Key.Key_J, _Key.Key_2, _Key.Key_K)
    tour.look()
    walk.station("marks")
    page.summary.rest.click()
    bulk = tour.dialog(BulkDialog)
    assert isinstance(bulk, BulkDialog)
    walk.station("rest", of=bulk)
    for verdict in (Verdict.CROPPED, Verdict.EDITED):
        bulk.set_verdict(verdict, on=True)
    done: list[int] = []
    tour.review.desk.applied.connect(done.append)
    bulk.mark.click()
    walk.until(lambda: done, "suggestions for the rest")
    walk.station("all-marked")


def _carry_out(tour: Tour) -> None:
    """Plan, look at the plan, carry it out, and look at the history."""
    walk, page, window = tour.walk, tour.control.page, tour.window
    listed: list[object] = []
    page.summary.remove.click()
    dialog = tour.dialog(ApplyDialog)
    assert isinstance(dialog, ApplyDialog)
    walk.until(dialog.go.isEnabled, "a plan that was checked", wait_ms=_LONG_MS)
    walk.until(lambda: not dialog.plan_page.check_words.text().endswith("…"), "the end of the check", wait_ms=_LONG_MS)
    walk.station("plan", of=dialog)
    dialog.plan_page.tabs.setCurrentIndex(1)
    walk.station("plan-photos", of=dialog)
    window.background.library_changed.connect(lambda settled: listed.append(settled) if settled else None)
    dialog.start()
    walk.until(lambda: dialog.pages.currentWidget() is dialog.result_page, "the result", wait_ms=_LONG_MS)
    walk.station("result", of=dialog)
    report = dialog.report
    if report is None or not report.done or report.skipped:
        raise LostError(f"not everything was removed: {report}")
    dialog.close()
    walk.until(lambda: listed, "the library without them", wait_ms=_LONG_MS)
    tour.settle()
    walk.until(lambda: not tour.review.book.progress().photos, "a list without what was removed")
    walk.station("after")
    page.header.past.click()
    history = tour.dialog(HistoryDialog)
    assert isinstance(history, HistoryDialog)
    walk.until(history.all.isEnabled, "the history")
    walk.station("history", of=history)
    history.close()


def undo_all(walk: Walk, _place: Path) -> None:
    """Take everything back, in a window that has just been opened."""
    window, tour = walk.window, Tour(walk)
    walk.until(lambda: len(window.model.ids) > 0 and walk.tiles_painted(), "the photos that were kept")
    walk.station("after-restart")
    walk.do("duplicates")
    walk.until(lambda: tour.review.listing is not None, "the list of groups")
    tour.control.page.header.past.click()
    history = tour.dialog(HistoryDialog)
    assert isinstance(history, HistoryDialog)
    walk.until(history.all.isEnabled, "the history")
    photos = len(window.model.ids)
    history.all.click()
    walk.until(lambda: history.all.isHidden() or not history.all.isEnabled(), "the undo")
    walk.until(lambda: window.review_control.dialogs and not window.review_control.dialogs.jobs.is_running, "the undo")
    walk.station("undone", of=history)
    history.close()
    walk.until(lambda: len(window.model.ids) > photos, "the photos that are back", wait_ms=_LONG_MS)
    walk.until(lambda: tour.found, "their duplicates", wait_ms=_LONG_MS)
    tour.settle()
    tour.look()
    if tour.review.book.progress().photos:
        raise LostError("what was put back is marked to be removed again")
    walk.station("back-again")


_STAGES: Final[dict[str, tuple[Callable[[Walk, Path], None], int]]] = {
    "review": (review_all, 0),
    "undo": (undo_all, _UNDO_STATIONS),
}


def run_stage(stage: str, place: Path, out: Path, *, dark: bool) -> int:
    """Walk through one stage in a window of this process; return the exit status."""
    act, stations = _STAGES[stage]
    outing = Outing(dark=dark)
    windows = Windows(outing.app, Preferences(place / "window.ini"), outing.hub)
    window = windows.open(place / "library")

    def go() -> None:
        try:
            act(Walk(window, out, stations=stations), place)
        except (LostError, AssertionError) as error:
            window.grab().save(str(out / f"lost-{stage}.png"))
            raise LostError(str(error)) from error

    return outing.take(go, windows.close)


def digests(folder: Path) -> dict[str, str]:
    """Return what is in a folder: a digest of each file's bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.blake2b(path.read_bytes()).hexdigest() for path in files}


def main() -> int:
    """Take both stages, each in a process of its own, and compare every byte."""
    parser = argparse.ArgumentParser(description="Review duplicates in the window and take pictures.")
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--stage", choices=list(_STAGES), help="one stage of a walk that is under way in PHOTOS")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.stage:
        return run_stage(arguments.stage, arguments.photos, arguments.out, dark=arguments.dark)
    with tempfile.TemporaryDirectory(prefix="photofind-review-") as folder:
        place = Path(folder)
        shutil.copytree(arguments.photos, place / "photos")
        before = digests(place / "photos")
        homes = {f"XDG_{name}_HOME": str(place / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
        command = [sys.executable, "-m", "tests.gui.scripted_review", str(place), str(arguments.out)]
        for stage in _STAGES:
            look = ["--dark"] if arguments.dark else []
            status = subprocess.run(
                [*command, "--stage", stage, *look], env={**os.environ, **homes}, check=False
            ).returncode
            left = digests(place / "photos")
            sys.stderr.write(f"{stage}: {len(left)} of {len(before)} files are there\n")
            if status:
                return status
            if stage == "review" and not len(left) < len(before):
                sys.stderr.write("nothing was removed\n")
                return 1
        if left != before:
            sys.stderr.write("not every file is as it was\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
