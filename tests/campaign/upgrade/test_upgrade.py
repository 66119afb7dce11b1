"""The short form of ``upgrade``, and that it notices what would be lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from photofind.core.catalog import schema
from photofind.core.catalog.schema import MIGRATIONS
from tests.campaign.conftest import SEED, RunShort
from tests.campaign.running import Campaign
from tests.campaign.upgrade import run as upgrade


@pytest.mark.timeout(600)  # a dozen processes, on a machine that is busy with something else
def test_every_older_library_is_migrated_and_newer_ones_are_refused(run_short: RunShort) -> None:
    campaign = run_short("upgrade", upgrade.run)
    assert campaign.counts["stored libraries"] == len(MIGRATIONS)
    assert campaign.counts["newer files refused"] == 7


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    monkeypatch.setattr(upgrade, "refuse_newer", lambda *_: None)
    monkeypatch.setattr(upgrade, "_fresh_answers", lambda _: {})
    return Campaign("upgrade", SEED, tmp_path, short=True, rounds=1, options={"version": "2"})


def test_a_migration_that_forgets_photos_is_noticed(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    forgetful = MIGRATIONS[2] + "\nDELETE FROM files WHERE id % 7 = 0;"
    monkeypatch.setattr(schema.migrate, "__defaults__", ((*MIGRATIONS[:2], forgetful, *MIGRATIONS[3:]),))
    upgrade.run(campaign)
    assert any("the first update after the migration did" in finding for finding in campaign.findings)


def test_a_migration_without_a_back_up_is_noticed(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_back_up", lambda *_: None)
    upgrade.run(campaign)
    assert any("no back-up" in finding for finding in campaign.findings)
