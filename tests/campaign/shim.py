"""Disks that fail at will: a library in C, preloaded into a program, that counts, fails or stalls its file calls.

::

    shim = Shim.make(place, [library])          # compiles shim.c the first time; None where that is impossible
    subprocess.run(command, env=os.environ | shim.environment())
    shim.count("write")                         # calls below the folders so far
    shim.reset()
    shim.fail(["write"], nth=17, error=errno.ENOSPC)
    shim.stall(["open", "stat"]); …; shim.go_on()

The rule and the counters lie in a file that is mapped by both sides, so that a rule may change while the program runs.
"""

from __future__ import annotations

import mmap
import shutil
import struct
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

KINDS = (
    *("open", "create", "reopen", "read", "write", "sync", "rename", "link", "unlink", "truncate", "mkdir", "times"),
    *("stat", "list", "lock"),
)
"""Kinds of calls: ``open`` is for reading, ``create`` may make or empty a file, ``reopen`` is to write what is there,
``times`` sets times or modes, ``list`` begins to list a folder, ``truncate`` reserves room too."""

WRITING = ("create", "reopen", "write", "sync", "rename", "link", "unlink", "truncate", "mkdir", "times")
"""What a disk refuses that is read-only."""

GROWING = ("create", "write", "rename", "link", "truncate", "mkdir")
"""What a disk refuses that is full."""

_FIELDS = (
    *("magic", "armed", "kinds", "nth", "error", "mode", "lasting", "gate", "matched", "happened", "waiting"),
    *("watched", "logging", "keeping", "cropping", "spare"),
)
_COUNTS = 16
_ONLY, _PREFIX, _PREFIXES = 256, 4096, 4
_SIZE = 8 * (len(_FIELDS) + _COUNTS) + _ONLY + _PREFIX * _PREFIXES
_FAIL, _SHORT, _HALF, _STALL, _LOSE, _CUT = range(6)
_PIECE = struct.Struct("<q")


class Shim:
    """The control of the library preloaded into one program (and, if so wanted, what that one starts)."""

    def __init__(self, control: Path, library: Path) -> None:
        control.write_bytes(bytes(_SIZE))
        self._path = control
        self._library = library
        self._log = control.with_name(control.name + ".log")
        with control.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _SIZE)

    @classmethod
    def make(cls, place: Path, folders: Sequence[Path], *, kinds: Collection[str] = WRITING) -> Shim | None:
        """Return a control in the folder ``place`` for calls of some kinds below up to four folders.

        None where there is no Linux on 64 bits or no C compiler: say so and go on without.
        """
        library = compiled(place)
        if library is None:
            return None
        number = len(list(place.glob("control-*")))
        shim = cls(place / f"control-{number}", library)
        shim.watch(folders, kinds)
        return shim

    def environment(self, *, alone: bool = False) -> dict[str, str]:
        """Return the variables that preload the library; ``alone`` leaves out what the program itself starts."""
        own = {"LD_PRELOAD": str(self._library), "CAMPAIGN_SHIM": str(self._path)}
        return own | ({"CAMPAIGN_SHIM_ALONE": "1"} if alone else {})

    def watch(self, folders: Sequence[Path], kinds: Collection[str] = WRITING, *, only: str = "") -> None:
        """Look at calls of these kinds on what lies below the folders; ``only`` has to be a part of the path."""
        assert len(folders) <= _PREFIXES
        start = 8 * (len(_FIELDS) + _COUNTS)
        self._map[start : start + _ONLY] = only.encode().ljust(_ONLY, b"\0")
        for place in range(_PREFIXES):
            path = bytes(folders[place]) if place < len(folders) else b""
            first = start + _ONLY + place * _PREFIX
            self._map[first : first + _PREFIX] = path.ljust(_PREFIX, b"\0")
        self._set("watched", _mask(kinds))

    def reset(self) -> None:
        """Forget counters, rule and log."""
        for field in ("armed", "kinds", "gate", "matched", "happened", "lasting", "keeping", "cropping"):
            self._set(field, 0)
        for place in range(_COUNTS):
            self._put(len(_FIELDS) + place, 0)
        self._log.write_bytes(b"")  # the program has it open

    def log(self, kinds: Collection[str]) -> None:
        """Number the calls of some kinds, and write each to the log."""
        self._set("kinds", _mask(kinds))
        self._set("logging", 1)

    def fail(self, kinds: Collection[str], nth: int, error: int, *, lasting: bool = False) -> None:
        """Let the nth call of some kinds, from 1, fail with an ``errno``; with ``lasting`` all after it too."""
        self._rule(kinds, nth, _FAIL, error, lasting=lasting)

    def shorten(self, nth: int) -> None:
        """Let the nth write write half of what it is given."""
        self._rule(["write"], nth, _SHORT, 0)

    def halve(self, nth: int, error: int, *, lasting: bool = False) -> None:
        """Let the nth write write half, and the next one fail."""
        self._rule(["write"], nth, _HALF, error, lasting=lasting)

    def lose(self, nth: int, error: int) -> None:
        """Let the nth sync fail, and what was written to that file since its last sync be gone."""
        self._set("keeping", 1)
        self._rule(["sync"], nth, _LOSE, error)

    def cut(self, kinds: Collection[str], nth: int, *, cropped: bool = False) -> None:
        """End the program at the nth call, and take back all that was written but not synced, as a power cut does.

        ``cropped`` gives files their old lengths back too; else what was added to them reads as zeros.
        """
        self._set("keeping", 1)
        self._set("cropping", int(cropped))
        self._rule(kinds, nth, _CUT, 0)

    def stall(self, kinds: Collection[str], nth: int = 1, *, lasting: bool = True) -> None:
        """Let calls of some kinds wait, from the nth on, until :meth:`go_on`."""
        self._set("gate", 1)
        self._rule(kinds, nth, _STALL, 0, lasting=lasting)

    def go_on(self) -> None:
        """Let what is stalled go on, and stall nothing more."""
        self._set("armed", 0)
        self._set("gate", 0)

    def count(self, *kinds: str) -> int:
        """Return how many calls of some kinds there were, by default of all that are watched."""
        return sum(self._at(len(_FIELDS) + KINDS.index(kind)) for kind in kinds or KINDS)

    def counts(self) -> dict[str, int]:
        """Return how many calls of each kind there were."""
        return {kind: self.count(kind) for kind in KINDS if self.count(kind)}

    @property
    def matched(self) -> int:
        """How many calls were of the kinds that the rule (or :meth:`log`) names."""
        return self._at(_FIELDS.index("matched"))

    @property
    def happened(self) -> int:
        """How many faults were given."""
        return self._at(_FIELDS.index("happened"))

    @property
    def waiting(self) -> int:
        """How many calls are stalled at this moment."""
        return self._at(_FIELDS.index("waiting"))

    def lines(self) -> list[str]:
        """Return the log: ``kind path`` of each call that was asked for, ``kind FAULT path`` of each fault."""
        if not self._log.exists():
            return []
        return self._log.read_text(encoding="utf-8", errors="surrogateescape").splitlines()

    def _rule(self, kinds: Collection[str], nth: int, mode: int, error: int, *, lasting: bool = False) -> None:
        self._set("kinds", _mask(kinds))
        self._set("nth", nth)
        self._set("mode", mode)
        self._set("error", error)
        self._set("lasting", int(lasting))
        self._set("armed", 1)

    def _set(self, field: str, value: int) -> None:
        self._put(_FIELDS.index(field), value)

    def _put(self, place: int, value: int) -> None:
        self._map[8 * place : 8 * place + 8] = _PIECE.pack(value)

    def _at(self, place: int) -> int:
        return int(_PIECE.unpack_from(self._map, 8 * place)[0])


def compiled(place: Path) -> Path | None:
    """Return the library, compiled into a folder unless it is there; None where that cannot be done."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not sys.platform.startswith("linux") or sys.maxsize < 2**32 or compiler is None:
        return None
    place.mkdir(parents=True, exist_ok=True)
    library = place / "shim.so"
    if not library.exists():
        source = Path(__file__).with_suffix(".c")
        command = [compiler, "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl", "-lpthread"]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
    return library


def _mask(kinds: Collection[str]) -> int:
    return sum(1 << KINDS.index(kind) for kind in set(kinds))
