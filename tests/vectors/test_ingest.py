"""Random histories of a library against a plain model, through the committer and upkeep of a run; and crashes."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from photofind.core.catalog import Catalog
from photofind.core.errors import LibraryDamagedError, StorageError
from photofind.core.vectors.rows import row_crcs
from tests.support.handmade import (
    DIMENSION,
    FOLDER,
    Handmade,
    Picture,
    flip_bit,
    full_disk,
    name_of,
    no_check,
    pictures,
    unit_vectors,
)

QUERIES = unit_vectors(4, 7)


def check(library: Handmade) -> None:
    """Compare the library with its model: answers, vectors, and that every live vector is intact."""
    distinct = {picture.number for picture in library.model.values()}
    assert library.catalog.files.count_photos() == len(library.model)
    assert library.catalog.contents.count_missing_embeddings(library.pack.id, reachable=True) == 0
    state = library.state()
    assert state.next_vid - len(state.dead) == len(distinct)
    for query in QUERIES:
        assert library.found(query, 15) == library.expected(query, 15)
    rows = library.snapshot().rows(range(state.next_vid)).astype(np.float16)
    crcs = row_crcs(rows)
    assert all(crcs[vid] == crc for vid, crc in library.catalog.vectors.crcs(library.pack.id, 0, state.next_vid))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_history_ends_in_the_right_answers(seed: int, library: Handmade) -> None:
    """Photos come in batches around the thresholds, change, vanish, come back, and share contents."""
    dice = random.Random(seed)
    pool = pictures(9000, seed)
    embedded: set[int] = set()
    fresh = iter(pool)
    for _ in range(14):
        action = dice.choice(["add", "add", "change", "remove", "return", "copy", "reopen"])
        names = sorted(library.model)
        if action == "add":
            library.add(photo for _, photo in zip(range(dice.choice([1, 5, 700, 1024, 1100])), fresh, strict=False))
        elif action == "reopen":
            library.reopen()
        elif action == "return":
            absent = [pool[number] for number in sorted(embedded - {p.number for p in library.model.values()})]
            if absent:
                library.add(dice.sample(absent, min(len(absent), 200)))
        elif names:
            chosen = dice.sample(names, min(len(names), dice.choice([1, 50, 600])))
            if action == "change":
                library.put(dict(zip(chosen, fresh, strict=False)))
            elif action == "remove":
                library.remove(chosen)
            else:
                library.put({f"copy-{dice.random()}-{name}": library.model[name] for name in chosen})
        embedded |= {picture.number for picture in library.model.values()}
        assert library.embedded == len(embedded)  # nothing is ever embedded twice
        if dice.random() < 0.6:
            library.upkeep.run()
        check(library)
    library.upkeep.rebuild()
    check(library)


def test_a_photo_that_comes_back_is_found_again_without_being_embedded(library: Handmade) -> None:
    photos = pictures(2000)
    library.add(photos)
    library.upkeep.run()
    library.remove([name_of(photo) for photo in photos[:1000]])
    library.upkeep.run()  # compacts: the segment has forgotten them
    assert [s.count for s in library.state().segments] == [1000]
    library.add(photos[:1000])
    assert library.embedded == 2000
    check(library)
    library.upkeep.run()
    check(library)


def test_of_a_photo_that_comes_back_under_two_names_one_row_is_written(library: Handmade) -> None:
    photo = pictures(1)[0]
    library.add([photo])
    library.remove([name_of(photo)])
    library.put({"a.jpg": photo, "b.jpg": photo})
    assert (library.pack.next_vid, library.embedded) == (2, 1)
    check(library)


def test_a_content_that_moves_between_files_in_one_commit_stays_alive(library: Handmade) -> None:
    one, two, three = pictures(3)
    library.put({"a.jpg": one, "b.jpg": two})
    library.put({"a.jpg": two, "b.jpg": one})
    assert library.pack.next_vid == 2
    library.put({"a.jpg": three, "c.jpg": two})
    assert library.pack.next_vid == 3
    check(library)


def test_a_photo_that_comes_back_is_wanted_by_the_other_pack_too(library: Handmade) -> None:
    """While the library changes packs, both have indexes that may have dropped it."""
    photo = pictures(1)[0]
    library.add([photo])
    with library.catalog.transaction():
        other = library.catalog.vectors.put_pack("other", "other", 4)
        content = library.catalog.contents.by_hash(photo.digest)
        assert content is not None
        library.catalog.vectors.append(other.id, 0, [(content, 0)])
    library.remove([name_of(photo)])
    assert library.catalog.vectors.dead(other.id) == [0]
    library.add([photo])
    assert library.catalog.vectors.dead(other.id) == [0]
    assert library.catalog.contents.count_missing_embeddings(other.id, reachable=True) == 1
    check(library)


def test_a_damaged_row_is_not_copied_but_embedded_again(library: Handmade) -> None:
    photos = pictures(3)
    library.add(photos)
    library.remove([name_of(photo) for photo in photos])
    flip_bit(library.row_path, 5)
    library.add(photos)
    missing = library.catalog.contents.missing_embeddings(library.pack.id, 0, 10)
    assert [source.path for source in missing] == [str(Path(FOLDER, name_of(photos[0])))]
    assert library.found(photos[1].embedding, 1) == [1]


# Crashes


class PowerCut(BaseException):
    """Nothing of the process lives on."""


def crash_in_commit(library: Handmade, photos: list[Picture]) -> None:
    """Die when the rows are on the disk and the transaction is all but committed."""

    def cut(_: object) -> None:
        raise PowerCut

    results = library.results({name_of(photo): photo for photo in photos})
    library.thumbnails.put_many = cut  # type: ignore[method-assign,assignment]
    with pytest.raises(PowerCut):
        library.committer.commit(results)


def test_a_crash_between_rows_and_catalog_loses_only_that_commit(library: Handmade) -> None:
    photos = pictures(60)
    library.add(photos[:20])
    size = library.row_path.stat().st_size
    crash_in_commit(library, photos[20:40])
    assert library.row_path.stat().st_size == 2 * size
    library.close()
    library.open()
    assert library.catalog.files.count_pending([1]) == 20
    check(library)
    library.add(photos[40:])
    assert library.row_path.stat().st_size == 2 * size  # the rows of the crash are overwritten
    check(library)
    library.add(photos[20:40])
    assert library.catalog.files.count_pending([1]) == 0
    check(library)


def test_after_a_failed_commit_the_same_committer_goes_on(library: Handmade) -> None:
    photos = pictures(30)
    library.add(photos[:10])
    with full_disk(library.row_path.stat().st_size + 100), pytest.raises(StorageError):
        library.committer.commit(library.results({name_of(photo): photo for photo in photos[10:20]}))
    library.add(photos[20:])
    library.add(photos[10:20])
    check(library)


def test_thumbnails_that_cannot_be_stored_undo_the_whole_commit(library: Handmade) -> None:
    photos = pictures(30)
    library.add(photos[:10])
    crash_in_commit(library, photos[10:20])
    del library.thumbnails.put_many
    assert library.catalog.files.count_photos() == 10
    assert library.pack.next_vid == 10
    library.add(photos[20:])  # by the same committer: over the rows of the commit that failed
    library.add(photos[10:20])
    assert library.row_path.stat().st_size == 30 * 2 * DIMENSION
    check(library)


@pytest.mark.parametrize("step", [1, 8, 13, 14])
def test_upkeep_that_is_cut_off_leaves_the_old_index(step: int, library: Handmade) -> None:
    photos = pictures(6000)
    library.add(photos[:1200])
    library.upkeep.run()
    library.add(photos[1200:])
    before = library.state()
    steps = iter(range(step))

    def cut() -> None:
        if next(steps, None) is None:
            raise PowerCut

    upkeep = library.upkeep
    upkeep._check = cut
    try:
        upkeep.run()
    except PowerCut:
        assert library.state() == before
    check(library)
    library.reopen()
    library.upkeep.run()
    check(library)
    named = {f"epoch-{epoch}" for epoch in library.catalog.vectors.epoch_ids()}
    assert {path.name for path in library.folder.glob("epoch-*")} == named


def test_a_full_disk_stops_upkeep_and_leaves_the_old_index(library: Handmade) -> None:
    photos = pictures(6000)
    library.add(photos[:2000])
    library.upkeep.run()
    library.add(photos[2000:])
    before = library.state()
    with full_disk(50_000), pytest.raises(StorageError, match=r"faiss|library\.db"):
        library.upkeep.run()
    assert library.state() == before
    check(library)
    library.upkeep.run()
    assert library.upkeep.delta_size() == 0
    check(library)


# Damage met by upkeep


def _damage_nothing(_: Path) -> None:
    pass


def _truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def _flip(path: Path) -> None:
    flip_bit(path, path.stat().st_size // 2)


@pytest.mark.parametrize("name", ["trained.faiss", "seg-*.faiss"])
@pytest.mark.parametrize("damage", [_damage_nothing, _truncate, Path.unlink, _flip])
def test_upkeep_makes_a_damaged_index_anew(name: str, damage: object, library: Handmade) -> None:
    photos = pictures(6000)
    for start in range(0, 3900, 1300):
        library.add(photos[start : start + 1300])
        library.upkeep.run()
    epoch = library.state().epoch
    assert callable(damage)
    damage(next(library.folder.glob(f"epoch-*/{name}")))
    library.add(photos[3900:5200])
    library.upkeep.run()  # seals and merges
    assert library.upkeep.delta_size() == 0
    assert (library.state().epoch == epoch) == (damage is _damage_nothing)
    check(library)


def test_upkeep_tells_of_embeddings_that_are_no_numbers(library: Handmade) -> None:
    library.add(pictures(1100))
    content = bytearray(library.row_path.read_bytes())
    content[64:128] = b"\xff" * 64
    library.row_path.write_bytes(content)
    with pytest.raises(LibraryDamagedError, match="doctor"):
        library.upkeep.run()


def test_garbage_is_what_the_catalog_does_not_name(library: Handmade) -> None:
    library.add(pictures(1100))
    library.upkeep.run()
    epoch = library.state().epoch
    assert epoch is not None
    lost, gone = "0" * 32, "f" * 32
    folder = library.folder / f"epoch-{lost}"
    stray = [
        library.folder / "vectors-old-0123456789ab.f16",
        library.folder / f"epoch-{epoch.id}" / f"seg-{gone}.faiss",
        folder / "trained.faiss",
    ]
    # Whatever has not exactly a name that photofind gives is somebody else's, even where only photofind should be.
    for name in ("epoch-2020/beach.jpg", "vectors-art.f16", f"epoch-{epoch.id}/notes.txt", f"epoch-{gone}/beach.jpg"):
        (library.folder / name).parent.mkdir(exist_ok=True)
        (library.folder / name).touch()
    kept = sorted(library.folder.rglob("*"))
    folder.mkdir()
    for path in stray:
        path.touch()
    removed = library.upkeep.collect_garbage()
    assert sorted(removed) == sorted([*stray, folder])
    assert sorted(library.folder.rglob("*")) == kept


def test_a_pack_that_is_dropped_leaves_nothing(library: Handmade) -> None:
    library.add(pictures(1100))
    library.upkeep.run()
    with library.catalog.transaction():
        library.catalog.vectors.drop_pack(library.pack.id)
    assert library.catalog.vectors.packs() == []
    assert library.catalog.active_pack() is None
    library.upkeep.collect_garbage()
    assert not list(library.folder.glob("vectors-*"))
    assert not list(library.folder.glob("epoch-*"))
    assert library.catalog.problems() == []


def test_upkeep_of_nothing_does_nothing(library: Handmade) -> None:
    no_check()
    library.upkeep.run()
    library.upkeep.rebuild()
    assert library.state().epoch is None
    with Catalog.open_reader(library.folder / "library.db") as reader:
        assert reader.vectors.epoch_ids() == set()
