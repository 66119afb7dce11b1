"""Ctrl-C while native code runs, in which Python's handlers wait."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")

_BUSY = """
import hashlib, sys
from photofind.cli import interrupting
interrupting._GRACE_SECONDS = 0.1
with interrupting.interruptible(abruptly=True):
    print("ready", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)  # half an hour in one call
"""

_POLITE = """
import signal
from photofind.cli import interrupting
before = signal.getsignal(signal.SIGINT)
with interrupting.interruptible() as control:
    print("ready", flush=True)
    while not control.stopping:
        signal.pause()
print(signal.getsignal(signal.SIGINT) is before, signal.set_wakeup_fd(-1))
"""


def child(script: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_the_first_is_answered_and_the_second_ends_what_native_code_holds_up() -> None:
    with child(_BUSY) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            assert process.stdout.readline() == b"ready\n"
            process.send_signal(signal.SIGINT)
            assert process.stderr.readline() + process.stderr.readline() == b"\nStopping; once more to stop at once.\n"
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 130
        finally:
            process.kill()


def test_nothing_of_it_stays_behind() -> None:
    with child(_POLITE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert out == b"True -1\n"
    assert err == b"\nStopping; once more to stop at once.\n"
