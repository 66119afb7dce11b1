"""What is seen: read back from the pixels."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QMouseEvent, QPalette, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofind.gui import theme
from photofind.gui.grid.art import CardKind, TileArt
from photofind.gui.grid.model import PhotoGridModel
from photofind.gui.grid.painter import fitted
from photofind.gui.grid.scaling import Scaler
from photofind.gui.grid.view import PhotoGridView
from tests.gui.grid.conftest import MakeGrid
from tests.gui.grid.support import PictureSource


def shown(view: PhotoGridView) -> QImage:
    return view.viewport().grab().toImage()


def on_screen(view: PhotoGridView) -> QImage:
    """What has been painted, without painting it anew."""
    screen = view.screen().grabWindow(view.winId()).toImage()
    return screen.copy(QRect(QPoint(0, 0), view.viewport().size()))


def card_image(view: PhotoGridView, row: int) -> QImage:
    return shown(view).copy(view.card(row))


def source_of(view: PhotoGridView) -> PictureSource:
    assert isinstance(view.source, PictureSource)
    return view.source


def model_of(view: PhotoGridView) -> PhotoGridModel:
    model = view.model()
    assert isinstance(model, PhotoGridModel)
    return model


def contrast(one: QColor, other: QColor) -> float:
    def light(colour: QColor) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (colour.redF(), colour.greenF(), colour.blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    brighter, darker = sorted((light(one), light(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_selected_and_hovered_cards_stand_out(make_grid: MakeGrid, dark: bool) -> None:
    view = make_grid(20)
    view.setPalette(theme.palette(dark=dark))
    view.clearFocus()
    view.select_ids([101])
    image = shown(view)
    plain, selected = (image.pixelColor(view.card(row).topLeft() + QPoint(20, 4)) for row in (0, 1))
    border = image.pixelColor(view.card(1).left(), view.card(1).center().y())
    base = view.palette().color(QPalette.ColorRole.Base)
    assert contrast(border, base) >= 3.0
    assert plain != base
    assert selected != plain
    at = QPointF(view.card(0).center())
    none = Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.viewport(), moved)
    assert card_image(view, 0).pixelColor(20, 4) not in (plain, selected)
    QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))
    assert card_image(view, 0).pixelColor(20, 4) == plain


def test_each_state_of_a_tile_looks_different(make_grid: MakeGrid) -> None:
    view = make_grid(40)
    source = source_of(view)
    known = card_image(view, 0)
    source.unknown = {100}
    waiting = card_image(view, 0)
    source.unknown, source.broken = set(), {100}
    broken = card_image(view, 0)
    source.broken, source.offline = set(), {100}
    offline = card_image(view, 0)
    source.offline = set()
    model_of(view).set_rows(model_of(view).ids, scores=np.full(40, 0.93, np.float32), mark=0.5)
    scored = card_image(view, 0)
    model_of(view).set_rows(model_of(view).ids, scores=np.full(40, 0.93, np.float32), mark=0.99)
    faded = card_image(view, 0)
    looks = [known, waiting, broken, offline, scored, faded]
    assert all(one != other for place, one in enumerate(looks) for other in looks[:place])


def test_a_tile_that_becomes_known_is_painted(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(20)
    source = source_of(view)
    known = card_image(view, 3)
    source.unknown = {103}
    assert card_image(view, 3) != known
    source.learn([103, 9999])
    qtbot.waitUntil(lambda: on_screen(view).copy(view.card(3)) == known, timeout=10_000)


def test_scrolling_paints_what_a_fresh_repaint_would(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(3000)
    days = np.arange(20_000, 17_000, -1, dtype=np.int32)
    model_of(view).set_rows(model_of(view).ids, days=days)
    qtbot.wait(1)
    for step in (13, 200, -90, 5000, -31):
        view.verticalScrollBar().setValue(view.verticalOffset() + step)
        QApplication.processEvents()
        assert on_screen(view) == shown(view)


def test_the_month_stands_on_top_when_days_are_known(make_grid: MakeGrid) -> None:
    view = make_grid(300)
    plain = shown(view)
    model_of(view).set_rows(model_of(view).ids, days=np.full(300, 18_700, np.int32))
    march = shown(view)
    assert march != plain
    model_of(view).set_rows(model_of(view).ids, days=np.full(300, 18_800, np.int32))
    assert shown(view) != march
    model_of(view).set_rows(model_of(view).ids, days=np.full(300, 2**31 - 1, np.int32))
    shown(view)


@pytest.mark.parametrize(
    ("size", "ratio", "width", "height"),
    [
        ((160, 120), 1.0, 160, 120),
        ((160, 1), 1.0, 160, 1),
        ((159, 160), 1.0, 159, 160),
        ((80, 40), 1.0, 160, 80),  # magnified at most twice
        ((16, 16), 1.0, 32, 32),
        ((16, 16), 3.0, 48, 48),
        ((1000, 3), 1.0, 160, 1),
        ((320, 240), 2.0, 320, 240),
        ((256, 192), 2.0, 320, 240),
        ((200, 100), 1.25, 200, 100),
    ],
)
def test_pictures_are_fitted_on_whole_device_pixels(
    qapp: QApplication, size: tuple[int, int], ratio: float, width: int, height: int
) -> None:
    assert qapp is not None
    box = QRect(13, 7, 160, 160)
    target = fitted(QPixmap(*size), box, ratio)
    assert (target.width() * ratio, target.height() * ratio) == pytest.approx((width, height))
    for edge in (target.left() * ratio, target.top() * ratio):
        assert edge == pytest.approx(round(edge))
    assert box.adjusted(-1, -1, 1, 1).contains(target.toAlignedRect())


def test_scaling_is_kept_and_bounded_in_time_and_memory(qapp: QApplication) -> None:
    assert qapp is not None
    scaler = Scaler()
    picture = QPixmap(64, 64)
    assert scaler.scaled(picture, 32, 32, 1.0) is None  # no repaint has begun
    assert scaler.has_refused
    scaler.begin()
    assert not scaler.has_refused
    made = scaler.scaled(picture, 32, 32, 2.0)
    assert made is not None
    assert (made.width(), made.devicePixelRatio()) == (32, 2.0)
    assert scaler.scaled(picture, 32, 32, 2.0) is made


def test_cards_of_all_the_sizes_that_tiles_had_are_not_kept(qapp: QApplication) -> None:
    art = TileArt(qapp.palette(), QFont(), 1.0)
    kind = CardKind(selected=False, hovered=False)

    def card(side: int) -> int:
        return art.card(QSize(side, side), kind).cacheKey()

    first = card(80)
    assert card(80) == first
    drawn = {side: card(side) for side in range(81, 401)}
    assert card(400) == drawn[400]
    assert card(80) != first
