from __future__ import annotations

import numpy as np
import pytest

from photofind.core.vectors.building import training_size
from photofind.core.vectors.drawing import draw, keys_of, stayed_out
from photofind.core.vectors.rule import nlist_for


def test_keys_are_as_even_as_chance_and_never_change() -> None:
    keys = keys_of(np.arange(100_000))
    assert keys[:3].tolist() == keys_of(np.array([0, 1, 2])).tolist()
    assert len(np.unique(keys)) == len(keys)
    assert np.histogram(keys, 16, (0, 1 << 53))[0] == pytest.approx(100_000 / 16, rel=0.05)
    assert abs(np.corrcoef(keys[1:], keys[:-1])[0, 1]) < 0.02


def test_who_was_drawn_is_known_afterwards_though_photos_came_and_went() -> None:
    live = np.flatnonzero(np.arange(5_000) % 7)
    sample, apart, first_out = draw(live, 2_000, 300)
    assert (len(sample), len(apart), len(np.intersect1d(sample, apart))) == (2_000, 300, 0)
    later = np.concatenate([live[::2], np.arange(5_000, 6_000)])
    out = later[stayed_out(later, first_out, 5_000)]
    assert not np.isin(out, sample).any()
    assert set(later) - set(out) == set(sample) & set(later)


def test_where_all_are_trained_on_only_newcomers_stay_out() -> None:
    live = np.arange(100)
    sample, apart, first_out = draw(live, 100, 10)
    assert (len(sample), len(apart)) == (100, 0)
    assert stayed_out(np.arange(120), first_out, 100).tolist() == [False] * 100 + [True] * 20


@pytest.mark.parametrize("live", [10_001, 20_000, 20_001, 50_000, 50_001, 200_001, 1_000_001, 4_000_001])
def test_enough_photos_stay_out_to_measure_with_and_enough_are_trained_on(live: int) -> None:
    nlist = nlist_for(live)
    size = training_size(live, nlist, 64)
    assert size >= 39 * nlist
    assert live - size >= 5_000
