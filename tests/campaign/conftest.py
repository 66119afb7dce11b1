"""What the short forms share: a part of the campaign, run in the test's own folder with a fixed seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.campaign.running import Campaign

SEED = 1
"""The same chances in every test run; the long runs draw others."""

RunShort = Callable[[str, Callable[[Campaign], None]], Campaign]


@pytest.fixture
def run_short(tmp_path: Path) -> RunShort:
    """Run a part in its short form and fail with what it found."""

    def run(part: str, play: Callable[[Campaign], None]) -> Campaign:
        place = tmp_path / "campaign"
        place.mkdir()
        campaign = Campaign(part, SEED, place, short=True)
        play(campaign)
        assert not campaign.findings, campaign.summary()
        return campaign

    return run
