"""The soak in its short form, and what it judges by."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.campaign.conftest import RunShort
from tests.campaign.running import Campaign
from tests.campaign.soak.ending import difference
from tests.campaign.soak.files import ChangingPhotos
from tests.campaign.soak.gauge import Gauge, leaks, reached, spans
from tests.campaign.soak.run import run


@pytest.mark.skipif(sys.platform != "linux", reason="counts handles and processes as Linux does")
@pytest.mark.timeout(600)  # a busy machine lets four programs in turn
def test_short_soak_finds_nothing(run_short: RunShort) -> None:
    campaign = run_short("soak", run)
    assert campaign.counts["actions"] > 10
    assert campaign.counts["answers compared"] == 20


def _rows(**values: Any) -> list[dict[str, Any]]:
    return [{"seconds": 60 * minute, **{k: v(minute) for k, v in values.items()}} for minute in range(121)]


def _leaks(rows: list[dict[str, Any]]) -> list[str]:
    return leaks(*spans(rows, 900.0, 600.0))


def test_steady_use_is_no_leak() -> None:
    rows = _rows(
        window_anon=lambda minute: 200 + minute % 7,
        worker_anon=lambda minute: None if minute == 50 else 90,
        threads=lambda minute: 20 + minute % 5,
        handles=lambda minute: 60 + minute % 11,
    )
    assert _leaks(rows) == []


def test_growth_before_the_warm_up_is_over_is_no_leak() -> None:
    assert _leaks(_rows(window_anon=lambda minute: min(200, 100 + 10 * minute))) == []


def test_the_time_until_enough_was_done_is_part_of_the_warm_up() -> None:
    rows = _rows(actions=lambda minute: minute * 80)
    assert reached(rows, "actions", 2000) == 25 * 60
    assert reached(rows, "actions", 20_000) == math.inf


def test_slow_growth_of_memory_is_found() -> None:
    found = _leaks(_rows(window_anon=lambda minute: 200 + minute / 5, worker_rss=lambda minute: 100 + minute / 30))
    assert found == ["window_anon grew by 9.4%"]


def test_a_writer_that_is_busy_at_the_end_has_no_leak() -> None:
    assert _leaks(_rows(worker_anon=lambda minute: 40 + minute % 5 + (300 if minute > 113 else 0))) == []
    assert _leaks(_rows(worker_anon=lambda minute: 40 + minute % 5 + minute / 20)) == ["worker_anon grew by 12.3%"]


def test_a_handle_lost_now_and_then_is_found() -> None:
    found = _leaks(_rows(worker_handles=lambda minute: 30 + minute % 9 + minute // 20, threads=lambda _: 20))
    assert found == ["there were 30 worker_handles at the least, and 35 at the end"]


def test_answers_are_the_same_whatever_the_order_of_equals() -> None:
    fresh = [("a", 0.9), ("b", 0.8), ("c", 0.8), ("d", 0.7)]
    assert difference([("a", 0.9), ("c", 0.8), ("b", 0.8), ("e", 0.7)], fresh) == ""
    assert difference(fresh[:3], fresh) == "3 hits instead of 4"
    assert "is missing" in difference([("a", 0.9), ("b", 0.8), ("x", 0.8), ("d", 0.7)], fresh)
    assert "should be" in difference([("a", 0.9), ("b", 0.8), ("c", 0.79), ("d", 0.7)], fresh)


def test_changing_photos_know_what_is_on_the_disk(tmp_path: Path) -> None:
    chances = Campaign("soak", 3, tmp_path).chances("files")
    photos = ChangingPhotos(tmp_path, 40)
    for _ in range(400):
        photos.step(chances)
    assert set(photos.done) == {"add", "change", "move", "rename", "remove"}
    on_disk = {str(path) for path in tmp_path.rglob("*.jpg") if path.stat().st_size > 100}
    assert photos.expected() == on_disk
    assert 30 <= len(on_disk) <= 40
    taken = ChangingPhotos(tmp_path, 40, write=False)
    assert taken.expected() == on_disk
    for _ in range(100):
        taken.step(chances)
    assert taken.expected() == {str(path) for path in tmp_path.rglob("*.jpg") if path.stat().st_size > 100}


def test_a_gauge_counts_what_a_process_holds(tmp_path: Path) -> None:
    gauge = Gauge(psutil.Process(), tmp_path, tmp_path)
    before = gauge.measure(0.0, {}, None)
    files = [(tmp_path / str(number)).open("wb") for number in range(10)]
    after = gauge.measure(60.0, {}, None)
    for file in files:
        file.close()
    assert after["handles"] >= before["handles"] + 10
    assert after["temp"] == before["temp"] + 10
    assert after["window_anon"] > 1.0
