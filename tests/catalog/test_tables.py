from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog
from photofind.core.records import ContentId, Epoch, FileStamp, PhotoFacts, PhotoId, Segment, VectorId

FACTS = PhotoFacts("JPEG", 4, 3)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open_writer(tmp_path / "library.db") as opened:
        yield opened


class Shelf:
    """Short ways to put rows into a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.files = catalog.files
        self.pack = catalog.vectors.put_pack("a", "a", 4)

    def folder(self, path: str, root: str = "/photos") -> int:
        return self.files.put_folder(self.files.add_root(root), path, is_mount=False, error=None)

    def pending(self, folder: str, name: str, root: str = "/photos") -> PhotoId:
        self.files.add_pending(self.folder(folder, root), [(name, FileStamp(1, 2, 3))])
        known = self.files.find(folder, name)
        assert known is not None
        return known.id

    def content(self, digest: bytes) -> ContentId:
        return self.catalog.contents.by_hash(digest) or self.catalog.contents.add(digest, 9, FACTS)

    def photo(self, folder: str, name: str, digest: bytes, root: str = "/photos") -> PhotoId:
        photo = self.pending(folder, name, root)
        self.files.set_photo(photo, self.content(digest), FileStamp(4, 5, 6))
        return photo

    def vector(self, digest: bytes, pack_id: int | None = None) -> int:
        pack = next(p for p in self.catalog.vectors.packs() if p.id == (pack_id or self.pack.id))
        self.catalog.vectors.append(pack.id, pack.next_vid, [(self.content(digest), 77)])
        return pack.next_vid


@pytest.fixture
def shelf(catalog: Catalog) -> Shelf:
    return Shelf(catalog)


# Names


NAMES = ["plain.jpg", "写真 é.jpg", os.fsdecode(b"caf\xe9.jpg"), os.fsdecode(b"\xff\xfe"), "new\nline", "-", "'\";%"]


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes on POSIX only")
def test_any_name_comes_back(shelf: Shelf) -> None:
    folder = "/photos/" + os.fsdecode(b"d\xe9j\xe0")
    ids = {name: shelf.photo(folder, name, os.fsencode(name)) for name in NAMES}
    known = shelf.files.folder(folder)
    assert known is not None
    assert set(shelf.files.in_folder(known.id)) == set(NAMES)
    for name in NAMES:
        found = shelf.files.find(folder, name)
        assert found is not None
        assert found.id == ids[name]
        assert [copy.path for copy in shelf.files.copies(shelf.content(os.fsencode(name)))] == [f"{folder}/{name}"]
    assert [f.path for f in shelf.files.folders(1)] == [folder]


def test_reasons_with_undecodable_names_are_kept_readable(shelf: Shelf) -> None:
    photo = shelf.pending("/photos", "a")
    shelf.files.set_error(photo, "no \udcff here", "damaged")
    shelf.files.put_folder(1, "/photos/b", is_mount=False, error="closed \udcff")
    assert [(e.path, e.reason) for e in shelf.files.errors()] == [
        ("/photos/a", "no ? here"),
        ("/photos/b", "closed ?"),
    ]
    shelf.files.put_folder(1, "/photos/b", is_mount=False, error=None)
    assert len(list(shelf.files.errors())) == 1


def test_the_largest_numbers_fit(shelf: Shelf) -> None:
    stamp = FileStamp(2**62, -(2**62), 2**63 - 1)
    shelf.files.add_pending(shelf.folder("/photos"), [("a", stamp)])
    known = shelf.files.find("/photos", "a")
    assert known is not None
    assert known.stamp == stamp


# Roots and folders


def test_adding_a_root_twice_is_adding_it_once(shelf: Shelf) -> None:
    assert shelf.files.add_root("/a") == shelf.files.add_root("/a")
    shelf.files.add_root("/A")
    assert [root.path for root in shelf.files.roots()] == ["/A", "/a"]


def test_absorbing_a_root_keeps_its_photos(shelf: Shelf) -> None:
    photo = shelf.photo("/photos/sub", "a.jpg", b"x", root="/photos/sub")
    inner, outer = shelf.files.add_root("/photos/sub"), shelf.files.add_root("/photos")
    shelf.files.absorb_root(inner, outer)
    assert [root.id for root in shelf.files.roots()] == [outer]
    assert [folder.path for folder in shelf.files.folders(outer)] == ["/photos/sub"]
    assert shelf.files.copies(shelf.content(b"x"))[0].id == photo
    assert shelf.catalog.problems() == []


def test_a_root_goes_away_and_comes_back_with_all_its_photos(shelf: Shelf) -> None:
    shelf.photo("/photos", "a", b"x")
    shelf.photo("/photos/sub", "b", b"y")
    shelf.pending("/photos/sub", "c")
    shelf.photo("/other", "d", b"z", root="/other")
    root = shelf.files.add_root("/photos")
    shelf.files.set_root_offline(root, offline=True)
    assert (shelf.files.count_photos(), shelf.files.count_offline(), shelf.files.count_pending([root])) == (3, 2, 0)
    assert [r.offline for r in shelf.files.roots()] == [False, True]
    assert shelf.files.pending([root], 0, 10) == []
    shelf.files.set_root_offline(root, offline=False)
    assert (shelf.files.count_offline(), shelf.files.count_pending([root])) == (0, 1)


def test_a_folder_that_is_seen_again_is_online(shelf: Shelf) -> None:
    shelf.photo("/photos/usb", "a", b"x")
    folder = shelf.folder("/photos/usb")
    shelf.files.set_folders_offline([folder])
    assert shelf.files.count_offline() == 1
    assert shelf.files.put_folder(1, "/photos/usb", is_mount=True, error=None) == folder
    assert shelf.files.count_offline() == 0
    known = shelf.files.folder("/photos/usb")
    assert known is not None
    assert known.is_mount
    assert shelf.files.folder("/photos/nowhere") is None


def test_only_empty_folders_are_forgotten(shelf: Shelf) -> None:
    shelf.photo("/photos/full", "a", b"x")
    full, empty = shelf.folder("/photos/full"), shelf.folder("/photos/empty")
    shelf.files.drop_empty_folders([full, empty])
    assert [folder.id for folder in shelf.files.folders(1)] == [full]


# Files


def test_the_life_of_a_file(shelf: Shelf) -> None:
    photo = shelf.pending("/photos", "a")
    assert [file.id for file in shelf.files.pending([1], 0, 10)] == [photo]
    assert shelf.files.pending([1], photo, 10) == []
    assert shelf.files.pending([2], 0, 10) == []
    assert shelf.files.pending([1], 0, 0) == []
    shelf.files.set_photo(photo, shelf.content(b"x"), FileStamp(4, 5, 6))
    known = shelf.files.find("/photos", "a")
    assert known is not None
    assert (known.state, known.content_id, known.stamp) == ("photo", shelf.content(b"x"), FileStamp(4, 5, 6))
    shelf.files.set_pending([(photo, FileStamp(7, 8, 9))])
    assert shelf.files.pending([1], 0, 10)[0].content_id == shelf.content(b"x")  # until it is read
    assert shelf.files.count_photos() == 1
    shelf.files.set_error(photo, "broken", "damaged")
    known = shelf.files.find("/photos", "a")
    assert known is not None
    assert (known.state, known.content_id, known.error_kind) == ("error", None, "damaged")
    assert (shelf.files.count_photos(), shelf.files.count_pending([1])) == (0, 0)
    shelf.files.set_ignored(photo)
    known = shelf.files.find("/photos", "a")
    assert known is not None
    assert (known.state, known.error_kind) == ("ignored", None)
    assert list(shelf.files.errors()) == []
    shelf.files.remove([photo])
    assert shelf.files.find("/photos", "a") is None


def test_ids_are_never_used_again(shelf: Shelf) -> None:
    first = shelf.pending("/photos", "a")
    shelf.files.remove([first])
    assert shelf.pending("/photos", "a") > first


def test_a_photo_that_moves_keeps_its_id_at_the_new_place(shelf: Shelf) -> None:
    old = shelf.photo("/photos", "a", b"x")
    new = shelf.photo("/photos/b", "c", b"x")
    shelf.files.take_place(old, new)
    assert [(copy.path, copy.id) for copy in shelf.files.copies(shelf.content(b"x"))] == [("/photos/b/c", old)]


# Vectors


def live(shelf: Shelf, pack_id: int | None = None) -> list[int]:
    pack = pack_id or shelf.pack.id
    dead = set(shelf.catalog.vectors.dead(pack))
    next_vid = next(p.next_vid for p in shelf.catalog.vectors.packs() if p.id == pack)
    return [vid for vid in range(next_vid) if vid not in dead]


def test_a_vector_dies_with_the_last_file_of_its_content(shelf: Shelf) -> None:
    one, two = shelf.photo("/photos", "a", b"x"), shelf.photo("/photos", "b", b"x")
    content = shelf.content(b"x")
    vid = shelf.vector(b"x")
    for gone, alive in ((one, [vid]), (two, [])):
        shelf.files.remove([gone])
        shelf.catalog.vectors.refresh_live([content])
        assert live(shelf) == alive
    assert shelf.catalog.vectors.vid_of(shelf.pack.id, content) == (vid, False)


def test_the_dead_never_come_back_to_life(shelf: Shelf) -> None:
    """A segment may have dropped the vector: alive again, it would never be found."""
    photo = shelf.photo("/photos", "a", b"x")
    vid = shelf.vector(b"x")
    shelf.files.remove([photo])
    shelf.catalog.vectors.refresh_live([shelf.content(b"x")])
    shelf.photo("/photos", "a", b"x")
    shelf.catalog.vectors.refresh_live([shelf.content(b"x")])
    assert live(shelf) == []
    assert shelf.catalog.vectors.vid_of(shelf.pack.id, shelf.content(b"x")) is None
    assert shelf.catalog.vectors.dead(shelf.pack.id) == [vid]
    assert [s.path for s in shelf.catalog.contents.missing_embeddings(shelf.pack.id, 0, 9)] == ["/photos/a"]


def test_what_was_lost_is_missing(shelf: Shelf) -> None:
    photo = shelf.photo("/photos", "a", b"x")
    shelf.photo("/photos", "b", b"y")
    vids = [shelf.vector(b"x"), shelf.vector(b"y")]
    vectors, contents = shelf.catalog.vectors, shelf.catalog.contents
    assert vectors.crcs(shelf.pack.id, 0, 10) == [(vid, 77) for vid in vids]
    assert vectors.of_photo(shelf.pack.id, photo) == vids[0]
    vectors.lose(shelf.pack.id, [vids[0]])
    assert vectors.crcs(shelf.pack.id, 0, 10) == [(vids[1], 77)]
    assert vectors.dead(shelf.pack.id) == [vids[0]]
    assert vectors.of_photo(shelf.pack.id, photo) is None
    assert contents.count_missing_embeddings(shelf.pack.id, reachable=True) == 1
    shelf.vector(b"x")  # a lost row keeps no hold on its content
    assert contents.count_missing_embeddings(shelf.pack.id, reachable=False) == 0


def test_cameras_and_formats_are_those_of_photos_that_are_there(shelf: Shelf) -> None:
    folder = shelf.folder("/photos")
    photos = []
    for number, (camera, kind) in enumerate([("B", "RAW"), ("B", "JPEG"), ("A", "JPEG"), (None, "PNG"), ("C", "PNG")]):
        name = f"{number}.x"
        content = shelf.catalog.contents.add(name.encode(), 9, PhotoFacts(kind, 4, 3, camera=camera))
        shelf.files.add_pending(folder, [(name, FileStamp(1, 2, 3))])
        known = shelf.files.find("/photos", name)
        assert known is not None
        shelf.files.set_photo(known.id, content, FileStamp(1, 2, 3))
        photos.append(known.id)
    contents = shelf.catalog.contents
    assert (contents.cameras(), contents.formats()) == (["A", "B", "C"], ["JPEG", "PNG", "RAW"])
    shelf.files.remove(photos[:1])
    assert (contents.cameras(), contents.formats()) == (["A", "B", "C"], ["JPEG", "PNG"])
    shelf.files.remove(photos[1:3])
    assert (contents.cameras(), contents.formats()) == (["C"], ["PNG"])
    shelf.files.remove(photos[3:])
    assert (contents.cameras(), contents.formats()) == ([], [])


def test_missing_embeddings_name_each_content_once_and_only_what_can_be_read(shelf: Shelf) -> None:
    first = shelf.photo("/photos", "a", b"x")
    shelf.photo("/photos", "b", b"x")
    shelf.photo("/photos", "c", b"y")
    shelf.pending("/photos", "d")
    away = shelf.photo("/usb", "e", b"z", root="/usb")
    shelf.files.set_root_offline(shelf.files.add_root("/usb"), offline=True)
    shelf.photo("/photos", "f", b"has one")
    shelf.vector(b"has one")
    changed = shelf.photo("/photos", "g", b"old")
    shelf.files.set_pending([(changed, FileStamp(0, 0, 0))])
    contents = shelf.catalog.contents
    found = contents.missing_embeddings(shelf.pack.id, 0, 10)
    assert [(s.photo_id, s.path, s.hash) for s in found] == [(first, "/photos/a", b"x"), (3, "/photos/c", b"y")]
    assert contents.missing_embeddings(shelf.pack.id, found[0].content_id, 10) == found[1:]
    assert contents.missing_embeddings(shelf.pack.id, 0, 1) == found[:1]
    assert contents.count_missing_embeddings(shelf.pack.id, reachable=True) == 2
    assert contents.count_missing_embeddings(shelf.pack.id, reachable=False) == 4
    assert contents.source_of(shelf.content(b"z")) is None
    source = contents.source_of(shelf.content(b"x"))
    assert source is not None
    assert source.path in {"/photos/a", "/photos/b"}
    shelf.files.remove([away])
    assert set(contents.referenced()) == {shelf.content(d) for d in (b"x", b"y", b"has one", b"old")}


def test_places_are_all_photos_of_the_vectors(shelf: Shelf) -> None:
    one, two = shelf.photo("/photos", "a", b"x"), shelf.photo("/usb", "b", b"x", root="/usb")
    shelf.photo("/photos", "c", b"y")
    vid, other = shelf.vector(b"x"), shelf.vector(b"y")
    shelf.files.set_root_offline(shelf.files.add_root("/usb"), offline=True)
    places = shelf.catalog.vectors.places
    assert {(p.vid, p.photo_id, p.path, p.offline) for p in places(shelf.pack.id, [vid, 999])} == {
        (vid, one, "/photos/a", False),
        (vid, two, "/usb/b", True),
    }
    assert len(list(places(shelf.pack.id, [other, vid]))) == 3
    assert list(places(shelf.pack.id, [])) == []
    assert list(places(shelf.pack.id + 1, [vid])) == []
    assert len(list(places(shelf.pack.id, range(50_000)))) == 3  # beyond what a statement takes as parameters


def test_packs_do_not_meet(shelf: Shelf) -> None:
    photo = shelf.photo("/photos", "a", b"x")
    other = shelf.catalog.vectors.put_pack("b", "b", 8)
    shelf.vector(b"y")
    assert shelf.vector(b"x") == 1
    assert shelf.vector(b"x", other.id) == 0
    vectors = shelf.catalog.vectors
    assert (vectors.of_photo(shelf.pack.id, photo), vectors.of_photo(other.id, photo)) == (VectorId(1), VectorId(0))
    epoch = Epoch("e", 1, 1, 10, "00")
    vectors.set_epoch(other.id, epoch, [Segment("s", 0, 1, 1, 5, "00")])
    vectors.drop_pack(shelf.pack.id)
    assert [pack.key for pack in vectors.packs()] == ["b"]
    assert vectors.vid_of(other.id, shelf.content(b"x")) == (VectorId(0), True)
    assert vectors.epoch_ids() == {"e"}
    vectors.drop_pack(other.id)
    assert (vectors.packs(), vectors.epoch_ids()) == ([], set())
    assert shelf.catalog.problems() == []


def test_one_index_replaces_the_other_whole(shelf: Shelf) -> None:
    vectors = shelf.catalog.vectors
    one, two = Epoch("one", 1, 5, 10, "aa"), Epoch("two", 256, 50, 20, "bb")
    segments = [Segment(f"s{i}", 10 * i, 10 * i + 10, 9, 5, "cc") for i in range(4)]

    def current() -> tuple[Epoch | None, list[Segment]]:
        pack = vectors.pack("a")
        assert pack is not None
        epoch = vectors.epoch(pack)
        return epoch, vectors.segments(epoch.id) if epoch else []

    assert current() == (None, [])
    vectors.set_epoch(shelf.pack.id, one, reversed(segments[:2]))
    assert current() == (one, segments[:2])
    vectors.replace_segments("one", [], segments[2])
    merged = Segment("m", 10, 30, 18, 9, "dd")
    vectors.replace_segments("one", segments[1:3], merged)
    assert current() == (one, [segments[0], merged])
    vectors.set_epoch(shelf.pack.id, two, segments[3:])
    assert current() == (two, segments[3:])
    assert (vectors.epoch_ids(), vectors.segment_ids("one"), vectors.segment_ids("two")) == ({"two"}, set(), {"s3"})
    vectors.drop_index(shelf.pack.id)
    assert current() == (None, [])
    assert vectors.epoch_ids() == set()


def test_every_change_of_a_packs_vectors_or_index_is_a_new_revision(shelf: Shelf) -> None:
    """Readers look at nothing else to see whether their view is still the newest."""
    vectors, seen = shelf.catalog.vectors, set[int]()

    def is_new() -> bool:
        pack = vectors.pack("a")
        assert pack is not None
        before = len(seen)
        seen.add(pack.revision)
        return len(seen) > before

    assert is_new()
    photo = shelf.photo("/photos", "a", b"x")
    shelf.vector(b"x")
    assert is_new()
    vectors.refresh_live([shelf.content(b"x")])
    assert not is_new()
    epoch = Epoch("e", 1, 1, 10, "00")
    segment, other = Segment("s", 0, 1, 1, 5, "00"), Segment("t", 0, 1, 1, 5, "00")
    vectors.set_epoch(shelf.pack.id, epoch, [segment])
    assert is_new()
    vectors.replace_segments("e", [segment], other)
    assert is_new()
    shelf.files.remove([photo])
    vectors.refresh_live([shelf.content(b"x")])
    assert is_new()
    vectors.lose(shelf.pack.id, [0])
    assert is_new()
    vectors.drop_index(shelf.pack.id)
    assert is_new()
