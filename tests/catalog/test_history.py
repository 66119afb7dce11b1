"""A library knows the moments it has come through, and none of those that a back-up has undone."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog, history
from photofind.core.catalog.history import Moment
from tests.support.handmade import Handmade, name_of, pictures


def change(path: Path, *specs: str) -> list[Moment]:
    """Commit as one writer, something that gives numbers out; return the moment after each commit."""
    catalog = Catalog.open_writer(path)
    moments = []
    for spec in specs:
        with catalog.transaction():
            catalog.vectors.put_pack(spec, spec, 4)
        moments.append(catalog.history.now())
    catalog.close_signed()
    return moments


def known(path: Path, *moments: Moment) -> list[bool]:
    catalog = Catalog.open_reader(path)
    found = [catalog.history.has(moment) for moment in moments]
    catalog.close()
    return found


def test_all_moments_before_are_known(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    Catalog.open_writer(path).close()
    moments = [Moment(), *change(path, "a", "b"), *change(path, "c"), *change(path, "d", "e")]
    assert len(set(moments)) == 6
    assert known(path, *moments) == [True] * 6
    assert known(path, Moment("stranger", 2), Moment(moments[-1].token, 99), Moment(moments[1].token, 3)) == [False] * 3


@pytest.mark.parametrize("more", [(), ("x",), ("x", "y", "z")])
def test_what_a_back_up_undid_is_not_known(tmp_path: Path, more: tuple[str, ...]) -> None:
    """The back-up was made in the middle of a writer's run: its token is known, its last commits are not."""
    path, kept = tmp_path / "library.db", tmp_path / "kept.db"
    before = change(path, "a")
    catalog = Catalog.open_writer(path)
    moments = []
    for spec in ("b", "c"):
        with catalog.transaction():
            catalog.vectors.put_pack(spec, spec, 4)
        moments.append(catalog.history.now())
        if spec == "b":
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(kept)) as target:
                source.backup(target)
    catalog.close_signed()
    undone = [moments[1], *change(path, "d")]
    assert known(path, *before, *moments, *undone) == [True] * 5
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.copy(kept, path)
    path.with_name("library.sums").unlink(missing_ok=True)
    after = change(path, *more)
    assert known(path, before[0], moments[0], *after) == [True] * (2 + len(more))
    assert known(path, *undone) == [False] * 2


def test_a_commit_that_is_taken_back_or_gives_nothing_out_is_no_moment(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    (before,) = change(path, "a")
    catalog = Catalog.open_writer(path)
    with suppress(KeyError), catalog.transaction():
        catalog.vectors.put_pack("b", "b", 4)
        raise KeyError
    with catalog.transaction():
        catalog.set_target_spec("b")
    assert catalog.history.now() == before
    with catalog.transaction():
        catalog.vectors.put_pack("c", "c", 4)
    assert catalog.history.now().commits == before.commits + 1
    assert catalog.history.has(before)
    catalog.close()


def test_only_so_many_writers_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_MOST_WRITERS", 3)
    path = tmp_path / "library.db"
    moments = [change(path, f"pack {number}")[0] for number in range(5)]
    assert known(path, *moments) == [False, False, True, True, True]
    with closing(Catalog.open_reader(path)) as catalog:
        assert not any(catalog.history.contradicts(moment) for moment in moments)  # what is forgotten may have been
        assert catalog.history.contradicts(Moment("stranger", moments[2].commits))
        assert catalog.history.contradicts(Moment(moments[-1].token, 99))


def test_contents_and_vectors_are_numbers_that_are_given_out(tmp_path: Path) -> None:
    library = Handmade(tmp_path / "library")
    library.add(pictures(3))
    added = library.catalog.history.now()
    library.remove([name_of(pictures(3)[0])])
    assert library.catalog.history.now() == added
    library.add(pictures(1, first=3))
    assert library.catalog.history.now().commits > added.commits
    library.close()
