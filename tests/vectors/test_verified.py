"""What a search reads is verified: rows when they are first read, index files before faiss parses them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from photofind.core.errors import LibraryDamagedError
from photofind.core.searching.view import IndexView
from photofind.core.vectors import snapshot as snapshots
from photofind.core.vectors.files import MappedFile, segment_file, trained_file
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
    epoch, segments = library.state().epoch, library.state().segments
    assert epoch is not None
    for path in (segment_file(library.folder, epoch.id, segments[0].id), trained_file(library.folder, epoch.id)):
        flip_bit(path, path.stat().st_size // 2)
        caplog.clear()
        assert ask(library, exact=False) == wanted
        assert f"The checksum of {path} is wrong" in caplog.text


def test_damaged_files_never_reach_faiss(library: Handmade) -> None:
    epoch = library.state().epoch
    assert epoch is not None
    path = trained_file(library.folder, epoch.id)
    content = bytearray(path.read_bytes())
    content[8:16] = np.int64(1 << 60).tobytes()  # a size that nobody has memory for
    path.write_bytes(content)
    with pytest.raises(LibraryDamagedError, match="checksum"):
        MappedFile.trained(library.folder, epoch)
