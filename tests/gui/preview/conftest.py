"""A preview over a small real library, and pictures by which one can tell where is up."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui.preview.pane import PreviewPane
from photofind.gui.thumbnails import ThumbnailProvider
from tests.support.gallery import Gallery

WAIT_MS = 20_000
ORIENTATION = 0x112

OpenPane = Callable[[Gallery], PreviewPane]


def quarters(width: int = 400, height: int = 300) -> Image.Image:
    """Return a picture whose quarters are red and green above, blue and white below."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = (255, 0, 0)
    pixels[: height // 2, width // 2 :] = (0, 255, 0)
    pixels[height // 2 :, : width // 2] = (0, 0, 255)
    pixels[height // 2 :, width // 2 :] = (255, 255, 255)
    return Image.fromarray(pixels)


def lying_down(width: int = 400, height: int = 300) -> bytes:
    """Return a JPEG of `quarters` as a camera held upright stores it: turned left, with EXIF orientation 6."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    stream = io.BytesIO()
    turned = quarters(width, height).transpose(Image.Transpose.ROTATE_90)
    turned.save(stream, "JPEG", quality=95, subsampling=0, exif=exif)
    return stream.getvalue()


def wheel(widget: QWidget, point: QPointF, notches: float) -> None:
    """Turn the wheel over a point of a widget; positive is away from the user."""
    event = QWheelEvent(
        point,
        QPointF(widget.mapToGlobal(point)),
        QPoint(),
        QPoint(0, round(notches * 120)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


@pytest.fixture
def open_pane(qtbot: QtBot) -> Iterator[OpenPane]:
    """Open a preview of 900 x 700 over a gallery."""
    opened: list[tuple[PreviewPane, ThumbnailProvider]] = []

    def open_it(gallery: Gallery) -> PreviewPane:
        provider = ThumbnailProvider(gallery.library, gallery.settings)
        pane = PreviewPane(provider.view(), gallery.library, gallery.settings)
        opened.append((pane, provider))
        qtbot.addWidget(pane)
        pane.resize(900, 700)
        with qtbot.waitExposed(pane):
            pane.show()
        return pane

    yield open_it
    for pane, provider in opened:
        assert pane.shutdown()
        assert provider.close(WAIT_MS)
