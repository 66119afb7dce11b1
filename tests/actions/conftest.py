"""A folder of photos, a trash and an actor for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.core.actions import Actor, Trash
from photofind.core.actions.freedesktop_trash import FreedesktopTrash
from photofind.core.catalog.journal import Journal


class Desk:
    """What acts on the files below ``top``: actors with one journal, each as after a restart."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.lock = top / "lock"
        self.journal_path = top / "journal.db"
        self._open: list[Actor] = []

    def actor(self, *, trash: Trash | None = None, protected: tuple[str | Path, ...] = ()) -> Actor:
        actor = Actor(
            self.journal(), trash or FreedesktopTrash(), [str(folder) for folder in protected], lock=self.lock
        )
        self._open.append(actor)
        return actor

    def journal(self) -> Journal:
        return Journal.open(self.journal_path)

    def file(self, name: str, content: bytes = b"the picture") -> Path:
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(1, 1_234_567_891_000_000_000 + len(self._open)))
        return path

    def close(self) -> None:
        for actor in self._open:
            actor.__exit__(None, None, None)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    desk = Desk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def quick_folder() -> Iterator[Path]:
    """A folder in memory, where there is one: many small commits are waited for there by nobody."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="photofind-test-", dir=memory if os.access(memory, os.W_OK) else None))
    yield folder
    shutil.rmtree(folder)
