"""A grid on no screen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from photofind.gui.grid.model import PhotoGridModel
from photofind.gui.grid.view import PhotoGridView
from tests.gui.grid.support import PictureSource

MakeGrid = Callable[[int], PhotoGridView]


@pytest.fixture
def make_grid(qtbot: QtBot) -> MakeGrid:
    """Make a grid of so many photos, whose ids are 100 more than their rows, five in a line and about four lines."""

    def make(count: int) -> PhotoGridView:
        view = PhotoGridView(PhotoGridModel(), PictureSource(pixels=100))
        model = view.model()
        assert isinstance(model, PhotoGridModel)
        model.setParent(view)
        qtbot.addWidget(view)
        view.set_tile_size(100)
        view.resize(5 * 130 + view.verticalScrollBar().sizeHint().width(), 480)
        model.set_rows(np.arange(100, 100 + count))
        with qtbot.waitExposed(view, timeout=20_000):
            view.show()
        view.setFocus()
        assert view.cells.columns == 5
        return view

    return make
