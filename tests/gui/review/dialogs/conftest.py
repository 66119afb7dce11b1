"""Plans for real files in a temporary folder, with a trash of the test's own home."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.core.actions.freedesktop_trash import FreedesktopTrash
from photofind.gui.review.applying import ActionJobs
from tests.support.plans import Copies


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    return Copies(tmp_path / "photos")


@pytest.fixture
def jobs(copies: Copies) -> Iterator[ActionJobs]:
    made = ActionJobs(copies.opener())
    yield made
    made.close()


class GatedTrash(FreedesktopTrash):
    """A trash that waits before each file until it may go on."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.go = threading.Event()

    def put_at(self, path: str, place: str) -> None:
        self.reached.set()
        assert self.go.wait(60)
        super().put_at(path, place)


@pytest.fixture
def gate() -> Iterator[GatedTrash]:
    trash = GatedTrash()
    yield trash
    trash.go.set()
