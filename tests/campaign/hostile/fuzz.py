"""A hundred thousand damaged files through everything that reads photos; what does not hold is kept and told.

Input ``n`` of a seed is always the same: ``--seed S --set input=N`` reads it alone, and ``--set keep=DIR`` keeps the
files that took a process down, were slow or large, or brought out a complaint.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from photofind.core.imaging import DecodeLimits
from photofind.core.settings import Settings
from tests.campaign.hostile.children import Child, Loss, Work, input_of, read_all
from tests.campaign.hostile.corpus import Seed, seeds
from tests.campaign.hostile.mutations import Mutator
from tests.campaign.hostile.reading import Verdict
from tests.campaign.running import Campaign

FULL, SHORT = 120_000, 400
_SLOW_SECONDS = 10.0
_LARGE_MEGABYTES = 1000
_IN_WINDOW = ("details", "window")
"""Stages that run in the process of the window or of a command, where a crash is the program's end."""


class Fuzz:
    """One fuzz run; ``killers`` are the inputs that took a process down."""

    def __init__(self, campaign: Campaign, others: Path | None) -> None:
        settings = Settings()
        self._campaign = campaign
        self._seconds, self._megabytes = settings.photo_seconds, settings.worker_megabytes
        self._limits = DecodeLimits.of(megapixels=settings.photo_megapixels, megabytes=settings.photo_megabytes)
        self._seed = f"{campaign.seed}/{campaign.part}"
        self._others = others
        self._mutator = Mutator(seeds(others))
        self._keep = Path(campaign.options["keep"]) if "keep" in campaign.options else None
        self._told: set[str] = set()
        self.killers: list[Seed] = []

    def run(self) -> None:
        """Read all inputs, in as many processes as asked for (``--set processes=N``)."""
        campaign = self._campaign
        number = campaign.options.get("input")
        first = int(number or campaign.options.get("first") or 0)
        total = 1 if number else campaign.length(full=FULL, short=SHORT)
        shares = 1 if campaign.short or number else int(campaign.options.get("processes", 2))
        with tempfile.TemporaryDirectory(prefix="photofind-fuzz-", dir=_memory()) as place:
            bounds = [first + total * share // shares for share in range(shares + 1)]
            children = [
                Child(
                    Work(Path(place) / str(share), self._seed, self._others, self._limits),
                    *(bounds[share], bounds[share + 1], self._seconds, self._megabytes),
                )
                for share in range(shares)
            ]
            for found in read_all(children):
                self._take(found)
            campaign.count("processes started", sum(child.starts for child in children))
        if campaign.counts["inputs"] != total:
            campaign.find(f"{campaign.counts['inputs']} of {total} inputs are accounted for")

    def _take(self, found: Verdict | Loss) -> None:
        campaign = self._campaign
        campaign.count("inputs")
        if campaign.counts["inputs"] % 5000 == 0:
            campaign.say(f"  {campaign.counts['inputs']:,} inputs")
        if isinstance(found, Loss):
            self._lose(found)
            return
        campaign.count(f"inputs: {found.kind}")
        for complaint in found.complaints:
            self._tell(found.number, complaint)
        if found.seconds > _SLOW_SECONDS:
            campaign.count(f"inputs that took more than {_SLOW_SECONDS:g} s")
            self._keep_input(found.number, "slow")
        if found.megabytes > _LARGE_MEGABYTES:
            campaign.count(f"inputs that took more than {_LARGE_MEGABYTES} MB")
            self._keep_input(found.number, "large")

    def _lose(self, loss: Loss) -> None:
        given = self._keep_input(loss.number, "killer")
        self.killers.append(given)
        self._campaign.count(f"processes lost: {loss.reason}")
        told = f"{loss.reason} at {loss.stage} in {loss.where or 'unknown'}"
        if loss.stage in _IN_WINDOW:
            self._tell(loss.number, f"{given.name}: {told}")
        elif told not in self._told:
            self._told.add(told)
            self._campaign.note(f"a decoder was lost: {told}; first by input {loss.number}, {given.name}")

    def _tell(self, number: int, complaint: str) -> None:
        """Report a complaint once, and count all that are like it."""
        kind = complaint.split(": ", 1)[-1]
        self._campaign.count("complaints")
        if kind not in self._told:
            self._told.add(kind)
            self._keep_input(number, "complaint")
            self._campaign.find(f"input {number}: {complaint}")

    def _keep_input(self, number: int, why: str) -> Seed:
        given, _ = input_of(self._mutator, self._seed, number)
        if self._keep is not None:
            self._keep.mkdir(parents=True, exist_ok=True)
            (self._keep / f"{why}-{self._campaign.seed}-{number}{given.suffix}").write_bytes(given.content)
        return given


def _memory() -> str | None:
    """Return a folder in memory, None where there is none and the usual temporary one has to do."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() and os.access(shared, os.W_OK) else None
