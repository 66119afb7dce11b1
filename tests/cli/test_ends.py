"""Parts of the command line that fail: a worker with a bug, folders that cannot be watched, frozen programs."""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
import threading
from pathlib import Path

import pytest

from photofind.__main__ import main
from photofind.cli import client
from photofind.cli.index import _watch
from photofind.cli.main import run
from photofind.cli.worker import _Channel, _Commands
from photofind.core.indexing.run import Bench, IndexRun, Stopped
from photofind.core.progress import Control
from tests.support.photos import put_many
from tests.support.world import World

_BROKEN = """
import sys
from photofind.cli.main import run
from photofind.core.library_writer import LibraryWriter

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


def test_a_folder_that_cannot_be_watched_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here, away = tmp_path / "here", tmp_path / "away"
    here.mkdir()
    with contextlib.ExitStack() as stack:
        _watch([str(away), str(here)], tmp_path / "library", stack)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"Cannot watch {away} (No such file or directory); it is looked through every 10 minutes.\n"


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
