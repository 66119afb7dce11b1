"""Upkeep of the index through the window's link to the writer: progress, ends, stops, deaths.

A process that says what the real one says takes the place of the writer, so that each moment can be had at will.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from photofind.gui.worker_link import Patience, WorkerLink
from tests.support.program import configure

WAIT_MS = 40_000

_WORKER = """
import json, sys, time
def say(event, **values):
    print(json.dumps(dict(event=event, **values)), flush=True)
def answer(job, done):
    if job["command"] == "maintain":
        say("maintained", task=job["task"], done=done, seconds=0.1)
    else:
        say("finished", stopped=not done, photos=0)
say("ready")
job = None
for line in sys.stdin:
    told = json.loads(line)
    command = told["command"]
    if command == "stop":
        if job is not None:
            answer(job, False)
        job = None
    elif command == "pause":
        say("progress", phase="paused", done=1, total=2, errors=0, rate=0.0, eta_seconds=None)
    elif command == "maintain" and told["task"] == "refuse":
        say("refused", message="There is nothing to do.")
    elif command == "maintain" and told["task"] == "die":
        sys.exit(3)
    elif command in ("maintain", "index"):
        job = told
        phase = told.get("task", "embed")
        say("progress", phase=phase, done=1, total=2, errors=0, rate=0.0, eta_seconds=None)
        if told.get("task") == "quick":
            answer(job, True)
            job = None
"""


class Heard:
    """A link, and what it said."""

    def __init__(self, link: WorkerLink) -> None:
        self.link = link
        self.said: list[tuple[Any, ...]] = []
        for name in ("maintained", "finished", "failed", "gave_up", "pause_changed"):
            getattr(link, name).connect(self._keeper(name))
        link.maintenance_progressed.connect(lambda progress: self.said.append(("upkeep", progress.phase)))
        link.progressed.connect(lambda progress: self.said.append(("reading", progress.phase)))

    def _keeper(self, name: str) -> Callable[..., None]:
        return lambda *values: self.said.append((name, *values))


@pytest.fixture
def heard(qtbot: QtBot, tmp_path: Path) -> Iterator[Heard]:
    """A link to a process that does upkeep until it is told to stop."""
    configure("workers = 1\n")
    command = [sys.executable, "-I", "-S", "-c", _WORKER]
    link = WorkerLink(tmp_path / "library", patience=Patience(again_ms=(0,)), command=command)
    made = Heard(link)
    link.start()
    yield made
    with qtbot.waitSignal(link.ended, timeout=WAIT_MS):
        link.begin_shutdown()


def _until(heard: Heard, qtbot: QtBot, *events: tuple[Any, ...]) -> None:
    qtbot.waitUntil(lambda: all(event in heard.said for event in events), timeout=WAIT_MS)


def test_progress_of_upkeep_is_not_that_of_reading_photos(heard: Heard, qtbot: QtBot) -> None:
    heard.link.maintain("quick")
    _until(heard, qtbot, ("maintained", "quick", True))
    assert heard.said == [("upkeep", "quick"), ("maintained", "quick", True)]


def test_a_stop_ends_upkeep_and_what_waits_of_it_but_no_run(heard: Heard, qtbot: QtBot) -> None:
    heard.link.maintain("recluster")
    _until(heard, qtbot, ("upkeep", "recluster"))
    heard.link.maintain("compact")
    heard.link.index()
    heard.link.stop_maintenance()
    _until(heard, qtbot, ("maintained", "compact", False), ("maintained", "recluster", False), ("reading", "embed"))
    heard.link.stop_maintenance()
    heard.link.maintain("quick")
    _until(heard, qtbot, ("maintained", "quick", True))
    assert not [event for event in heard.said if event[0] == "finished"], "the run only made room"


def test_upkeep_that_makes_room_is_done_again_and_told_once(heard: Heard, qtbot: QtBot) -> None:
    heard.link.maintain("calibrate", if_due=True)
    _until(heard, qtbot, ("upkeep", "calibrate"))
    heard.link.maintain("quick")
    _until(heard, qtbot, ("maintained", "quick", True))
    qtbot.waitUntil(lambda: heard.said.count(("upkeep", "calibrate")) == 2, timeout=WAIT_MS)
    assert ("maintained", "calibrate", False) not in heard.said
    heard.link.stop()
    _until(heard, qtbot, ("maintained", "calibrate", False))


def test_a_pause_outlives_the_stop_of_upkeep(heard: Heard, qtbot: QtBot) -> None:
    heard.link.maintain("compact")
    _until(heard, qtbot, ("upkeep", "compact"))
    heard.link.pause()
    _until(heard, qtbot, ("upkeep", "paused"))
    heard.link.stop_maintenance()
    _until(heard, qtbot, ("maintained", "compact", False), ("reading", "paused"))
    assert [event for event in heard.said if event[0] == "pause_changed"] == [("pause_changed", True)]


def test_whoever_asked_is_told_of_a_refusal(heard: Heard, qtbot: QtBot) -> None:
    heard.link.maintain("refuse")
    _until(heard, qtbot, ("maintained", "refuse", False), ("failed", "There is nothing to do.", True))


def test_whoever_asked_is_told_when_the_process_dies_of_it(heard: Heard, qtbot: QtBot) -> None:
    heard.link.maintain("die")
    _until(heard, qtbot, ("maintained", "die", False))
