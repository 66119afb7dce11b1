"""Thumbnails whose file is gone are made again by the next update."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from tests.support.photos import put_many
from tests.support.world import World


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("lose", [Path.unlink, _empty, _folder_instead])
def test_lost_thumbnails_come_back(world: World, lose: Callable[[Path], None]) -> None:
    put_many(world.photos, range(3))
    for folders in ([str(world.photos)], []):
        with LibraryWriter(world.library, world.settings) as writer:
            list(writer.update(folders))
        if folders:
            lose(world.library / "thumbnails.db")
    with Library(world.library, world.settings) as library, library.thumbnails() as thumbnails:
        assert len(thumbnails.content_ids()) == 3
        assert library.examine().healthy
