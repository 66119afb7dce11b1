"""The tables ``expansion`` and ``lsh``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photofind.core.encoders import resolve
from photofind.core.encoders.onnx_image import OnnxImageEncoder
from photofind.core.errors import QueryError, UnsupportedPhotoError
from photofind.core.evaluation.encoding import Encodings, agreement, encode_photos
from photofind.core.evaluation.tables import expansion, lsh
from photofind.core.evaluation.tables.registry import Make, vectors_made, vectors_of
from photofind.core.evaluation.tables.result import BenchTable, Options
from photofind.core.evaluation.tables.vectors import VectorSet
from photofind.core.library import Library
from photofind.core.progress import Progress
from photofind.core.records import Embedding
from photofind.core.settings import Settings
from tests.evaluation.running import photofind_here
from tests.support.handmade import FOLDER, Handmade, Picture, no_check, unit_vectors
from tests.support.photos import put_many
from tests.support.world import World


class StoppedError(Exception):
    pass


def stop() -> None:
    raise StoppedError


def table_of(make: Make, vectors: VectorSet, options: Options) -> BenchTable:
    """Make a table; its progress has to grow up to its end."""
    steps = list(make(vectors, options, no_check))
    table = steps.pop()
    assert isinstance(table, BenchTable)
    moments = [step for step in steps if isinstance(step, Progress)]
    assert len(moments) == len(steps)
    assert {moment.phase for moment in moments} == {"bench"}
    assert moments[-1].done == moments[-1].total
    keys = {column.key for column in table.columns}
    assert all(keys <= set(row) | {"neighbours", "centroids"} for row in table.rows)
    return table


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A few photos in two folders, indexed; only to be read."""
    world = World(tmp_path_factory.mktemp("photos"), Settings(workers=1))
    put_many(world.photos / "a", range(6))
    put_many(world.photos / "b", range(6, 12))
    world.update()
    return world


# expansion


def test_expansion_measures_each_way_on_the_same_queries() -> None:
    table = table_of(expansion.make, vectors_made("expansion", 400, 60), Options(threads=1))

    methods = [str(row["method"]) for row in table.rows]
    assert methods[0] == "plain"
    assert {method.split(",")[0] for method in methods} == {
        "plain",
        "query side",
        "database side",
        "both sides",
        "centroids",
    }
    plain = table.rows[0]
    assert isinstance(plain["map"], float)
    assert 0 < plain["map"] < 1
    for row in table.rows:
        assert isinstance(row["map"], float)
        assert 0 <= row["map"] <= 1
        assert row["change"] == pytest.approx(row["map"] - plain["map"])
        assert float(str(row["ms"])) > 0
    sizes = [row["bytes"] for row in table.rows if row["method"] == "centroids"]
    assert sizes == sorted(sizes, reverse=True, key=lambda size: float(str(size)))
    assert [row["centroids"] for row in table.rows if row["method"] == "centroids"] == [
        len_database(table) // share for share in expansion.PHOTOS_PER_CENTROID
    ]


def len_database(table: BenchTable) -> int:
    return int(str(table.facts["vectors"]))


def test_plain_and_fully_expanded_map_are_those_of_brute_force() -> None:
    random = np.random.default_rng(0)
    vectors = unit_vectors(120, seed=1)
    labels = random.integers(0, 6, 120)
    task = expansion.hold_out(vectors, labels, 20, random)

    found = expansion.mean_ap(lambda queries: queries @ task.database.T, task, no_check)

    aps = []
    for query, label in zip(task.queries, task.wanted, strict=True):
        order = sorted(range(len(task.database)), key=lambda row: -float(query @ task.database[row]))
        right = [bool(task.labels[row] == label) for row in order]
        aps.append(sum(sum(right[: n + 1]) / (n + 1) for n in range(len(right)) if right[n]) / sum(right))
    assert found == pytest.approx(np.mean(aps))


def test_queries_are_held_out_and_each_has_something_to_find() -> None:
    vectors = unit_vectors(100, seed=2)
    labels = np.arange(100) // 2
    task = expansion.hold_out(vectors, labels, 50, np.random.default_rng(3))

    assert len(task.database) == 80
    assert 0 < len(task.queries) <= 20
    assert np.isin(task.wanted, task.labels).all()
    assert not (task.queries @ task.database.T > 1 - 1e-6).any()


def test_labels_of_a_library_come_from_folders_or_a_file(photos: World, tmp_path: Path) -> None:
    with Library(photos.library, photos.settings) as library:
        vectors = VectorSet("library", np.empty((12, 512), np.float32), np.empty((5, 512), np.float32), None, 12)
        by_folder = table_of(expansion.make, vectors, Options(library=library.folder, threads=1))
    source = tmp_path / "labels.csv"
    source.write_text("".join(f"{photos.photos}/a/{number:04}.jpg,x\n" for number in range(6)))
    by_file = table_of(expansion.make, vectors, Options(strings=(str(source),), library=photos.library, threads=1))

    assert by_folder.facts["labels"] == 2
    assert by_file.facts["labels"] == 1
    assert by_file.rows[0]["map"] == 1.0  # there is nothing else to be found


def test_too_few_labels_are_one_sentence(library: Handmade, tmp_path: Path) -> None:
    library.add([Picture(number, row) for number, row in enumerate(unit_vectors(4, seed=4))])
    source = tmp_path / "labels.csv"
    source.write_text("".join(f"{FOLDER}/{number}.jpg,x\n" for number in range(4)))
    vectors = vectors_made("expansion", 20, 5)

    with pytest.raises(QueryError, match="Too few photos have the same label"):
        table_of(expansion.make, vectors, Options(strings=(str(source),), library=library.folder))
    with pytest.raises(QueryError, match="No photo of the library has a label"):
        table_of(expansion.make, vectors, Options(library=library.folder))


def test_a_file_of_labels_is_of_no_use_for_generated_vectors() -> None:
    with pytest.raises(QueryError, match="leave --generated away"):
        table_of(expansion.make, vectors_made("expansion", 20, 5), Options(strings=("labels.csv",)))


@pytest.mark.parametrize("make", [expansion.make, lsh.make], ids=["expansion", "lsh"])
def test_a_table_stops_when_it_is_asked_to(make: Make) -> None:
    with pytest.raises(StoppedError):
        list(make(vectors_made("lsh", 100, 5), Options(threads=1), stop))


def test_the_command_takes_a_file_of_labels_and_nothing_else(
    photos: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "labels.csv"
    rows = [f"{photos.photos}/{'a' if number < 6 else 'b'}/{number:04}.jpg,{number % 2}\n" for number in range(12)]
    source.write_text("".join(rows))
    asked = ("bench", "--library", photos.library, "--json")

    photofind_here(capsys, *asked, "expansion", source).assert_fails("The table expansion takes 20 photos or more")
    photofind_here(capsys, *asked, "expansion", source, source).assert_fails("expansion takes one CSV file of labels")
    photofind_here(capsys, *asked, "lsh", source).assert_fails("The table lsh takes no strings")


# lsh


def test_hash_tables_are_measured_against_the_index() -> None:
    table = table_of(lsh.make, vectors_made("lsh", 400, 30), Options(threads=1))

    assert len(table.rows) == 2 + len(lsh.BITS) * len(lsh.TABLES)
    everything, lists, *hashed = table.rows
    assert (everything["overlap"], everything["copies"], everything["matches"]) == (1.0, 1.0, 400)
    assert float(str(lists["overlap"])) > 0.98
    for bits in lsh.BITS:
        rows = [row for row in hashed if row["bits"] == bits]
        assert [row["tables"] for row in rows] == list(lsh.TABLES)
        matches = [float(str(row["matches"])) for row in rows]
        copies = [float(str(row["copies"])) for row in rows]
        assert matches == sorted(matches)  # more tables, more chances to meet
        assert copies[0] < copies[-1]
    assert {row["encoder"] for row in table.rows} == {None}


def test_planted_copies_have_the_cosine_that_is_said() -> None:
    rows = unit_vectors(50, seed=5)
    copies = lsh.planted_copies(rows, 0.9, np.random.default_rng(0))

    assert np.linalg.norm(copies, axis=1) == pytest.approx(np.ones(50), abs=1e-3)
    assert (copies * rows).sum(axis=1) == pytest.approx(np.full(50, 0.9), abs=2e-3)


def test_photos_of_a_library_are_encoded_by_each_variant(photos: World) -> None:
    with Library(photos.library, photos.settings) as library:
        table = table_of(lsh.make, vectors_of("lsh", library, 5), Options(library=library.folder, threads=2))

    assert {row["encoder"] for row in table.rows} == {"fp32", "int8"}
    assert (table.facts["photos"], table.facts["skipped"]) == (12, 0)
    assert float(str(table.facts["cosine_fp32_int8"])) > 0.95
    for row in table.rows:
        parts = (float(str(row[key])) for key in ("encode_s", "build_s", "query_s"))
        assert row["total_s"] == pytest.approx(sum(parts))
        assert float(str(row["encode_s"])) > 0


def test_files_that_are_gone_are_counted_and_the_others_encoded(tmp_path: Path) -> None:
    world = World(tmp_path, Settings(workers=1))
    put_many(world.photos, range(5))
    world.update()
    (world.photos / "0001.jpg").unlink()
    (world.photos / "0003.jpg").write_bytes(b"no picture")

    made = encodings(world)

    assert made.skipped == 2
    assert [len(each.vectors) for each in made.variants] == [3, 3]


def test_a_photo_that_one_variant_cannot_encode_is_left_out_of_all(
    photos: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode = OnnxImageEncoder.encode
    refused: list[str] = []

    def picky(encoder: OnnxImageEncoder, image: Image.Image) -> Embedding:
        if "fp32" not in refused and encoder.key != resolve("").key:
            refused.append("fp32")
            raise UnsupportedPhotoError("the network gives no usable vector")
        return encode(encoder, image)

    monkeypatch.setattr(OnnxImageEncoder, "encode", picky)
    made = encodings(photos)

    assert made.skipped == 1
    assert [len(each.vectors) for each in made.variants] == [11, 11]
    cosines = (made.variants[0].vectors * made.variants[1].vectors).sum(axis=1)
    assert cosines.min() > 0.9  # still the same photos


def encodings(world: World) -> Encodings:
    steps = encode_photos(world.library, 100, 1, no_check)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            made: Encodings = end.value
            return made


def test_without_files_the_stored_embeddings_have_to_do(library: Handmade) -> None:
    library.add([Picture(number, row) for number, row in enumerate(unit_vectors(30, seed=6))])

    with Library(library.folder, Settings()) as opened:
        table = table_of(lsh.make, vectors_of("lsh", opened, None), Options(library=library.folder, threads=1))

    assert {row["encoder"] for row in table.rows} == {None}
    assert table.rows[0]["overlap"] == 1.0
    assert any("Encoders are not compared" in note for note in table.notes)


def test_variants_agree_as_far_as_their_neighbours_do() -> None:
    rows = unit_vectors(40, seed=7)

    cosine, overlap = agreement(rows, rows, 10)
    assert cosine == pytest.approx(1.0, abs=1e-3)
    assert overlap == 1.0
    cosine, overlap = agreement(rows, unit_vectors(40, seed=8), 5)
    assert cosine < 0.5
    assert overlap < 0.5
    assert agreement(rows[:1], rows[:1], 10)[1] == 1.0
