"""What a search reads is verified: rows when they are first read, index files before faiss parses them."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from photofind.core.errors import DamagedIndexError, LibraryDamagedError
from photofind.core.records import Epoch
from photofind.core.searching.view import IndexView
from photofind.core.vectors import segments
from photofind.core.vectors import snapshot as snapshots
from photofind.core.vectors.files import MappedFile, segment_file, trained_file
from photofind.core.vectors.segments import MappedSegment
from tests.support.handmade import DIMENSION, Handmade, flip_bit, name_of, pictures, unit_vectors

STRIDE = 2 * DIMENSION
SIZE = 1300
SEALED = 1200


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Handmade]:
    """A library with one segment and some rows that no segment has."""
    made = Handmade(tmp_path / "library")
    photos = pictures(SIZE)
    made.add(photos[:SEALED])
    made.upkeep.run()
    made.add(photos[SEALED:])
    yield made
    made.close()


def ask(library: Handmade, *, exact: bool, k: int = SIZE) -> list[int]:
    view = IndexView(library.folder, library.catalog)
    try:
        seen = view.look(lambda pack: pack)
        assert seen is not None
        query = unit_vectors(1, 3)[0]
        snapshot = seen.snapshot
        vids, _ = snapshot.search_exactly(query, k) if exact else snapshot.search(query, k, 1)
        return [int(vid) for vid in vids]
    finally:
        view.close()


@pytest.mark.parametrize("vid", [0, 700, SIZE - 1])
@pytest.mark.parametrize("exact", [True, False])
def test_a_damaged_row_is_named_instead_of_scored(library: Handmade, vid: int, exact: bool) -> None:
    assert len(ask(library, exact=exact)) == SIZE
    flip_bit(library.row_path, vid * STRIDE + 1)
    with pytest.raises(LibraryDamagedError, match=f"{library.row_path.name} is damaged \\(at embedding {vid}\\)"):
        ask(library, exact=exact)


def test_in_a_large_library_what_is_shown_is_verified(library: Handmade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_VERIFIED_WHOLE", 100)
    best = ask(library, exact=True, k=5)
    flip_bit(library.row_path, best[0] * STRIDE)
    with pytest.raises(LibraryDamagedError, match=f"at embedding {best[0]}"):
        ask(library, exact=True, k=5)


def test_the_damaged_row_of_a_photo_that_is_gone_does_no_harm(library: Handmade) -> None:
    library.remove([name_of(pictures(SIZE)[7])])
    with library.catalog.transaction():
        library.catalog.vectors.lose(library.pack.id, [7])
    flip_bit(library.row_path, 7 * STRIDE)
    assert len(ask(library, exact=True)) == SIZE - 1


def test_without_a_sound_index_every_row_is_compared(library: Handmade, caplog: pytest.LogCaptureFixture) -> None:
    wanted = ask(library, exact=False)
    epoch, (segment,) = library.state().epoch, library.state().segments
    assert epoch is not None
    for path in (segment_file(library.folder, epoch.id, segment.id), trained_file(library.folder, epoch.id)):
        flip_bit(path, path.stat().st_size // 2)
        caplog.clear()
        assert ask(library, exact=False) == wanted
        assert f"The checksum of {path} is wrong" in caplog.text


@pytest.fixture
def large(library: Handmade, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The segment of the library, taken for one that is too large to be verified when it is opened."""
    monkeypatch.setattr(segments, "VERIFIED_WHOLE", 0)
    epoch, (segment,) = library.state().epoch, library.state().segments
    assert epoch is not None
    return segment_file(library.folder, epoch.id, segment.id)


def places(path: Path) -> dict[str, int]:
    """Where the parts of the file of a segment with one list are."""
    size = path.stat().st_size
    footer = 2 * 4 + 16
    ids = size - footer - 8 * SEALED
    return {"sizes": 36, "codes": ids - 1000, "ids": ids + 8 * 600 + 1, "checksum": size - 17}


@pytest.mark.parametrize("part", ["codes", "ids"])
def test_a_list_of_a_large_segment_is_verified_when_it_is_read(library: Handmade, large: Path, part: str) -> None:
    assert len(ask(library, exact=False, k=5)) == 5
    flip_bit(large, places(large)[part])
    with pytest.raises(DamagedIndexError, match=f"The checksum of {large} is wrong"):
        ask(library, exact=False, k=5)
    epoch, (segment,) = library.state().epoch, library.state().segments
    assert epoch is not None
    mapped = MappedSegment(library.folder, epoch, segment)
    for _ in range(2):
        with pytest.raises(DamagedIndexError):
            mapped.ids(0)
    with pytest.raises(LibraryDamagedError):
        mapped.verify()


def test_a_large_segment_with_damaged_sizes_is_not_believed(
    library: Handmade, large: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = ask(library, exact=True, k=5)
    flip_bit(large, places(large)["sizes"])
    assert ask(library, exact=False, k=5) == wanted
    assert f"The checksum of {large} is wrong" in caplog.text


def test_a_damaged_checksum_is_damage_too(library: Handmade, large: Path) -> None:
    flip_bit(large, places(large)["checksum"])
    with pytest.raises(DamagedIndexError):
        ask(library, exact=False, k=5)


def test_a_large_segment_from_before_the_checksums_is_read_as_it_is(library: Handmade, large: Path) -> None:
    epoch, (segment,) = library.state().epoch, library.state().segments
    assert epoch is not None
    content = large.read_bytes()[: -(2 * 4 + 16)]
    large.write_bytes(content)
    older = replace(segment, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    mapped = MappedSegment(library.folder, epoch, older)
    assert not mapped.is_verified_by_lists
    assert sorted(mapped.vids().tolist()) == list(range(SEALED))


@pytest.mark.skipif(sys.platform != "linux", reason="reads what the process has of the system as Linux tells it")
def test_a_segment_that_nobody_holds_takes_no_memory(tmp_path: Path) -> None:
    nlist = 20_000
    (tmp_path / "epoch-e").mkdir()
    epoch = Epoch("e", nlist, 1, 1, "")
    segment = segments.write_segment(tmp_path, epoch, (0, 1), 4, [0] * nlist, ([] for _ in range(nlist)))

    def own() -> int:
        status = Path("/proc/self/status").read_text()
        return int(re.findall(r"RssAnon:\s+(\d+)", status)[0]) >> 10

    MappedSegment(tmp_path, epoch, segment)
    before = own()
    for _ in range(40):
        assert MappedSegment(tmp_path, epoch, segment).content.nlist == nlist
    assert own() < before + 40  # and not 125 more
    lists = MappedSegment(tmp_path, epoch, segment).content  # what is left of it may still be used
    assert sum(lists.list_size(number) for number in range(nlist)) == 0


def test_damaged_files_never_reach_faiss(library: Handmade) -> None:
    epoch = library.state().epoch
    assert epoch is not None
    path = trained_file(library.folder, epoch.id)
    content = bytearray(path.read_bytes())
    content[8:16] = np.int64(1 << 60).tobytes()  # a size that nobody has memory for
    path.write_bytes(content)
    with pytest.raises(LibraryDamagedError, match="checksum"):
        MappedFile.trained(library.folder, epoch)
