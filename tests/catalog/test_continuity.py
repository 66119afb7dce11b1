"""A reader that stays open notices that its library is another one, or an older one, and goes on with the same."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog
from photofind.core.catalog.history import Moment
from photofind.core.errors import StorageError


def change(path: Path, spec: str) -> Moment:
    catalog = Catalog.open_writer(path)
    with catalog.transaction():
        catalog.vectors.put_pack(spec, spec, 4)
    moment = catalog.history.now()
    catalog.close_signed()
    return moment


def renamed(kept: Path, path: Path) -> None:
    """Put a file in the place of another, as who copies beside it and renames."""
    other = path.with_name("other")
    shutil.copy(kept, other)
    other.replace(path)


def overwritten(kept: Path, path: Path) -> None:
    """Write a file's bytes over those of another, as `cp` does."""
    shutil.copyfile(kept, path)


def without_log(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.with_name("library.sums").unlink(missing_ok=True)


def test_a_reader_follows_what_is_added(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    Catalog.open_writer(path).close()
    with closing(Catalog.open_reader(path)) as reader:
        assert reader.follow() == Moment()
        for spec in ("a", "b"):
            moment = change(path, spec)
            assert reader.follow() == moment
            assert reader.follow(after=Moment()) == moment


def test_another_file_at_its_path_is_told(tmp_path: Path) -> None:
    path, kept = tmp_path / "library.db", tmp_path / "kept.db"
    change(path, "a")
    shutil.copy(path, kept)
    with closing(Catalog.open_reader(path)) as reader:
        seen = reader.follow()
        renamed(kept, path)
        with pytest.raises(StorageError, match="moved or replaced"):
            reader.follow()
    with closing(Catalog.open_reader(path)) as again:
        assert again.follow(after=seen) == seen


def test_one_that_is_away_is_read_on(tmp_path: Path) -> None:
    """A disk that was pulled tells by itself; a library that was moved is still the one that was opened."""
    path = tmp_path / "library.db"
    moment = change(path, "a")
    with closing(Catalog.open_reader(path)) as reader:
        reader.follow()
        if os.name != "nt":
            path.rename(tmp_path / "away.db")
        assert reader.follow() == moment


def test_a_back_up_that_lacks_what_was_seen_is_told(tmp_path: Path) -> None:
    path, kept = tmp_path / "library.db", tmp_path / "kept.db"
    change(path, "a")
    shutil.copy(path, kept)
    seen = change(path, "b")
    without_log(path)
    renamed(kept, path)
    with closing(Catalog.open_reader(path)) as reader, pytest.raises(StorageError, match="moved or replaced"):
        reader.follow(after=seen)


def test_a_back_up_written_over_it_is_told_once_it_is_written_on(tmp_path: Path) -> None:
    path, kept = tmp_path / "library.db", tmp_path / "kept.db"
    change(path, "a")
    shutil.copy(path, kept)
    change(path, "b")
    with closing(Catalog.open_reader(path)) as reader:
        reader.follow()
        overwritten(kept, path)
        path.with_name("library.sums").unlink(missing_ok=True)
        change(path, "c")
        with pytest.raises(StorageError, match="moved or replaced"):
            reader.follow()
