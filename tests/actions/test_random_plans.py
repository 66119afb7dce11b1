"""Random plans over generated trees, with random faults at any moment: nothing is ever lost, and undo restores all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.actions.random_plans import Tally, run_trial

_PLANS = int(os.environ.get("PHOTOFIND_PLANS", "240"))
_PARTS = 8


@pytest.mark.parametrize("part", range(_PARTS))
def test_nothing_is_lost(part: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tally = Tally()
    for seed in range(part, _PLANS, _PARTS):
        run_trial(seed, tmp_path / str(seed), monkeypatch, tally)
    assert tally.counts["steps done"]
    assert tally.counts["steps undone"]
