"""Parts of the command line that fail: a worker with a bug, folders that cannot be watched, frozen programs."""

from __future__ import annotations

import errno
import multiprocessing
import sys
import threading
from pathlib import Path

import pytest
from watchdog.observers.api import BaseObserver

from photofind.__main__ import main
from photofind.cli import client, watch
from photofind.cli.main import run
from photofind.cli.watch import FolderWatch
from photofind.cli.worker import _Channel, _Commands
from photofind.core.indexing.run import Bench, IndexRun, Stopped
from photofind.core.progress import Control
from tests.support.photos import put_many
from tests.support.world import World

_BROKEN = """
import sys
from photofind.cli.main import run
from photofind.core.library import LibraryWriter

def fail(*_):
    raise ZeroDivisionError("a bug")

LibraryWriter.{method} = fail
sys.exit(run(sys.argv[1:], lambda library: 0))
"""


@pytest.mark.parametrize("method", ["update", "__enter__"])
def test_a_bug_in_the_worker_is_one_sentence(
    method: str, world: World, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(client, "program_command", lambda: [sys.executable, "-c", _BROKEN.format(method=method)])
    put_many(world.photos, range(1))
    assert run(["index", str(world.photos), "--library", str(world.library)], lambda _: 0) == 1
    log = world.library / "photofind.log"
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("photofind: ")
    assert err.count("\n") == 1
    assert str(log) in err
    assert "ZeroDivisionError: a bug" in err
    assert "Traceback" in log.read_text()


# Watching


def test_a_folder_that_is_away_is_looked_through_and_watched_once_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watch, "RESCAN_SECONDS", 0.1)
    monkeypatch.setattr(watch, "QUIET_SECONDS", 0.1)
    here, away = tmp_path / "here", tmp_path / "away"
    here.mkdir()
    with FolderWatch([str(away), str(here)], tmp_path / "library") as watching:
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        assert str(away) in err
        assert watching.wait(), "it is time to look again"
        away.mkdir()
        assert watching.wait()
        monkeypatch.setattr(watch, "RESCAN_SECONDS", 3600.0)
        for folder in (here, away):
            (folder / "new.jpg").touch()
            assert watching.wait(), "the change is seen"
        assert capsys.readouterr().err == ""


def test_a_system_that_watches_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(BaseObserver, "schedule", refuse)
    monkeypatch.setattr(watch, "RESCAN_SECONDS", 0.1)
    with FolderWatch([str(tmp_path)], tmp_path / "library") as watching:
        assert watching.wait()
        watching.stop()
        assert not watching.wait()
    assert "inotify watch limit reached" in capsys.readouterr().err


# Commands


def test_served_commands_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Commands, "_read", lambda _: None)
    with (tmp_path / "events").open("w") as stream:
        commands = _Commands(_Channel(stream))
        orders = iter(commands)
        for _ in range(3):
            commands._take({"command": "index"}, "")
            next(orders)
        assert len(commands._controls) == 1
        commands.end()
        assert list(orders) == []
        assert commands._controls == []


def test_a_frozen_program_serves_as_a_decoder_process(monkeypatch: pytest.MonkeyPatch) -> None:
    class DecoderEndedError(Exception):
        pass

    def serve() -> None:
        raise DecoderEndedError

    monkeypatch.setattr(multiprocessing, "freeze_support", serve)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(DecoderEndedError):
        main()


def test_a_pause_holds_up_the_work_on_the_index_too(world: World) -> None:
    with world.writer() as writer:
        control = Control()
        run = IndexRun(Bench(world.library, writer._catalog, writer._thumbnails, world.settings, control), [])
        run._check()
        control.pause()
        thread = threading.Thread(target=run._check)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
        control.resume()
        thread.join(30)
        assert not thread.is_alive()
        control.pause()
        control.stop()
        with pytest.raises(Stopped):
            run._check()
