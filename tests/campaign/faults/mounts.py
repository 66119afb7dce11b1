"""Real small disks: the library on a tmpfs that fills up or is read-only; only root may mount one.

The stage's library becomes a mount. Once the program has ended, the disk gets the room that it lacked, and what holds
after every fault must hold here too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.campaign.faults.stage import Stage

_ROOM = 64 << 20


def can_mount(place: Path) -> bool:
    """Tell whether a tmpfs can be mounted here."""
    folder = place / "try"
    folder.mkdir()
    try:
        with _mounted(folder, _ROOM):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False
    finally:
        folder.rmdir()


@contextmanager
def library_on_a_disk(stage: Stage) -> Iterator[None]:
    """Let the stage's library lie on a disk of its own."""
    aside = stage.place / "library aside"
    if stage.library.exists():
        stage.library.rename(aside)
    stage.library.mkdir(mode=0o700)
    with _mounted(stage.library, _ROOM):
        if aside.exists():
            shutil.copytree(aside, stage.library, dirs_exist_ok=True)
            shutil.rmtree(aside)
        yield


def used(stage: Stage) -> int:
    """Return how many bytes of the disk are used."""
    status = os.statvfs(stage.library)
    return (status.f_blocks - status.f_bfree) * status.f_frsize


@contextmanager
def with_room_for(stage: Stage, size: int) -> Iterator[None]:
    """Let the disk be of some size, in bytes, for a while."""
    _remount(stage.library, f"size={size}")
    try:
        yield
    finally:
        _remount(stage.library, f"size={_ROOM}")


@contextmanager
def read_only(stage: Stage) -> Iterator[None]:
    """Let nobody write to the disk for a while."""
    _remount(stage.library, "ro")
    try:
        yield
    finally:
        _remount(stage.library, "rw")


@contextmanager
def _mounted(folder: Path, size: int) -> Iterator[None]:
    _run("mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder))
    try:
        yield
    finally:
        _run("umount", "-l", str(folder))


def _remount(folder: Path, options: str) -> None:
    _run("mount", "-o", f"remount,{options}", str(folder))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
