"""The dialog of a plan: what it shows, that nothing starts by accident, what became of it, and the way back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from photofind.core.actions.trash import Trash
from photofind.core.catalog.decisions import Mark
from photofind.core.evidence import DuplicateGroup
from photofind.core.settings import Settings
from photofind.gui.notices import NoticeBar
from photofind.gui.review.applying import JobKind
from photofind.gui.review.dialogs.apply import ApplyDialog
from photofind.gui.review.dialogs.control import ReviewDialogs
from photofind.gui.review.dialogs.exporting import Choice, ExportDialog
from photofind.gui.review.dialogs.history import HistoryDialog
from photofind.gui.review.dialogs.steps import Column, StepsTable
from tests.gui.review.dialogs.conftest import GatedTrash
from tests.support.plans import Copies, to_remove

_WAIT = 30_000


class Desk:
    """A window without a library, and the dialogs that belong to it."""

    def __init__(self, qtbot: QtBot, copies: Copies, *, protected: tuple[str, ...] = (), trash: Trash | None = None):
        self.qtbot = qtbot
        self.copies = copies
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.notices = NoticeBar(self.window)
        self.folders: list[list[str]] = []
        self.dialogs = ReviewDialogs(
            self.window,
            self.notices,
            copies.library,
            lambda: Settings(protected_folders=protected),
            lambda *_, **__: None,
            copies.opener(trash, protected=protected),
        )
        self.dialogs.applied.connect(self.folders.append)

    def plan(self, groups: list[DuplicateGroup]) -> ApplyDialog:
        """Show the plan for all but the first of each group, and wait until it is checked."""
        self.dialogs.show_plan(marked(groups))
        self.qtbot.waitUntil(lambda: bool(self.window.findChildren(ApplyDialog)), timeout=_WAIT)
        dialog = self.window.findChildren(ApplyDialog)[0]
        self.checked(dialog)
        return dialog

    def checked(self, dialog: ApplyDialog) -> None:
        """Wait until the plan that is chosen was checked."""
        words = dialog.plan_page.check_words
        self.qtbot.waitUntil(lambda: "skipped" in words.text() or "All files were" in words.text(), timeout=_WAIT)

    def finished(self, dialog: ApplyDialog, kind: JobKind = JobKind.APPLY) -> None:
        """Wait until the result is shown."""
        self.qtbot.waitUntil(
            lambda: dialog.report is not None and dialog.report.kind == kind and not self.dialogs.jobs.is_running,
            timeout=_WAIT,
        )


@pytest.fixture
def desk(qtbot: QtBot, copies: Copies) -> Iterator[Desk]:
    made = Desk(qtbot, copies)
    yield made
    made.dialogs.close()


def marked(groups: list[DuplicateGroup]) -> list[Choice]:
    return [(group, {member.photo_id: Mark.REMOVE for member in group.members[1:]}) for group in groups]


def shown(table: StepsTable, column: Column) -> list[str]:
    """Return what a column of a table says."""
    place = table.steps.columns.index(column)
    return [str(table.steps.index(row, place).data()) for row in range(table.steps.rowCount())]


def test_the_plan_is_shown_in_numbers(desk: Desk, copies: Copies) -> None:
    dialog = desk.plan(copies.groups(24, copies=3))
    page = dialog.plan_page
    assert page.headline.text() == "Remove 48 photos?"
    assert "in 2 folders; 24 photos stay" in page.summary.text()
    assert dialog.go.text() == "Move 48 photos to the trash"
    entry = page.folders.topLevelItem(0)
    assert entry is not None
    assert (entry.text(0), entry.text(1)) == (str(copies.folder / "copies 1"), "24")
    assert shown(page.photos, Column.KEPT)[0] == str(copies.folder / "kept" / "000.jpg")
    assert shown(page.photos, Column.WHY)[0] == "Same file · marked by hand"
    assert set(copies.there()) == set(copies.bytes)


def test_return_starts_nothing(desk: Desk, copies: Copies, qtbot: QtBot) -> None:
    dialog = desk.plan(copies.groups(2))
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    assert QApplication.focusWidget() is dialog.cancel
    with qtbot.waitSignal(dialog.finished, timeout=_WAIT):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.report is None
    assert set(copies.there()) == set(copies.bytes)
    assert desk.folders == []


def test_ctrl_return_starts_and_the_result_names_what_was_skipped(desk: Desk, copies: Copies, qtbot: QtBot) -> None:
    groups = copies.groups(6)
    dialog = desk.plan(groups)
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    changed, gone = groups[1].members[1].path, groups[2].members[1].path
    Path(changed).write_bytes(b"another picture by now")
    Path(gone).unlink()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.finished(dialog)
    result = dialog.result_page
    assert result.headline.text() == "4 photos moved to the trash, 2 skipped"
    assert shown(result.photos, Column.NAME) == [f"{number:03}.jpg" for number in (1, 2, 0, 3, 4, 5)]
    assert shown(result.photos, Column.STATE) == ["skipped", "skipped", *["in the trash"] * 4]
    assert shown(result.photos, Column.REASON)[1] == "The file is gone."
    assert Path(changed).read_bytes() == b"another picture by now"
    assert desk.folders == [[str(copies.folder / "copies 1")]]


def test_what_was_done_is_taken_back_at_once(desk: Desk, copies: Copies) -> None:
    groups = copies.groups(5)
    dialog = desk.plan(groups)
    dialog.go.click()
    desk.finished(dialog)
    assert set(copies.there()) == set(copies.bytes) - to_remove(groups)
    assert dialog.take_back.isVisible()
    dialog.take_back.click()
    desk.finished(dialog, JobKind.UNDO)
    assert dialog.result_page.headline.text() == "5 photos put back"
    assert dialog.take_back.isHidden()
    assert copies.there() == copies.bytes


def test_protected_photos_are_left_out_and_said_to_be(qtbot: QtBot, copies: Copies) -> None:
    desk = Desk(qtbot, copies, protected=(str(copies.folder / "copies 2"),))
    dialog = desk.plan(copies.groups(4, copies=3))
    page = dialog.plan_page
    assert dialog.go.text() == "Move 4 photos to the trash"
    assert page.left_out_note.text() == "4 photos left out: in protected folders"
    assert shown(page.left_out, Column.REASON) == ["It is in a protected folder."] * 4
    assert page.tabs.isTabVisible(2)
    desk.dialogs.close()


def test_photos_are_moved_to_a_folder(desk: Desk, copies: Copies, tmp_path: Path) -> None:
    groups = copies.groups(3)
    dialog = desk.plan(groups)
    (tmp_path / "sorted out").mkdir()
    dialog.plan_page.move_to.setChecked(True)
    dialog.plan_page.set_target(str(tmp_path / "sorted out"))
    assert not dialog.go.isEnabled()  # until there is a plan for it
    desk.qtbot.waitUntil(dialog.go.isEnabled, timeout=_WAIT)
    desk.checked(dialog)
    dialog.go.click()
    desk.finished(dialog)
    assert sorted(path.name for path in (tmp_path / "sorted out").iterdir()) == ["000.jpg", "001.jpg", "002.jpg"]
    assert dialog.result_page.headline.text() == "3 photos moved to the folder"
    dialog.take_back.click()
    desk.finished(dialog, JobKind.UNDO)
    assert copies.there() == copies.bytes


def test_copies_are_replaced_by_links(desk: Desk, copies: Copies) -> None:
    groups = copies.groups(3)
    dialog = desk.plan(groups)
    dialog.plan_page.hardlink.click()
    assert dialog.plan_page.headline.text() == "Replace 3 photos by links?"
    desk.qtbot.waitUntil(dialog.go.isEnabled, timeout=_WAIT)
    desk.checked(dialog)
    dialog.go.click()
    desk.finished(dialog)
    assert copies.there() == copies.bytes
    for group in groups:
        kept, linked = (Path(member.path).stat() for member in group.members)
        assert kept.st_ino == linked.st_ino
    dialog.take_back.click()
    desk.finished(dialog, JobKind.UNDO)
    assert copies.there() == copies.bytes
    assert Path(groups[0].members[0].path).stat().st_nlink == 1


def test_it_is_stopped_after_the_photo_at_work(qtbot: QtBot, copies: Copies, gate: GatedTrash) -> None:
    desk = Desk(qtbot, copies, trash=gate)
    dialog = desk.plan(copies.groups(5))
    dialog.go.click()
    assert dialog.pages.currentWidget() is dialog.progress_page
    qtbot.waitUntil(gate.reached.is_set, timeout=_WAIT)
    dialog.stop.click()
    assert "Stopping" in dialog.progress_page.headline.text()
    gate.go.set()
    desk.finished(dialog)
    assert dialog.result_page.headline.text() == "1 photo moved to the trash, 4 not reached"
    assert dialog.take_back.isVisible()
    desk.dialogs.close()


def test_closing_the_dialog_does_not_stop_it_and_the_window_tells(
    qtbot: QtBot, copies: Copies, gate: GatedTrash
) -> None:
    desk = Desk(qtbot, copies, trash=gate)
    groups = copies.groups(3)
    dialog = desk.plan(groups)
    dialog.go.click()
    qtbot.waitUntil(gate.reached.is_set, timeout=_WAIT)
    dialog.close()
    qtbot.waitUntil(lambda: not isValid(dialog), timeout=_WAIT)
    with qtbot.waitSignal(desk.dialogs.applied, timeout=_WAIT):
        gate.go.set()
    assert desk.notices.text == "3 photos moved to the trash."
    with qtbot.waitSignal(desk.dialogs.applied, timeout=_WAIT):
        press(desk.notices, "Undo")
    assert copies.there() == copies.bytes
    assert desk.notices.text == "3 photos put back."
    desk.dialogs.close()


def test_a_plan_cannot_start_while_another_is_under_way(qtbot: QtBot, copies: Copies, gate: GatedTrash) -> None:
    desk = Desk(qtbot, copies, trash=gate)
    first = desk.plan(copies.groups(2))
    first.go.click()
    qtbot.waitUntil(gate.reached.is_set, timeout=_WAIT)
    first.close()
    qtbot.waitUntil(lambda: not isValid(first), timeout=_WAIT)
    desk.dialogs.show_plan(marked(copies.groups(3)[2:]))
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(ApplyDialog)), timeout=_WAIT)
    second = desk.window.findChildren(ApplyDialog)[0]
    assert not second.go.isEnabled()
    gate.go.set()
    qtbot.waitUntil(second.go.isEnabled, timeout=_WAIT)
    desk.dialogs.close()


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_the_list_is_exported_and_nothing_is_done(desk: Desk, copies: Copies, tmp_path: Path, suffix: str) -> None:
    groups = copies.groups(2)
    dialog = desk.plan(groups)
    dialog.export.click()
    asking = dialog.findChildren(ExportDialog)[0]
    file = tmp_path / f"list.{suffix}"
    asking.fileSelected.emit(str(file))
    desk.qtbot.waitUntil(lambda: "list." in dialog.notices.text, timeout=_WAIT)
    paths = [member.path for group in groups for member in group.members]
    if suffix == "json":
        photos = [photo for group in json.loads(file.read_text("utf-8"))["groups"] for photo in group["photos"]]
    else:
        photos = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert [photo["path"] for photo in photos] == paths
    assert [photo["suggest"] for photo in photos] == ["keep", "remove"] * 2
    assert set(copies.there()) == set(copies.bytes)
    asking.close()


def test_the_history_opens_beside_it(desk: Desk, copies: Copies) -> None:
    dialog = desk.plan(copies.groups(2))
    dialog.go.click()
    desk.finished(dialog)
    desk.dialogs.show_history()
    history = desk.window.findChildren(HistoryDialog)[0]
    desk.qtbot.waitUntil(lambda: history.runs.topLevelItemCount() == 1, timeout=_WAIT)


def press(bar: NoticeBar, label: str) -> None:
    """Press a button of the notice that is shown."""
    next(button for button in bar.findChildren(QPushButton) if button.text() == label).click()
