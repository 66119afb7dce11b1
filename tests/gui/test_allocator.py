"""Memory that pictures took goes back to the system, whatever longer-lived things lie between them."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import sys
import numpy as np
from photofind.gui.allocator import keep_little

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

if sys.argv[1] == "tuned":
    keep_little()
large = np.ones(20_000_000, np.uint8)
del large  # from now on, glibc would take such blocks from its heap
before = resident()
pictures, names = [], []
for number in range(400):
    pictures.append(np.ones(300_000, np.uint8))
    names.append(np.ones(2_000, np.uint8))
del pictures
print(resident() - before)
"""


def _kept(how: str) -> float:
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM, how], capture_output=True, text=True, check=True, timeout=60
    )
    return float(ended.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="the habits of glibc")
def test_freed_pictures_are_given_back() -> None:
    assert _kept("tuned") < 10 < 60 < _kept("as ever")
