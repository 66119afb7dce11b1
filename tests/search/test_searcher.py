"""Searching by photos of the library: what is asked, what is found, and while the library changes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from photofind.core.catalog import Catalog
from photofind.core.errors import LibraryDamagedError, QueryError
from photofind.core.search import MAX_LIMIT, Query, Searcher
from photofind.core.vectors.rows import row_crcs
from tests.support.handmade import DIMENSION, FOLDER, Handmade, Picture, Vectors, name_of, pictures


def at(name: str) -> str:
    return os.path.join(FOLDER, name)


def names(searcher: Searcher, query: Query) -> list[str]:
    return [os.path.basename(hit.path) for hit in searcher.search(query).hits]


def axis(number: int, other: float = 0.0) -> Vectors:
    """A unit vector along an axis, a little turned towards the next."""
    vector = np.zeros(DIMENSION, np.float32)
    vector[number], vector[number + 1] = 1, other
    unit: Vectors = vector / np.linalg.norm(vector)
    return unit.astype(np.float16).astype(np.float32)


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        (Query(), "Name words, an image"),
        (Query(photo_ids=(1,), limit=0), "limit is 0"),
        (Query(photo_ids=(1,), limit=MAX_LIMIT + 1), str(MAX_LIMIT)),
        (Query(photo_ids=(1,), nprobe=0), "nprobe is 0"),
        (Query(photo_ids=(1,), nprobe=-5), "nprobe is -5"),
    ],
)
def test_impossible_queries_are_refused(query: Query, complaint: str, searcher: Searcher) -> None:
    with pytest.raises(QueryError, match=complaint):
        searcher.search(query)


def test_the_outermost_numbers_are_fine(library: Handmade, searcher: Searcher) -> None:
    library.add(pictures(3))
    for query in (Query(photo_ids=(1,), limit=MAX_LIMIT, nprobe=1 << 40), Query(photo_ids=(1,), limit=1, nprobe=1)):
        assert searcher.search(query).hits[0].photo_id == 1


def test_an_empty_library_finds_nothing(searcher: Searcher) -> None:
    result = searcher.search(Query(images=("/nowhere.jpg",), photo_ids=(5,)))
    assert (result.hits, result.nprobe, result.exact) == ([], 1, True)


@pytest.mark.parametrize("photo_id", [0, -1, 4, 10**12, 1 << 63, 1 << 70])
def test_unknown_ids_are_refused(photo_id: int, library: Handmade, searcher: Searcher) -> None:
    library.add(pictures(3))
    with pytest.raises(QueryError, match=f"no photo with the id {photo_id}"):
        searcher.search(Query(photo_ids=(photo_id,)))


@pytest.mark.parametrize("size", [40, 1500])
@pytest.mark.parametrize("exact", [False, True])
def test_hits_are_the_best_photos_in_order(size: int, exact: bool, library: Handmade, searcher: Searcher) -> None:
    photos = pictures(size)
    library.add(photos)
    library.upkeep.run()
    for photo in photos[:: size // 4]:
        result = searcher.search(Query(photo_ids=(library.photo_id(name_of(photo)),), limit=7, exact=exact))
        found = [int(Path(hit.path).stem) for hit in result.hits]
        assert found == library.expected(photo.embedding, 7)
        assert [hit.score for hit in result.hits] == pytest.approx(
            [float(photos[number].embedding @ photo.embedding) for number in found], abs=1e-3
        )
        assert result.exact == (exact or size == 40), "one probed list is all there is, but as 8-bit codes"


def test_what_was_probed_is_told(library: Handmade, searcher: Searcher) -> None:
    library.add(pictures(10_500))
    library.upkeep.run()
    for asked, nprobe, exact in ((3, 3, False), (128, 128, False), (9999, 128, False)):
        result = searcher.search(Query(photo_ids=(1,), nprobe=asked))
        assert (result.nprobe, result.exact) == (nprobe, exact)
    assert searcher.search(Query(photo_ids=(1,), exact=True)).exact
    assert 1 <= searcher.search(Query(photo_ids=(1,))).nprobe <= 128


def test_an_unchanged_photo_is_asked_by_its_stored_embedding(library: Handmade, searcher: Searcher) -> None:
    """By any spelling of its path; the searcher of these tests cannot embed."""
    library.add(pictures(3))
    for spelling in (at("1.jpg"), at("sub/../1.jpg"), os.path.relpath(at("1.jpg"))):
        assert names(searcher, Query(images=(spelling,), limit=1)) == ["1.jpg"]


# The query photo itself


def same_embedding(count: int) -> list[Picture]:
    return [Picture(number, axis(0)) for number in range(count)]


@pytest.mark.parametrize("limit", [1, 3, 1000])
@pytest.mark.parametrize("sealed", [False, True])
def test_a_photo_is_its_own_first_hit_among_equals(
    limit: int, sealed: bool, library: Handmade, searcher: Searcher
) -> None:
    library.add(same_embedding(400))
    if sealed:
        library.upkeep.run(smallest_delta=1)
        assert library.state().segments
    for name in ("0.jpg", "200.jpg", "399.jpg"):
        for query in (
            Query(images=(at(name),), limit=limit),
            Query(photo_ids=(library.photo_id(name),), limit=limit),
            Query(images=(at(name),), limit=limit, exact=True),
        ):
            found = names(searcher, query)
            assert found[0] == name
            assert len(found) == len(set(found)) == min(limit, 400)


def test_copies_come_right_after_the_photo_that_was_asked(library: Handmade, searcher: Searcher) -> None:
    one, two, far = Picture(1, axis(0)), Picture(2, axis(0)), Picture(3, axis(5))
    library.put({"two.jpg": two, "a.jpg": one, "b.jpg": one, "c.jpg": one, "far.jpg": far})
    assert names(searcher, Query(images=(at("b.jpg"),))) == ["b.jpg", "a.jpg", "c.jpg", "two.jpg", "far.jpg"]
    assert names(searcher, Query(photo_ids=(library.photo_id("c.jpg"),))) == [
        "c.jpg",
        "a.jpg",
        "b.jpg",
        "two.jpg",
        "far.jpg",
    ]
    for query in (Query(images=(at("b.jpg"),), exclude_query=True), Query(images=(at("c.jpg"),), exclude_query=True)):
        assert names(searcher, query) == ["two.jpg", "far.jpg"]


def test_without_the_query_there_are_still_as_many_hits(library: Handmade, searcher: Searcher) -> None:
    library.add(pictures(30))
    found = names(searcher, Query(images=(at("4.jpg"),), photo_ids=(8, 9), limit=10, exclude_query=True))
    assert len(found) == 10
    assert not {"4.jpg", name_of(library.model["7.jpg"]), name_of(library.model["8.jpg"])} & set(found)


def test_several_photos_make_one_query(library: Handmade, searcher: Searcher) -> None:
    between = axis(0, 1.0)
    library.put({"x.jpg": Picture(1, axis(0)), "y.jpg": Picture(2, axis(1)), "between.jpg": Picture(3, between)})
    query = Query(images=(at("x.jpg"), at("y.jpg")))
    result = searcher.search(query)
    assert os.path.basename(result.hits[0].path) == "between.jpg"
    assert result.hits[0].score == pytest.approx(1, abs=1e-3)
    ids = (library.photo_id("x.jpg"), library.photo_id("y.jpg"))
    assert names(searcher, Query(photo_ids=ids)) == names(searcher, query)
    mixed = Query(images=(at("x.jpg"),), photo_ids=ids[1:], exclude_query=True)
    assert names(searcher, mixed) == ["between.jpg"]


def test_photos_that_cancel_each_other_out(library: Handmade, searcher: Searcher) -> None:
    library.put({"x.jpg": Picture(1, axis(0)), "y.jpg": Picture(2, -axis(0))})
    with pytest.raises(QueryError, match="cancel"):
        searcher.search(Query(images=(at("x.jpg"), at("y.jpg"))))


def test_photos_of_an_absent_disk_are_found_and_marked(library: Handmade, searcher: Searcher) -> None:
    library.add(pictures(3))
    assert not any(hit.offline for hit in searcher.search(Query(photo_ids=(1,))).hits)
    with library.catalog.transaction():
        library.catalog.files.set_root_offline(1, offline=True)
    hits = searcher.search(Query(images=(at("0.jpg"),))).hits
    assert [hit.offline for hit in hits] == [True, True, True]
    assert os.path.basename(hits[0].path) == "0.jpg"


# While the library changes


def test_a_search_sees_what_the_writer_has_committed(library: Handmade, searcher: Searcher) -> None:
    photos = pictures(2600)
    assert searcher.search(Query(photo_ids=(1,))).hits == []
    library.add(photos[:5])
    assert len(searcher.search(Query(photo_ids=(1,), limit=5000)).hits) == 5
    library.add(photos[5:1500])
    library.upkeep.run()
    assert len(searcher.search(Query(photo_ids=(1,), limit=5000)).hits) == 1500
    library.remove(["3.jpg", "4.jpg"])
    found = names(searcher, Query(photo_ids=(1,), limit=5000))
    assert len(found) == 1498
    assert not {"3.jpg", "4.jpg"} & set(found)
    with pytest.raises(QueryError):
        searcher.search(Query(photo_ids=(5,)))
    library.add([photos[3], *photos[1500:]])
    library.upkeep.rebuild()
    found = names(searcher, Query(photo_ids=(library.photo_id("3.jpg"),), limit=5000))
    assert (len(found), found[0]) == (2599, "3.jpg")


def test_photos_that_are_gone_take_no_place_among_the_hits(library: Handmade, searcher: Searcher) -> None:
    photos = pictures(200)
    library.add(photos)
    nearest = [hit.path for hit in searcher.search(Query(photo_ids=(1,), limit=10)).hits]
    library.remove([os.path.basename(path) for path in nearest[1:6]])
    again = [hit.path for hit in searcher.search(Query(photo_ids=(1,), limit=10)).hits]
    assert len(again) == 10
    assert again[:5] == [nearest[0], *nearest[6:]]


def test_the_view_is_kept_as_long_as_nothing_changes(library: Handmade, searcher: Searcher) -> None:
    library.add(pictures(3))
    view = searcher.refresh()
    assert searcher.refresh() is view
    with library.catalog.transaction():
        library.catalog.set_target_spec("x")  # a commit that concerns no vector
    assert searcher.refresh() is view
    library.add(pictures(1, first=3))
    assert searcher.refresh() is not view


def test_a_photo_that_changes_between_two_looks_at_the_catalog(
    library: Handmade, reader: Catalog, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The query's vector may not be newer than the view of the index that was opened for it."""
    photos = pictures(5)
    library.add(photos[:4])
    assert names(searcher, Query(images=(at("0.jpg"),), limit=1)) == ["0.jpg"]
    find = reader.files.find

    def find_and_lag(folder: str, name: str) -> object:
        known = find(folder, name)
        if library.model[name] is photos[0]:
            library.put({name: photos[4]})
        return known

    monkeypatch.setattr(reader.files, "find", find_and_lag)
    assert len(names(searcher, Query(images=(at("0.jpg"),)))) >= 3
    hits = searcher.search(Query(images=(at("0.jpg"),))).hits
    assert (len(hits), hits[0].path) == (4, at("0.jpg"))


def test_files_that_vanish_before_they_are_opened_make_a_reader_look_again(
    library: Handmade, reader: Catalog, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add(pictures(1500))
    library.upkeep.run()
    old = library.state().epoch
    assert old is not None
    epoch_of = reader.vectors.epoch

    def epoch_late(pack: object) -> object:
        found = epoch_of(pack)  # type: ignore[arg-type]
        if found == old:
            library.upkeep.rebuild()
        return found

    monkeypatch.setattr(reader.vectors, "epoch", epoch_late)
    assert len(searcher.search(Query(photo_ids=(1,), limit=3)).hits) == 3
    view = searcher.refresh()
    assert view is not None
    assert view.state.epoch == library.state().epoch != old


def test_another_pack_takes_over_between_two_searches(library: Handmade, searcher: Searcher) -> None:
    photos = pictures(50)
    library.add(photos)
    assert len(searcher.search(Query(photo_ids=(1,), limit=100)).hits) == 50
    rows = np.array([photo.embedding for photo in reversed(photos)], np.float16)
    with library.catalog.transaction():
        vectors = library.catalog.vectors
        other = vectors.put_pack("other", "other", DIMENSION)
        contents = sorted(library.catalog.contents.referenced(), reverse=True)
        vectors.append(other.id, 0, list(zip(contents, row_crcs(rows), strict=True)))
        library.catalog.set_active_pack("other")
        vectors.drop_pack(library.pack.id)
    (library.folder / "vectors-other.f16").write_bytes(rows.tobytes())
    library.row_path.unlink()
    assert names(searcher, Query(images=(at("7.jpg"),), limit=1)) == ["7.jpg"]
    view = searcher.refresh()
    assert view is not None
    assert view.search(photos[0].embedding, 1, 1)[0].tolist() == [49]


# Damage


@pytest.mark.parametrize("name", ["trained.faiss", "seg-*.faiss"])
@pytest.mark.parametrize("how", ["shorter", "gone", "folder gone"])
def test_a_damaged_index_costs_time_but_no_answer(
    name: str, how: str, library: Handmade, searcher: Searcher, caplog: pytest.LogCaptureFixture
) -> None:
    photos = pictures(1500)
    library.add(photos)
    library.upkeep.run()
    path = next(library.folder.glob(f"epoch-*/{name}"))
    if how == "shorter":
        with path.open("r+b") as file:
            file.truncate(path.stat().st_size - 1)
    elif how == "gone":
        path.unlink()
    else:
        shutil.rmtree(path.parent)
    result = searcher.search(Query(photo_ids=(1,), limit=9))
    assert [int(Path(hit.path).stem) for hit in result.hits] == library.expected(photos[0].embedding, 9)
    assert path.parent.name in caplog.text
    library.upkeep.rebuild()
    again = searcher.search(Query(photo_ids=(1,), limit=9))
    assert [hit.path for hit in again.hits] == [hit.path for hit in result.hits]


def test_damaged_rows_are_a_sentence(library: Handmade, searcher: Searcher) -> None:
    library.add(pictures(20))
    with library.row_path.open("r+b") as file:
        file.truncate(100)
    for _ in range(2):
        with pytest.raises(LibraryDamagedError, match="doctor"):
            searcher.search(Query(photo_ids=(1,)))


def test_a_closed_searcher_lets_all_files_go(library: Handmade, reader: Catalog) -> None:
    library.add(pictures(3))
    searcher = Searcher(library.folder, reader, lambda _: pytest.fail("no encoder"), None)  # type: ignore[arg-type]
    searcher.close()
    searcher = Searcher(library.folder, reader, lambda _: pytest.fail("no encoder"), None)  # type: ignore[arg-type]
    searcher.search(Query(photo_ids=(1,)))
    searcher.close()
