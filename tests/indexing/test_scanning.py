"""The thread that walks ahead of the decoders."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from photofind.core.indexing.scanning import ScanThread
from photofind.core.scan import IgnoreRules
from tests.support.photos import put
from tests.support.waiting import until


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    return folder


def test_a_walk_that_fails_is_told_to_who_waits_for_it(library: Path) -> None:
    scan = ScanThread(["no\0folder"], IgnoreRules(), library)
    scan.start()
    with pytest.raises(ValueError, match="null"):
        until(lambda: scan.take(0.1, 0.1) and None, "the failure")
    scan.close()


def test_a_walk_that_nobody_follows_ends(tmp_path: Path, library: Path) -> None:
    for number in range(600):  # more than are walked ahead
        put(tmp_path / f"{number}" / "a.jpg", b"x")
    scan = ScanThread([str(tmp_path)], IgnoreRules(), library)
    scan.start()
    assert scan.take(0.05, 5.0)
    scan.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "photofind-scan"]


def test_several_folders_one_after_the_other(tmp_path: Path, library: Path) -> None:
    put(tmp_path / "a" / "1.jpg", b"x")
    put(tmp_path / "b" / "2.jpg", b"x")
    scan = ScanThread([str(tmp_path / "a"), str(tmp_path / "b")], IgnoreRules(), library)
    scan.start()
    taken = []
    while not scan.finished:
        taken += scan.take(0.05, 5.0)
    scan.close()
    assert [(number, listing and [entry.name for entry in listing.files]) for number, listing in taken] == [
        (0, ["1.jpg"]),
        (0, None),
        (1, ["2.jpg"]),
        (1, None),
    ]
