"""The short form of ``rot``, and that it notices answers that are wrong."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from photofind.core.document_sums import with_sum
from tests.campaign.conftest import SEED, RunShort
from tests.campaign.rot import run as rot
from tests.campaign.rot.damage import DAMAGES, Damage
from tests.campaign.running import Campaign


@pytest.mark.timeout(600)  # a dozen processes, on a machine that is busy with something else
def test_damage_of_every_kind_of_file_is_refused_or_does_no_harm(run_short: RunShort) -> None:
    campaign = run_short("rot", rot.run)
    assert campaign.counts["damages"] == rot.IN_SHORT
    assert campaign.counts["answers right"] > 100
    assert campaign.counts["answers refused"] > 10


def test_an_answer_that_is_wrong_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deceive(path: Path, other: Path, chances: random.Random) -> None:
        """Write what nothing can tell from what the user wrote."""
        del other, chances
        document = json.loads(path.read_bytes().replace(b"Temples", b"Tempels"))
        path.write_text(json.dumps(with_sum(document)))

    monkeypatch.setattr(rot, "DAMAGES", (deceive,))
    options = {"kind": "searches.json"}
    campaign = Campaign("rot", SEED, tmp_path, short=True, rounds=1, options=options, say=lambda _: None)
    rot.run(campaign)
    assert any("wrong answers (in silence) to saved searches" in finding for finding in campaign.findings)


@pytest.mark.parametrize("damage", list(dict.fromkeys(DAMAGES)))
def test_a_damage_changes_the_file(damage: Damage, tmp_path: Path) -> None:
    path, other = tmp_path / "file", tmp_path / "other"
    content = bytes(range(1, 256)) * 40
    path.write_bytes(content)
    other.write_bytes(b"another one")
    damage(path, other, random.Random(SEED))
    assert path.is_dir() or not path.exists() or path.read_bytes() != content or not path.stat().st_mode & 0o777
