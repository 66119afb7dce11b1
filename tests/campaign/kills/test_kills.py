"""The short form of the kill campaign."""

from __future__ import annotations

import sys

import pytest

from tests.campaign.conftest import RunShort
from tests.campaign.kills.run import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills process groups as Linux has them")


@pytest.mark.timeout(600)  # it starts a dozen processes, which takes long beside other work
def test_short_form(run_short: RunShort) -> None:
    campaign = run_short("kills", run)
    assert campaign.counts["kills"] >= 4
