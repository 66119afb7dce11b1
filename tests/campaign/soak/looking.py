"""How the user of the soak looks at photos: scrolling, the preview, the review of duplicates, panels and dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QListWidget, QMenu

from photofind.gui import theme
from photofind.gui.main_window import MainWindow
from photofind.gui.review.commands import all_commands
from tests.campaign.soak.searching import trigger

if TYPE_CHECKING:
    from tests.campaign.soak.user import SoakUser

_Key = Qt.Key
_GRID_KEYS: Final = (_Key.Key_PageDown, _Key.Key_PageUp, _Key.Key_Home, _Key.Key_End, _Key.Key_Down, _Key.Key_Right)
_PREVIEW_KEYS: Final = (
    *(_Key.Key_Right,) * 6,
    *(_Key.Key_Left,) * 3,
    *(_Key.Key_Plus, _Key.Key_Minus, _Key.Key_0, _Key.Key_1, _Key.Key_BracketLeft, _Key.Key_I),
    *(_Key.Key_Escape, _Key.Key_F),
)
_REVIEW: Final = tuple(command for command in all_commands() if command.keys)


def scroll(user: SoakUser, window: MainWindow) -> None:
    """Go somewhere else in the list, by a jump, a key or the dates beside it."""
    row = user.row(window)
    if row is None or window.pages.currentWidget() is not window.grid_page:
        return
    chance = user.chances.random()
    if chance < 0.4:
        window.grid.scroll_to_row(row)
    elif chance < 0.8:
        QTest.keyClick(window.grid, user.chances.choice(_GRID_KEYS))
    else:
        height = max(1, window.scrubber.height())
        QTest.mouseClick(window.scrubber, Qt.MouseButton.LeftButton, pos=QPoint(3, user.chances.randrange(height)))


def resize(user: SoakUser, window: MainWindow) -> None:
    """Give the window, or the thumbnails, another size."""
    if user.chances.random() < 0.5:
        window.resize(user.chances.randint(700, 1300), user.chances.randint(500, 900))
    else:
        slider = window.tile_slider
        slider.setValue(user.chances.randint(slider.minimum(), slider.maximum()))


def preview(user: SoakUser, window: MainWindow) -> None:
    """Open the preview, or press a key in it."""
    if window.pages.currentWidget() is window.preview:
        for _ in range(user.chances.randint(1, 3)):
            QTest.keyClick(window.preview, user.chances.choice(_PREVIEW_KEYS))
        return
    row = user.row(window, visible=True)
    if row is not None and window.pages.currentWidget() is window.grid_page:
        window.show_preview(int(window.model.ids[row]))


def draw_region(user: SoakUser, window: MainWindow) -> None:
    """Search by a part of the photo in the preview."""
    if window.pages.currentWidget() is not window.preview or window.preview.current_image() is None:
        return
    QTest.keyClick(window.preview, _Key.Key_R)
    view = window.preview.view
    start = QPoint(view.width() * 2 // 5, view.height() * 2 // 5)
    end = start + QPoint(user.chances.randint(5, 80), user.chances.randint(5, 80))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)


def review(user: SoakUser, window: MainWindow) -> None:
    """Press keys in the review of duplicates, if it is open."""
    if not window.review_control.is_open:
        return
    for _ in range(user.chances.randint(1, 3)):
        command = user.chances.choice(_REVIEW)
        page = window.review_control.page
        if command.key in {each.key for each in page.compare.commands()}:
            page.compare.do(command.key)
        else:
            page.do(command.key)


def show_dialog(user: SoakUser, window: MainWindow) -> None:
    """Open a dialog, or turn the pages of one."""
    window.action_set[user.chances.choice(("settings", "index_health", "shortcuts", "about"))].trigger()
    for dialog in window.findChildren(QDialog):
        pages = dialog.findChild(QListWidget)
        if pages is not None and pages.count():
            pages.setCurrentRow(user.chances.randrange(pages.count()))


def choose_files(user: SoakUser, window: MainWindow) -> None:
    """Open a dialog of files and think better of it."""
    window.action_set[user.chances.choice(("add_folder", "search_file", "open_library"))].trigger()
    close_dialogs(user, window)


def close_dialogs(user: SoakUser, window: MainWindow) -> None:
    """Close every dialog, and the curve."""
    del user
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.close()
    window.accuracy.close()


def look_at_menu(user: SoakUser, window: MainWindow) -> None:
    """Open the context menu of a photo and close it."""
    row = user.row(window, visible=True)
    if row is not None and window.pages.currentWidget() is window.grid_page:
        menu: QMenu = window.action_set.context_menu(window)
        menu.popup(window.mapToGlobal(window.grid.card(row).center()))
        menu.close()


def close_notice(user: SoakUser, window: MainWindow) -> None:
    """Let Escape close what is in the way."""
    del user
    QTest.keyClick(window.notices, _Key.Key_Escape)


def change_theme(user: SoakUser, window: MainWindow) -> None:
    """Change between dark and light."""
    del window
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setPalette(theme.palette(dark=user.chances.random() < 0.5))


ACTS: Final = (
    (scroll, 14.0),
    (preview, 10.0),
    (draw_region, 1.0),
    (review, 10.0),
    (trigger("duplicates"), 0.5),
    (trigger("select_all", "select_none"), 1.0),
    (trigger("folders_panel", "saved_panel", "errors_panel", "details_panel"), 3.0),
    (trigger("sort_date", "sort_name", "sort_folder", "sort_size", "sort_reversed"), 2.0),
    (trigger("accuracy"), 1.0),
    (resize, 1.0),
    (show_dialog, 1.5),
    (choose_files, 0.2),
    (close_dialogs, 3.0),
    (look_at_menu, 1.0),
    (close_notice, 2.0),
    (change_theme, 0.2),
)
