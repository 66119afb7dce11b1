"""Clocks that are set, files of the past and the future, and processes that sleep for a while."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Final

from tests.campaign.concurrency.clock import MOVES
from tests.campaign.concurrency.programs import until
from tests.campaign.concurrency.stage import Stage
from tests.campaign.quick_pack import write_settings
from tests.support.processes import decoders

_ODD: Final = (0, -1, -(10**9), 1, 2**31, 2**32, 32_503_680_000, -2_208_988_800, 253_402_300_799, 2**33 * 10)
"""Times of files: 1970, before it, when 32 bits end, in the years 3000, 1900 and 9999, and beyond."""

_SHORTEST: Final = 4


def clocks(stage: Stage, chances: random.Random) -> None:
    """Set the clock between runs and while they go on, and give files times that cannot be."""
    if stage.clock is None:
        stage.campaign.note("clocks were not set: there is no C compiler")
        return
    stage.world.begin("plain")
    try:
        for turn in range(stage.many(full=chances.randint(2, 5), short=1)):
            stage.clock.set(chances.choice(MOVES))
            stage.world.change(chances)
            for path in chances.sample(sorted(stage.photos.rglob("*.jpg")), 6):
                _give_time(path, chances.choice(_ODD))
            worker = stage.worker()
            worker.send(command="index", folders=[str(stage.photos)])
            worker.until("progress", chances.randint(1, 3), 20)
            stage.clock.set(chances.choice(MOVES))
            stage.check(worker.until("finished"), f"no end after the clock was set: {worker.out[-500:]}")
            worker.send(command="maintain", task=chances.choice(["compact", "recluster", "calibrate"]))
            stage.check(worker.until("maintained"), f"no upkeep after the clock was set: {worker.out[-500:]}")
            stage.end(worker)
            for command in chances.sample(_ASKED, stage.many(full=5, short=2)):
                stage.run(*command, may_refuse=False)
            stage.campaign.count("clocks set", 2)
            if turn % 2:
                stage.clock.set(0)
    finally:
        stage.clock.set(0)
    stage.complete()


_ASKED: Final = (
    ("status", "--json"),
    ("doctor", "--check"),
    ("evaluate", "--json"),
    ("duplicates", "--json"),
    ("duplicates", "--history"),
    ("doctor",),
    ("status", "--health"),
)


def _give_time(path: Path, seconds: int) -> None:
    content = path.read_bytes()
    path.unlink()  # or else the template, which has the same file, would be given that time too
    path.write_bytes(content)
    try:
        os.utime(path, ns=(0, seconds * 10**9 + 1))
    except (OSError, OverflowError):
        return  # this file system has no such time


def suspended(stage: Stage, chances: random.Random) -> None:
    """Let the writer and its decoders sleep while others ask, want to write, and are told; then all goes on."""
    stage.world.begin("plain")
    home = Path(os.environ["HOME"])
    values = {"model": "quick", "workers": 1, "priority": "normal"}
    for number in range(40):
        stage.world.put(f"more/{number}.jpg", chances.randrange(30_000, 10**9))
    write_settings(home, **values, photo_seconds=20)
    try:
        worker = stage.worker()
        worker.send(command="index", folders=[str(stage.photos)])
        until(lambda: decoders(worker.pid), 30)
        worker.suspend()
        for command in (("search", "--id", "1"), ("status",), ("doctor", "--compact")):
            ended = stage.run(*command)
            if command[0] == "doctor":
                stage.check(ended.is_busy, f"a sleeping writer is not named: {ended.err}")
        # Longer than a photo may take: it is not the photo's fault.
        until(lambda: False, 22)
        worker.resume()
        stage.check(worker.until("finished"), f"no end after a sleep: {worker.out[-500:]}")
        report = (worker.events("finished") or [{}])[-1]
        stage.check(not report.get("errors"), f"photos are blamed for the sleep: {report.get('errors')}")
        stage.end(worker)
    finally:
        write_settings(home, **values)
    stage.campaign.count("writers put to sleep")
    stage.complete()


def sleeping_decoder(stage: Stage, chances: random.Random) -> None:
    """Let a decoder alone sleep for ever: it costs one photo, which the next update reads."""
    stage.world.begin("plain")
    home = Path(os.environ["HOME"])
    values = {"model": "quick", "workers": 1, "priority": "normal"}
    for number in range(60):
        stage.world.put(f"more/{number}.jpg", chances.randrange(30_000, 10**9))
    write_settings(home, **values, photo_seconds=_SHORTEST)
    try:
        worker = stage.worker()
        worker.send(command="index", folders=[str(stage.photos)])
        until(lambda: decoders(worker.pid), 30)
        for decoder in decoders(worker.pid):
            decoder.suspend()
        stage.check(worker.until("finished"), f"no end beside a sleeping decoder: {worker.out[-500:]}")
        write_settings(home, **values)
        worker.send(command="retry", paths=[])
        stage.check(worker.until("finished", 2), f"no end after a sleeping decoder: {worker.out[-500:]}")
        stage.end(worker)
    finally:
        write_settings(home, **values)
    stage.campaign.count("decoders put to sleep")
    stage.complete()


def sleeping_reader(stage: Stage, chances: random.Random) -> None:
    """Let a process that reads sleep in the midst of it: the writer goes on, and the reader goes on after it."""
    stage.world.begin("sealed")
    photos = sorted(stage.photos.rglob("*.jpg"))
    allowed, stop = stage.allowed(photos, chances.sample(photos, 2)), stage.name("stop")
    hammers = stage.hammers(allowed, stage.many(full=4, short=2), stop)
    worker = stage.worker()
    for turn in range(stage.many(full=6, short=2)):
        for hammer in hammers:
            hammer.suspend()
        task = chances.choice(["compact", "recluster"])
        worker.send(command="maintain", task=task)
        stage.check(worker.until("maintained", turn + 1), f"{task} waits for a reader that sleeps: {worker.out[-500:]}")
        for hammer in hammers:
            hammer.resume()
    stage.campaign.count("readers put to sleep", len(hammers))
    stop.touch()
    stage.answered(hammers)
    stage.end(worker)
    stage.complete()
