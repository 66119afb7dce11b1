"""What the window shows after one thing came in the middle of another: no stale rows, no lost place, no dead end."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QToolButton, QTreeView
from pytestqt.qtbot import QtBot

from photofind.core.catalog import FileError
from photofind.core.errors import StorageError
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.queries import Hit, SearchResult
from photofind.core.records import PhotoId, SortKey
from photofind.gui import desktop, query_wiring
from photofind.gui.preferences import Preferences
from photofind.gui.query import QueryPart, WindowQuery
from tests.support.gallery import PHOTOS, Gallery
from tests.support.windows import WAIT_MS, Opened

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
NOTHING = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def opened(qtbot: QtBot, gallery: Gallery, tmp_path: Path) -> Iterator[Opened]:
    """A window on the small library that all tests share."""
    window = Opened(qtbot, gallery.library, gallery.settings, Preferences(tmp_path / "window.ini"))
    window.start(PHOTOS)
    yield window
    window.close()


@pytest.fixture
def changing(qtbot: QtBot, fresh_gallery: Gallery, tmp_path: Path) -> Iterator[Opened]:
    """A window on a library that the test may change."""
    window = Opened(qtbot, fresh_gallery.library, fresh_gallery.settings, Preferences(tmp_path / "window.ini"))
    window.start(PHOTOS)
    yield window
    window.close()


@pytest.fixture
def unmade(qtbot: QtBot, gallery: Gallery, tmp_path: Path) -> Iterator[Opened]:
    """A window on a library that does not exist, and that nobody makes."""
    window = Opened(qtbot, tmp_path / "later", gallery.settings, Preferences(tmp_path / "window.ini"))
    window.window.start_reading()
    yield window
    window.close()


def drop_file(opened: Opened, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    opened.drop(mime)


def forget(gallery: Gallery, folder: Path) -> None:
    """Remove a folder from the library, as the writer process would."""
    with LibraryWriter(gallery.library, gallery.settings) as writer:
        writer.remove_root(str(folder))


# Places


def test_going_back_twice_at_once_keeps_how_each_place_was_left(opened: Opened) -> None:
    window = opened.window
    window.grid.set_tile_size(300)
    opened.search(lambda: opened.click(3))
    window.grid.verticalScrollBar().setValue(window.grid.verticalScrollBar().maximum())
    place = window.grid.verticalOffset()
    opened.search(lambda: opened.click(PHOTOS - 1))
    opened.do("back")
    opened.do("back")  # before the rows of the first place have come
    opened.until(lambda: window.model.scores is None)
    opened.search(lambda: opened.do("forward"))
    assert window.grid.verticalOffset() == place


def test_the_same_file_is_searched_by_again(opened: Opened, tmp_path: Path, gallery: Gallery) -> None:
    (folder := tmp_path / "elsewhere").mkdir()
    (path := folder / "late.jpg").write_bytes(b"")
    opened.window.intake.take_files([str(path)])
    opened.until(lambda: "late.jpg" in opened.window.notices.text)
    assert opened.ids() == []
    shutil.copy(gallery.probe, path)
    opened.search(lambda: opened.window.intake.take_files([str(path)]))
    assert len(opened.ids()) == PHOTOS


# A library that changes


def test_what_was_removed_leaves_the_answer_to_a_query(changing: Opened, fresh_gallery: Gallery) -> None:
    window = changing.window
    changing.search(lambda: drop_file(changing, fresh_gallery.probe))
    assert len(changing.ids()) == PHOTOS
    forget(fresh_gallery, fresh_gallery.home)
    window.background.library_changed.emit(False)
    changing.search(lambda: window.background.library_changed.emit(True))
    assert len(changing.ids()) == PHOTOS - 10
    assert len(changing.chips()) == 1


def test_a_query_by_a_photo_that_was_removed_is_told_and_can_be_left(changing: Opened, fresh_gallery: Gallery) -> None:
    window = changing.window
    row = changing.ids().index(fresh_gallery.id_of(fresh_gallery.home / "25.jpg"))
    changing.search(lambda: changing.click(row))
    forget(fresh_gallery, fresh_gallery.home)
    with changing.qtbot.waitSignal(window.browser.failed, timeout=WAIT_MS):
        window.background.library_changed.emit(True)
    assert changing.ids() == []
    assert window.notices.text
    changing.do("home")
    changing.until(lambda: len(changing.ids()) == PHOTOS - 10)


def test_a_refresh_ends_no_rubber_band(changing: Opened, fresh_gallery: Gallery) -> None:
    window, grid = changing.window, changing.window.grid
    before = changing.ids()
    grid.scroll_to_row(0)
    corner = grid.card(0).topLeft()
    QTest.mousePress(grid.viewport(), LEFT, NOTHING, corner)
    QTest.mouseMove(grid.viewport(), changing.middle(1))
    assert len(grid.selected_ids()) == 2
    forget(fresh_gallery, fresh_gallery.home)
    # The rows that come while the button is down wait, and so does a refresh that is due.
    window.session.listing.load(SortKey.DATE, descending=True, beginning=False)
    with changing.qtbot.waitSignal(window.session.listing.listed, timeout=WAIT_MS):
        pass
    assert changing.ids() == before
    assert len(grid.selected_ids()) == 2
    QTest.mouseRelease(grid.viewport(), LEFT, NOTHING, changing.middle(1))
    changing.until(lambda: len(changing.ids()) == PHOTOS - 10)


def test_a_listing_is_not_overtaken_by_refreshes(opened: Opened) -> None:
    browser = opened.window.browser
    opened.window.session.listing.cancel()
    browser.set_sort(SortKey.NAME, descending=False)  # as long as its answer has not come…
    with opened.qtbot.assertNotEmitted(browser.refreshing):
        for timer in browser.findChildren(QTimer):
            timer.timeout.emit()
    opened.until(lambda: opened.window.model.days is None)
    with opened.qtbot.waitSignal(browser.refreshing, timeout=WAIT_MS):
        browser.refresh()


def test_waiting_for_a_library_does_not_slow_its_first_photos_down(unmade: Opened, gallery: Gallery) -> None:
    session, started = unmade.window.session, time.monotonic()
    unmade.until(lambda: time.monotonic() > started + 0.5)
    shutil.copytree(gallery.library, session.library)
    session.worker.ready.emit()
    unmade.until(lambda: len(unmade.ids()) == PHOTOS)
    assert session.listing.took_ms / 1000 < time.monotonic() - started - 0.5


# Orders, breadcrumb, keys


def test_reversing_the_order_shows_all_photos_in_it(opened: Opened, gallery: Gallery) -> None:
    opened.search(lambda: opened.click(3))
    opened.do("sort_reversed")
    opened.until(lambda: opened.ids() == gallery.ids()[::-1])
    assert opened.window.browser.query is None
    assert opened.window.action_set["sort_reversed"].isChecked()
    opened.do("sort_date")
    opened.until(lambda: opened.ids() == gallery.ids())
    assert not opened.window.action_set["sort_reversed"].isChecked()


def crumb(opened: Opened, text: str) -> QToolButton:
    buttons = opened.window.query_bar.findChildren(QToolButton)
    return next(b for b in buttons if b.accessibleName() == f"Back to {text}" and b.isVisible())


def test_crumbs_lead_to_their_places(opened: Opened, gallery: Gallery) -> None:
    opened.search(lambda: opened.click(3))
    (first,), answer = opened.chips(), opened.ids()
    opened.search(lambda: opened.click(5))
    opened.search(lambda: opened.click(7))
    opened.search(crumb(opened, first).click)
    assert (opened.chips(), opened.ids()) == ([first], answer)
    crumb(opened, "All photos").click()
    opened.until(lambda: opened.ids() == gallery.ids())
    assert opened.window.action_set["forward"].isEnabled()


def test_what_is_done_to_the_query_closes_the_preview(opened: Opened) -> None:
    window = opened.window
    opened.click(1, CTRL)
    opened.click(4, CTRL)
    opened.search(lambda: opened.do("find_similar"))
    window.show_preview(opened.ids()[0])
    opened.search(lambda: window.query_bar.chips[0].removed.emit(window.query_bar.chips[0].part))
    assert window.pages.currentWidget() is window.grid_page
    window.show_preview(opened.ids()[0])
    crumb(opened, "All photos").click()
    assert window.pages.currentWidget() is window.grid_page


def test_escape_from_anywhere_leaves_the_preview_and_then_the_query(opened: Opened) -> None:
    window = opened.window
    opened.search(lambda: opened.click(3))
    window.show_preview(opened.ids()[0])
    QTest.keyClick(window.tile_slider, Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is window.grid_page
    assert window.browser.query is not None
    QTest.keyClick(window.tile_slider, Qt.Key.Key_Escape)
    opened.until(lambda: window.model.scores is None)


# Speed


def test_exact_is_offered_where_it_makes_a_difference(opened: Opened) -> None:
    window = opened.window
    exact = window.action_set["exact"]
    assert not exact.isEnabled()
    window.speed.set_index(64, 8)  # as if the library were larger
    assert exact.isEnabled()
    opened.do("exact")  # while all photos are shown
    opened.until(exact.isChecked)
    opened.search(lambda: opened.click(3))
    assert window.speed.is_exact
    opened.search(lambda: opened.do("exact"))
    assert not exact.isChecked()
    assert window.speed.nprobe is None


# Drops


@pytest.mark.parametrize("possible", [Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.LinkAction])
def test_a_dropped_file_is_never_moved(opened: Opened, gallery: Gallery, possible: Qt.DropAction) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(gallery.probe))])
    shift = Qt.KeyboardModifier.ShiftModifier
    enter = QDragEnterEvent(QPoint(50, 50), possible, mime, LEFT, shift)
    QApplication.sendEvent(opened.window, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(50, 50), possible, mime, LEFT, shift)
    drop.setDropAction(Qt.DropAction.MoveAction)
    opened.search(lambda: QApplication.sendEvent(opened.window, drop))
    assert drop.dropAction() in (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction)


def test_what_can_only_be_moved_is_not_welcome(opened: Opened, gallery: Gallery) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(gallery.probe))])
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.MoveAction, mime, LEFT, NOTHING)
    QApplication.sendEvent(opened.window, enter)
    assert not enter.isAccepted()


# What can be done, and where


def test_actions_are_there_when_they_would_do_something(opened: Opened) -> None:
    window, actions = opened.window, opened.window.action_set
    assert not actions["find_similar"].isEnabled()
    assert not actions["details_panel"].isEnabled()
    QTest.keyClick(window.grid, Qt.Key.Key_Right, CTRL)  # goes to a photo and selects none
    assert actions["find_similar"].isEnabled()
    opened.do("preview")
    assert actions["details_panel"].isEnabled()
    assert actions["copy_image"].isEnabled()
    assert not actions["preview"].isEnabled()
    assert not actions["select_all"].isEnabled()
    QTest.keyClick(window.preview, Qt.Key.Key_Escape)
    assert actions["preview"].isEnabled()
    assert actions["select_all"].isEnabled()
    opened.search(lambda: opened.do("find_similar"))
    assert not actions["find_similar"].isEnabled()  # nothing is chosen among the new rows


def test_the_summary_is_about_what_is_shown(opened: Opened, gallery: Gallery) -> None:
    window = opened.window
    opened.search(lambda: opened.click(3))
    assert said(opened).startswith("Most alike first · exact")  # among so few nobody can tell what is chance
    query = window.browser.query
    assert query is not None
    own = query.parts[0].photo_id
    assert own is not None
    hits = [Hit(PhotoId(own if n == 0 else n + 1000), f"{n}.jpg", 1 - n / 10, offline=False) for n in range(10)]
    for mark, words in (
        (0.95, "No photo looks much alike"),
        (0.85, "1 photo looks alike"),
        (0.5, "5 photos look alike"),
    ):
        answer(opened, SearchResult(hits, 8, 64, exact=False, relevance=mark, elapsed_ms=1.0))
        assert said(opened) == f"{words} · approximate · 1.0 ms"
    answer(opened, SearchResult(hits[:1], 8, 64, exact=False, relevance=0.5, elapsed_ms=1.0))
    assert said(opened) == "No other photos yet · approximate · 1.0 ms"
    (gone := gallery.place / "gone.jpg").unlink(missing_ok=True)
    with opened.qtbot.waitSignal(window.browser.failed, timeout=WAIT_MS):
        window.intake.take_files([str(gone)])
    assert said(opened) == ""


def answer(opened: Opened, result: SearchResult) -> None:
    opened.window.session.searching.found.emit(0, result)


def said(opened: Opened) -> str:
    labels = opened.window.query_bar.findChildren(QLabel)
    return next(label.text() for label in labels if label.accessibleName() == "Results")


# No folders


def test_without_a_library_the_window_invites_at_once(unmade: Opened, gallery: Gallery, tmp_path: Path) -> None:
    window = unmade.window
    assert window.pages.currentWidget() is window.empty_state
    assert window.empty_state.button.hasFocus() or not window.isActiveWindow()
    # A query shows its page, and after it the invitation comes back.
    drop_file(unmade, gallery.probe)
    assert window.pages.currentWidget() is window.grid_page
    unmade.do("back")
    assert window.pages.currentWidget() is window.empty_state
    # A folder that is being added shows the grid that its photos will come to, unless it is refused.
    window.intake.folders_offered.emit([str(tmp_path / "nowhere")])
    assert window.pages.currentWidget() is window.grid_page
    window.session.worker.failed.emit("It is not there.", True)
    assert window.pages.currentWidget() is window.empty_state


def test_removing_the_last_folder_during_a_query_is_seen_when_it_is_left(opened: Opened) -> None:
    window = opened.window
    opened.search(lambda: opened.click(3))
    window.background.roots_changed.emit([])
    assert window.pages.currentWidget() is window.grid_page
    window.show_preview(opened.ids()[0])
    window.background.roots_changed.emit([])
    assert window.pages.currentWidget() is window.preview
    opened.do("home")
    assert window.pages.currentWidget() is window.empty_state


# Dialogs


@pytest.mark.parametrize("action", ["settings", "shortcuts", "about", "add_folder", "search_file", "open_library"])
def test_no_dialog_outlives_its_window(opened: Opened, action: str) -> None:
    opened.do(action)
    dialogs = [dialog for dialog in opened.window.findChildren(QDialog) if dialog.isVisible()]
    assert len(dialogs) == 1
    opened.close()
    assert not [dialog for dialog in QApplication.topLevelWidgets() if dialog.isVisible()]


@pytest.mark.parametrize("action", ["settings", "shortcuts", "about"])
def test_dialogs_stand_beside_the_window_once(opened: Opened, action: str) -> None:
    opened.do(action)
    opened.do(action)
    QApplication.processEvents()
    (dialog,) = [dialog for dialog in opened.window.findChildren(QDialog) if dialog.isVisible()]
    assert not dialog.isModal()
    opened.search(lambda: opened.click(3))


def test_a_folder_and_pictures_are_chosen_in_dialogs(opened: Opened, gallery: Gallery) -> None:
    opened.do("search_file")
    (dialog,) = opened.window.findChildren(QFileDialog)
    opened.search(lambda: dialog.filesSelected.emit([str(gallery.probe)]))
    assert opened.chips() == ["probe.jpg"]
    dialog.reject()
    opened.do("add_folder")
    dialog = next(d for d in opened.window.findChildren(QFileDialog) if d.isVisible())
    with opened.qtbot.waitSignal(opened.window.session.worker._wanted, timeout=WAIT_MS):
        dialog.fileSelected.emit(str(gallery.home))


# The keyboard


def test_the_keyboard_stays_with_the_photos(opened: Opened) -> None:
    window = opened.window
    with opened.qtbot.waitActive(window):
        window.activateWindow()
    opened.search(lambda: opened.click(3))
    opened.search(lambda: opened.click(5))
    opened.search(crumb(opened, opened.window.browser.trail(1)[0][1].parts[0].label).click)  # type: ignore[union-attr]
    assert window.grid.hasFocus()
    chip = window.query_bar.chips[0]
    button = chip.findChild(QToolButton)
    assert isinstance(button, QToolButton)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    opened.until(lambda: window.model.scores is None)
    assert window.grid.hasFocus()
    window.show_preview(opened.ids()[0])
    QTest.keyClick(window.preview, Qt.Key.Key_Escape)
    assert window.grid.hasFocus()


def test_the_list_of_problems_keeps_its_keys(opened: Opened, gallery: Gallery) -> None:
    window = opened.window
    with opened.qtbot.waitActive(window):
        window.activateWindow()
    opened.click(0, CTRL)
    window.errors.set_errors([FileError(str(gallery.broken), "no picture"), FileError("/b.jpg", "gone")])
    opened.do("errors_panel")
    problems = window.errors.findChild(QTreeView)
    assert isinstance(problems, QTreeView)
    problems.setFocus()
    QGuiApplication.clipboard().clear()
    QTest.keyClick(problems, Qt.Key.Key_Down)
    QTest.keyClick(problems, Qt.Key.Key_A, CTRL)
    assert len(window.grid.selected_ids()) == 1
    assert len(window.errors.selected()) == 2
    QTest.keyClick(problems, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == window.errors.text()


def test_what_is_left_out_is_told(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_files: list[str] = []
    monkeypatch.setattr(desktop, "open_in_default_program", opened_files.append)
    monkeypatch.setattr(query_wiring, "_MOST_PARTS", 4)
    opened.do("select_all")
    opened.do("open_default")
    assert "first 10" in opened.window.notices.text
    opened.until(lambda: len(opened_files) == 10)
    opened.search(lambda: opened.do("find_similar"))
    assert len(opened.chips()) == 4
    assert "first 4" in opened.window.notices.text or opened.window.notices.count == 2


def test_a_listing_that_fails_leaves_no_rows_of_another_place(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    opened.search(lambda: opened.click(3))

    def fail(*_: object, **__: object) -> None:
        raise StorageError("The disk refuses.")

    with monkeypatch.context() as broken:
        broken.setattr(Library, "list_photos", fail)
        with opened.qtbot.waitSignal(opened.window.browser.failed, timeout=WAIT_MS):
            opened.do("home")
        assert opened.ids() == []
        assert "The disk refuses." in opened.window.notices.text
    opened.window.background.library_changed.emit(False)
    opened.until(lambda: len(opened.ids()) == PHOTOS)


def test_moving_the_slider_while_all_photos_are_shown_keeps_them(opened: Opened, gallery: Gallery) -> None:
    window = opened.window
    window.speed.set_index(64, 8)
    with opened.qtbot.assertNotEmitted(window.browser.results_shown):
        with opened.qtbot.waitSignal(window.speed.changed, timeout=WAIT_MS):
            window.speed.set_exact(exact=True)
        QApplication.processEvents()
    assert opened.ids() == gallery.ids()
    opened.search(lambda: opened.click(0))
    opened.do("home")
    window.speed.set_exact(exact=False)  # its rest comes after the place was left
    opened.until(lambda: not window.action_set["exact"].isChecked())
    opened.until(lambda: opened.ids() == gallery.ids())


def test_a_photo_that_was_asked_by_before_its_name_was_known_gets_it(opened: Opened, gallery: Gallery) -> None:
    photo_id = gallery.id_of(gallery.holidays / "07.jpg")
    query = WindowQuery.of([QueryPart.of_photo(photo_id, None)])
    assert query is not None
    opened.search(lambda: opened.window.browser.visit(query))
    assert opened.chips() == ["07.jpg"]
    assert said(opened)
    opened.do("back")
    opened.search(lambda: opened.do("forward"))
    assert opened.chips() == ["07.jpg"]
