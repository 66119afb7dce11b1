"""The short form of the disk faults, and the judge of how a program ended."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings
from tests.campaign.conftest import RunShort
from tests.campaign.faults.judging import closed, ending
from tests.campaign.faults.run import run
from tests.campaign.faults.scenes import SCENES
from tests.campaign.faults.stage import Answer
from tests.campaign.shim import Shim, compiled
from tests.support.program import photofind


@pytest.mark.timeout(600)  # processes wait for each other where the machine is busy
def test_disks_that_fail_cost_the_batch_in_flight_at_most(
    run_short: RunShort, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if compiled(tmp_path_factory.mktemp("shim")) is None:
        pytest.skip("needs Linux and a C compiler")
    campaign = run_short("faults", run)
    assert campaign.counts["faults"] >= 8


def test_a_worker_ends_as_ever_when_its_disk_takes_neither_sums_nor_logs(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with LibraryWriter(library, Settings()):
        pass
    (library / "library.sums").unlink()
    (library / "library.sums").mkdir()  # in the place of a disk that is full; the worker's log is to tell of it
    shim = Shim.make(tmp_path / "shim", [library])
    if shim is None:
        pytest.skip("needs Linux and a C compiler")
    shim.watch([library], ["write"], only=".log")
    shim.fail(["write"], 1, errno.ENOSPC, lasting=True)
    usual = {"PYTHONUNBUFFERED": ""}  # streams as users have them: what a disk refuses comes up again at the end
    ended = photofind("worker", "--library", library, env=os.environ | usual | shim.environment())
    assert shim.happened
    assert (ended.status, ended.err) == (0, "")
    assert [event["event"] for event in ended.lines] == ["ready"]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(1, "", "Traceback (most recent call last):\n  …\nOSError: [Errno 28]"), id="traceback"),
        pytest.param(Answer(1, "", ""), id="nothing said"),
        pytest.param(Answer(1, "", "photofind: full\nphotofind: full"), id="said twice"),
        pytest.param(Answer(-9, "", ""), id="hang"),
        pytest.param(Answer(1, '{"event": "failed", "message": "OSError: 28", "fixable": false}', ""), id="bug"),
        pytest.param(Answer(0, '{"event": "failed", "message": "Full.", "fixable": true}', ""), id="wrong status"),
        pytest.param(Answer(0, '{"event": "finis', ""), id="half an event"),
    ],
)
def test_a_bad_end_is_found(answer: Answer) -> None:
    assert list(ending(answer, cut=False))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(1, "", "photofind: The disk is full."), id="one line"),
        pytest.param(Answer(1, '{"event": "failed", "message": "Full.", "fixable": true}', ""), id="an event"),
        pytest.param(Answer(0, "done", ""), id="nothing happened"),
    ],
)
def test_a_good_end_is_none(answer: Answer) -> None:
    assert not list(ending(answer, cut=False))


def test_a_failure_at_closing_is_found_and_one_at_opening_is_none() -> None:
    ready, failed = '{"event": "ready"}\n', '{"event": "failed", "message": "Full.", "fixable": true}\n'
    scene = next(scene for scene in SCENES if scene.only_closes)
    assert list(closed(scene, Answer(1, ready + failed, "")))
    assert not list(closed(scene, Answer(1, failed, "")))
    assert not list(closed(scene, Answer(0, ready, "")))
