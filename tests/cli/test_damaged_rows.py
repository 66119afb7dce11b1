"""``search`` in a library with a damaged embedding: the others are found, and what is lacking is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from photofind.cli.answers import left_out
from photofind.core.queries import SearchResult
from tests.support.handmade import flip_bit
from tests.support.photos import put_many
from tests.support.program import Ended, photofind
from tests.support.world import World

SENTENCE = "1 photo could not be compared: its embedding is damaged; run `photofind doctor` on this library."


@pytest.fixture
def damaged(world: World) -> World:
    """Six photos, indexed; the second embedding is not what it was."""
    put_many(world.photos, range(6))
    world.update()
    path = next(world.library.glob("vectors-*.f16"))
    flip_bit(path, path.stat().st_size // 6 + 1)
    return world


def search(world: World, *arguments: str | Path) -> Ended:
    return photofind("search", "--library", world.library, *arguments)


def test_the_lack_is_one_sentence_until_it_is_mended(damaged: World, tmp_path: Path) -> None:
    ended = search(damaged, "--id", "1", "--json")
    assert (ended.status, ended.err) == (0, SENTENCE + "\n")
    assert len(ended.json["results"]) == 5
    assert ended.json["left_out"] == 1
    queries = tmp_path / "queries.jsonl"
    queries.write_text(json.dumps({"ids": [1]}))
    batch = search(damaged, "--batch", queries)
    assert (batch.status, json.loads(batch.out)["left_out"], len(json.loads(batch.out)["results"])) == (0, 1, 5)
    assert photofind("doctor", "--library", damaged.library).status == 0
    assert photofind("index", damaged.photos, "--library", damaged.library).status == 0
    healthy = search(damaged, "--id", "1", "--json")
    assert (healthy.err, len(healthy.json["results"])) == ("", 6)
    assert "left_out" not in healthy.json


def test_many_photos_are_counted() -> None:
    result = SearchResult([], 1, 1, exact=True, relevance=-1.0, elapsed_ms=1.0, left_out=1200)
    assert left_out(result).startswith("1,200 photos could not be compared: their embeddings are damaged; run `photo")
