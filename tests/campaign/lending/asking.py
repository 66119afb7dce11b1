"""The side that asks: what a lending process is begun with, and one attempt after the other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

TOP: Final = Path(__file__).resolve().parents[3]
"""The folder with the sources, for processes that begin elsewhere."""

_HOMES: Final = {"HOME": "", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "XDG_CACHE_HOME": "cache"}


def homes(home: Path) -> dict[str, str]:
    """Return the variables with which a program has its settings and data in a home."""
    return {variable: str(home / name) for variable, name in _HOMES.items()}


def surroundings() -> dict[str, str]:
    """Return the variables with which a program finds these sources, needs no screen and leaves no bytecode."""
    sources = os.pathsep.join(filter(None, (str(TOP), os.environ.get("PYTHONPATH"))))
    quiet = {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return {"PYTHONPATH": sources, **quiet}


class Lending:
    """A process that lends a copy of itself to each attempt, one after the other; begun at once."""

    def __init__(
        self, module: str, *arguments: str, environment: Mapping[str, str], folder: Path | None = None
    ) -> None:
        """Begin ``python -m module`` in a folder, under these variables beside the own ones."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env=os.environ | environment,
        )

    def ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what became of an attempt, once it is over."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def end(self) -> None:
        """Let it end, and wait for that."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
