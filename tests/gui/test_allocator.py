"""Memory that pictures took goes back to the system, whatever longer-lived things lie between them."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import sys
import numpy as np
from PySide6.QtCore import QCoreApplication, QTimer
from photofind.gui.allocator import GivingBack, keep_heaps_small

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

keep_heaps_small()
app = QCoreApplication([])
giving = GivingBack(every_ms=50) if sys.argv[1] == "giving" else None
large = np.ones(20_000_000, np.uint8)
del large  # from now on, glibc takes such blocks from its heap
before = resident()
pictures, names = [], []
for number in range(400):
    pictures.append(np.ones(300_000, np.uint8))
    names.append(np.ones(2_000, np.uint8))
del pictures
QTimer.singleShot(2000, app.quit)
app.exec()
print(resident() - before)
"""

_LARGE = """
import sys
import numpy as np
from photofind.gui.allocator import keep_heaps_small

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

if sys.argv[1] == "small":
    keep_heaps_small()
large = np.ones(20_000_000, np.uint8)
del large
before = resident()
pictures, names = [], []
for number in range(80):
    pictures.append(np.ones(3_000_000, np.uint8))
    names.append(np.ones(2_000, np.uint8))
del pictures
print(resident() - before)
"""


def _kept(program: str, how: str) -> float:
    ended = subprocess.run([sys.executable, "-c", program, how], capture_output=True, text=True, check=True, timeout=60)
    return float(ended.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="the habits of glibc")
def test_freed_pictures_are_given_back() -> None:
    assert _kept(_PROGRAM, "giving") < 20 < 60 < _kept(_PROGRAM, "as ever")


@pytest.mark.skipif(sys.platform != "linux", reason="the habits of glibc")
def test_freed_large_blocks_do_not_stay_between_small_ones() -> None:
    assert _kept(_LARGE, "small") < 10 < 20 < _kept(_LARGE, "as ever")


_SOURCES = """
import linecache
from photofind.gui.allocator import GivingBack
from photofind.gui.app import make_application

def lines():
    return sum(len(entry[2]) for entry in linecache.cache.values() if len(entry) > 2)

read = lines()
app = make_application()
at_the_start = lines()
import mailbox
later = lines()
app.findChild(GivingBack)._on_time()
while lines():
    app.processEvents()
print(f"{read} {at_the_start} {later} {lines()}")
"""


def test_the_lines_of_modules_are_not_kept() -> None:
    """PySide reads the source of every module that is imported."""
    command = [sys.executable, "-c", _SOURCES]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    read, at_the_start, later, kept = map(int, ended.stdout.split())
    assert read > 10_000
    assert later > 1_000 > at_the_start
    assert kept == 0
