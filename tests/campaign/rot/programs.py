"""Commands of the program, each in a copy of a process that has loaded it, and what is wrong with how they end.

A crash of native code, a traceback, an answer of several sentences or none, and a hang are findings; an error of one
sentence is not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.campaign.lending.asking import Lending, homes, surroundings
from tests.campaign.lending.copies import CRASHED

SECONDS = 60.0
"""How long a command may take on a busy machine before it counts as hanging."""

_STOPPED = 130


@dataclass(frozen=True)
class Ended:
    """How a command ended; a negative status is the signal that killed it."""

    arguments: tuple[str, ...]
    status: int
    seconds: float
    processor: float
    megabytes: float
    out: str
    err: str

    @property
    def said(self) -> str:
        """All that it wrote."""
        return f"{self.err} {self.out}"

    def trouble(self) -> str:
        """Return what is wrong with the way in which it ended, nothing when it answered or refused in a sentence."""
        command = self.arguments[0] if self.arguments else "the window"
        tail = " / ".join(self.err.strip().splitlines()[-3:])[-500:]
        if self.status == -9 and self.seconds >= SECONDS - 1:
            return f"{command} hangs"
        if self.status < 0:
            return f"{command} was ended by signal {-self.status}: {tail}"
        if "Traceback" in self.said or '"fixable": false' in self.out or self.status == CRASHED:
            return f"{command} raises: {tail or self.out[-400:]}"
        if self.status not in (0, 1, _STOPPED):
            return f"{command} ended with status {self.status}: {tail}"
        return ""


@dataclass
class Programs:
    """Runs commands with the settings and packs of a home; a context."""

    home: Path
    warm: Path | None = None
    """A healthy library to begin with, so that the first question costs no more than the others."""
    processor: dict[str, float] = field(default_factory=dict)
    """Seconds of processor time that commands took, by their names."""
    _lending: Lending | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        warm = [str(self.warm)] if self.warm else []
        self._lending = Lending("tests.campaign.rot.server", *warm, environment=homes(self.home) | surroundings())
        return self

    def __exit__(self, *_: object) -> None:
        assert self._lending is not None
        self._lending.end()

    def run(self, *arguments: str | Path, stdin: Path | None = None) -> Ended:
        """Run the program with some arguments to its end."""
        more = {} if stdin is None else {"stdin": str(stdin)}
        return self._ended(tuple(map(str, arguments)), {"arguments": list(map(str, arguments)), **more})

    def call(self, function: str, path: Path) -> Ended:
        """Run a function of the campaign, ``module:function``, with a path; what it returns is printed."""
        return self._ended((function, str(path)), {"call": function, "with": str(path)})

    def _ended(self, arguments: tuple[str, ...], asked: dict[str, Any]) -> Ended:
        assert self._lending is not None
        ended = Ended(arguments, **self._lending.ask({**asked, "seconds": SECONDS}))
        self.processor[arguments[0]] = self.processor.get(arguments[0], 0.0) + ended.processor
        return ended
