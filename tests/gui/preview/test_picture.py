"""Pictures at halved sizes."""

from __future__ import annotations

import pytest
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from photofind.gui.preview.picture import picture_of, picture_of_thumbnail
from tests.gui.preview.conftest import quarters


def test_pixels_keep_their_colours_and_places() -> None:
    picture = picture_of(quarters(1001, 701), QSize(1001, 701), complete=True)
    for level in picture.levels:
        right, bottom = level.width() - 2, level.height() - 2
        found = [level.pixelColor(*spot) for spot in ((1, 1), (right, 1), (1, bottom), (right, bottom))]
        assert found == [QColor(255, 0, 0), QColor(0, 255, 0), QColor(0, 0, 255), QColor(255, 255, 255)]


def test_levels_halve_down_to_a_thumbnail() -> None:
    picture = picture_of(quarters(2000, 1000), QSize(2000, 1000), complete=True)
    assert [level.width() for level in picture.levels] == [2000, 1000, 500]
    assert picture.area == 2_000_000
    assert picture.bytes == 4 * (2_000_000 + 500_000 + 125_000)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (255, 300)])
def test_odd_shapes(size: tuple[int, int]) -> None:
    picture = picture_of(Image.new("RGB", size, (9, 8, 7)), QSize(*size), complete=True)
    assert picture.levels[0].size() == QSize(*size)
    assert picture.levels[-1].pixelColor(0, 0) == QColor(9, 8, 7)


def test_the_level_for_a_zoom_has_a_pixel_for_each_of_the_screen() -> None:
    picture = picture_of(quarters(1000, 500), QSize(4000, 2000), complete=False)
    assert picture.scale == 0.25
    assert picture.level_for(0.1).width() == 500
    assert picture.level_for(0.125).width() == 500
    assert picture.level_for(0.13).width() == 1000
    assert picture.level_for(3.0).width() == 1000


def test_a_thumbnail_stands_in() -> None:
    thumbnail = QImage(200, 100, QImage.Format.Format_RGB32)
    thumbnail.setDevicePixelRatio(2.0)
    picture = picture_of_thumbnail(thumbnail, QSize(4000, 2000))
    assert picture.levels[0].devicePixelRatio() == 1.0
    assert not picture.complete
