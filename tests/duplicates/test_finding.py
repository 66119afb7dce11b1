"""From photos on disk to groups of duplicates: the whole way, with real photos, a real index and real evidence."""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import skimage
from filelock import FileLock
from PIL import Image

from photofind.core.catalog import ThumbnailStore
from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.catalog.pairs import PAIRS_FILE, PairStore
from photofind.core.duplicates.finding import FindReport
from photofind.core.duplicates.reading import DuplicateReader
from photofind.core.errors import LibraryBusyError, StorageError
from photofind.core.evidence import DuplicateGroup, GroupKind, Verdict
from photofind.core.library import Library
from photofind.core.progress import Control
from photofind.core.settings import Settings
from tests.support.copies import make_copy, other_shot, saved
from tests.support.world import World

_DATA = Path(skimage.__file__).parent / "data"
_SOFTWARE = 0x0131
PHOTOS = 11
"""Distinct contents in the library that is searched."""


def photo(name: str) -> Image.Image:
    with Image.open(_DATA / name) as image:
        return image.convert("RGB")


def as_jpeg(image: Image.Image, *, software: str = "", quality: int = 92) -> bytes:
    exif = Image.Exif()
    if software:
        exif[_SOFTWARE] = software
    return saved(image, "JPEG", quality=quality, exif=exif)


def tagged(content: bytes, software: str) -> bytes:
    """Return the same coded picture with another header."""
    with Image.open(io.BytesIO(content)) as image:
        exif = image.getexif()
        exif[_SOFTWARE] = software
        marker = b"\xff\xe1"
        data = exif.tobytes()
        return content[:2] + marker + (len(data) + 2).to_bytes(2, "big") + data + content[2:]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A library that nobody has looked for duplicates in; not to be changed."""
    world = World(tmp_path_factory.mktemp("finding"), Settings(workers=2))
    cat, cup, rocket, face = (photo(name) for name in ("chelsea.png", "coffee.png", "rocket.jpg", "astronaut.png"))
    original = as_jpeg(cat)
    world.put("camera/cat.jpg", original)
    world.put("backup/cat (1).jpg", original)
    world.put("backup/cat tagged.jpg", tagged(original, "tagger"))
    world.put("sent/cat small.jpg", as_jpeg(cat.resize((225, 150), Image.Resampling.LANCZOS)))
    world.put("sent/cat again.jpg", as_jpeg(cat, quality=55))
    world.put("sent/cat turned.jpg", make_copy(cat, "rotated", 1).content)
    world.put("sent/cat framed.png", make_copy(cat, "screenshot", 1).content)
    world.put("camera/cup.jpg", as_jpeg(cup))
    world.put("camera/cup part.jpg", as_jpeg(cup.crop((60, 30, 560, 370))))
    world.put("camera/rocket.jpg", as_jpeg(rocket))
    world.put("camera/face.jpg", as_jpeg(face))
    world.put("camera/face next.jpg", as_jpeg(other_shot(face, 3)))
    world.update()
    return world


@pytest.fixture(scope="module")
def found(prepared: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The library after somebody has looked for duplicates; not to be changed."""
    world = copied(prepared, tmp_path_factory.mktemp("found"))
    assert find(world).hashed == PHOTOS
    return world


@pytest.fixture
def world(prepared: World, tmp_path: Path) -> World:
    """A library that nobody has looked for duplicates in; the photos are those of all tests."""
    return copied(prepared, tmp_path)


@pytest.fixture
def searched(found: World, tmp_path: Path) -> World:
    """A library in which duplicates were found."""
    return copied(found, tmp_path)


def copied(world: World, place: Path) -> World:
    copy = World(place, world.settings)
    copy.photos.rmdir()
    copy.photos = world.photos
    shutil.copytree(world.library, copy.library)
    return copy


def find(world: World, control: Control | None = None, *, stop_in: str = "") -> FindReport:
    control = control or Control()
    with Library(world.library, world.settings) as library:
        finder = library.finder(control)
        for progress in finder.run():
            if progress.phase == stop_in:
                control.stop()
        return finder.report


@pytest.fixture
def reader(searched: World) -> Iterator[DuplicateReader]:
    with Library(searched.library, searched.settings) as library, closing(library.duplicates()) as opened:
        yield opened


def groups(world: World, *kinds: GroupKind) -> list[DuplicateGroup]:
    with Library(world.library, world.settings) as library, closing(library.duplicates()) as reader:
        table = reader.groups(reader.calibration().usual.threshold, kinds or frozenset(GroupKind))
        return list(reader.all_groups(table))


def names(group: DuplicateGroup) -> set[str]:
    return {Path(member.path).stem for member in group.members}


CATS = {"cat", "cat (1)", "cat tagged", "cat small", "cat again", "cat turned", "cat framed"}


def test_copies_are_found_and_other_photos_are_not(found: World) -> None:
    copies = [each for each in groups(found) if each.kind is not GroupKind.SIMILAR]
    assert sorted(map(names, copies), key=len) == [{"cup", "cup part"}, CATS]
    shots = [each for each in groups(found) if each.kind is GroupKind.SIMILAR]
    assert [names(each) for each in shots] == [{"face", "face next"}]


def test_the_evidence_says_what_each_copy_is(searched: World) -> None:
    cats = next(each for each in groups(searched) if "cat" in names(each))
    verdicts = {
        Path(member.path).stem: member.evidence.verdict for member in cats.members if member.evidence is not None
    }
    reference = Path(cats.members[0].path).stem
    assert reference in {"cat", "cat (1)", "cat tagged"}
    others = {"cat", "cat (1)", "cat tagged"} - {reference}
    assert {verdicts[name] for name in others} <= {Verdict.SAME_FILE, Verdict.SAME_PICTURE}
    assert verdicts["cat small"] is Verdict.RESIZED
    assert verdicts["cat again"] is Verdict.REENCODED
    assert verdicts["cat turned"] is Verdict.EDITED
    turned = next(member.evidence for member in cats.members if Path(member.path).stem == "cat turned")
    assert turned is not None
    assert turned.orientation != 1 or turned.changes


def test_same_bytes_and_same_pixels_are_exact_groups_of_their_own_when_only_these_are_wanted(searched: World) -> None:
    assert [names(each) for each in groups(searched, GroupKind.EXACT)] == [{"cat", "cat (1)", "cat tagged"}]


def test_exact_copies_are_reviewed_apart_and_among_the_edited_ones(reader: DuplicateReader) -> None:
    table = reader.groups_to_review(reader.calibration().usual.threshold)
    found = [(each.kind, names(each)) for each in reader.all_groups(table)]
    assert found[0] == (GroupKind.EXACT, {"cat", "cat (1)", "cat tagged"})
    assert (GroupKind.NEAR, CATS) in found
    assert found[-1] == (GroupKind.SIMILAR, {"face", "face next"})


def test_what_was_found_is_not_looked_for_again(searched: World) -> None:
    again = find(searched)
    assert (again.hashed, again.compared) == (0, 0)


def test_only_new_photos_are_compared(prepared: World, tmp_path: Path) -> None:
    world = World(tmp_path, prepared.settings)
    shutil.copytree(prepared.photos, world.photos, dirs_exist_ok=True)
    world.update()
    before = find(world)
    world.put("sent/rocket small.jpg", as_jpeg(photo("rocket.jpg").resize((320, 214))))
    world.update()
    after = find(world)
    assert after.hashed == 1
    assert after.compared < before.compared
    assert {"rocket", "rocket small"} in [names(each) for each in groups(world)]
    (world.photos / "sent/rocket small.jpg").unlink()
    world.update()
    assert not [each for each in groups(world) if "rocket" in names(each)]


@pytest.mark.parametrize("phase", ["hash", "join", "compare"])
def test_a_stopped_search_goes_on_where_it_was(world: World, phase: str) -> None:
    stopped = find(world, stop_in=phase)
    assert stopped.stopped
    rest = find(world)
    assert not rest.stopped
    assert stopped.hashed + rest.hashed == PHOTOS
    assert CATS in [names(each) for each in groups(world)]


def test_a_library_that_was_made_anew_is_searched_from_the_beginning(searched: World, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other", searched.settings)
    for number in range(4):
        other.put(f"{number}.jpg", number)
    other.update()
    shutil.copy(searched.library / PAIRS_FILE, other.library / PAIRS_FILE)
    assert find(other).hashed == 4
    assert groups(other) == []


def test_a_damaged_cache_is_made_anew(searched: World) -> None:
    (searched.library / PAIRS_FILE).write_bytes(b"no database" * 1000)
    for name in (f"{PAIRS_FILE}-wal", f"{PAIRS_FILE}-shm"):
        (searched.library / name).unlink(missing_ok=True)
    assert find(searched).hashed == PHOTOS
    assert CATS in [names(each) for each in groups(searched)]


def test_two_do_not_search_at_once(world: World) -> None:
    with PairStore.open(world.library / PAIRS_FILE, writable=True), pytest.raises(LibraryBusyError):
        find(world)
    assert not find(world).stopped


def test_a_damaged_thumbnail_costs_one_photo_its_hash_and_no_more(world: World) -> None:
    with Library(world.library, world.settings) as library:
        lost = library.photo_at(str(world.photos / "camera/rocket.jpg"))
        record = library.photo(int(lost or 0))
    assert record is not None
    with ThumbnailStore.open(world.library / "thumbnails.db", writable=True) as thumbnails:
        thumbnails.put_many([(record.content_id, b"\xff\xd8 cut short")])
    assert find(world).hashed == PHOTOS
    assert CATS in [names(each) for each in groups(world)]


def test_what_the_user_says_is_no_duplicate_stays_away(searched: World) -> None:
    cups = next(each for each in groups(searched) if "cup" in names(each))
    with DecisionStore.open(searched.library / DECISIONS_FILE) as decisions:
        decisions.reject_pair(*(member.content_hash for member in cups.members))
    assert not [each for each in groups(searched) if "cup" in names(each)]
    cats = next(each for each in groups(searched) if "cat" in names(each))
    with DecisionStore.open(searched.library / DECISIONS_FILE) as decisions:
        decisions.dismiss_group(member.content_hash for member in cats.members)
    assert not [each for each in groups(searched) if "cat" in names(each)]


def test_a_dismissed_group_returns_with_a_new_member(prepared: World, tmp_path: Path) -> None:
    world = World(tmp_path, prepared.settings)
    shutil.copytree(prepared.photos / "camera", world.photos / "camera")
    world.update()
    find(world)
    cups = next(each for each in groups(world) if "cup" in names(each))
    with DecisionStore.open(world.library / DECISIONS_FILE) as decisions:
        decisions.dismiss_group(member.content_hash for member in cups.members)
    assert not [each for each in groups(world) if "cup" in names(each)]
    shutil.copy(world.photos / "camera/cup.jpg", world.photos / "camera/one more cup.jpg")
    world.update()
    assert {"cup", "cup part", "one more cup"} in [names(each) for each in groups(world)]


def test_labels_of_the_user_move_the_threshold(searched: World, reader: DuplicateReader) -> None:
    shipped = reader.calibration()
    rng = random.Random(1)
    with DecisionStore.open(searched.library / DECISIONS_FILE) as decisions:
        for _ in range(20):
            first, second = (rng.randbytes(32) for _ in range(2))
            decisions.add_label(first, second, is_copy=False, score=0.97)
    assert reader.calibration().usual.threshold > shipped.usual.threshold


def test_nothing_was_searched_yet(world: World) -> None:
    with Library(world.library, world.settings) as library, closing(library.duplicates()) as reader:
        assert not reader.was_searched()
        assert reader.count_waiting() == PHOTOS
        # Byte-identical files are known from reading them.
        assert [names(each) for each in reader.all_groups(reader.groups(0.9))] == [{"cat", "cat (1)"}]
    find(world)
    with Library(world.library, world.settings) as library, closing(library.duplicates()) as reader:
        assert reader.count_waiting() == 0


def test_a_folder_in_the_place_of_what_was_found_is_not_taken_for_nothing(world: World) -> None:
    (world.library / PAIRS_FILE).mkdir()
    with Library(world.library, world.settings) as library, pytest.raises(StorageError, match=PAIRS_FILE):
        library.duplicates()


def test_the_lock_goes_with_the_search(searched: World) -> None:
    find(searched)
    with FileLock(searched.library / "duplicates.lock", timeout=0):
        pass
