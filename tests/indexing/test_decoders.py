"""Decoder processes that crash, hang, grow or meet what is no file: one file pays, the run goes on."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from photofind.core.imaging import DecodeLimits
from photofind.core.indexing.member import PoolLimits
from photofind.core.indexing.messages import UNREADABLE, DecoderConfig, Failed, Lost, Outcome, Question, Skipped, Task
from photofind.core.indexing.pool import DecoderPool
from photofind.core.library_writer import LibraryWriter
from photofind.core.progress import Progress
from photofind.core.records import PhotoId
from photofind.core.settings import Settings
from tests.support.photos import jpeg, large_picture, put, put_many, slow_picture
from tests.support.processes import decoder_reading, decoders
from tests.support.waiting import until
from tests.support.world import World, counts

POSIX = pytest.mark.skipif(os.name != "posix", reason="looks at the open files of other processes")


_ASKED_SECONDS = 0.1
"""After so long a decoder has told which content it is at. One that dies before leaves that to a copy of its photo."""


class _Saboteur(threading.Thread):
    """Does something to every decoder that is at one file, up to ``times`` times."""

    def __init__(self, victim: Path, times: int, act: Callable[[psutil.Process], None]) -> None:
        super().__init__(daemon=True)
        self._victim = str(victim)
        self._times = times
        self._act = act
        self._done = threading.Event()
        self.hit: list[int] = []

    def run(self) -> None:
        while len(self.hit) < self._times and not self._done.is_set():
            decoder = decoder_reading(self._victim)
            if decoder is not None and decoder.pid not in self.hit:
                self._done.wait(_ASKED_SECONDS)
                self._act(decoder)
                self.hit.append(decoder.pid)
            self._done.wait(0.005)

    def end(self) -> None:
        self._done.set()
        self.join()


@contextmanager
def _sabotage(victim: Path, times: int, act: Callable[[psutil.Process], None]) -> Iterator[list[int]]:
    saboteur = _Saboteur(victim, times, act)
    saboteur.start()
    try:
        yield saboteur.hit
    finally:
        saboteur.end()


@POSIX
@pytest.mark.parametrize("workers", [1, 2])
def test_a_photo_whose_decoder_dies_once_is_tried_again(world: World, workers: int) -> None:
    world.settings = Settings(workers=workers)
    put_many(world.photos, range(6))
    slow = world.put("slow.webp", slow_picture())
    put_many(world.photos, range(6, 10))
    with _sabotage(slow, 1, psutil.Process.kill) as killed:
        report = world.update()
    assert len(killed) == 1
    assert counts(report) == {"added": 11, "embedded": 11}
    assert world.errors() == {}
    assert decoders() == []
    world.assert_sound()


@POSIX
def test_a_photo_that_always_takes_its_decoder_down_is_set_aside(world: World) -> None:
    put_many(world.photos, range(6))
    slow = world.put("deadly.webp", slow_picture())
    world.put("its copy.webp", slow_picture())
    with _sabotage(slow, 10, psutil.Process.kill) as killed:
        report = world.update()
    assert len(killed) == 2, "once, and once more alone"
    assert counts(report)["added"] >= 6
    assert world.names() >= {f"{number:04}.jpg" for number in range(6)}
    reason = world.errors()["deadly.webp"]
    assert reason.startswith("the decoder crashed on it (exit status -9), twice")
    assert world.errors()["its copy.webp"] == reason
    assert counts(world.update()).get("added") is None, "it is left alone until it changes"
    slow.write_bytes(jpeg(90))
    assert world.update().tally.added == 1
    assert "deadly.webp" not in world.errors()
    world.assert_sound()


@POSIX
def test_a_photo_that_takes_too_long(world: World) -> None:
    world.settings = Settings(workers=1, photo_seconds=3)  # enough for a small photo on a busy machine
    put_many(world.photos, range(4))
    slow = world.put("slow.webp", slow_picture())
    with _sabotage(slow, 2, psutil.Process.suspend) as hung:
        report = world.update()
    assert len(hung) == 2
    assert counts(report) == {"added": 4, "embedded": 4}
    assert world.errors() == {
        "slow.webp": "decoding it took more than 3 seconds, twice; it is left alone until it changes"
    }
    assert report.seconds < 20
    world.assert_sound()


def test_a_photo_that_takes_too_much_memory(world: World) -> None:
    world.settings = Settings(workers=1, worker_megabytes=300)
    put_many(world.photos, range(4))
    world.put("large.png", large_picture())
    report = world.update()
    assert counts(report) == {"added": 4, "embedded": 4}
    assert world.errors() == {
        "large.png": "decoding it needed more than 300 MB of memory, twice; it is left alone until it changes"
    }
    world.assert_sound()


def test_too_many_pixels(world: World) -> None:
    world.settings = Settings(workers=1, photo_megapixels=50)
    world.put("slow.webp", slow_picture())
    world.update()
    assert world.errors() == {"slow.webp": "8000 \xd7 8000 pixels, more than the limit of 50 megapixels"}


def test_a_run_that_is_given_up_leaves_no_process_behind(world: World) -> None:
    put_many(world.photos, range(60))
    seen: list[int] = []

    def give_up(writer: LibraryWriter, progress: Progress) -> None:
        del writer
        seen.extend(decoder.pid for decoder in decoders())
        if seen and progress.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.update(watch=give_up)
    assert seen
    assert decoders() == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("photofind")]
    world.update()
    assert len(world.names()) == 60
    world.assert_sound()


# The pool by itself


def _no(task: Task, question: Question) -> bool:
    del task, question
    return False


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    config = DecoderConfig("", DecodeLimits(pixels=250_000_000, file_bytes=1 << 30))
    with DecoderPool(config, PoolLimits(1, 20.0, 2 << 30), _no) as opened:
        yield opened


def _outcome(pool: DecoderPool, path: Path | str) -> Outcome:
    pool.submit(Task(PhotoId(1), str(path), 1))
    found = until(lambda: list(pool.poll(0.1)), "an outcome")
    return found[0][1]


@POSIX
@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_took_the_place_of_a_file_is_not_read(pool: DecoderPool, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.jpg"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")
    outcome = _outcome(pool, path)
    assert isinstance(outcome, Failed)
    assert outcome.kind == UNREADABLE


@POSIX
def test_a_photo_is_not_blamed_for_the_sleep_of_the_writer(pool: DecoderPool, tmp_path: Path) -> None:
    pool.submit(Task(PhotoId(1), str(put(tmp_path / "a.jpg", 3)), 1))
    (decoder,) = decoders()
    decoder.suspend()
    pool._looked -= 60  # as if the whole program had been suspended for a minute
    pool._members[0].busy_since -= 60
    assert list(pool.poll(0)) == []
    decoder.resume()
    found = until(lambda: list(pool.poll(0.1)), "an outcome")
    assert isinstance(found[0][1], Skipped)


@contextmanager
def _begin_to_decode(limits: PoolLimits, path: Path) -> Iterator[DecoderPool]:
    """Yield a pool whose decoder was just told to go on with a file; nobody polls it any more."""
    told = threading.Event()

    def decide(task: Task, question: Question) -> bool:
        del task, question
        told.set()
        return True

    with DecoderPool(DecoderConfig("", DecodeLimits(pixels=250_000_000, file_bytes=1 << 30)), limits, decide) as pool:
        pool.submit(Task(PhotoId(1), str(path), 1))
        while not told.is_set():
            assert list(pool.poll(0.1)) == []
        yield pool


@POSIX
def test_a_decoder_that_grows_while_nobody_asks_for_it(tmp_path: Path) -> None:
    with _begin_to_decode(PoolLimits(1, 60.0, 300 << 20), put(tmp_path / "a.png", large_picture())) as pool:
        until(lambda: not decoders(), "the decoder is ended")
        ((_, outcome),) = until(lambda: list(pool.poll(0.1)), "the loss is told")
        assert outcome == Lost("decoding it needed more than 300 MB of memory")
        assert pool.idle


@POSIX
def test_a_decoder_that_works_for_too_long_while_nobody_asks_for_it(tmp_path: Path) -> None:
    with _begin_to_decode(PoolLimits(1, 60.0, 2 << 30), put(tmp_path / "a.webp", slow_picture())) as pool:
        pool._limits = replace(pool._limits, photo_seconds=0.1)
        pool._looked -= 60  # as if nobody had looked for a minute
        until(lambda: not decoders(), "the decoder is ended")
        ((_, outcome),) = until(lambda: list(pool.poll(0.1)), "the loss is told")
        assert outcome == Lost("decoding it took more than 0.1 seconds")


@POSIX
def test_a_decoder_may_wait_for_an_answer_as_long_as_nobody_asks_for_it(tmp_path: Path) -> None:
    config = DecoderConfig("", DecodeLimits(pixels=250_000_000, file_bytes=1 << 30))
    with DecoderPool(config, PoolLimits(1, 60.0, 2 << 30), _no) as pool:
        pool.submit(Task(PhotoId(1), str(put(tmp_path / "a.jpg", 3)), 1))
        until(pool._members[0].connection.poll, "it asks")
        pool._limits = replace(pool._limits, photo_seconds=0.2)
        pool._looked -= 60
        time.sleep(1.0)  # in which the guard looks ten times
        assert len(decoders()) == 1
        found = until(lambda: list(pool.poll(0.1)), "an outcome")
        assert isinstance(found[0][1], Skipped)


def test_a_file_that_is_gone(pool: DecoderPool, tmp_path: Path) -> None:
    outcome = _outcome(pool, tmp_path / "gone.jpg")
    assert outcome == Failed(UNREADABLE, "the file cannot be read: No such file or directory")


def test_a_known_content_is_not_decoded(pool: DecoderPool, tmp_path: Path) -> None:
    path = put(tmp_path / "a.jpg", 3)
    outcome = _outcome(pool, path)
    assert isinstance(outcome, Skipped)
    assert outcome.stamp.size == len(jpeg(3))


@POSIX
def test_a_pool_whose_process_died_starts_another(tmp_path: Path) -> None:
    asked: list[Question] = []

    def decide(task: Task, question: Question) -> bool:
        del task
        asked.append(question)
        return False

    config = DecoderConfig("", DecodeLimits(pixels=250_000_000, file_bytes=1 << 30))
    paths = [put(tmp_path / f"{number}.jpg", number) for number in range(4)]
    with DecoderPool(config, PoolLimits(1, 20.0, 2 << 30), decide) as pool:
        assert isinstance(_outcome(pool, paths[0]), Skipped)
        (process,) = decoders()
        assert pool.process_ids() == [process.pid]
        process.kill()
        process.wait(20)
        for number, path in enumerate(paths[1:3]):
            pool.submit(Task(PhotoId(10 + number), str(path), 1))
        outcomes = dict(until(lambda: list(pool.poll(0.1)), "the loss is told"))
        assert [type(outcome) for outcome in outcomes.values()] == [Lost]
        assert isinstance(until(lambda: list(pool.poll(0.1)), "the other file is read")[0][1], Skipped)
        assert pool.idle
    assert len(asked) == 2


@POSIX
@pytest.mark.parametrize("low", [True, False])
def test_decoders_yield_to_other_programs_if_they_are_told_to(low: bool, tmp_path: Path) -> None:
    config = DecoderConfig("", DecodeLimits(pixels=250_000_000, file_bytes=1 << 30), low_priority=low)
    with DecoderPool(config, PoolLimits(1, 20.0, 2 << 30), _no) as pool:
        _outcome(pool, put(tmp_path / "a.jpg", 3))
        (process,) = decoders()
        own = psutil.Process().nice()
        assert process.nice() == (max(own, 10) if low else own)
