"""The panels of folders and of problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import QAbstractItemModel, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QListView, QMenu, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from photofind.core.catalog import FileError
from photofind.core.records import RootSummary
from photofind.gui import theme
from photofind.gui.panels.errors import ErrorsPanel
from photofind.gui.panels.folders import FoldersPanel

PICTURES = RootSummary(1, "/home/anna/Pictures", offline=False, photos=1234, errors=0)
DISK = RootSummary(2, "/media/disk/Photos of 2009", offline=True, photos=1, errors=2)
STRANGE = RootSummary(3, "/home/anna/\udcff", offline=False, photos=0, errors=0)
ROOTS = [PICTURES, DISK, STRANGE]

W = TypeVar("W", bound=QObject)


def _child(parent: QObject, kind: type[W]) -> W:
    """Return the one child of this kind."""
    (found,) = parent.findChildren(kind)
    assert isinstance(found, kind)
    return found


@pytest.fixture
def folders(qtbot: QtBot) -> FoldersPanel:
    panel = FoldersPanel()
    qtbot.addWidget(panel)
    panel.set_roots(ROOTS)
    panel.resize(280, 400)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def errors(qtbot: QtBot) -> ErrorsPanel:
    panel = ErrorsPanel()
    qtbot.addWidget(panel)
    panel.resize(700, 300)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def _heard(sender: QObject, *names: str) -> list[tuple[object, ...]]:
    heard: list[tuple[object, ...]] = []

    def keeper(name: str) -> Callable[..., None]:
        return lambda *values: heard.append((name, *values))

    for name in names:
        getattr(sender, name).connect(keeper(name))
    return heard


def _button(panel: QWidget, name: str) -> QAbstractButton:
    return next(b for b in panel.findChildren(QAbstractButton) if b.accessibleName() == name)


def _press(panel: QWidget, name: str) -> None:
    QTest.mouseClick(_button(panel, name), Qt.MouseButton.LeftButton)


def _choose(menu: QMenu | None, text: str) -> None:
    assert menu is not None
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.deleteLater()


def _errors(count: int) -> list[FileError]:
    return [FileError(f"/photos/{number}.jpg", "not a picture") for number in range(count)]


# Folders


def test_what_is_said_of_a_folder(folders: FoldersPanel) -> None:
    model = _child(folders, QListView).model()
    assert _texts(model, Qt.ItemDataRole.DisplayRole) == ["Pictures", "Photos of 2009", "\ufffd"]
    spoken = _texts(model, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken[0] == "Pictures, 1,234 photos"
    assert "1 photo, Not connected" in spoken[1]
    assert "2 problems" in spoken[1]
    assert _texts(model, Qt.ItemDataRole.ToolTipRole)[0] == PICTURES.path
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def _texts(model: QAbstractItemModel, role: Qt.ItemDataRole) -> list[str]:
    return [model.index(row, 0).data(role) for row in range(model.rowCount())]


def test_buttons_act_on_the_selected_folder(folders: FoldersPanel) -> None:
    heard = _heard(folders, "add_requested", "rescan_requested")
    assert not _button(folders, "Rescan").isEnabled()
    assert not _button(folders, "Remove from library…").isEnabled()
    _press(folders, "Add folder…")
    folders.select(PICTURES.path)
    _press(folders, "Rescan")
    assert heard == [("add_requested",), ("rescan_requested", PICTURES.path)]
    folders.select(DISK.path)
    assert not _button(folders, "Rescan").isEnabled(), "it is not there"


def test_removing_asks_in_place(folders: FoldersPanel) -> None:
    heard = _heard(folders, "remove_requested")
    folders.select(PICTURES.path)
    _press(folders, "Remove from library…")
    assert folders.question == "Remove 1,234 photos of “Pictures” from the library? The files stay on disk."
    _press(folders, "Keep")
    assert (folders.question, heard) == ("", [])
    QTest.keyClick(_child(folders, QListView), Qt.Key.Key_Delete)
    QTest.keyClick(_button(folders, "Keep"), Qt.Key.Key_Escape)
    assert (folders.question, heard) == ("", [])
    folders.select(DISK.path)
    _choose(folders.menu(), "Remove from library…")
    assert "1 photo of" in folders.question
    folders.select(PICTURES.path)
    _press(folders, "Remove")
    assert (folders.question, heard) == ("", [("remove_requested", DISK.path)]), "what was asked about is removed"


def test_a_question_follows_the_folder(folders: FoldersPanel) -> None:
    folders.select(PICTURES.path)
    folders.ask_to_remove()
    folders.set_roots([RootSummary(1, PICTURES.path, offline=False, photos=1300, errors=0), DISK])
    assert "1,300 photos" in folders.question
    folders.set_roots([DISK])
    assert folders.question == ""


def test_the_context_menu_and_double_clicks(folders: FoldersPanel) -> None:
    heard = _heard(folders, "rescan_requested", "reveal_requested", "folder_activated")
    assert folders.menu() is None
    folders.select(STRANGE.path)
    _choose(folders.menu(), "Rescan")
    _choose(folders.menu(), "Show in file manager")
    QTest.keyClick(_child(folders, QListView), Qt.Key.Key_Return)
    assert heard == [
        ("rescan_requested", STRANGE.path),
        ("reveal_requested", STRANGE.path),
        ("folder_activated", STRANGE.path),
    ]
    view = _child(folders, QListView)
    view.customContextMenuRequested.emit(view.visualRect(view.model().index(0, 0)).center())
    menus = [menu for menu in folders.findChildren(QMenu) if menu.isVisible()]
    assert len(menus) == 1
    menus[0].close()


def test_new_numbers_keep_the_selection(folders: FoldersPanel) -> None:
    folders.select(DISK.path)
    folders.set_roots([PICTURES, RootSummary(2, DISK.path, offline=False, photos=5, errors=0), STRANGE])
    folders.set_roots([RootSummary(2, DISK.path, offline=False, photos=7, errors=0)])
    current = folders.current()
    assert current is not None
    assert (current.path, current.photos) == (DISK.path, 7)
    folders.set_roots([])
    assert folders.current() is None


@pytest.mark.parametrize("dark", [False, True])
def test_folders_can_be_told_apart(folders: FoldersPanel, qapp: QApplication, dark: bool) -> None:
    before = qapp.palette()
    try:
        qapp.setPalette(theme.palette(dark=dark))
        folders.select(PICTURES.path)
        view = _child(folders, QListView)
        image = view.grab().toImage()
        colours = [image.pixelColor(3, view.visualRect(view.model().index(row, 0)).center().y()) for row in range(2)]
        assert colours[0] == theme.accent(view.palette())
        assert colours[1] == view.palette().base().color()
    finally:
        qapp.setPalette(before)


# Problems


def test_problems_are_listed(errors: ErrorsPanel) -> None:
    errors.set_errors([FileError("/photos/a.jpg", "not a picture"), FileError("/photos/\udcff.jpg", "damaged")])
    model = _child(errors, QTreeView).model()
    assert [model.index(0, column).data() for column in range(3)] == ["a.jpg", "not a picture", "/photos"]
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_retrying(errors: ErrorsPanel) -> None:
    heard = _heard(errors, "retry_requested", "reveal_requested", "closed")
    assert not _button(errors, "Retry all").isEnabled()
    errors.set_errors(_errors(5))
    assert not _button(errors, "Retry selected").isEnabled()
    view = _child(errors, QTreeView)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_place(view, 1))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, _place(view, 2))
    _press(errors, "Retry selected")
    _press(errors, "Retry all")
    _press(errors, "Show in file manager")
    _choose(errors.menu(), "Retry selected")
    QTest.keyClick(view, Qt.Key.Key_Escape)
    some = ["/photos/1.jpg", "/photos/2.jpg"]
    assert heard == [
        ("retry_requested", some),
        ("retry_requested", []),
        ("reveal_requested", some[0]),
        ("retry_requested", some),
        ("closed",),
    ]


def _place(view: QTreeView, row: int) -> QPoint:
    return view.visualRect(view.model().index(row, 0)).center()


def test_copying(errors: ErrorsPanel) -> None:
    errors.set_errors(_errors(3))
    _press(errors, "Copy list")
    assert QGuiApplication.clipboard().text().count("\n") == 3
    view = _child(errors, QTreeView)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_place(view, 1))
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "/photos/1.jpg\tnot a picture\n"


def test_a_long_list_keeps_selection_and_place(errors: ErrorsPanel) -> None:
    many = _errors(20_000)
    errors.set_errors(many, total=35_000)
    assert _summary(errors) == "the first 20,000 of 35,000 problems"
    view = _child(errors, QTreeView)
    view.scrollTo(view.model().index(9000, 0), QTreeView.ScrollHint.PositionAtTop)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_place(view, 9001))
    place = view.verticalScrollBar().value()
    errors.set_errors(many[:-1])
    assert errors.selected() == ["/photos/9001.jpg"]
    assert view.verticalScrollBar().value() == place
    assert _summary(errors) == "19,999 problems"
    errors.set_errors([])
    assert (errors.selected(), _summary(errors)) == ([], "")
    assert not view.isVisible(), "there is a text instead"


def _summary(panel: ErrorsPanel) -> str:
    (count,) = panel.findChildren(QLabel, "problem-count")
    assert isinstance(count, QLabel)
    return count.text()


def test_everything_has_an_accessible_name(folders: FoldersPanel, errors: ErrorsPanel) -> None:
    for panel in (folders, errors):
        for widget in [panel, *panel.findChildren(QAbstractButton)]:
            assert widget.accessibleName(), widget
