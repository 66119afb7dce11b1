"""What the user chose of the index reaches whoever trains it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from photofind.core.indexing import reworking, run, upkeep
from photofind.core.settings import Settings
from photofind.core.vectors.rule import Tuning
from tests.support.photos import put_many
from tests.support.world import World


def test_the_settings_reach_every_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[Tuning] = set()

    class Noted(upkeep.IndexUpkeep):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            if arguments[2]:  # for a pack, not only for garbage
                seen.add(self._tuning)

    for module in (run, upkeep, reworking):
        monkeypatch.setattr(module, "IndexUpkeep", Noted)
    world = World(tmp_path, Settings(workers=1, nlist_rule="8-sqrt-n", training_vectors=100))
    put_many(world.photos, range(2))
    world.update()
    assert seen == {Tuning("8-sqrt-n", 100)}
    seen.clear()
    with world.writer() as writer:
        assert list(writer.recluster())
        next(world.library.glob("*.f16")).write_bytes(b"damaged")
        writer.repair()
    assert seen == {Tuning("8-sqrt-n", 100)}
