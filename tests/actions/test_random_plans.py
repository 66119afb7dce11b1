"""Random plans over generated trees, with random faults at any moment: nothing is ever lost, and undo restores all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.actions.random_plans import Tally, run_trial

_PLANS = int(os.environ.get("PHOTOFIND_PLANS", "200"))
_PARTS = 4


@pytest.mark.timeout(0 if "PHOTOFIND_PLANS" in os.environ else 120)
@pytest.mark.parametrize("part", range(_PARTS))
def test_nothing_is_lost(part: int, quick_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tally = Tally()
    for seed in range(part, _PLANS, _PARTS):
        run_trial(seed, quick_folder / str(seed), monkeypatch, tally)
    assert tally.counts["steps done"]
    assert tally.counts["steps undone"]
    assert tally.counts["deaths in apply"]
    assert tally.counts["files brought back"]
