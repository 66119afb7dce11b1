"""The whole preview over a real library: going through photos, keys, buttons, errors in place, the end."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from photofind.core.search import Region
from photofind.gui import theme
from photofind.gui.preview.commands import COMMANDS
from photofind.gui.preview.pane import PreviewPane
from photofind.gui.threads import late_threads
from tests.gui.preview.conftest import WAIT_MS, OpenPane, lying_down, quarters
from tests.support.gallery import Gallery, photo
from tests.support.photos import put

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def ids_of(gallery: Gallery) -> npt.NDArray[np.int64]:
    return np.array(gallery.ids(), np.int64)


def wait_for_picture(qtbot: QtBot, pane: PreviewPane) -> None:
    qtbot.waitUntil(lambda: pane.current_image() is not None, timeout=WAIT_MS)


def open_at(qtbot: QtBot, pane: PreviewPane, gallery: Gallery, row: int = 3) -> npt.NDArray[np.int64]:
    ids = ids_of(gallery)
    pane.show_photo(int(ids[row]), ids)
    wait_for_picture(qtbot, pane)
    return ids


def message(pane: PreviewPane) -> str:
    return pane.message.text() if pane.message.isVisible() else ""


def test_a_photo_is_shown_with_its_facts(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(gallery)
    path = str(gallery.holidays / "05.jpg")
    photo_id = gallery.id_of(path)
    pane.show_photo(photo_id, ids_of(gallery))
    wait_for_picture(qtbot, pane)
    record = pane.current_record()
    assert record is not None
    assert record.path == path
    assert pane.current_id == photo_id
    assert pane.view.accessibleName() == "05.jpg"
    assert {row.name: row.text for row in pane.details.rows}["Name"] == "05.jpg"
    assert message(pane) == ""


def test_a_photo_stands_upright(fresh_gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    path = fresh_gallery.holidays / "00.jpg"
    path.write_bytes(lying_down())
    pane = open_pane(fresh_gallery)
    pane.show_photo(fresh_gallery.id_of(path), ids_of(fresh_gallery))
    wait_for_picture(qtbot, pane)
    shot = pane.view.grab().toImage()
    middle = shot.rect().center()
    found = shot.pixelColor(middle - QPoint(150, 100))
    assert found.red() > 240
    assert found.green() + found.blue() < 30
    image = pane.current_image()
    assert image is not None
    assert image.width() > image.height()


def test_a_region_of_a_photo_with_an_orientation_is_of_the_upright_photo(
    fresh_gallery: Gallery, open_pane: OpenPane, qtbot: QtBot
) -> None:
    path = fresh_gallery.holidays / "00.jpg"
    path.write_bytes(lying_down())
    pane = open_pane(fresh_gallery)
    pane.show_photo(fresh_gallery.id_of(path), ids_of(fresh_gallery))
    wait_for_picture(qtbot, pane)
    shown = pane.view.viewport.shown_rect()
    QTest.keyClick(pane.view, Key.Key_R)
    with qtbot.waitSignal(pane.region_drawn, timeout=WAIT_MS) as drawn:
        start, end = shown.topLeft().toPoint(), shown.center().toPoint()
        QTest.mousePress(pane.view, LEFT, pos=start)
        QTest.mouseMove(pane.view, end)
        QTest.mouseRelease(pane.view, LEFT, pos=end)
    assert drawn.args is not None
    region = drawn.args[0]
    assert isinstance(region, Region)
    assert region.path == str(path)
    sides = (region.left, region.top, region.right, region.bottom)
    assert sides == pytest.approx((0, 0, 0.5, 0.5), abs=0.01)  # all red


def test_the_thumbnail_comes_before_the_picture(fresh_gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(fresh_gallery)
    ids = open_at(qtbot, pane, fresh_gallery)
    qtbot.waitUntil(lambda: pane.strip._source.tile(int(ids[4])) is not None, timeout=WAIT_MS)
    pane.show_photo(int(ids[4]), ids)
    standing_in = pane.view.picture
    assert standing_in is not None
    assert not standing_in.complete
    assert pane.current_image() is None
    wait_for_picture(qtbot, pane)
    assert pane.view.picture is not standing_in


def test_a_thumbnail_that_comes_late_is_shown(fresh_gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    path = fresh_gallery.holidays / "04.jpg"
    photo_id = fresh_gallery.id_of(path)
    path.unlink()
    pane = open_pane(fresh_gallery)
    pane.show_photo(photo_id, ids_of(fresh_gallery))
    assert pane.view.picture is None
    qtbot.waitUntil(lambda: pane.view.picture is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: message(pane).startswith("This file is not there any more: "), timeout=WAIT_MS)
    assert pane.view.picture is not None


def test_keys_go_through_the_photos(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(gallery)
    ids = open_at(qtbot, pane, gallery, 3)
    gone: list[int] = []
    pane.current_changed.connect(gone.append)
    keys = (Key.Key_Right, Key.Key_PageDown, Key.Key_Left, Key.Key_PageUp, Key.Key_Home, Key.Key_Left, Key.Key_End)
    for key in (*keys, Key.Key_Right):
        QTest.keyClick(pane.view, key)
    assert gone == [int(ids[row]) for row in (4, 5, 4, 3, 0, len(ids) - 1)]
    assert pane.strip.current_row == len(ids) - 1
    wait_for_picture(qtbot, pane)
    assert not pane.tools["next"].isEnabled()
    assert pane.tools["previous"].isEnabled()


def test_arrows_move_a_zoomed_picture_instead(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(gallery)
    ids = open_at(qtbot, pane, gallery)
    for _ in range(12):
        QTest.keyClick(pane.view, Key.Key_Plus)
    assert pane.view.can_pan()
    before = pane.view.viewport.shown_rect()
    QTest.keyClick(pane, Key.Key_Right)
    assert pane.view.viewport.shown_rect() != before
    assert pane.current_id == ids[3]
    QTest.keyClick(pane.view, Key.Key_PageDown)
    assert pane.current_id == ids[4]
    assert pane.view.viewport.fits


def test_a_click_in_the_strip_shows_that_photo(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(gallery)
    ids = open_at(qtbot, pane, gallery)
    with qtbot.waitSignal(pane.current_changed, timeout=WAIT_MS):
        QTest.mouseClick(pane.strip, LEFT, pos=pane.strip.cell_rect(5).center().toPoint())
    assert pane.current_id == ids[5]
    assert pane.view.hasFocus() or QApplication.focusWidget() is None
    wait_for_picture(qtbot, pane)


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return, Key.Key_Enter, Key.Key_Escape])
def test_keys_close_the_preview(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot, key: Qt.Key) -> None:
    pane = open_pane(gallery)
    open_at(qtbot, pane, gallery)
    with qtbot.waitSignal(pane.closed, timeout=WAIT_MS):
        QTest.keyClick(pane.view, key)
    assert pane.current_id is None
    assert pane.view.picture is None


def test_a_hidden_preview_lets_the_pictures_go(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(gallery)
    ids = open_at(qtbot, pane, gallery)
    pane.hide()
    assert pane.view.picture is None
    qtbot.waitUntil(lambda: pane.loader.remembered() == [], timeout=WAIT_MS)
    pane.show()
    pane.show_photo(int(ids[0]), ids)
    wait_for_picture(qtbot, pane)


def test_escape_leaves_region_mode_before_the_preview(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(gallery)
    open_at(qtbot, pane, gallery)
    QTest.keyClick(pane.view, Key.Key_R)
    assert pane.tools["region"].isChecked()
    with qtbot.assertNotEmitted(pane.closed):
        QTest.keyClick(pane, Key.Key_Escape)
    assert not pane.tools["region"].isChecked()
    with qtbot.waitSignal(pane.closed, timeout=WAIT_MS):
        QTest.keyClick(pane, Key.Key_Escape)


def test_the_buttons_zoom_and_turn(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(gallery)
    open_at(qtbot, pane, gallery)
    QTest.mouseClick(pane.tools["zoom_in"], LEFT)
    assert pane.tools.zoom_text() == f"{pane.view.viewport.zoom * 100:.0f} %"
    QTest.mouseClick(pane.tools["pixels"], LEFT)
    assert pane.tools.zoom_text() == "100 %"
    QTest.mouseClick(pane.tools["zoom_out"], LEFT)
    QTest.mouseClick(pane.tools["fit"], LEFT)
    assert pane.view.viewport.fits
    QTest.mouseClick(pane.tools["turn_right"], LEFT)
    assert pane.view.viewport.turns == 1
    QTest.mouseClick(pane.tools["turn_left"], LEFT)
    QTest.mouseClick(pane.tools["turn_left"], LEFT)
    assert pane.view.viewport.turns == 3
    QTest.mouseClick(pane.tools["next"], LEFT)
    assert pane.view.viewport.turns == 0


def test_enter_presses_the_button_that_has_the_focus(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(gallery)
    ids = open_at(qtbot, pane, gallery)
    pane.activateWindow()
    pane.tools["next"].setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is pane.tools["next"], timeout=WAIT_MS)
    with qtbot.assertNotEmitted(pane.closed):
        QTest.keyClick(pane.tools["next"], Key.Key_Return)
    assert pane.current_id == ids[4]


def test_similar_photos_are_asked_for(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(gallery)
    ids = open_at(qtbot, pane, gallery)
    with qtbot.waitSignal(pane.find_similar_requested, timeout=WAIT_MS) as asked:
        QTest.mouseClick(pane.tools["find_similar"], LEFT)
    assert asked.args == [int(ids[3])]


def test_a_menu_is_asked_for(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(gallery)
    ids = open_at(qtbot, pane, gallery)
    spot = QPoint(300, 300)
    with qtbot.waitSignal(pane.menu_requested, timeout=WAIT_MS) as asked:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, pane.view.mapToGlobal(spot))
        QApplication.sendEvent(pane.view, event)
    assert asked.args == [pane.view.mapToGlobal(spot), int(ids[3])]


def test_details_come_and_go(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(gallery)
    open_at(qtbot, pane, gallery)
    assert not pane.details_visible()
    with qtbot.waitSignal(pane.details_toggled, timeout=WAIT_MS) as toggled:
        QTest.keyClick(pane.view, Key.Key_I)
    assert toggled.args == [True]
    assert pane.tools["details"].isChecked()
    assert pane.details.isVisible()
    with qtbot.assertNotEmitted(pane.details_toggled):
        pane.set_details_visible(on=True)
    QTest.mouseClick(pane.tools["details"], LEFT)
    assert not pane.details_visible()


def test_zooming_in_brings_all_pixels(fresh_gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    path = fresh_gallery.holidays / "00.jpg"
    quarters(4800, 3600).save(path, "JPEG")
    pane = open_pane(fresh_gallery)
    pane.show_photo(fresh_gallery.id_of(path), ids_of(fresh_gallery))
    wait_for_picture(qtbot, pane)
    first = pane.current_image()
    assert first is not None
    assert first.width() < 4800
    QTest.keyClick(pane.view, Key.Key_1)
    qtbot.waitUntil(lambda: (image := pane.current_image()) is not None and image.width() == 4800, timeout=WAIT_MS)
    assert pane.view.viewport.zoom == 1.0


def test_a_corrupt_file_is_told_in_place(fresh_gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    path = fresh_gallery.holidays / "04.jpg"
    photo_id = fresh_gallery.id_of(path)
    path.write_bytes(path.read_bytes()[:700])
    pane = open_pane(fresh_gallery)
    pane.show_photo(photo_id, ids_of(fresh_gallery))
    qtbot.waitUntil(lambda: message(pane).startswith("This photo cannot be shown: "), timeout=WAIT_MS)
    assert QApplication.activeModalWidget() is None
    assert re.fullmatch(r"04\.jpg", pane.view.accessibleName())
    inside = pane.view.rect().contains(pane.message.geometry())
    assert inside
    QTest.keyClick(pane.view, Key.Key_Right)
    wait_for_picture(qtbot, pane)
    assert message(pane) == ""


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text exist on Linux only")
def test_a_name_that_is_no_text(fresh_gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    path = os.fsdecode(os.fsencode(fresh_gallery.home) + b"/b\xffd.jpg")
    put(path, photo(50))
    fresh_gallery.update()
    pane = open_pane(fresh_gallery)
    pane.set_details_visible(on=True)
    pane.show_photo(fresh_gallery.id_of(path), ids_of(fresh_gallery))
    wait_for_picture(qtbot, pane)
    assert pane.view.accessibleName() == "b\N{REPLACEMENT CHARACTER}d.jpg"
    record = pane.current_record()
    assert record is not None
    assert record.path == path
    Path(path).unlink()
    pane.show_photo(fresh_gallery.ids()[0], ids_of(fresh_gallery))
    pane.loader.forget()
    pane.show_photo(int(record.photo_id), ids_of(fresh_gallery))
    qtbot.waitUntil(lambda: message(pane).startswith("This file is not there any more: "), timeout=WAIT_MS)


def test_a_photo_that_is_not_among_the_others_is_shown_alone(
    gallery: Gallery, open_pane: OpenPane, qtbot: QtBot
) -> None:
    pane = open_pane(gallery)
    ids = ids_of(gallery)
    pane.show_photo(int(ids[0]), ids[5:])
    wait_for_picture(qtbot, pane)
    assert pane.current_id == ids[0]
    assert not pane.strip.isVisible()
    QTest.keyClick(pane.view, Key.Key_Right)
    assert pane.current_id == ids[0]


def test_the_keys_are_not_taken_by_the_window(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot) -> None:
    pane = open_pane(gallery)
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.addWidget(pane)
    taken: list[str] = []
    for keys in ("Space", "Right", "R", "Ctrl+R"):
        shortcut = QShortcut(QKeySequence(keys), window)
        shortcut.activated.connect(lambda keys=keys: taken.append(keys))
    window.show()
    pane.show()
    window.activateWindow()
    ids = open_at(qtbot, pane, gallery)
    qtbot.waitUntil(pane.view.hasFocus, timeout=WAIT_MS)
    handle = window.windowHandle()
    QTest.keyClick(handle, Key.Key_Right)
    assert pane.current_id == ids[4]
    wait_for_picture(qtbot, pane)  # there is no region mode without one
    QTest.keyClick(handle, Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(handle, Key.Key_R)
    assert pane.view.in_region_mode
    assert taken == ["Ctrl+R"]
    layout.removeWidget(pane)
    pane.setParent(None)


def test_every_button_has_a_name_and_a_hint(gallery: Gallery, open_pane: OpenPane) -> None:
    pane = open_pane(gallery)
    for command in COMMANDS:
        if command.icon:
            button = pane.tools[command.key]
            assert button.accessibleName() == command.label()
            assert command.shown_keys() in button.toolTip()
            assert not button.icon().isNull()
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("dark", [False, True])
def test_text_is_readable_in_light_and_dark(gallery: Gallery, open_pane: OpenPane, qtbot: QtBot, dark: bool) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    before = application.palette()
    application.setPalette(theme.palette(dark=dark))
    try:
        pane = open_pane(gallery)
        open_at(qtbot, pane, gallery)
        pane.message.say("This drive is not connected: /media/card")
        shot = pane.grab().toImage()
        corner = shot.pixelColor(5, pane.height() - 3)
        assert (corner.lightness() < 80) == dark
        box = pane.message.grab().toImage()
        levels = [QColor(box.pixel(x, y)).lightness() for x in range(box.width()) for y in range(box.height())]
        assert max(levels) - min(levels) > 120
    finally:
        application.setPalette(before)


def test_no_thread_survives(gallery: Gallery, open_pane: OpenPane) -> None:
    pane = open_pane(gallery)
    ids = ids_of(gallery)
    pane.show_photo(int(ids[0]), ids)
    threads = list(pane.loader._threads)
    assert pane.shutdown()
    assert threads
    assert all(thread.isFinished() for thread in threads)
    assert "preview" not in late_threads()
    QTest.keyClick(pane.view, Key.Key_Right)  # does no harm
    assert pane.current_id == ids[1]
