"""The lock of a library's one writer: held for a moment by who only asks, for long by another writer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock

from photofind.core.errors import LibraryBusyError
from photofind.core.ownership import WRITER_LOCK, lock_library


def test_a_lock_that_is_held_for_a_moment_only_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks whether there is a writer takes the lock to find out."""
    asking = FileLock(tmp_path / WRITER_LOCK)
    asking.acquire()
    monkeypatch.setattr("filelock._api.time.sleep", lambda _: asking.release())
    lock_library(tmp_path).release()


def test_another_writer_is_named_by_its_process(tmp_path: Path) -> None:
    writer = lock_library(tmp_path)
    try:
        with pytest.raises(LibraryBusyError, match=rf"\(process {os.getpid()}\)"):
            lock_library(tmp_path)
    finally:
        writer.release()
