"""``photofind index`` as a process: the report, full disks, locks, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from photofind.core.errors import LibraryVersionError, QueryError
from tests.support.photos import put, put_many
from tests.support.processes import decoders, without_root
from tests.support.program import configure, photofind, started
from tests.support.waiting import until
from tests.support.world import World

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and limits as POSIX has them")
MANY = 150

_COUNTS = ["photos", "added", "changed", "removed", "moved", "unchanged"]


def test_the_report(world: World) -> None:
    put_many(world.photos, range(4))
    put(b"%s/bad-\xff\n.jpg" % bytes(world.photos), b"no picture")
    first = photofind("index", world.photos, "--library", world.library, "--json")
    assert (first.status, first.err) == (0, "")
    assert first.out.count("\n") == 1
    report = first.json
    assert {name: report[name] for name in _COUNTS} == {
        "photos": 4,
        "added": 4,
        "changed": 0,
        "removed": 0,
        "moved": 0,
        "unchanged": 0,
    }
    assert report["seconds"] > 0
    (error,) = report["errors"]
    assert error.keys() == {"path", "reason"}
    assert os.fsencode(error["path"]) == b"%s/bad-\xff\n.jpg" % bytes(world.photos)
    (world.photos / "0000.jpg").rename(world.photos / "moved.jpg")
    (world.photos / "0001.jpg").unlink()
    world.put("0002.jpg", 30)
    world.put("new.jpg", 31)
    again = photofind("index", world.photos, "--library", world.library, "--json").json
    assert {name: again[name] for name in _COUNTS} == {
        "photos": 4,
        "added": 1,
        "changed": 1,
        "removed": 1,
        "moved": 1,
        "unchanged": 1,
    }


def test_the_report_for_people(world: World) -> None:
    put_many(world.photos, range(3))
    put(b"%s/bad-\xff\n.jpg" % bytes(world.photos), b"no picture")
    ended = photofind("index", world.photos, "--library", world.library)
    assert ended.status == 0
    assert ended.out.startswith("3 photos in the library (3 added; ")
    assert ended.err == f"{world.photos}/bad-\\udcff\\n.jpg: not a picture\n"
    world.photos.rename(world.place / "away")
    ended = photofind("index", world.photos, "--library", world.library)
    assert ended.status == 0
    assert "nothing new" in ended.out
    assert ended.err.startswith(f"Not there now, kept as offline: {world.photos}\n")


def test_many_errors_are_summed_up(world: World) -> None:
    for number in range(15):
        world.put(f"{number:02}.jpg", b"no picture %d" % number)
    ended = photofind("index", world.photos, "--library", world.library)
    assert len(ended.err.splitlines()) == 11
    assert "and 5 more" in ended.err


def test_folders_by_relative_names(world: World) -> None:
    put_many(world.photos / "-odd name", range(2))
    ended = photofind("index", "--library", world.library, "--json", "--", "-odd name", cwd=world.photos)
    assert ended.json["added"] == 2
    assert [root.path for root in world.status().roots] == [str(world.photos / "-odd name")]


def test_the_library_of_the_user(world: World, home: Path) -> None:
    put_many(world.photos, range(1))
    assert photofind("index", world.photos).status == 0
    assert photofind("status", "--json").json["library"].startswith(str(home))


@pytest.mark.parametrize("folder", ["nowhere", "probe.jpg", ""])
def test_a_folder_that_is_none(world: World, folder: str) -> None:
    put_many(world.photos, range(1))
    world.update()
    ended = photofind("index", world.photos, folder, "--library", world.library, cwd=world.place)
    ended.assert_fails("folder")
    assert len(world.status().roots) == 1


@pytest.mark.parametrize("where", ["below a file", "a file", "nowhere to write"])
def test_a_library_that_cannot_be_written(world: World, where: str) -> None:
    shut = world.place / "shut"
    shut.mkdir()
    library = {"below a file": world.probe / "library", "a file": world.probe, "nowhere to write": shut / "library"}
    prefix = []
    if where == "nowhere to write":
        shut.chmod(0o500)
        prefix = without_root()
    ended = photofind("index", world.photos, "--library", library[where], prefix=prefix)
    ended.assert_fails("Cannot write the library", "--library")


@POSIX
@pytest.mark.parametrize("limit", [3_000, 100_000, 250_000])
def test_a_full_disk(world: World, limit: int) -> None:
    put_many(world.photos, range(60))

    def bound_files() -> None:
        import resource  # POSIX only

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    ended = photofind("index", world.photos, "--library", world.library, preexec=bound_files)
    ended.assert_fails(str(world.library))
    report = photofind("index", world.photos, "--library", world.library, "--json").json
    assert (report["photos"], report["errors"]) == (60, [])
    world.assert_sound()
    assert len(world.names()) == 60


def test_a_damaged_library(world: World) -> None:
    put_many(world.photos, range(2))
    world.update()
    (world.library / "library.db").write_bytes(b"not a database at all, but long enough to look like one " * 100)
    for arguments in (["index", str(world.photos)], ["status"], ["search", "--id", "1"]):
        photofind(*arguments, "--library", world.library).assert_fails("damaged")


def test_broken_settings_of_the_model(world: World) -> None:
    configure('workers = 1\nmodel = "nope"\n')
    put_many(world.photos, range(1))
    photofind("index", world.photos, "--library", world.library).assert_fails("no model pack nope")


# Ctrl-C


def _worker_of(pid: int) -> psutil.Process | None:
    for child in psutil.Process(pid).children():
        try:
            if "worker" in child.cmdline():
                return child
        except psutil.Error:
            continue
    return None


def _photos(world: World) -> int:
    try:
        return world.status().photos
    except (QueryError, LibraryVersionError):  # not there yet, or without its tables
        return 0


def _at(moment: str, process: subprocess.Popen[bytes], world: World) -> object:
    """Tell whether a run has come to this moment."""
    worker = _worker_of(process.pid)
    if worker is None or moment == "worker starts":
        return worker
    if moment == "photos are read":
        return decoders(worker.pid)
    return _photos(world)


@POSIX
@pytest.mark.parametrize(
    ("number", "moment"),
    [
        (signal.SIGINT, "worker starts"),
        (signal.SIGINT, "photos are read"),
        (signal.SIGINT, "photos are stored"),
        (signal.SIGTERM, "photos are read"),
    ],
)
def test_ctrl_c_ends_it_cleanly(world: World, moment: str, number: signal.Signals) -> None:
    put_many(world.photos, range(300))
    with started("index", world.photos, "--library", world.library, "--json") as process:
        until(lambda: _at(moment, process, world), moment)
        worker = _worker_of(process.pid)
        os.killpg(process.pid, number)
        out, err = process.communicate(timeout=30)
    assert b"Traceback" not in err, err.decode()
    assert process.returncode in ((130,) if moment != "worker starts" else (130, -number)), err.decode()
    assert out == b"" or b'"stopped": true' in out
    if moment != "worker starts":
        assert b"Stopping after the photos under way" in err
    assert worker is not None
    until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE, "the worker ends too")
    before = _photos(world)
    assert before < 300
    report = photofind("index", world.photos, "--library", world.library, "--json").json
    assert (report["photos"], report["embedded"], report["stopped"]) == (300, 300 - before, False)
    world.assert_sound()


@POSIX
def test_a_second_ctrl_c_ends_it_at_once(world: World) -> None:
    put_many(world.photos, range(40))
    with started("index", world.photos, "--library", world.library) as process:
        worker = until(lambda: _worker_of(process.pid), "a worker")
        until(lambda: decoders(worker.pid), "decoders")
        worker.suspend()  # it would not hear a polite request
        os.kill(process.pid, signal.SIGINT)
        assert process.stderr is not None
        assert process.stderr.readline() == b"\n"
        assert b"once more to stop at once" in process.stderr.readline()
        os.kill(process.pid, signal.SIGINT)
        err = process.stderr.read()
        assert process.wait(30) == 130
    assert err == b"Stopped at once; the next `photofind index` goes on from what was stored.\n"
    assert world.update().tally.added + _photos(world) >= 40
    world.assert_sound()


@POSIX
def test_a_worker_that_crashes_is_told(world: World) -> None:
    put_many(world.photos, range(40))
    with started("index", world.photos, "--library", world.library) as process:
        worker = until(lambda: _worker_of(process.pid), "a worker")
        until(lambda: decoders(worker.pid), "decoders")
        worker.kill()
        out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert out == b""
    assert err.startswith(b"photofind: The worker process was lost (status -9)")
    assert err.count(b"\n") == 1
    world.update()
    assert len(world.names()) == 40


@POSIX
def test_the_worker_ends_with_its_caller(world: World) -> None:
    put_many(world.photos, range(MANY))
    with started("index", world.photos, "--library", world.library) as process:
        worker = until(lambda: _worker_of(process.pid), "a worker")
        until(lambda: decoders(worker.pid), "decoders")
        process.kill()
        process.wait(30)
    until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE, "the worker ends too")
    world.update()
    assert len(world.names()) == MANY
    world.assert_sound()


# Watching


@POSIX
def test_watching(world: World) -> None:
    put_many(world.photos, range(2))
    with started("index", world.photos, "--library", world.library, "--watch") as process:
        assert process.stdout is not None
        until(lambda: _photos(world) == 2, "the first run")
        world.put("later/new.jpg", 10)
        until(lambda: _photos(world) == 3, "the run that the change brings about")
        (world.photos / "0000.jpg").unlink()
        until(lambda: _photos(world) == 2, "the run that the removal brings about")
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode in (0, 130)
    assert b"Traceback" not in err, err.decode()
    assert out.count(b"photos in the library") >= 3
