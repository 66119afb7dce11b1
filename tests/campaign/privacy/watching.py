"""Runs a program and tells what it, and everything it starts, asked of the network.

::

    command ──LD_PRELOAD shim.so──▶ a line for each connect, bind, sendto, sendmsg, getaddrinfo, gethostbyname
            ──unshare --net──▶ a network without routes, without even a loopback that is up
            ──strace -e trace=%network──▶ system calls that go past the C library (full length only)
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_SOURCE = Path(__file__).with_name("shim.c")
_LOCAL = {int(socket.AF_UNIX)} if hasattr(socket, "AF_UNIX") else set()
_TRACED = re.compile(r"(connect|bind|sendto|sendmsg)\(\d+.*?sa_family=(AF_INET6?|AF_NETLINK|AF_PACKET)\b.*")
_SOCKET = re.compile(r"socket\((AF_INET6?|AF_PACKET)\b.*")


@dataclass(frozen=True)
class Call:
    """One call: of which program, which, what family of addresses, and where to."""

    program: str
    name: str
    family: int
    where: str

    @property
    def is_local(self) -> bool:
        """Whether it can only reach programs of this machine: a display, a bus."""
        return self.family in _LOCAL

    def __str__(self) -> str:
        return f"{self.program} {self.name} {self.where}".strip()


@dataclass
class Watched:
    """How a program ended and what it asked of the network; ``raw`` are lines of strace, None where it was not used."""

    status: int
    said: str
    calls: list[Call] = field(default_factory=list)
    raw: list[str] | None = None

    @property
    def outward(self) -> list[str]:
        """Everything that another machine could notice, or that a name was looked up for."""
        return sorted({str(call) for call in self.calls if not call.is_local} | set(self.raw or ()))

    @property
    def inward(self) -> set[str]:
        """The sockets of this machine that were spoken to."""
        return {str(call) for call in self.calls if call.is_local}


class Watch:
    """A way to watch programs, set up once in a folder."""

    def __init__(self, place: Path, *, traced: bool = False, apart: bool = True) -> None:
        self._place = place
        self._library = _compiled(place)
        self._strace = shutil.which("strace") if traced else None
        self._apart = _prefix_of_no_network() if apart else []
        self._number = 0

    @property
    def can_log(self) -> bool:
        """Whether there is a compiler, and a system that preloads."""
        return self._library is not None

    @property
    def can_separate(self) -> bool:
        """Whether programs run in a network of their own, without routes."""
        return bool(self._apart)

    @property
    def can_trace(self) -> bool:
        """Whether system calls are traced too."""
        return self._strace is not None

    def run(self, command: Sequence[str | Path], environment: Mapping[str, str], seconds: float = 900.0) -> Watched:
        """Run a program to its end; it is ended after so many seconds, and has the status -1 then."""
        self._number += 1
        log, trace = self._place / f"calls-{self._number}.log", self._place / f"trace-{self._number}.log"
        prefix = list(self._apart)
        if self._strace:
            prefix += [self._strace, "-f", "--seccomp-bpf", "-qq", "-e", "trace=%network", "-o", str(trace)]
        preload = {"LD_PRELOAD": str(self._library), "PRIVACY_LOG": str(log)} if self._library else {}
        if self._strace and preload:  # not into strace itself
            prefix += ["env", *(f"{name}={value}" for name, value in preload.items())]
            preload = {}
        try:
            ended = subprocess.run(
                [*prefix, *map(str, command)],
                env={**environment, **preload},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
            )
            status, said = ended.returncode, (ended.stdout + ended.stderr).decode(errors="replace")
        except subprocess.TimeoutExpired as error:
            status, said = -1, str(error)
        return Watched(status, said, _calls(log), _traced(trace) if self._strace else None)


def _calls(log: Path) -> list[Call]:
    if not log.is_file():
        return []
    rows = [line.split("\t") for line in log.read_text(errors="replace").splitlines()]
    return [Call(row[1], row[2], int(row[3]), row[4]) for row in rows if len(row) == 5]


def _traced(trace: Path) -> list[str]:
    if not trace.is_file():
        return ["strace left no file"]
    lines = trace.read_text(errors="replace").splitlines()
    found = (_TRACED.search(line) or _SOCKET.search(line) for line in lines)
    return sorted({f"traced {match[0][:120]}" for match in found if match})


def _compiled(place: Path) -> Path | None:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    library = place / "shim.so"
    if not library.is_file():
        command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE), "-ldl"]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
    return library


def _prefix_of_no_network() -> list[str]:
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    for flags in (["--net"], ["--map-root-user", "--net"]):
        prefix = [unshare, *flags, "--"]
        if not subprocess.run([*prefix, "true"], capture_output=True, check=False, env=os.environ).returncode:
            return prefix
    return []
