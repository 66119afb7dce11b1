"""Processes that end with their parent, whatever they are at."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.support.waiting import until

_PARENT = """
import ctypes
import multiprocessing
import os
import sys

from photofind.core.imaging.lifeline import end_with_parent, leave_no_core


def hang(word):
    leave_no_core()
    end_with_parent()
    print(os.getpid(), flush=True)
    ctypes.PyDLL(None).pause()  # as a decoder that hangs, and holds Python's lock


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=hang, args=(theirs,), daemon=True)
    process.start()
    process.join()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has to see it")
def test_a_child_that_hangs_in_native_code_ends_with_its_parent(tmp_path: Path) -> None:
    (script := tmp_path / "parent.py").write_text(_PARENT)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        until(lambda: child.status() == psutil.STATUS_SLEEPING, "it hangs")
        resource = pytest.importorskip("resource")
        assert resource.prlimit(child.pid, resource.RLIMIT_CORE) == (0, 0)
        parent.kill()
        parent.wait(20)
        until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, "the child has ended")
