"""A few things from strangers of each kind; and that the judge sees what must not happen."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from tests.campaign.conftest import RunShort
from tests.campaign.imports.run import run
from tests.campaign.imports.stage import Case, Stage
from tests.campaign.running import Campaign

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are forked, and pipes have names")


def test_strangers_are_refused(run_short: RunShort) -> None:
    campaign = run_short("imports", run)
    assert campaign.counts["things from strangers"] >= 40


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "stage", Campaign("imports", 1, tmp_path, short=True, say=lambda _: None))


def test_the_judge_sees_what_must_not_happen(stage: Stage, tmp_path: Path) -> None:
    """Without these the campaign could find nothing and mean nothing."""
    harm = f"{__name__}:"
    with stage:
        stage.attempt(Case("a crash", (str(tmp_path),), call=f"{harm}raising"))
        stage.attempt(Case("an end", (str(tmp_path),), call=f"{harm}ending"))
        stage.attempt(Case("a hang", (str(tmp_path),), call=f"{harm}hanging", seconds=0.3))
        stage.attempt(Case("a file", (str(stage.outside),), call=f"{harm}writing"))
        stage.attempt(Case("a hog", (str(tmp_path),), call=f"{harm}hogging", megabytes=200))
        stage.attempt(Case("success", ("model", "list")))
        stage.attempt(Case("usage", ("model", "no such thing")))
    found = [finding.partition(":")[0] for finding in stage.campaign.findings]
    assert [name for name, _ in itertools.groupby(found)] == [
        *("a crash", "an end", "a hang", "a file", "a hog", "success", "usage")
    ], stage.campaign.findings


def raising(_: Path) -> list[str]:
    raise RuntimeError("what nobody expected")


def ending(_: Path) -> list[str]:
    os.abort()


def hanging(_: Path) -> list[str]:
    while True:
        pass


def writing(place: Path) -> list[str]:
    (place / "evil").touch()
    return []


def hogging(_: Path) -> list[str]:
    return [] if len(bytearray(b"x" * 300_000_000)) else ["too little"]
