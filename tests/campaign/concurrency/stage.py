"""Where the scenes of the campaign play: a world of photos with a library, and the programs that run on it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.campaign import checking
from tests.campaign.concurrency.clock import Clock
from tests.campaign.concurrency.programs import Ended, Lender, Program
from tests.campaign.kills.world import World
from tests.campaign.running import Campaign
from tests.campaign.shim import Shim

_NUMBERS = itertools.count(1)


@dataclass
class Stage:
    """What a scene plays with; ``found`` is what did not hold in it."""

    campaign: Campaign
    world: World
    lender: Lender
    clock: Clock | None
    shim: Shim | None
    found: list[str] = field(default_factory=list)

    @property
    def library(self) -> Path:
        """The library's folder."""
        return self.world.library

    @property
    def photos(self) -> Path:
        """The folder of photos that the library has."""
        return self.world.photos

    def many(self, *, full: int, short: int) -> int:
        """Return how often something is done, in the long form and in the short one."""
        return short if self.campaign.short else full

    def name(self, what: str) -> Path:
        """Return a path that nobody uses yet."""
        return self.campaign.place / f"{what} {next(_NUMBERS)}"

    def check(self, holds: object, otherwise: str) -> bool:
        """Note what did not hold; return whether it did."""
        if not holds:
            self.found.append(otherwise)
        return bool(holds)

    def judge(self, ended: Ended, *, may_refuse: bool = True) -> Ended:
        """Note what is wrong with how a program ended."""
        self.campaign.count(f"programs: {ended.name}")
        self.found += ended.trouble(may_refuse=may_refuse)
        return ended

    def run(self, *arguments: str | Path, may_refuse: bool = True) -> Ended:
        """Run a command on the library to its end."""
        return self.judge(self.lender.run(*arguments, "--library", self.library), may_refuse=may_refuse)

    def worker(self) -> Program:
        """Begin a writer on the library; it is ready when this returns, or that is a finding."""
        worker = self.lender.worker(self.library)
        self.check(worker.until("ready"), f"no writer becomes ready: {worker.out} {worker.err}")
        return worker

    def end(self, worker: Program) -> Ended:
        """Let a writer end, and judge how it does."""
        worker.close()
        return self.judge(worker.wait(), may_refuse=False)

    def update(self) -> None:
        """Bring the library up to date with the folder of photos, in this process."""
        checking.index(self.library, [self.photos], self.world.settings)

    def sound(self) -> None:
        """Note what is wrong with the library."""
        self.found += checking.problems_of(self.library, self.world.settings)

    def complete(self, *, always: bool = False) -> None:
        """Bring the library up to date; then it has to be sound, and to answer as one that is made anew.

        In the short form only ``always``: it costs a second.
        """
        self.sound()
        if self.campaign.short and not always:
            return
        self.update()
        self.sound()
        place = self.campaign.place
        self.found += checking.compare_with_fresh(self.library, [self.photos], self.world.settings, place)

    def allowed(self, must: Sequence[Path], probes: Sequence[Path]) -> Path:
        """Write down what answers may hold: the scores of all photos that are there now, of which some must come."""
        reference = self.name("reference")
        checking.index(reference, [self.photos], self.world.settings)
        told = checking.answers(reference, self.world.settings, probes)
        needed = {str(path) for path in must}
        path = self.name("allowed")
        wanted = {probe: {"must": sorted(needed), "may": dict(hits)} for probe, hits in told.items()}
        path.write_text(json.dumps(wanted), encoding="utf-8")
        return path

    def hammers(self, allowed: Path, number: int, stop: Path) -> list[Program]:
        """Begin processes that ask until a file appears."""
        hammer = "tests.campaign.concurrency.readers:hammer"
        kept = ("kept", "anew")
        return [self.lender.call(hammer, self.library, allowed, stop, kept[n % 2]) for n in range(number)]

    def answered(self, hammers: Sequence[Program]) -> None:
        """Wait for those processes, and note what they found."""
        for hammer in hammers:
            ended = self.judge(hammer.wait(), may_refuse=False)
            *problems, last = ended.out.splitlines() or [""]
            self.found += problems
            self.campaign.count("answers beside a writer", int(last.removeprefix("asked ") or 0))
