"""What names are worth where there are too few photos to tell how scores scatter."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from photofind.core.searching.composing import compose
from photofind.core.searching.texts import SURE_WORTH, Said, TextPart
from photofind.core.vectors.relevance import upper_spread
from photofind.core.words.meaning import Meaning

_VECTOR = np.eye(1, 8, dtype=np.float32)[0]


def _worth(sample: npt.NDArray[np.float32]) -> float:
    """Return what a photo gains, in a library like the sample, that is called what was typed."""
    said = Said("name: kyoto", np.array([1]), SURE_WORTH)
    part = TextPart(1.0, Meaning(_VECTOR, (), 0.0, ("kyoto",), ()), (), (said,))
    return compose([], [part], sample).said[0][1]


def _rows(count: int, spread: float) -> npt.NDArray[np.float32]:
    return np.random.default_rng(0).normal(0.0, spread, (count, 8)).astype(np.float32)


@pytest.mark.parametrize("count", [0, 1, 2, 15])
def test_few_photos_that_are_all_alike_do_not_make_a_name_worthless(count: int) -> None:
    assert _worth(np.tile(_VECTOR, (count, 1))) > SURE_WORTH * 0.05


def test_of_many_photos_the_spread_is_believed() -> None:
    rows = _rows(2000, 0.05)
    assert _worth(rows) == pytest.approx(SURE_WORTH * upper_spread(rows[:, 0]), rel=0.05)
