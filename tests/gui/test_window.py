"""The window as its user meets it: all photos, what is alike, drops, history, preview. A real library, no writer."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from photofind.core.records import SortKey
from photofind.core.search import Region
from photofind.gui.preferences import Preferences
from tests.support.gallery import PHOTOS, Gallery
from tests.support.windows import WAIT_MS, Opened

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(qtbot: QtBot, gallery: Gallery, tmp_path: Path) -> Iterator[Opened]:
    """A window on the small library that all tests share."""
    window = Opened(qtbot, gallery.library, gallery.settings, Preferences(tmp_path / "window.ini"))
    window.start(PHOTOS)
    yield window
    window.close()


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


# All photos


def test_all_photos_newest_first(opened: Opened, gallery: Gallery) -> None:
    assert opened.ids() == gallery.ids()
    assert opened.window.model.scores is None
    assert not opened.window.query_bar.isVisible()


@pytest.mark.parametrize("sort", [SortKey.NAME, SortKey.FOLDER, SortKey.SIZE])
def test_other_orders(opened: Opened, gallery: Gallery, sort: SortKey) -> None:
    descending = sort is SortKey.SIZE
    with gallery.open() as library:
        wanted = library.list_photos(sort, descending=descending).photo_ids.tolist()
    opened.do(f"sort_{sort.value}")
    opened.until(lambda: opened.ids() == wanted)
    opened.do("sort_reversed")
    opened.until(lambda: opened.ids() == wanted[::-1])
    opened.do("sort_date")
    opened.until(lambda: opened.ids() == gallery.ids())


def test_the_order_and_the_size_of_thumbnails_are_remembered(opened: Opened, gallery: Gallery, tmp_path: Path) -> None:
    opened.do("sort_name")
    opened.do("larger")
    size = opened.window.grid.tile_size
    opened.close()
    preferences = Preferences(tmp_path / "window.ini")
    assert (preferences.sort, preferences.sort_descending, preferences.tile_size) == ("name", False, size)
    again = Opened(opened.qtbot, gallery.library, gallery.settings, preferences)
    again.start(PHOTOS)
    assert again.window.action_set["sort_name"].isChecked()
    assert again.window.tile_slider.value() == size
    again.close()


def test_thumbnails_arrive(opened: Opened) -> None:
    source = opened.window.grid.source
    opened.until(lambda: all((t := source.tile(i)) and t.pixmap for i in opened.ids()[:6]))


# What is alike


def test_a_click_lists_what_is_alike(opened: Opened, gallery: Gallery) -> None:
    clicked = opened.ids()[3]
    opened.search(lambda: opened.click(3))
    assert opened.ids()[0] == clicked
    scores = opened.window.model.scores
    assert scores is not None
    assert scores[0] > 0.999
    assert list(scores) == sorted(scores, reverse=True)
    assert len(opened.chips()) == 1
    assert opened.window.query_bar.isVisible()
    assert {*opened.ids()} == {*gallery.ids()}


def test_several_selected_photos_make_one_query(opened: Opened) -> None:
    one, other = opened.ids()[1], opened.ids()[4]
    opened.click(1, CTRL)
    opened.click(4, CTRL)
    opened.search(lambda: opened.do("find_similar"))
    assert {*opened.ids()[:2]} == {one, other}
    assert len(opened.chips()) == 2


def test_a_chip_can_be_taken_out(opened: Opened) -> None:
    opened.click(1, CTRL)
    opened.click(4, CTRL)
    opened.search(lambda: opened.do("find_similar"))
    opened.search(lambda: opened.window.query_bar.chips[0].removed.emit(opened.window.query_bar.chips[0].part))
    assert len(opened.chips()) == 1
    opened.window.query_bar.chips[0].removed.emit(opened.window.query_bar.chips[0].part)
    opened.until(lambda: opened.window.model.scores is None and len(opened.ids()) == PHOTOS)


def test_a_click_selects_when_a_double_click_finds_similar(opened: Opened) -> None:
    opened.window.preferences.click_action = "double_click"
    opened.click(2)
    assert opened.window.browser.query is None
    assert opened.window.grid.selected_ids().tolist() == [opened.ids()[2]]
    spot = opened.middle(2)
    opened.search(lambda: QTest.mouseDClick(opened.window.grid.viewport(), Qt.MouseButton.LeftButton, pos=spot))


def test_the_slider_asks_again(opened: Opened) -> None:
    opened.search(lambda: opened.click(0))
    before = opened.ids()
    opened.window.speed.set_index(64, 8)  # as if the library were larger
    opened.search(lambda: opened.do("exact"))
    assert opened.window.speed.is_exact
    assert opened.ids() == before
    assert len(opened.chips()) == 1


# History


def test_back_and_forward_restore_what_was_seen(opened: Opened, gallery: Gallery) -> None:
    window = opened.window
    window.grid.set_tile_size(300)
    opened.click(8, CTRL)
    selected, place = window.grid.selected_ids().tolist(), window.grid.verticalOffset()
    assert place > 0
    opened.search(lambda: opened.do("find_similar"))
    first = opened.ids()
    opened.search(lambda: opened.click(1))
    assert window.browser.trail(5)[0][1] is None
    opened.search(lambda: opened.do("back"))
    assert opened.ids() == first
    opened.do("back")
    opened.until(lambda: opened.ids() == gallery.ids())
    assert window.grid.selected_ids().tolist() == selected
    assert window.grid.verticalOffset() == place
    assert not window.action_set["back"].isEnabled()
    opened.search(lambda: opened.do("forward"))
    assert opened.ids() == first


def test_escape_steps_back(opened: Opened, gallery: Gallery) -> None:
    opened.search(lambda: opened.click(0))
    opened.window.grid.clearSelection()
    QTest.keyClick(opened.window.grid, Qt.Key.Key_Escape)
    opened.until(lambda: opened.ids() == gallery.ids())


def test_home_shows_all_photos(opened: Opened, gallery: Gallery) -> None:
    opened.search(lambda: opened.click(0))
    opened.search(lambda: opened.click(1))
    opened.do("home")
    opened.until(lambda: opened.ids() == gallery.ids())
    assert opened.window.model.scores is None


# Drops


def test_a_dropped_file_is_searched_by(opened: Opened, gallery: Gallery) -> None:
    opened.search(lambda: opened.drop(files(gallery.probe)))
    assert opened.chips() == ["probe.jpg"]
    assert len(opened.ids()) == PHOTOS


def test_a_dropped_photo_of_the_library_finds_itself(opened: Opened, gallery: Gallery) -> None:
    path = gallery.holidays / "05.jpg"
    opened.search(lambda: opened.drop(files(path)))
    assert opened.ids()[0] == gallery.id_of(path)


def test_several_dropped_files_make_one_query(opened: Opened, gallery: Gallery) -> None:
    opened.search(lambda: opened.drop(files(gallery.probe, gallery.holidays / "01.jpg")))
    assert opened.chips() == ["probe.jpg", "01.jpg"]


def test_a_pasted_picture_is_searched_by(opened: Opened, gallery: Gallery) -> None:
    QGuiApplication.clipboard().setImage(QImage(str(gallery.holidays / "07.jpg")))
    opened.search(lambda: opened.do("paste"))
    assert opened.ids()[0] == gallery.id_of(gallery.holidays / "07.jpg")


def test_a_clipboard_that_nobody_fills_is_no_picture(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt has no contents to give when the program that copied them does not answer."""
    monkeypatch.setattr(type(QGuiApplication.clipboard()), "mimeData", lambda *_: None)
    opened.do("paste")
    assert "no picture" in opened.window.notices.text


def test_a_picture_from_a_browser_without_a_file(opened: Opened, gallery: Gallery) -> None:
    mime = QMimeData()
    data = base64.b64encode((gallery.holidays / "09.jpg").read_bytes()).decode()
    mime.setHtml(f'<img src="data:image/jpeg;base64,{data}">')
    opened.search(lambda: opened.drop(mime))
    assert opened.ids()[0] == gallery.id_of(gallery.holidays / "09.jpg")


def test_an_address_is_asked_about_before_anything_is_fetched(opened: Opened) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://pictures.example/x.jpg")])
    opened.drop(mime)
    assert "pictures.example" in opened.window.notices.text
    assert opened.window.browser.query is None
    assert opened.window.intake.is_idle


def test_a_dropped_folder_is_offered(opened: Opened, gallery: Gallery) -> None:
    opened.drop(files(gallery.home))
    assert "home" in opened.window.notices.text
    assert opened.window.browser.query is None


@pytest.mark.parametrize("junk", [b"", b"not a picture", b"\xff\xd8\xff\xe0 cut"])
def test_dropped_junk_is_a_notice(opened: Opened, tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "junk.jpg").write_bytes(junk)
    with opened.qtbot.waitSignal(opened.window.browser.failed, timeout=WAIT_MS):
        opened.drop(files(tmp_path / "junk.jpg"))
    assert "junk.jpg" in opened.window.notices.text


def test_a_file_that_is_gone_is_a_notice(opened: Opened, tmp_path: Path) -> None:
    with opened.qtbot.waitSignal(opened.window.browser.failed, timeout=WAIT_MS):
        opened.drop(files(tmp_path / "gone.jpg"))
    assert "gone.jpg" in opened.window.notices.text


def test_text_is_not_welcome(opened: Opened) -> None:
    mime = QMimeData()
    mime.setText("hello")
    assert not opened.drop(mime)


# Preview


def test_space_previews_and_similar_leads_back_to_the_grid(opened: Opened) -> None:
    window = opened.window
    opened.click(4, CTRL)
    chosen = opened.ids()[4]
    QTest.keyClick(window.grid, Qt.Key.Key_Space)
    assert window.pages.currentWidget() is window.preview
    assert window.preview.current_id == chosen
    opened.search(lambda: opened.do("find_similar"))
    assert window.pages.currentWidget() is window.grid_page
    assert opened.ids()[0] == chosen


def test_closing_the_preview_leaves_the_grid_at_its_photo(opened: Opened) -> None:
    window = opened.window
    opened.click(2, CTRL)
    opened.do("preview")
    QTest.keyClick(window.preview, Qt.Key.Key_Right)
    shown = window.preview.current_id
    assert shown == opened.ids()[3]
    QTest.keyClick(window.preview, Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is window.grid_page
    assert window.grid.current_id() == shown


def test_a_region_of_a_photo_is_searched_by(opened: Opened, gallery: Gallery) -> None:
    path = str(gallery.holidays / "01.jpg")
    opened.search(lambda: opened.window.preview.region_drawn.emit(Region(path, 0.0, 0.0, 0.7, 0.9)))
    assert opened.chips() == ["01.jpg"]
    assert opened.ids()[0] == gallery.id_of(path)
    opened.until(lambda: not opened.window.query_bar.chips[0].picture.isNull())


# The rest


def test_paths_are_copied(opened: Opened) -> None:
    opened.click(0, CTRL)
    opened.click(1, CTRL)
    QGuiApplication.clipboard().clear()
    opened.do("copy_path")
    opened.until(lambda: QGuiApplication.clipboard().text().count(".jpg") == 2)


def test_a_photo_is_copied_as_a_picture(opened: Opened) -> None:
    opened.click(0, CTRL)
    QGuiApplication.clipboard().clear()
    opened.do("copy_image")
    opened.until(lambda: not QGuiApplication.clipboard().image().isNull())


def test_every_action_does_something(opened: Opened) -> None:
    triggered, toggled = "2triggered(bool)", "2toggled(bool)"
    idle = [
        key
        for key in opened.window.action_set
        if not _receivers(opened.window.action_set[key], triggered)
        and not _receivers(opened.window.action_set[key], toggled)
    ]
    assert idle == []


def _receivers(action: QAction, signal: str) -> int:
    return action.receivers(signal)


def test_whatever_takes_the_keyboard_has_a_name(opened: Opened) -> None:
    nameless = [
        widget
        for widget in opened.window.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.objectName().startswith("qt_")
        and not (widget.accessibleName() or getattr(widget, "text", str)() or widget.windowTitle())
    ]
    assert nameless == []


def test_the_first_screen_of_results_comes_before_the_rest(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photofind.gui.browser._FIRST_RESULTS", 4)
    monkeypatch.setattr(type(opened.window.grid), "visible_rows", lambda _: (0, 3))
    shown: list[int] = []
    opened.window.browser.results_shown.connect(lambda result, _: shown.append(len(result.hits)))
    with opened.qtbot.waitSignal(opened.window.browser.results_completed, timeout=WAIT_MS):
        opened.click(2)
    assert shown == [4]
    assert len(opened.ids()) == PHOTOS
    assert len(opened.chips()) == 1
