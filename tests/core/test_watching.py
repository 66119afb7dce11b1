"""Waiting for changes in real folders."""

from __future__ import annotations

import errno
import threading
from pathlib import Path

import pytest
from watchdog.observers.api import BaseObserver

from photofind.core import watching
from photofind.core.watching import FolderWatch

Told = list[tuple[str, OSError]]


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "QUIET_SECONDS", 0.1)


def test_changes_end_the_wait(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    with FolderWatch([str(tmp_path)], tmp_path / "library") as watch:
        assert watch.unwatched == []
        for change in (
            lambda: (tmp_path / "a.jpg").touch(),
            lambda: (tmp_path / "a.jpg").rename(tmp_path / "deep" / "er" / "b.jpg"),
            lambda: (tmp_path / "deep" / "er" / "b.jpg").unlink(),
        ):
            change()
            assert watch.wait()


def test_what_the_library_itself_writes_is_no_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "library"
    library.mkdir()
    with FolderWatch([str(tmp_path)], library) as watch:
        (library / "library.db").write_bytes(b"x")
        monkeypatch.setattr(watching, "RESCAN_SECONDS", 0.3)
        assert watch.wait(), "it is time to look again, but nothing is noted"
        assert not watch._changed.is_set()


def test_stop_ends_the_wait_of_another_thread(tmp_path: Path) -> None:
    answers: list[bool] = []
    with FolderWatch([str(tmp_path)], tmp_path / "library") as watch:
        waiting = threading.Thread(target=lambda: answers.append(watch.wait()))
        waiting.start()
        watch.stop()
        waiting.join(20)
    assert answers == [False]


def test_a_folder_that_is_away_is_looked_through_and_watched_once_it_is_back(
    tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "RESCAN_SECONDS", 0.1)
    here, away = tmp_path / "here", tmp_path / "away"
    here.mkdir()
    with FolderWatch([str(away), str(here)], tmp_path / "library", lambda *what: told.append(what)) as watch:
        assert [(folder, error.errno) for folder, error in told] == [(str(away), errno.ENOENT)]
        assert watch.wait(), "it is time to look again"
        assert watch.unwatched == [str(away)]
        away.mkdir()
        assert watch.wait()
        monkeypatch.setattr(watching, "RESCAN_SECONDS", 3600.0)
        for folder in (here, away):
            (folder / "new.jpg").touch()
            assert watch.wait(), "the change is seen"
        assert watch.unwatched == []
    assert len(told) == 1


def test_a_system_that_watches_nothing_more(tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(BaseObserver, "schedule", refuse)
    monkeypatch.setattr(watching, "RESCAN_SECONDS", 0.1)
    with FolderWatch([str(tmp_path)], tmp_path / "library", lambda *what: told.append(what)) as watch:
        assert watch.wait()
        watch.stop()
        assert not watch.wait()
    assert [error.strerror for _, error in told] == ["inotify watch limit reached"]
