"""Several programs on one library, in short; and that a program that hangs, or dies, is found out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.campaign.concurrency.programs import HANGS, Ended, Lender
from tests.campaign.concurrency.run import run
from tests.campaign.conftest import RunShort

pytestmark = pytest.mark.skipif(os.name != "posix", reason="forks, and stops processes by signals")


@pytest.mark.timeout(600)  # a dozen programs on a machine that may be busy with others
def test_programs_beside_each_other(run_short: RunShort) -> None:
    campaign = run_short("concurrency", run)
    assert campaign.counts["answers beside a writer"]
    assert any(what.startswith("changed while read") for what in campaign.counts)


def test_who_does_not_end_says_where_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with Lender(tmp_path / "programs") as lender:
        waits = lender.call("builtins:open", tmp_path / "pipe").wait(0.5)
        raises = lender.call("builtins:int", "no number").wait()
        dies = lender.call("os:_exit", "3").wait()  # with a text: that is a bug of the caller
    assert waits.status == HANGS
    assert "concurrency/lender.py" in waits.err  # the stack of its thread
    assert "hangs" in waits.trouble()[0]
    assert "raises" in raises.trouble()[0]
    assert dies.trouble()


@pytest.mark.parametrize(
    ("status", "err", "is_fine"),
    [
        (0, "", True),
        (1, "photofind: Another photofind (process 7) is writing the library.\n", True),
        (1, "", False),
        (1, "photofind: One thing.\nphotofind: And another.\n", False),
        (1, "Something else said this.\n", False),
        (2, "usage: photofind\n", False),
        (-11, "", False),
        (0, "Traceback (most recent call last):\n", False),
    ],
    ids=["done", "refused", "no word", "two sentences", "not ours", "usage", "crashed", "raised"],
)
def test_how_programs_may_end(status: int, err: str, is_fine: bool) -> None:
    assert bool(Ended("search", status, "", err, 0.1).trouble()) != is_fine
