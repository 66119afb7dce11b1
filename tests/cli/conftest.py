from __future__ import annotations

from pathlib import Path

import pytest

from photofind.core.settings import Settings
from tests.support.photos import put, put_many
from tests.support.program import configure
from tests.support.world import World


@pytest.fixture(autouse=True)
def as_users_start_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run of the program in these tests has one decoder process, and buffers its output as usual."""
    del home
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    configure("workers = 1\n")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty folder of photos and no library yet."""
    return World(tmp_path, Settings(workers=1))


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A dozen photos and an error, indexed; only to be read."""
    world = World(tmp_path_factory.mktemp("indexed"), Settings(workers=1))
    put_many(world.photos, range(10))
    world.put("sub/copy.jpg", 3)
    put(b"%s/dir-\xff/new\nline \xe9.jpg" % bytes(world.photos), 20)
    put(b"%s/bad-\xff\n.jpg" % bytes(world.photos), b"no picture at all")
    world.update()
    return world
