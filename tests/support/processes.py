"""Looking at the processes that photofind starts, and taking rights away from them."""

from __future__ import annotations

import os
import shutil

import psutil
import pytest


def decoders(parent: int | None = None) -> list[psutil.Process]:
    """Return the running decoder processes of a process, by default of this one."""
    found = []
    for child in psutil.Process(parent).children(recursive=True):
        try:
            if "multiprocessing.spawn" in " ".join(child.cmdline()) and child.status() != psutil.STATUS_ZOMBIE:
                found.append(child)
        except psutil.Error:
            continue
    return found


def decoder_reading(path: str, parent: int | None = None) -> psutil.Process | None:
    """Return the decoder process that has this file open."""
    for decoder in decoders(parent):
        try:
            if any(file.path == path for file in decoder.open_files()):
                return decoder
        except (psutil.Error, FileNotFoundError):
            continue
    return None


def without_root() -> list[str]:
    """Return a command's prefix under which file permissions bind even the super-user; skip where there is none."""
    if os.name != "posix":
        pytest.skip("needs POSIX permissions")
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("needs setpriv to take the super-user's rights away")
    return [setpriv, "--bounding-set=-dac_override,-dac_read_search"]
