from __future__ import annotations

import errno
import hashlib
import mmap
from functools import partial
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest

from photofind.core.errors import LibraryDamagedError, StorageError
from photofind.core.vectors.files import MappedFile, file_sha256, has_sha256, remove_files, write_durably
from tests.support.handmade import full_disk


def an_index(rows: int) -> Any:
    index = faiss.IndexFlatIP(8)
    index.add(np.ones((rows, 8), np.float32))
    return index


def unseen(_: mmap.mmap) -> bool:
    """Believe whatever is in a file."""
    return True


def write(path: Path, rows: int) -> tuple[int, str]:
    index = an_index(rows)
    return write_durably(path, lambda writer: faiss.write_index(index, writer))


def test_size_and_checksum_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "写真 é.faiss"
    size, sha256 = write(path, 1000)
    assert size == path.stat().st_size > 32_000
    assert sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == file_sha256(path)
    mapped = MappedFile(path, size, faiss.read_index, partial(has_sha256, sha256=sha256))
    assert mapped.content.ntotal == 1000
    with pytest.raises(LibraryDamagedError, match="checksum"):
        MappedFile(path, size, faiss.read_index, partial(has_sha256, sha256="0" * 64))


@pytest.mark.parametrize("room", [0, 1000, 5 << 20])
def test_a_full_disk_leaves_no_file(room: int, tmp_path: Path) -> None:
    path = tmp_path / "index.faiss"
    with full_disk(room), pytest.raises(StorageError, match=r"index\.faiss"):
        write(path, 200_000)
    assert list(tmp_path.iterdir()) == []
    write(path, 10)


def test_a_disk_that_does_not_even_let_go_of_the_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)
    with full_disk(1000), pytest.raises(StorageError, match=r"index\.faiss"):
        write(tmp_path / "index.faiss", 200_000)


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="Cannot write"):
        write(tmp_path / "gone" / "index.faiss", 1)


def test_another_length_is_damage_and_absence_is_not(tmp_path: Path) -> None:
    path = tmp_path / "index.faiss"
    size, _ = write(path, 10)
    with pytest.raises(LibraryDamagedError, match="instead of"):
        MappedFile(path, size + 1, faiss.read_index, unseen)
    with pytest.raises(FileNotFoundError):
        MappedFile(tmp_path / "gone", size, faiss.read_index, unseen)
    with pytest.raises(LibraryDamagedError, match="Cannot read"):
        MappedFile(tmp_path, size, faiss.read_index, unseen)
    path.write_bytes(b"x" * size)
    with pytest.raises(LibraryDamagedError, match="no index file"):
        MappedFile(path, size, faiss.read_index, unseen)


def test_files_that_cannot_be_removed_are_left(tmp_path: Path) -> None:
    file, folder = tmp_path / "file", tmp_path / "folder"
    file.touch()
    folder.mkdir()
    assert remove_files([file, tmp_path / "gone", folder]) == [file, folder]
    assert list(tmp_path.iterdir()) == []
