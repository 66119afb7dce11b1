"""Photos decoded in processes apart: what comes back, and what a file may do to them."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from photofind.core.errors import DamagedPhotoError, NotAPhotoError, OversizedPhotoError, UnreadablePhotoError
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.apart import ApartLimits, PictureReader
from photofind.core.imaging.pictures import IN_PLACE, GivenUpError
from photofind.core.progress import Control
from tests.support.photos import jpeg, large_picture, put, slow_picture
from tests.support.processes import decoder_reading
from tests.support.waiting import until

LIMITS = DecodeLimits.of(megapixels=250, megabytes=100)
PLENTY = ApartLimits(60.0, 2000 << 20)
WHOLE = 1 << 40
POSIX = pytest.mark.skipif(os.name != "posix", reason="looks at the open files of other processes")


@pytest.fixture
def reader() -> Iterator[PictureReader]:
    """A reader that allows a lot; no process of it may be left."""
    with closing(PictureReader(PLENTY)) as made:
        yield made
    _assert_ended(made)


def _assert_ended(reader: PictureReader) -> None:
    until(lambda: not reader.process_ids(), "no process is left")
    until(lambda: "photofind-pictures" not in {thread.name for thread in threading.enumerate()}, "nobody watches")


def _while_reading(victim: Path, act: Callable[[psutil.Process], object]) -> threading.Thread:
    """Do something to the process that has a file open, as soon as one has."""

    def wait() -> None:
        act(until(lambda: decoder_reading(str(victim)), "somebody reads it"))

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


# What comes back


def test_a_photo_and_its_facts_are_those_of_this_process(reader: PictureReader, tmp_path: Path) -> None:
    path = str(put(tmp_path / "a.jpg", 3))
    here, apart = (each.decode(path, limits=LIMITS, working_area=WHOLE) for each in (IN_PLACE, reader))
    assert apart.facts == here.facts
    assert np.array_equal(np.asarray(apart.image), np.asarray(here.image))
    assert reader.header(path, limits=LIMITS) == IN_PLACE.header(path, limits=LIMITS)


def test_a_part_and_a_large_picture_come_in_whole(reader: PictureReader, tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    path = str(tmp_path / "noise.png")
    Image.fromarray(rng.integers(0, 255, (1003, 1501, 3), np.uint8)).save(path, compress_level=0)
    part = (0.1, 0.2, 0.7, 0.9)
    for each in (None, part):
        here, apart = (p.decode(path, limits=LIMITS, working_area=WHOLE, part=each) for p in (IN_PLACE, reader))
        assert np.array_equal(np.asarray(apart.image), np.asarray(here.image))


def test_errors_are_those_of_this_process(reader: PictureReader, tmp_path: Path) -> None:
    with pytest.raises(NotAPhotoError, match="web page"):
        reader.decode(str(put(tmp_path / "a.jpg", b"<html>")), limits=LIMITS, working_area=1)
    with pytest.raises(DamagedPhotoError, match="cut short"):
        reader.decode(str(put(tmp_path / "b.jpg", jpeg(3)[:900])), limits=LIMITS, working_area=WHOLE)
    with pytest.raises(FileNotFoundError):
        reader.decode(str(tmp_path / "gone.jpg"), limits=LIMITS, working_area=1)
    with pytest.raises(NotAPhotoError):
        reader.header(str(put(tmp_path / "c.jpg", b"text")), limits=LIMITS)
    assert len(reader.process_ids()) == 1, "none of them costs a process"


def test_every_limit_and_error_can_be_sent() -> None:
    from photofind.core import errors

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.PhotoError)]
    assert len(kinds) >= 6
    for kind in kinds:
        again = pickle.loads(pickle.dumps(kind("why")))
        assert type(again) is kind
        assert str(again) == "why"


def test_no_process_before_the_first_ask(tmp_path: Path) -> None:
    with closing(PictureReader(PLENTY)) as reader:
        assert reader.process_ids() == []
        reader.warm()
        (warm,) = reader.process_ids()
        reader.decode(str(put(tmp_path / "a.jpg", 3)), limits=LIMITS, working_area=1)
        assert reader.process_ids() == [warm]
    _assert_ended(reader)


def test_processes_that_nobody_asks_end(tmp_path: Path) -> None:
    with closing(PictureReader(PLENTY, idle_seconds=0.2)) as reader:
        path = str(put(tmp_path / "a.jpg", 3))
        reader.decode(path, limits=LIMITS, working_area=1)
        _assert_ended(reader)
        reader.decode(path, limits=LIMITS, working_area=1)


def test_it_is_lean(reader: PictureReader, tmp_path: Path) -> None:
    reader.decode(str(put(tmp_path / "a.jpg", 3)), limits=LIMITS, working_area=1)
    (pid,) = reader.process_ids()
    maps = Path(f"/proc/{pid}/maps")
    if maps.exists():
        loaded = maps.read_text()
        assert not [name for name in ("faiss", "onnxruntime", "PySide6", "sqlite3") if name in loaded]


# What a file may do


@POSIX
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_crash_costs_one_file(reader: PictureReader, tmp_path: Path, number: signal.Signals) -> None:
    deadly, other = put(tmp_path / "deadly.webp", slow_picture()), put(tmp_path / "a.jpg", 3)
    reader.warm()
    _while_reading(deadly, lambda process: process.send_signal(number))
    with pytest.raises(DamagedPhotoError, match=rf"the decoder crashed on it \(exit status -{int(number)}\)"):
        reader.decode(str(deadly), limits=LIMITS, working_area=WHOLE)
    assert reader.decode(str(other), limits=LIMITS, working_area=1).facts.width == 200
    before = reader.process_ids()
    with pytest.raises(DamagedPhotoError, match="crashed"):  # at once: it is not opened again
        reader.decode(str(deadly), limits=LIMITS, working_area=WHOLE)
    assert reader.process_ids() == before
    deadly.write_bytes(jpeg(5))
    assert reader.decode(str(deadly), limits=LIMITS, working_area=1).facts.format == "JPEG"


@POSIX
def test_what_failed_is_tried_again_for_less_and_under_other_limits(reader: PictureReader, tmp_path: Path) -> None:
    deadly = put(tmp_path / "deadly.webp", slow_picture())
    reader.warm()
    _while_reading(deadly, psutil.Process.kill)
    with pytest.raises(DamagedPhotoError):
        reader.decode(str(deadly), limits=LIMITS, working_area=1000)
    assert reader.header(str(deadly), limits=LIMITS).size == (8000, 8000)
    with pytest.raises(DamagedPhotoError):
        reader.decode(str(deadly), limits=LIMITS, working_area=1000)
    reader.use(ApartLimits(0.3, 2000 << 20))
    with pytest.raises(OversizedPhotoError, match=r"more than 0\.3 seconds"):
        reader.decode(str(deadly), limits=LIMITS, working_area=WHOLE)


@POSIX
def test_a_decoder_that_hangs_is_ended(tmp_path: Path) -> None:
    with closing(PictureReader(ApartLimits(1.0, 2000 << 20))) as reader:
        hanging = put(tmp_path / "hanging.webp", slow_picture())
        _while_reading(hanging, psutil.Process.suspend)
        with pytest.raises(OversizedPhotoError, match="decoding it took more than 1 seconds"):
            reader.decode(str(hanging), limits=LIMITS, working_area=WHOLE)
    _assert_ended(reader)


def test_a_decoder_that_eats_memory_is_ended(tmp_path: Path) -> None:
    with closing(PictureReader(ApartLimits(60.0, 300 << 20))) as reader:
        large = put(tmp_path / "large.png", large_picture())
        with pytest.raises(OversizedPhotoError, match="decoding it needed more than 300 MB of memory"):
            reader.decode(str(large), limits=LIMITS, working_area=WHOLE)
        assert reader.decode(str(put(tmp_path / "a.jpg", 3)), limits=LIMITS, working_area=1).facts.width == 200
    _assert_ended(reader)


@POSIX
def test_a_process_that_dies_while_idle_is_replaced(reader: PictureReader, tmp_path: Path) -> None:
    path = str(put(tmp_path / "a.jpg", 3))
    reader.decode(path, limits=LIMITS, working_area=1)
    (first,) = reader.process_ids()
    os.kill(first, signal.SIGKILL)
    assert reader.decode(path, limits=LIMITS, working_area=1).facts.width == 200, "no photo is blamed for it"
    assert first not in reader.process_ids()


@POSIX
def test_what_is_not_wanted_any_more_is_given_up(reader: PictureReader, tmp_path: Path) -> None:
    hanging = put(tmp_path / "hanging.webp", slow_picture())
    control = Control()

    def hang(process: psutil.Process) -> None:
        process.suspend()
        control.stop()

    _while_reading(hanging, hang)
    with pytest.raises(GivenUpError):
        reader.decode(str(hanging), limits=LIMITS, working_area=WHOLE, control=control)
    assert reader.header(str(hanging), limits=LIMITS).size == (8000, 8000), "it is not to blame"


@POSIX
def test_who_asks_last_is_served_first(tmp_path: Path) -> None:
    hanging = put(tmp_path / "hanging.webp", slow_picture())
    served: list[str] = []
    suspended: list[psutil.Process] = []

    def hang(process: psutil.Process) -> None:
        process.suspend()
        suspended.append(process)

    with closing(PictureReader(PLENTY, most=1)) as reader, ThreadPoolExecutor(4) as threads:

        def read(path: Path) -> None:
            reader.header(str(path), limits=LIMITS)
            served.append(path.name)

        _while_reading(hanging, hang)
        first = threads.submit(reader.decode, str(hanging), limits=LIMITS, working_area=1)
        until(lambda: suspended, "the only process hangs")
        asked = []
        for waiting, name in enumerate(["a.jpg", "b.jpg", "c.jpg"], 1):
            asked.append(threads.submit(read, put(tmp_path / name, 3)))
            until(lambda count=waiting: len(reader._waiting) == count, "it waits")  # type: ignore[misc]
        suspended[0].kill()
        for each in asked:
            each.result(60)
        assert isinstance(first.exception(60), DamagedPhotoError)
    assert served == ["c.jpg", "b.jpg", "a.jpg"]


@POSIX
def test_closing_ends_who_waits(tmp_path: Path) -> None:
    reader = PictureReader(PLENTY)
    hanging = put(tmp_path / "hanging.webp", slow_picture())

    def close(process: psutil.Process) -> None:
        process.suspend()
        reader.close()

    _while_reading(hanging, close)
    with pytest.raises(UnreadablePhotoError, match="closing"):
        reader.decode(str(hanging), limits=LIMITS, working_area=WHOLE)
    with pytest.raises(UnreadablePhotoError, match="closing"):
        reader.header(str(hanging), limits=LIMITS)
    _assert_ended(reader)


# The ends of either side

_PARENT = """
import sys
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.apart import ApartLimits, PictureReader

if __name__ == "__main__":
    reader = PictureReader(ApartLimits(60.0, 2000 << 20))
    reader.warm()
    print(*reader.process_ids(), flush=True)
    reader.decode(sys.argv[1], limits=DecodeLimits.of(megapixels=250, megabytes=100), working_area=1 << 40)
    {end}
"""


def _parent(tmp_path: Path, photo: Path, end: str) -> subprocess.Popen[str]:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT.format(end=end))
    return subprocess.Popen(
        [sys.executable, str(script), str(photo)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@POSIX
def test_a_parent_that_is_killed_takes_its_processes_along(tmp_path: Path) -> None:
    slow = put(tmp_path / "slow.webp", slow_picture())
    with _parent(tmp_path, slow, "") as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        until(lambda: decoder_reading(str(slow), parent.pid), "it is at its file")
        parent.kill()
        parent.wait(20)
        until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, "the child has ended")


@POSIX
def test_a_parent_that_ends_without_closing_says_nothing(tmp_path: Path) -> None:
    with _parent(tmp_path, put(tmp_path / "a.jpg", 3), "") as parent:
        assert parent.stdout is not None
        assert parent.stderr is not None
        child = int(parent.stdout.readline())
        assert parent.wait(60) == 0
        assert parent.stderr.read() == ""
        until(lambda: not psutil.pid_exists(child), "the child has ended")


@POSIX
def test_the_terminal_interrupts_the_parent_only(reader: PictureReader, tmp_path: Path) -> None:
    path = str(put(tmp_path / "a.jpg", 3))
    reader.decode(path, limits=LIMITS, working_area=1)
    before = reader.process_ids()
    os.kill(before[0], signal.SIGINT)
    reader.decode(path, limits=LIMITS, working_area=1)
    assert reader.process_ids() == before
