"""The rows of the grid."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from photofind.gui.grid.model import PHOTO_ID_ROLE, PhotoGridModel
from tests.gui.grid.support import PictureSource


@pytest.fixture
def model(qapp: QApplication) -> PhotoGridModel:
    assert qapp is not None
    return PhotoGridModel()


def test_it_is_a_sound_model(model: PhotoGridModel) -> None:
    watcher = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.set_rows(np.arange(300) + 7)  # a warning fails the test
    model.set_rows(np.arange(20))
    model.set_rows(np.empty(0, np.int64))
    assert watcher.model() is model


def test_rows_and_photos(model: PhotoGridModel) -> None:
    model.set_rows(np.array([30, 10, 20], np.int64), scores=np.array([0.9, 0.5, 0.1], np.float32), mark=0.4)
    assert model.photo_id(1) == 10
    assert model.row_of(20) == 2
    assert model.row_of(99) == -1
    assert model.rows_of(np.array([20, 99, -5, 30], np.int64)).tolist() == [0, 2]
    assert model.rows_of(np.empty(0, np.int64)).tolist() == []
    assert model.index(0).data(PHOTO_ID_ROLE) == 30
    assert model.mark == 0.4


def test_no_rows(model: PhotoGridModel) -> None:
    assert model.row_of(1) == -1
    assert model.rows_of(np.array([1], np.int64)).tolist() == []


@pytest.mark.parametrize("far", [2**40, -3])
def test_ids_that_no_library_gives(model: PhotoGridModel, far: int) -> None:
    model.set_rows(np.array([5, far, 7], np.int64))
    assert model.row_of(far) == 1
    assert model.rows_of(np.array([far, 7], np.int64)).tolist() == [1, 2]


def test_lengths_have_to_agree(model: PhotoGridModel) -> None:
    with pytest.raises(ValueError, match="2 ids, but 1 values"):
        model.set_rows(np.arange(2), days=np.zeros(1, np.int32))


def test_scores_fade_steadily_below_the_mark(model: PhotoGridModel) -> None:
    scores = np.linspace(1.0, 0.0, 101, dtype=np.float32)
    model.set_rows(np.arange(101), scores=scores, mark=0.5)
    strengths = np.array(model.strengths(0, 100))
    assert (strengths[:51] == 1.0).all()
    below = np.diff(strengths[50:])
    assert (below < 0).all()
    assert below.min() > -0.1  # no edge
    assert strengths[-1] >= 0.35
    model.set_rows(np.arange(101))
    assert model.strengths(3, 5) == [1.0] * 3


def test_words_for_assistive_technology(model: PhotoGridModel) -> None:
    source = PictureSource(1)
    source.unknown, source.offline = {3}, {2}
    model.describe_with(source.tile)
    model.set_rows(np.array([1, 2, 3], np.int64), scores=np.array([0.934, 1.2, -0.1], np.float32))
    spoken = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert spoken == [
        "IMG_2021_00001_harbour.jpg, 93 % alike",
        "IMG_2021_00002_harbour.jpg, 100 % alike, on a drive that is not connected",
        "Photo, 0 % alike",
    ]
    assert model.index(0).data(Qt.ItemDataRole.ToolTipRole) == "/no such folder/IMG_2021_00001_harbour.jpg"
    assert model.index(2).data(Qt.ItemDataRole.DisplayRole) is None
