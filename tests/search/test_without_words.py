"""Texts where the photos' pack has no words: names, dates and colours answer, inside filters too; and packs change."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from photofind.core.catalog import Catalog, Pack
from photofind.core.imaging.colours import COLOURS
from photofind.core.queries import Filters, Query, Term, Words
from photofind.core.search import Searcher
from photofind.core.vectors.rows import RowWriter, row_crcs, row_file
from photofind.core.words.meaning import Meaning, WordsEncoder
from tests.search.conftest import LIMITS, no_encoder
from tests.support.described import TOP, Described, described, put_described
from tests.support.handmade import Handmade, Vectors, unit_vectors

COUNT = 1_300
FEW = 7
RED = COLOURS.index("red")
HOME = os.path.join(TOP, "home")


def _red(share: int) -> bytes:
    return bytes(share if column == RED else 0 for column in range(len(COLOURS) + 1))


def _photos() -> list[Described]:
    """Photos that are the less red the later they come; the last few lie in a folder of their own."""
    made = described(COUNT, seed=1)
    made = [replace(photo, colours=_red(255 - number // 6)) for number, photo in enumerate(made)]
    return [*made[:-FEW], *(replace(photo, folder=HOME, name=f"late_{n}.jpg") for n, photo in enumerate(made[-FEW:]))]


@pytest.fixture(scope="module")
def photos() -> list[Described]:
    return _photos()


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, photos: list[Described]) -> Iterator[Searcher]:
    library = Handmade(tmp_path_factory.mktemp("red") / "library")
    copied = replace(photos[0], folder=os.path.join(TOP, "Lisbon"), name="copied.jpg")
    put_described(library, [*photos, copied])
    library.close()
    with (
        Catalog.open_reader(library.folder / "library.db") as reader,
        closing(Searcher(library.folder, reader, no_encoder, LIMITS, today=lambda: datetime.date(2026, 1, 1))) as made,
    ):
        yield made


@pytest.mark.parametrize("filters", [Filters(folders=(HOME,)), Filters(names=("jpg",)), Filters(names=("IMG",))])
def test_a_filter_keeps_the_richest_of_what_it_keeps(
    filters: Filters, searcher: Searcher, photos: list[Described]
) -> None:
    kept = [p for p in photos if (p.folder == HOME or not filters.folders) and all(t in p.name for t in filters.names)]
    result = searcher.search(Query(words=("red",), filters=filters, limit=5))
    shares = {p.path: p.colours[RED] for p in photos if p.colours is not None} | {
        os.path.join(TOP, "Lisbon", "copied.jpg"): 255
    }
    expected = sorted((shares[photo.path] for photo in kept), reverse=True)[:5]
    assert [shares[hit.path] for hit in result.hits] == expected


def test_copies_of_which_a_name_is_not_true_are_no_hits(searcher: Searcher, photos: list[Described]) -> None:
    result = searcher.search(Query(words=("Lisbon",)))
    assert [hit.path for hit in result.hits] == [os.path.join(TOP, "Lisbon", "copied.jpg")]
    assert result.hits[0].why == ("folder: Lisbon",)
    assert searcher.search(Query(words=("Lisbon",), filters=Filters(folders=(photos[0].folder,)))).hits == []


def test_what_an_unwanted_name_pushes_down_makes_room(tmp_path: Path) -> None:
    library = Handmade(tmp_path / "library")
    likeness = np.repeat([0.9, 0.85, 0.0], 60)
    vectors = unit_vectors(len(likeness), 5)
    vectors[:, 0] = 0
    vectors *= np.sqrt(1 - likeness[:, None] ** 2) / np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[:, 0] = likeness
    vectors = np.vstack([np.eye(1, vectors.shape[1], dtype=np.float32), vectors]).astype(np.float16).astype(np.float32)
    folders = ["asked", *np.repeat(["Lisbon", "Porto", "Faro"], 60).tolist()]
    made = [
        replace(photo, folder=os.path.join(TOP, folder), embedding=vector)
        for photo, folder, vector in zip(described(len(folders)), folders, vectors, strict=True)
    ]
    asked = put_described(library, made)[made[0].path]
    library.close()
    with (
        Catalog.open_reader(library.folder / "library.db") as reader,
        closing(Searcher(library.folder, reader, no_encoder, LIMITS)) as searcher,
    ):
        query = Query(photo_ids=(asked,), others=(Term(Words("Lisbon"), -1.0),), limit=5)
        found = [os.path.basename(os.path.dirname(hit.path)) for hit in searcher.search(query).hits]
    assert found == ["asked", *["Porto"] * 4]


def test_conditions_among_what_is_not_wanted_are_not_dropped_in_silence(searcher: Searcher) -> None:
    unwanted = Term(Words("Kyoto folder:Oslo -Faro"), -1.0)
    result = searcher.search(Query(photo_ids=(1,), others=(unwanted,)))
    assert result.matching is None
    assert result.understood == "not Kyoto (folder)"
    assert "Only plain words can be unwanted, so this was left out: folder: Oslo, -Faro." in result.problems


def test_an_unwanted_word_that_means_nothing_costs_no_hits(searcher: Searcher) -> None:
    result = searcher.search(Query(words=("name:late -blorf",)))
    assert len(result.hits) == result.matching == FEW
    assert result.unknown == ("blorf",)
    assert result.problems == ("The library's model knows no words, so only names, places and dates are searched.",)
    assert searcher.search(Query(words=("name:late blorf",))).hits == []
    assert searcher.search(Query(words=("-blorf",))).hits == []


class _Directions:
    """Knows one word, for which each pack has another direction."""

    def __init__(self, pack: Pack) -> None:
        self._vector = np.eye(pack.dimension, dtype=np.float32)[0]

    def read(self, text: str) -> Meaning:
        return Meaning(self._vector, (), 1.0, (text,), ())

    def masses(self, rows: Vectors, concepts: object) -> Vectors:
        raise AssertionError(f"{concepts} of {len(rows)} photos were asked for")

    def probes(self, concept: object) -> Vectors:
        raise AssertionError(f"{concept} was asked for")


def _open_words(pack: Pack) -> WordsEncoder:
    return _Directions(pack)


def test_the_same_words_are_read_anew_when_another_pack_takes_over(tmp_path: Path) -> None:
    library = Handmade(tmp_path / "library")
    put_described(library, described(60, seed=2))
    with (
        Catalog.open_reader(library.folder / "library.db") as reader,
        closing(Searcher(library.folder, reader, no_encoder, LIMITS, _open_words)) as searcher,
    ):
        assert len(searcher.search(Query(words=("dog",))).hits) == 50
        _embed_anew(library, dimension=48)
        again = searcher.search(Query(words=("dog",)))
        assert len(again.hits) == 50
        assert again.understood == "dog"
    library.close()


def _embed_anew(library: Handmade, dimension: int) -> None:
    """Give all contents rows of another pack, which then is the active one; no photo changes."""
    contents = library.catalog.vectors
    count = library.pack.next_vid
    held = [place.content_id for place in contents.places(library.pack.id, range(count))]
    with library.catalog.transaction():
        pack = contents.put_pack("other-0123456789ab", "other", dimension)
        rows = RowWriter(row_file(library.folder, pack.key), dimension, 0)
        crcs = row_crcs(rows.append(unit_vectors(len(held), 3, dimension)))
        rows.close()
        contents.append(pack.id, 0, list(zip(held, crcs, strict=True)))
        library.catalog.set_active_pack(pack.key)
