"""One run of a part of the campaign: where its chances come from, what it counts, and what it finds."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Campaign:
    """A part under way.

    ``short`` asks for what fits into the normal test run. ``rounds`` and ``seconds`` are what the command line asked
    for, None when the part decides. ``place`` is an empty folder for everything the part writes.
    """

    part: str
    seed: int
    place: Path
    short: bool = False
    rounds: int | None = None
    seconds: float | None = None
    options: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    say: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True)  # noqa: T201 - a program's output
    _begun: float = field(default_factory=time.monotonic)

    def chances(self, *of: object) -> random.Random:
        """Return the chances of one step, the same for the same seed and step, whatever happened before it."""
        return random.Random(repr((self.seed, self.part, *of)))

    def length(self, *, full: int, short: int) -> int:
        """Return how many rounds to make."""
        if self.rounds is not None:
            return self.rounds
        return short if self.short else full

    def count(self, what: str, number: int = 1) -> None:
        """Count something that was done or met."""
        self.counts[what] += number

    def find(self, what: str) -> None:
        """Report that something did not hold; say with which round and seed it can be repeated."""
        self.findings.append(what)
        self.say(f"FOUND {what}")

    def note(self, what: str) -> None:
        """Remember a sentence for the report: what could not be tried here, say."""
        self.notes.append(what)

    def summary(self) -> str:
        """Return what was done and found, as lines."""
        seconds = time.monotonic() - self._begun
        lines = [f"{self.part}: seed {self.seed}, {seconds:.0f} s, {len(self.findings)} findings"]
        lines += [f"  {number:>9,}  {what}" for what, number in sorted(self.counts.items())]
        lines += [f"  note: {note}" for note in self.notes]
        lines += [f"  FOUND {finding}" for finding in self.findings]
        return "\n".join(lines)
