"""The scenes of the disk faults, with a fault at each call."""

from __future__ import annotations

import errno
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.campaign.faults.judging import (
    Expected,
    as_expected,
    closed,
    committed,
    ending,
    expected_of,
    kept,
    logged,
    placed,
    results,
    sound,
    strangers,
    vectors_of,
)
from tests.campaign.faults.mounts import can_mount, library_on_a_disk, read_only, used, with_room_for
from tests.campaign.faults.scenes import SCENES, Scene, build
from tests.campaign.faults.stage import Answer, Stage
from tests.campaign.running import Campaign
from tests.campaign.shim import GROWING, KINDS, WRITING, Shim

ERRORS: dict[str, tuple[int, ...]] = {
    "create": (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO, errno.EDQUOT, errno.EMFILE),
    "reopen": (errno.EIO, errno.EACCES, errno.EROFS),
    "write": (errno.ENOSPC, errno.EIO, errno.EDQUOT),
    "sync": (errno.EIO, errno.ENOSPC),
    "rename": (errno.EIO, errno.EACCES, errno.ENOSPC, errno.EROFS),
    "link": (errno.EIO, errno.EMLINK, errno.EPERM, errno.ENOSPC),
    "unlink": (errno.EIO, errno.EACCES, errno.EROFS),
    "truncate": (errno.EIO, errno.ENOSPC),
    "mkdir": (errno.ENOSPC, errno.EACCES, errno.EROFS),
    "times": (errno.EPERM, errno.EIO),
}
LASTING = ("full", "read-only", "dead", "cut", "cropped")
_FAR = (Path("/dev/shm"), Path("/var/tmp"))
"""Where another volume may be."""
_SHORT = ("first", "update", "recluster", "far", "untrash", "plan")
"""What the short form plays."""
_EMBEDDING = ("first", "update", "change")
"""What writes embeddings: once, so that chance hardly ever draws that call among all others."""
_MOUNTED = ("first", "update", "compact", "recluster", "migrate", "thumbnails", "find", "searches", "measure", "change")
"""What is played on real small disks too."""
_DISKS = 8
"""How often, each."""


@dataclass(frozen=True)
class Fault:
    """What happens at the nth call of some kinds."""

    what: str
    nth: int
    kind: str = ""
    error: int = 0

    def arm(self, shim: Shim) -> None:
        """Give the rule to the shim."""
        shim.reset()
        if self.what == "full":
            shim.fail(GROWING, self.nth, errno.ENOSPC, lasting=True)
        elif self.what == "read-only":
            shim.fail(WRITING, self.nth, errno.EROFS, lasting=True)
        elif self.what == "dead":
            shim.fail(WRITING, self.nth, errno.EIO, lasting=True)
        elif self.what in ("cut", "cropped"):
            shim.cut(WRITING, self.nth, cropped=self.what == "cropped")
        elif self.what == "short":
            shim.shorten(self.nth)
        elif self.what == "half":
            shim.halve(self.nth, errno.ENOSPC)
        elif self.what == "lost":
            shim.lose(self.nth, self.error)
        else:
            shim.fail([self.kind], self.nth, self.error)

    def __str__(self) -> str:
        error = f" {errno.errorcode[self.error]}" if self.error else ""
        return f"{self.what}{error} at {self.kind or 'call'} {self.nth}"


def run(campaign: Campaign) -> None:
    """Play scenes with faults."""
    shim = Shim.make(campaign.place / "shim", [campaign.place / "stage"], kinds=WRITING)
    if shim is None:
        campaign.note("no faults: they need Linux and a C compiler")
        return
    with Stage(campaign.place, shim, _far(campaign)) as stage:
        shim.watch([stage.top, *([stage.far] if stage.far else [])], WRITING)
        build(stage)
        chosen = [scene for scene in SCENES if campaign.options.get("scene", scene.name) == scene.name]
        chosen = [scene for scene in chosen if stage.far is not None or "far" not in scene.name]
        if campaign.short:
            chosen = [scene for scene in chosen if scene.name in _SHORT]
        plays = [_Play(campaign, stage, scene) for scene in chosen]
        for number in _numbers(campaign, campaign.length(full=40 * len(plays), short=2 * len(plays))):
            plays[number % len(plays)].round(number, campaign.chances(number))
            if number % 100 == 99:
                campaign.say(f"{number + 1} rounds, {len(campaign.findings)} findings")
        shim.watch([stage.top], WRITING, only="vectors-")
        for play in plays:
            if play.name in _EMBEDDING and "round" not in campaign.options:
                play.short_rows()
        shim.watch([stage.top, *([stage.far] if stage.far else [])], WRITING)
        if not campaign.short and "round" not in campaign.options:
            _small_disks(campaign, [play for play in plays if play.name in _MOUNTED])


def _small_disks(campaign: Campaign, plays: list[_Play]) -> None:
    """Play scenes with the library on a real disk that has no room left, or is read-only."""
    if not can_mount(campaign.place):
        campaign.note("no real small disk: only root may mount one")
        return
    for number in range(_DISKS * len(plays)):
        plays[number % len(plays)].on_small_disk(number, campaign.chances("disk", number))


def _numbers(campaign: Campaign, rounds: int) -> Iterator[int]:
    one = campaign.options.get("round")
    yield from range(rounds) if one is None else (int(one),)


def _far(campaign: Campaign) -> Path | None:
    """Return a folder on another volume, None where there is none."""
    for folder in _FAR:
        if os.access(folder, os.W_OK) and folder.stat().st_dev != campaign.place.stat().st_dev:
            return Path(tempfile.mkdtemp(prefix="photofind-campaign-", dir=folder))
    campaign.note("nothing is moved to another volume: there is none")
    return None


class _Play:
    """One scene: what it does undisturbed, then round after round with a fault."""

    def __init__(self, campaign: Campaign, stage: Stage, scene: Scene) -> None:
        self._campaign = campaign
        self._stage = stage
        self._scene = scene
        self._counts: dict[str, int] = {}
        self._expected: Expected | None = None
        self._rounds = 0

    def round(self, number: int, chances: random.Random) -> None:
        """Play the scene with one fault."""
        if not self._counts:
            self._undisturbed()
        fault = self._drawn(chances)
        self._rounds += 1
        where = f"round {number}, {self._scene.name}, {fault}"
        for problem in dict.fromkeys(self._play(fault)):
            self._campaign.find(f"{where}: {problem}")

    def short_rows(self) -> None:
        """Play the scene with a first write of embeddings that writes half of them."""
        for problem in dict.fromkeys(self._play(Fault("short", 1, "write"))):
            self._campaign.find(f"{self._scene.name}, short at the first write of embeddings: {problem}")

    @property
    def name(self) -> str:
        """The scene's name."""
        return self._scene.name

    def on_small_disk(self, number: int, chances: random.Random) -> None:
        """Play the scene with the library on a disk that has little room, or lets nobody write."""
        if not self._counts:
            self._undisturbed()
        stage = self._stage
        self._prepared()
        before, vectors = placed(stage), vectors_of(stage.library)
        room = chances.choice([0, *range(4096, 3_000_000, 4096)])
        with library_on_a_disk(stage):
            with read_only(stage) if chances.random() < 0.2 else with_room_for(stage, used(stage) + room):
                answer = self._scene.act(stage)
            self._campaign.count("runs on a small disk, ended with 0" if answer.status == 0 else "runs on a small disk")
            for problem in dict.fromkeys((*ending(answer, cut=False), *self._judged(answer, before, vectors))):
                self._campaign.find(f"small disk {number}, {self.name}, {room} bytes of room: {problem}")

    def _drawn(self, chances: random.Random) -> Fault:
        total = sum(self._counts.values())
        if self._campaign.short and not self._rounds:  # a power cut late in the scene tells most of all
            return Fault("cut", chances.randint(total * 2 // 3, total))
        if chances.random() < 0.4:
            return Fault(chances.choice(LASTING), chances.randint(1, total))
        kind = chances.choice([kind for kind in self._counts if kind != "sync"] + ["sync"] * ("sync" in self._counts))
        nth = chances.randint(1, self._counts[kind])
        what = {"write": ("fail", "short", "half"), "sync": ("fail", "lost", "lost")}.get(kind, ("fail",))
        drawn = chances.choice(what)
        error = chances.choice(ERRORS[kind]) if drawn in ("fail", "lost") else 0
        return Fault(drawn, nth, kind, error)

    def _prepared(self) -> None:
        scene, stage = self._scene, self._stage
        stage.shim.reset()
        stage.put_up(scene.start)
        if scene.before is not None:
            answer = scene.before(stage)
            assert answer.status == 0, answer

    def _undisturbed(self) -> None:
        scene, stage = self._scene, self._stage
        self._prepared()
        stage.shim.reset()
        stage.shim.log(WRITING)
        answer = scene.act(stage)
        if answer.status != 0:
            self._campaign.find(f"{scene.name}, undisturbed: {answer}")
        self._counts = {kind: stage.shim.count(kind) for kind in KINDS if stage.shim.count(kind)}
        stage.shim.reset()
        again = stage.update()
        if again.status != 0:
            self._campaign.find(f"{scene.name}, undisturbed, then updated: {again}")
        self._expected = expected_of(stage)
        self._campaign.count("calls that write, in all scenes", sum(self._counts.values()))

    def _play(self, fault: Fault) -> Iterator[str]:
        scene, stage = self._scene, self._stage
        self._prepared()
        before, vectors = placed(stage), vectors_of(stage.library)
        fault.arm(stage.shim)
        answer = scene.act(stage)
        happened = stage.shim.happened
        stage.shim.reset()
        self._campaign.count("faults" if happened else "faults that were not reached")
        self._campaign.count(f"faults: {fault.what}", int(happened > 0))
        self._campaign.count(f"scene: {scene.name}", int(happened > 0))
        yield from ending(answer, cut=fault.what in ("cut", "cropped"))
        yield from self._judged(answer, before, vectors)

    def _judged(self, answer: Answer, before: Counter[tuple[str, bytes]], vectors: int) -> Iterator[str]:
        """Yield what does not hold now, and once it was done again; ``before`` are the user's files."""
        scene, stage = self._scene, self._stage
        yield from logged(stage, answer)
        yield from closed(scene, answer)
        yield from results(scene, stage, answer)
        yield from kept(scene, stage, before)
        if not scene.is_damaged:
            yield from sound(stage)
        if scene.name != "change":  # its vectors are another pack's
            yield from committed(stage, vectors)
        yield from self._completed()
        yield from kept(scene, stage, before)
        yield from strangers(stage, before)

    def _completed(self) -> Iterator[str]:
        """Do it once more on a sound disk and update: it must be as if nothing had been."""
        scene, stage = self._scene, self._stage
        again = scene.act(stage)
        if again.status not in scene.again:
            yield f"once more, it ended with status {again.status}: {again.err[-400:]} {again.out[-300:]}"
        updated = stage.update()
        if updated.status != 0:
            yield f"the update ended with status {updated.status}: {updated.err[-300:]} {updated.out[-300:]}"
            return
        yield from (f"after the update {problem}" for problem in sound(stage))
        assert self._expected is not None
        yield from as_expected(stage, self._expected)
