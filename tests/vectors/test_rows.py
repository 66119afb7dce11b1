from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pytest

from photofind.core.errors import LibraryDamagedError, StorageError
from photofind.core.vectors.rows import RowReader, RowWriter, orphan_row_files, row_crcs, row_file
from tests.support.handmade import full_disk, unit_vectors

DIMENSION = 8
STRIDE = DIMENSION * 2


def test_rows_come_back_as_they_were_put(tmp_path: Path) -> None:
    path = tmp_path / "vectors-a.f16"
    vectors = unit_vectors(7, 1, DIMENSION)
    writer = RowWriter(path, DIMENSION, 0)
    first = writer.append(vectors[:4])
    writer.append(vectors[4:])
    assert path.stat().st_size == 7 * STRIDE
    with writer.reader(7) as reader:
        assert reader.get([6, 0, 6]).tolist() == vectors[[6, 0, 6]].tolist()
        assert reader.span(2, 5).tolist() == vectors[2:5].tolist()
        assert [(start, len(rows)) for start, rows in reader.blocks(1, 7, 4)] == [(1, 4), (5, 2)]
        assert reader.span(3, 3).shape == (0, DIMENSION)
    writer.close()
    assert row_crcs(first) == [zlib.crc32(path.read_bytes()[i * STRIDE :][:STRIDE]) for i in range(4)]


def test_rows_are_little_endian_float16(tmp_path: Path) -> None:
    writer = RowWriter(tmp_path / "rows", 2, 0)
    writer.append(np.array([[1.0, -0.5]], np.float32))
    writer.close()
    assert (tmp_path / "rows").read_bytes() == b"\x00\x3c\x00\xb8"


def test_a_rewound_row_is_overwritten(tmp_path: Path) -> None:
    vectors = unit_vectors(3, 2, DIMENSION)
    writer = RowWriter(tmp_path / "rows", DIMENSION, 0)
    writer.append(vectors[:2])
    writer.rewind(1)
    writer.append(vectors[2:])
    with writer.reader(2) as reader:
        assert reader.span(0, 2).tolist() == vectors[[0, 2]].tolist()
    writer.close()


def test_what_a_crash_left_beyond_the_last_named_row_is_overwritten(tmp_path: Path) -> None:
    vectors = unit_vectors(5, 3, DIMENSION)
    writer = RowWriter(tmp_path / "rows", DIMENSION, 0)
    writer.append(vectors[:4])
    writer.close()
    with (tmp_path / "rows").open("ab") as file:
        file.write(b"half")
    writer = RowWriter(tmp_path / "rows", DIMENSION, 2)
    writer.append(vectors[4:])
    with writer.reader(3) as reader:
        assert reader.span(0, 3).tolist() == vectors[[0, 1, 4]].tolist()
    writer.close()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused_and_nothing_is_written(value: float, tmp_path: Path) -> None:
    writer = RowWriter(tmp_path / "rows", DIMENSION, 0)
    vectors = unit_vectors(3, 4, DIMENSION)
    vectors[1, 5] = value
    with pytest.raises(ValueError, match="finite"):
        writer.append(vectors)
    writer.close()
    assert (tmp_path / "rows").stat().st_size == 0


def test_a_full_disk_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    vectors = unit_vectors(600, 5, DIMENSION)
    writer = RowWriter(tmp_path / "rows", DIMENSION, 0)
    writer.append(vectors[:2])
    with full_disk(100 * STRIDE + 7), pytest.raises(StorageError, match="rows"):
        writer.append(vectors)
    writer.append(vectors[2:4])
    with writer.reader(4) as reader:
        assert reader.span(0, 4).tolist() == vectors[:4].tolist()
    writer.close()


@pytest.mark.parametrize("length", [0, STRIDE * 4 - 1, None])
def test_a_store_that_lacks_rows_is_neither_read_nor_appended_to(length: int | None, tmp_path: Path) -> None:
    path = tmp_path / "rows"
    writer = RowWriter(path, DIMENSION, 0)
    writer.append(unit_vectors(4, 6, DIMENSION))
    writer.close()
    if length is None:
        path.unlink()
    else:
        with path.open("r+b") as file:
            file.truncate(length)
    with pytest.raises(LibraryDamagedError, match="doctor"):
        RowReader(path, DIMENSION, 4)
    with pytest.raises(LibraryDamagedError, match="doctor"):
        RowWriter(path, DIMENSION, 4)
    assert path.exists() == (length is not None)


def test_rows_that_vanish_while_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    writer = RowWriter(path, DIMENSION, 0)
    writer.append(unit_vectors(4, 6, DIMENSION))
    with writer.reader(4) as reader:
        with path.open("r+b") as file:
            file.truncate(STRIDE)
        assert reader.get([0]).shape == (1, DIMENSION)
        with pytest.raises(LibraryDamagedError, match="cut short"):
            reader.get([2])
    writer.close()


def test_an_empty_store_can_be_read(tmp_path: Path) -> None:
    with RowReader(tmp_path / "missing", DIMENSION, 0) as reader:
        assert reader.span(0, 0).shape == (0, DIMENSION)
        assert list(reader.blocks(0, 0, 10)) == []


def test_a_folder_that_is_gone_is_the_disks_fault(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="Cannot write"):
        RowWriter(tmp_path / "gone" / "rows", DIMENSION, 0)


def test_stores_of_forgotten_packs_are_orphans(tmp_path: Path) -> None:
    kept, forgotten = "pack-int8-0123456789ab", "pack-fp32-ba9876543210"
    for key in (kept, forgotten, "art"):
        row_file(tmp_path, key).touch()
    assert orphan_row_files(tmp_path, {kept}) == [row_file(tmp_path, forgotten)]


def test_rows_whose_file_is_gone_are_not_begun_anew(tmp_path: Path) -> None:
    with pytest.raises(LibraryDamagedError, match="is gone"):
        RowWriter(tmp_path / "rows", DIMENSION, 4)
    assert not (tmp_path / "rows").exists()
