"""A clock that can be set for the programs of the campaign, and for them alone."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Final

MOVES: Final = (
    *(-3600, 3600, -86_400, 86_400, -10 * 365 * 86_400, 10 * 365 * 86_400),
    -50 * 365 * 86_400,
    200 * 365 * 86_400,
)
"""By how many seconds it is set: hours, days, years, to before 1980, and into the twenty-third century."""


class Clock:
    """How far the clock of the programs is off."""

    def __init__(self, place: Path, library: Path) -> None:
        self._control = place / "clock"
        self._library = library
        self.set(0)

    @classmethod
    def make(cls, place: Path) -> Clock | None:
        """Return a clock; None where there is no Linux or no C compiler."""
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if not sys.platform.startswith("linux") or compiler is None:
            return None
        library = place / "clock.so"
        source = Path(__file__).with_suffix(".c")
        command = [compiler, "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
        return cls(place, library)

    def environment(self) -> dict[str, str]:
        """Return the variables that put a program under this clock."""
        return {"LD_PRELOAD": str(self._library), "CAMPAIGN_CLOCK": str(self._control)}

    def set(self, seconds: int) -> None:
        """Set the clock, for programs that run too."""
        with self._control.open("r+b" if self._control.exists() else "wb") as file:
            file.write(struct.pack("<q", seconds))
