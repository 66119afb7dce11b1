"""Processes are begun while the path of modules is what it should be."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import photofind
from photofind.core.imaging.apart.process import DecoderProcess
from photofind.core.spawning import PATH_OF_MODULES

_PACKAGE = Path(photofind.__file__).parent

_IMPORTING = """
import sys, threading
from photofind.core.spawning import PATH_OF_MODULES

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "cv2":
            print("held" if PATH_OF_MODULES.locked() else "free")

sys.meta_path.insert(0, Watch())
import photofind.core.duplicates.comparing
print(any("cv2" in place for place in sys.path), PATH_OF_MODULES.locked())
"""


def test_nothing_is_begun_while_opencv_is_imported() -> None:
    ended = subprocess.run([sys.executable, "-c", _IMPORTING], capture_output=True, text=True, check=True, timeout=60)
    first, *_, last = ended.stdout.split("\n")[:-1]
    assert (first, last) == ("held", "False False")


def test_a_decoder_is_begun_when_the_path_is_free() -> None:
    """It waits for whoever changes the path."""
    import threading

    begun = threading.Event()
    made: list[DecoderProcess] = []

    def begin() -> None:
        made.append(DecoderProcess())
        begun.set()

    with PATH_OF_MODULES:
        thread = threading.Thread(target=begin)
        thread.start()
        assert not begun.wait(0.3)
    thread.join(60.0)
    assert begun.is_set()
    made[0].close()


def test_there_is_one_place_for_each() -> None:
    for path in (_PACKAGE / "core").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name != "opencv.py":
            assert not re.search(r"^\s*(import cv2|from cv2)", text, re.MULTILINE), path
        if path.name != "spawning.py":
            assert not re.search(r"process\.start\(\)", text), path
