"""A query moved towards its best hits."""

from __future__ import annotations

import numpy as np
import pytest

from photofind.core.searching.composing import Composition

QUERY = np.array([1, 0, 0], np.float32)
HITS = np.array([[0.8, 0.6, 0], [0.6, 0, 0.8], [-0.6, -0.8, 0]], np.float32)


@pytest.mark.parametrize(("alpha", "weights"), [(0.0, (1, 1)), (1.0, (0.8, 0.6)), (3.0, (0.512, 0.216))])
def test_alpha_is_the_power_of_a_hits_score_that_it_weighs(alpha: float, weights: tuple[float, float]) -> None:
    expanded = Composition(QUERY).expanded(HITS, alpha).vector
    wanted = QUERY + weights[0] * HITS[0] + weights[1] * HITS[1]  # what is unlike the query weighs nothing
    assert expanded == pytest.approx(wanted / np.linalg.norm(wanted), abs=1e-6)


def test_without_hits_the_query_stays() -> None:
    assert Composition(QUERY).expanded(HITS[:0], 2.0).vector is QUERY
