from __future__ import annotations

import threading

import pytest

from photofind.core.progress import Control, RateMeter


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def mark(meter: RateMeter, clock: Clock, seconds: float, done: int) -> None:
    clock.now += seconds
    meter.mark(done)


def test_nothing_is_known_at_the_start(clock: Clock) -> None:
    meter = RateMeter(clock)
    assert (meter.rate(), meter.eta(10)) == (0.0, None)
    meter.mark(0)  # in the same instant
    assert (meter.rate(), meter.eta(10)) == (0.0, None)
    mark(meter, clock, 5, 0)
    assert (meter.rate(), meter.eta(10)) == (0.0, None)


def test_the_rate_is_that_of_the_last_seconds(clock: Clock) -> None:
    meter = RateMeter(clock)
    for second in range(1, 101):
        mark(meter, clock, 1, 2 * second)
    assert meter.rate() == 2
    assert meter.eta(30) == 15
    for second in range(1, 31):
        mark(meter, clock, 1, 200 + 10 * second)
    assert meter.rate() == 10
    assert meter.eta(0) == 0


def test_a_long_silence_does_not_forget_the_rate(clock: Clock) -> None:
    meter = RateMeter(clock)
    mark(meter, clock, 1, 50)
    mark(meter, clock, 99, 150)
    assert meter.rate() == pytest.approx(100 / 99)


def test_a_phase_that_counts_from_the_beginning_has_a_rate_of_its_own(clock: Clock) -> None:
    meter = RateMeter(clock)
    mark(meter, clock, 10, 1000)
    mark(meter, clock, 1, 0)
    assert meter.rate() == 0
    mark(meter, clock, 2, 10)
    assert meter.rate() == 5


def test_pausing_holds_a_job_and_stopping_wakes_it() -> None:
    control = Control()
    control.wait_while_paused()
    control.pause()
    assert (control.paused, control.stopping) == (True, False)
    passed = threading.Event()

    def job() -> None:
        control.wait_while_paused()
        passed.set()

    for wake in (control.resume, control.stop):
        control.pause()
        passed.clear()
        worker = threading.Thread(target=job)
        worker.start()
        assert not passed.wait(0.05)
        wake()
        worker.join(5)
        assert passed.is_set()
        assert not control.paused
    assert control.stopping
