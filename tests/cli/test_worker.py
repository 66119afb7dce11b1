"""The worker's protocol: JSON lines in and out, pause, stop, the end of stdin, junk, and kills at any moment."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from PIL import Image

from photofind.core.catalog.pairs import PAIRS_FILE, PairStore
from photofind.core.errors import LibraryVersionError, QueryError
from tests.support.photos import jpeg, picture, put_many
from tests.support.processes import decoders
from tests.support.program import Worker, configure, photofind
from tests.support.waiting import until
from tests.support.world import World

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
MANY = 120


def _photos(world: World) -> int:
    try:
        return world.status().photos
    except (QueryError, LibraryVersionError):  # not there yet, or without its tables
        return 0


def test_an_index_command(world: World) -> None:
    put_many(world.photos, range(5))
    world.put("bad.jpg", b"no picture")
    with Worker(world.library) as worker:
        ready = worker.event()
        assert ready == {"event": "ready", "library": str(world.library), "process": worker.process.pid}
        worker.send("index", folders=[str(world.photos)])
        progress = worker.event()
        assert progress is not None
        assert progress.keys() == {"event", "phase", "done", "total", "errors", "rate", "eta_seconds"}
        finished = worker.until("finished")
        assert {key: finished[key] for key in ("photos", "added", "embedded", "stopped", "offline")} == {
            "photos": 5,
            "added": 5,
            "embedded": 5,
            "stopped": False,
            "offline": [],
        }
        assert finished["errors"] == [{"path": str(world.photos / "bad.jpg"), "reason": "not a picture"}]
        assert finished["errors_total"] == 1
        world.put("new.jpg", 50)
        worker.send("index")
        assert worker.until("finished")["added"] == 1
        worker.send("quit")
        assert worker.rest() == []
        assert worker.wait() == 0


def test_folders_are_removed_and_errors_retried(world: World) -> None:
    put_many(world.photos, range(3))
    bad = world.put("bad.jpg", bytes(len(jpeg(40))))
    other = str(world.place / "other")
    put_many(Path(other), range(10, 12))
    with Worker(world.library) as worker:
        worker.until("ready")
        worker.send("index", folders=[str(world.photos), other])
        worker.send("remove", folder=other)  # waits for its turn
        assert worker.until("finished")["photos"] == 5
        assert worker.event() == {"event": "removed", "folder": other, "photos": 2}
        worker.send("remove", folder=other)
        refused = worker.event()
        assert refused is not None
        assert refused["event"] == "refused"
        assert "not one of the folders" in refused["message"]
        worker.send("remove")
        worker.send("remove", folder=["x"])
        worker.send("retry", paths="x")
        assert [worker.until("refused")["message"][:13] for _ in range(3)] == ["not a command"] * 3
        stamp = bad.stat()
        bad.write_bytes(jpeg(40))
        os.utime(bad, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        for paths in ([str(bad)], []):
            worker.send("retry", paths=paths)
            finished = worker.until("finished")
            assert (finished["photos"], finished["errors"], finished["errors_total"]) == (4, [], 0)
        worker.send("quit")
        assert worker.rest() == []
        assert worker.wait() == 0
    assert _photos(world) == 4
    world.assert_sound()


def test_a_model_is_wanted(world: World) -> None:
    with Worker(world.library) as worker:
        worker.send("want_pack", spec="efficientnet-lite0:fp32")
        assert worker.until("pack_wanted")["spec"] == "efficientnet-lite0:fp32"
        assert world.status().wanted_model == "efficientnet-lite0:fp32"
        worker.send("want_pack", spec="none")
        assert "no model pack none" in worker.until("refused")["message"]
        worker.send("want_pack", spec=5)
        assert "not a command" in worker.until("refused")["message"]
        worker.send("quit")
        assert worker.wait() == 0
    assert world.status().wanted_model == "efficientnet-lite0:fp32"


def test_duplicates_are_looked_for(world: World) -> None:
    put_many(world.photos, range(5))
    world.put("copy.png", _as_png(2))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        worker.send("find_duplicates")
        assert worker.until("finished")["photos"] == 6
        found = worker.until("duplicates_found")
        assert (found["hashed"], found["stopped"]) == (6, False)
        assert found["pairs"] >= 1
        worker.send("find_duplicates")
        again = worker.until("duplicates_found")
        assert (again["hashed"], again["compared"], again["pairs"]) == (0, 0, 0), "only what is new is compared"
        worker.send("quit")
        assert worker.rest() == []
        assert worker.wait() == 0
        assert worker.errors() == ""


def test_looking_for_duplicates_is_paused_and_stopped(world: World) -> None:
    put_many(world.photos, range(6))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        worker.until("finished")
        worker.send("pause")
        worker.until("paused")
        worker.send("find_duplicates")
        _until_idle(worker.process.pid)
        worker.send("stop")
        stopped = worker.until("duplicates_found")
        assert (stopped["stopped"], stopped["hashed"]) == (True, 0)
        worker.send("find_duplicates")
        assert worker.until("duplicates_found")["hashed"] == 6


def test_a_search_for_duplicates_elsewhere_is_no_reason_to_end(world: World) -> None:
    put_many(world.photos, range(2))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        worker.until("finished")
        with closing(PairStore.open(world.library / PAIRS_FILE, writable=True)):
            worker.send("find_duplicates")
            assert worker.until("refused")["message"].count("\n") == 0
        worker.send("find_duplicates")
        assert worker.until("duplicates_found")["hashed"] == 2


def _as_png(number: int) -> bytes:
    stream = BytesIO()
    picture(number).save(stream, "PNG")
    return stream.getvalue()


def test_a_report_lists_a_thousand_errors_at_most(world: World) -> None:
    for number in range(1005):
        world.put(f"{number:04}.jpg", b"no picture")
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        finished = worker.until("finished")
        assert (len(finished["errors"]), finished["errors_total"]) == (1000, 1005)
        worker.close_stdin()
        assert worker.wait() == 0
    listed = photofind("index", str(world.photos), "--library", world.library, "--json").json["errors"]
    assert [error["path"] for error in listed] == [str(world.photos / f"{number:04}.jpg") for number in range(1005)]


def test_the_end_of_stdin_ends_it_cleanly(world: World) -> None:
    put_many(world.photos, range(MANY))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        worker.until("progress", lambda event: event["done"] >= 3)
        worker.close_stdin()
        finished = [event for event in worker.rest() if event["event"] == "finished"]
        assert [event["stopped"] for event in finished] == [True]
        assert worker.wait() == 0
        assert worker.errors() == ""
    before = _photos(world)
    assert 3 <= before < MANY, "what was done is stored, the rest is not"
    assert world.update().tally.embedded == MANY - before
    world.assert_sound()


def test_pause_and_resume(world: World) -> None:
    put_many(world.photos, range(MANY))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        worker.until("progress", lambda event: event["done"] >= 3)
        worker.send("pause")
        worker.until("paused")
        paused = worker.until("progress", lambda event: event["phase"] == "paused")
        assert _photos(world) == paused["done"] < MANY, "what was done before the pause is stored"
        _until_idle(worker.process.pid)
        assert _photos(world) == paused["done"]
        worker.send("resume")
        worker.until("resumed")
        finished = worker.until("finished")
        assert (finished["added"], finished["embedded"], finished["errors"]) == (MANY, MANY, [])
    world.assert_sound()


def _until_idle(pid: int) -> None:
    """Wait until neither the worker nor its decoders use the processor: three looks in a row."""
    seen: list[float] = []

    def look() -> bool:
        family = [psutil.Process(pid), *decoders(pid)]
        seen.append(sum(sum(process.cpu_times()[:2]) for process in family))
        psutil.cpu_percent(interval=0.1)
        return len(seen) >= 3 and seen[-1] == seen[-2] == seen[-3]

    until(look, "the worker rests")


def test_a_paused_worker_may_be_stopped_or_left(world: World) -> None:
    put_many(world.photos, range(MANY))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        worker.until("progress", lambda event: event["done"] >= 1)
        worker.send("pause")
        worker.until("progress", lambda event: event["phase"] == "paused")
        worker.send("stop")
        assert worker.until("finished")["stopped"] is True
        worker.send("index")
        worker.until("progress", lambda event: event["done"] >= 1)
        worker.send("pause")
        worker.until("progress", lambda event: event["phase"] == "paused")
        worker.close_stdin()
        assert worker.rest()[-1]["event"] == "finished"
        assert worker.wait() == 0


def test_stop_ends_the_command_under_way_and_no_other(world: World) -> None:
    put_many(world.photos, range(MANY))
    with Worker(world.library) as worker:
        worker.send("stop")  # nothing is under way yet
        worker.send("index", folders=[str(world.photos)])
        worker.until("progress", lambda event: event["done"] >= 2)
        worker.send("stop")
        stopped = worker.until("finished")
        assert stopped["stopped"] is True
        assert 0 < stopped["photos"] < MANY
        worker.send("stop")
        worker.send("index")
        finished = worker.until("finished")
        assert (finished["stopped"], finished["photos"]) == (False, MANY)
        assert finished["embedded"] == MANY - stopped["embedded"]
    world.assert_sound()


def test_junk_is_refused_and_harmless(world: World) -> None:
    put_many(world.photos, range(2))
    junk = [
        b"no json",
        b"[1]",
        b"null",
        b"{}",
        b'{"command": "dance"}',
        b'{"command": ["index"]}',
        b'{"command": "index", "folders": "/"}',
        b'{"command": "index", "folders": [1]}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"",
    ]
    with Worker(world.library) as worker:
        worker.until("ready")
        for line in junk:
            worker.send_raw(line + b"\n")
            refused = worker.event()
            assert refused is not None
            assert refused["event"] == "refused", line[:50]
        worker.send("index", folders=[str(world.photos)])
        assert worker.until("finished")["added"] == 2
        worker.send_raw(b"cut sho")
        worker.close_stdin()
        assert [event["event"] for event in worker.rest()] == ["refused"]
        assert worker.wait() == 0


def test_a_folder_that_is_none_is_one_sentence(world: World) -> None:
    for folder in (str(world.place / "nowhere"), "", "a\0b", "\ud800"):
        with Worker(world.library) as worker:
            worker.send("index", folders=[folder])
            failed = worker.rest()[-1]
            assert (failed["event"], failed["fixable"]) == ("failed", True), failed
            assert failed["message"].count("\n") == 0
            assert worker.wait() == 1
            assert worker.errors() == ""


def test_a_second_worker_names_the_first(world: World) -> None:
    with Worker(world.library) as first:
        first.until("ready")
        with Worker(world.library) as second:
            (failed,) = second.rest()
            assert (failed["event"], failed["fixable"]) == ("failed", True)
            assert f"process {first.process.pid}" in failed["message"]
            assert second.wait() == 1
        photofind("index", world.photos, "--library", world.library).assert_fails(
            "Another photofind", f"process {first.process.pid}"
        )
        photofind("model", "use", "efficientnet-lite0", "--library", world.library).assert_fails("Another photofind")
        first.send("index", folders=[str(world.photos)])
        first.until("finished")
        assert photofind("status", "--library", world.library).status == 0, "readers are not kept out"


def test_what_libraries_print_stays_out_of_the_protocol(world: World) -> None:
    # libtiff complains on the process' own stderr about each of these.
    stream = BytesIO()
    with Image.open(BytesIO(jpeg(1))) as image:
        image.save(stream, "TIFF", compression="tiff_lzw")
    content = stream.getvalue()
    for number in range(4):
        broken = bytearray(content)
        broken[2000 * (number + 1) : 2000 * (number + 1) + 500] = bytes(500)
        world.put(f"{number}.tif", bytes(broken))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        worker.until("finished")
        worker.send("quit")
        assert worker.wait() == 0
        assert worker.errors() == ""


@POSIX
def test_signals_of_the_terminal_do_not_reach_it(world: World) -> None:
    put_many(world.photos, range(MANY))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        worker.until("progress", lambda event: event["done"] >= 1)
        for pid in [worker.process.pid, *(decoder.pid for decoder in decoders(worker.process.pid))]:
            os.kill(pid, signal.SIGINT)
        assert worker.until("finished")["added"] == MANY


@POSIX
@pytest.mark.parametrize("paused", [False, True])
def test_a_polite_signal_ends_it_cleanly(world: World, *, paused: bool) -> None:
    put_many(world.photos, range(MANY))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        worker.until("progress", lambda event: event["done"] >= 3)
        if paused:
            worker.send("pause")
            worker.until("progress", lambda event: event["phase"] == "paused")
        worker.process.terminate()
        assert worker.until("finished")["stopped"] is True
        assert worker.rest() == []
        assert worker.wait() == 0
        assert worker.errors() == ""
    before = _photos(world)
    assert 3 <= before < MANY, "what was done is stored, the rest is not"
    assert world.update().tally.embedded == MANY - before
    world.assert_sound()


@POSIX
def test_a_polite_signal_ends_an_idle_worker(world: World) -> None:
    with Worker(world.library) as worker:
        worker.until("ready")
        worker.process.terminate()
        assert worker.rest() == []
        assert worker.wait() == 0


@POSIX
def test_decoders_can_be_ended_politely(world: World) -> None:
    put_many(world.photos, range(MANY))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        worker.until("progress", lambda event: event["done"] >= 1)
        (decoder,) = decoders(worker.process.pid)
        decoder.terminate()
        until(lambda: not _is_running(decoder), "the decoder ends")
        finished = worker.until("finished")
        assert (finished["added"], finished["errors"]) == (MANY, [])


def test_a_pause_of_an_idle_worker_holds_for_the_next_command(world: World) -> None:
    put_many(world.photos, range(5))
    with Worker(world.library) as worker:
        worker.send("pause")
        worker.until("paused")
        worker.send("index", folders=[str(world.photos)])
        progress = worker.until("progress", lambda event: event["phase"] == "paused")
        assert progress["done"] == 0
        _until_idle(worker.process.pid)
        assert _photos(world) == 0
        worker.send("resume")
        assert worker.until("finished")["added"] == 5
        worker.send("index")
        assert worker.until("finished")["unchanged"] == 5, "it was resumed for good"


def test_a_pause_after_a_stop_is_for_the_next_command(world: World) -> None:
    put_many(world.photos, range(MANY))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        worker.until("progress", lambda event: event["done"] >= 1)
        worker.send("stop")
        worker.send("pause")
        assert worker.until("finished")["stopped"] is True
        worker.send("index")
        worker.until("progress", lambda event: event["phase"] == "paused")
        worker.send("stop")
        assert worker.until("finished")["stopped"] is True


def test_what_libraries_print_has_a_file_of_its_own(world: World) -> None:
    world.library.mkdir()
    (world.library / "decoders.log").write_text("of an earlier run\n")
    stream = BytesIO()
    with Image.open(BytesIO(jpeg(1))) as image:
        image.save(stream, "TIFF", compression="tiff_lzw")
    broken = bytearray(stream.getvalue())
    broken[2000:2500] = bytes(500)
    world.put("broken.tif", bytes(broken))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        worker.until("finished")
        worker.send("quit")
        assert worker.wait() == 0
    printed = (world.library / "decoders.log").read_text()
    assert "LZW" in printed
    assert "of an earlier run" not in printed
    assert "LZW" not in (world.library / "photofind.log").read_text()


# Kills


@POSIX
def test_a_worker_that_is_killed_at_any_moment(world: World, tmp_path: Path) -> None:
    count = 150
    put_many(world.photos, range(count))

    def kill_when(worker: Worker, moment: str) -> None:
        if moment == "ready":
            worker.until("ready")
        elif moment == "index sent":
            worker.send("index", folders=[str(world.photos)])
        elif moment == "decoders start":
            worker.send("index", folders=[str(world.photos)])
            until(lambda: decoders(worker.process.pid), "decoders")
        else:
            before = _photos(world)
            worker.send("index", folders=[str(world.photos)])
            if moment == "committed":
                until(lambda: _photos(world) > before, "a commit")
            else:
                worker.until("progress", lambda event: event["done"] >= int(moment))

    for moment in ("ready", "index sent", "decoders start", "1", "committed", "30"):
        with Worker(world.library) as worker:
            kill_when(worker, moment)
            orphans = decoders(worker.process.pid)
            worker.process.kill()
            worker.wait()
            until(lambda: not any(_is_running(orphan) for orphan in orphans), "the decoders end by themselves")  # noqa: B023
        if _photos(world):
            assert world.search(world.probe).hits, "the library answers after every kill"
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        finished = worker.until("finished")
        assert (finished["photos"], finished["errors"]) == (count, [])
        worker.send("quit")
        assert worker.wait() == 0
    world.assert_sound()
    status = world.status()
    assert (status.vectors, status.index.dead) == (count, 0), "nothing that was committed was embedded again"
    fresh = World(_folder(tmp_path / "fresh"), world.settings)
    fresh.update(world.photos)
    for number in (0, 61, count - 1):
        image = world.photos / f"{number:04}.jpg"
        answers = [[(h.path, round(h.score, 3)) for h in w.search(image, limit=20).hits] for w in (world, fresh)]
        assert answers[0] == answers[1]


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _is_running(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_progress_can_be_followed(world: World) -> None:
    put_many(world.photos, range(MANY))
    with Worker(world.library) as worker:
        worker.send("index", folders=[str(world.photos)])
        events = []
        while (event := worker.event()) is not None and event["event"] != "finished":
            events.append(event)
    progress = [event for event in events if event["event"] == "progress"]
    done = [event["done"] for event in progress if event["phase"] in ("scan", "embed")]
    assert done == sorted(done)
    assert max(done) <= MANY
    assert progress[-1]["phase"] == "index"
    assert any(event["rate"] > 0 and event["eta_seconds"] is not None for event in progress)


def test_settings_that_cannot_be_read_are_an_event(world: World) -> None:
    configure("workers = 'many'\n")
    with Worker(world.library) as worker:
        failed = worker.event()
        assert failed is not None
        assert (failed["event"], failed["fixable"]) == ("failed", True)
        assert "settings.toml" in failed["message"]
        assert worker.event() is None
        assert worker.wait() == 1
        assert worker.errors() == ""


def test_a_log_that_cannot_be_written_is_a_failure_that_can_be_mended(world: World) -> None:
    world.library.mkdir()
    (world.library / "decoders.log").mkdir()
    with Worker(world.library) as worker:
        failed = worker.until("failed")
        assert failed["fixable"]
        assert "decoders.log is a folder; move it away" in failed["message"]
        assert worker.wait() == 1


def test_no_new_library_takes_the_place_of_one_that_is_away(tmp_path: Path) -> None:
    ended = photofind("worker", "--existing", "--library", tmp_path / "library")
    assert ended.status == 1
    (event,) = ended.lines
    assert event["event"] == "failed"
    assert "is not there now" in event["message"]
    assert not (tmp_path / "library").exists()
