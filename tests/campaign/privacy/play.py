"""One user at work under one mask, watched in every way at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.campaign.privacy.commands import User
from tests.campaign.privacy.trees import Observer, files_below
from tests.campaign.privacy.watching import Watch, Watched
from tests.campaign.running import Campaign

_FINE = {0, 1}
"""A sentence about what the user can mend is an answer too."""


_OF_THE_WALKS: Final = re.compile(r"/photofind-(walk|review)-[^/]+/(photos($|/)|window\.ini\.lock$)")
"""The photos that a walk makes for itself, and the lock that Qt holds while it writes window.ini: a process number."""


@dataclass
class Play:
    """Programs of one user; ``spoken_to`` are the sockets of this machine that they used."""

    campaign: Campaign
    user: User
    watch: Watch
    mask: int
    spoken_to: set[str] = field(default_factory=set)
    given: list[Path] = field(init=False)
    """What was there before the first program ran: the home itself, and what the campaign put into it."""

    def __post_init__(self) -> None:
        tops = [self.user.home, self.user.temp]
        self.given = [*tops, *map(Path, sorted(files_below(tops)))]

    def run_all(self, commands: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Run commands one after the other."""
        for name, command in commands:
            self.run(name, command)

    def run(self, name: str, command: Sequence[str], more: Mapping[str, str] | None = None) -> Watched:
        """Run one program; whatever it sends, or leaves open to others even for a moment, is a finding."""
        where = f"{name} with the mask {self.mask:03o}"
        environment = {**self.user.environment(), **(more or {})}
        with Observer([self.user.home, self.user.temp], self.given) as observer:
            before = os.umask(self.mask)
            try:
                ended = self.watch.run(command, environment)
            finally:
                os.umask(before)
        self.campaign.count("programs watched")
        self.campaign.count("looks at permissions", observer.looks)
        if ended.status not in _FINE or "Traceback" in ended.said:
            self.campaign.find(f"{where} ended with status {ended.status}: {ended.said[-600:]}")
        for call in ended.outward:
            self.campaign.find(f"{where} reached out: {call}")
        self._tell_open(where, observer.seen)
        self.spoken_to |= ended.inward
        return ended

    def _tell_open(self, where: str, seen: Mapping[str, str]) -> None:
        data, cache = self.user.home / "data", self.user.home / "cache"
        # The user's own files keep what they had, and a list of the system's fonts is no secret; nobody is let into
        # the folders that these lie in.
        harmless = tuple(f"{folder}{os.sep}" for folder in (data / "Trash/files", cache / "photofind/matplotlib"))
        for path, mode in sorted(seen.items()):
            if path.startswith(harmless) or _OF_THE_WALKS.search(path):
                continue
            self.campaign.find(f"{where}: {path.replace(str(self.user.place), '…')} is open to others ({mode})")
