"""Many programs on one library: one writes, others ask; who wants to write too is told who does."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Final

from tests.campaign.concurrency.programs import Program, until
from tests.campaign.concurrency.stage import Stage

_WRITERS: Final = (
    ("doctor", "--compact"),
    ("doctor", "--recluster"),
    ("doctor", "--recluster", "--compact"),
    ("worker",),
)
_READERS: Final = (
    ("status", "--json"),
    ("status", "--health"),
    ("search", "--json", "--limit", "5", "--id", "1"),
    ("search", "--exact", "dog"),
    ("duplicates", "--json"),
    ("evaluate", "--json"),
    ("doctor", "--check"),
    ("doctor",),
)
_PIDS: Final = ("", "1", "0", "-5", "no number", "99999999999999999999", "123456\n", "\0\0\0\0", "4194304")


def crowd(stage: Stage, chances: random.Random) -> None:
    """Let a writer update the library, beside commands of every kind and readers that compare every answer."""
    stage.world.begin(chances.choice(["plain", "sealed", "dead"]))
    before = sorted(stage.photos.rglob("*.jpg"))
    for number in range(chances.randint(20, 60)):
        stage.world.put(f"more/{number}.jpg", chances.randrange(10_000, 10**9))
    probes = chances.sample(before, 2)
    stop = stage.name("stop")
    hammers = stage.hammers(stage.allowed(before, probes), stage.many(full=3, short=1), stop)
    worker = stage.worker()
    worker.send(command="index", folders=[str(stage.photos)])
    commands = [stage.lender.begin(*each, "--library", stage.library) for each in _chosen(stage, chances)]
    stage.check(worker.until("finished"), f"the update does not come to its end: {worker.out[-500:]}")
    _calm(stage, commands)
    for task in chances.sample(["compact", "recluster", "calibrate"], 2):
        worker.send(command="maintain", task=task)
    stage.check(worker.until("maintained", 2), f"the upkeep does not come to its end: {worker.out[-500:]}")
    stop.touch()
    stage.answered(hammers)
    stage.end(worker)
    stage.complete()


def _chosen(stage: Stage, chances: random.Random) -> list[tuple[str, ...]]:
    if stage.campaign.short:
        return [("status", "--json"), ("doctor",), ("duplicates", "--json")]
    return chances.sample(_READERS, 5)


def _calm(stage: Stage, commands: list[Program]) -> None:
    for command in commands:
        ended = stage.judge(command.wait())
        if ended.status == 1 and ended.name == "doctor" and not ended.is_busy:
            stage.found.append(f"{ended.name} refuses beside a writer, without naming it: {ended.err}")


def swaps(stage: Stage, chances: random.Random) -> None:
    """Let readers ask without end while the index is compacted, trained anew and sealed again and again."""
    stage.world.begin("plain" if stage.campaign.short else chances.choice(["sealed", "dead"]))
    photos = sorted(stage.photos.rglob("*.jpg"))
    allowed = stage.allowed(photos, chances.sample(photos, 2))
    stop = stage.name("stop")
    hammers = stage.hammers(allowed, stage.many(full=8, short=2), stop)
    worker = stage.worker()
    turns = stage.many(full=12, short=4)
    for turn in range(turns):
        worker.send(command="maintain", task=chances.choice(["compact", "recluster"]))
        stage.check(worker.until("maintained", turn + 1), f"upkeep {turn} is not done: {worker.out[-500:]}")
    stage.campaign.count("indexes swapped beneath readers", turns)
    stop.touch()
    stage.answered(hammers)
    stage.end(worker)
    stage.complete()


def rivals(stage: Stage, chances: random.Random) -> None:
    """Let several who want to write begin at the same moment: one has the library, and the others name it."""
    stage.world.begin("plain")
    if chances.random() < 0.7:
        (stage.library / "writer.pid").write_text(chances.choice(_PIDS), encoding="utf-8")
        (stage.library / "writer.lock").touch()
    number = stage.many(full=chances.randint(2, 6), short=3)
    workers = [stage.lender.worker(stage.library) for _ in range(number)]
    until(lambda: sum(bool(each.events("ready") or each.events("failed")) for each in workers) == number)
    winners = [each for each in workers if each.events("ready")]
    losers = [each for each in workers if each.events("failed")]
    stage.check(len(winners) == 1, f"{len(winners)} of {number} writers have the library at once")
    stage.check(len(losers) == number - 1, f"{len(losers)} of {number} are told so")
    for loser in losers:
        stage.judge(loser.wait())
        said = loser.events("failed")[0]["message"]
        stage.check("another photofind" in said.lower(), f"a rival is told only: {said}")
    for winner in winners:
        later = stage.run(*chances.choice(_WRITERS))
        stage.check(later.is_busy, f"{later.name} beside a writer: {later.err} {later.out[:300]}")
        stage.check(str(winner.pid) in later.err + later.out, f"not named: {winner.pid} in {later.err} {later.out}")
        if chances.random() < 0.5:
            winner.kill()  # its lock file and its number stay behind
        else:
            stage.end(winner)
    stage.run("doctor", "--compact", may_refuse=False)
    stage.complete()


def locked_out(stage: Stage, chances: random.Random) -> None:
    """Let the lock be something else than a file that may be written; a sentence says so, and who reads goes on."""
    stage.world.begin("plain")
    lock = stage.library / "writer.lock"
    lock.unlink(missing_ok=True)
    kind = chances.choice(["folder", "link to nowhere", "link to itself", "pipe"])
    if kind == "folder":
        lock.mkdir()
    elif kind == "pipe":
        os.mkfifo(lock)
    else:
        lock.symlink_to(lock if kind == "link to itself" else Path("/nowhere/at/all"))
    stage.campaign.count(f"locks that are none: {kind}")
    worker = stage.lender.worker(stage.library)
    answered = until(lambda: worker.events("ready") or worker.events("failed") or not worker.is_running, 40)
    stage.check(answered, f"a lock that is a {kind}: the writer says nothing")
    worker.close()
    stage.judge(worker.wait())
    stage.run("search", "--id", "1", may_refuse=False)
    if lock.is_dir():
        lock.rmdir()
    else:
        lock.unlink(missing_ok=True)
    stage.complete()


def calibration(stage: Stage, chances: random.Random) -> None:
    """Let the index be measured by one process and trained anew by another, at the same time."""
    stage.world.begin("sealed")
    measuring = [stage.lender.begin("evaluate", "--json", "--library", stage.library) for _ in range(2)]
    for _ in range(stage.many(full=4, short=1)):
        stage.run("doctor", chances.choice(["--recluster", "--compact"]), may_refuse=False)
    for each in measuring:
        stage.judge(each.wait())
    stage.run("status", "--health", may_refuse=False)
    stage.complete()
