"""The order of the writer's jobs."""

from __future__ import annotations

from photofind.gui.worker_jobs import Job, JobQueue
from photofind.gui.worker_runner import LineBuffer


def _all() -> Job:
    return Job("index", {"folders": []})


def _folder(name: str) -> Job:
    return Job("index", {"folders": [name]})


def _remove(name: str) -> Job:
    return Job("remove", {"folder": name})


def _want(spec: str) -> Job:
    return Job("want_pack", {"spec": spec})


def _rest(jobs: JobQueue) -> list[tuple[object, ...]]:
    """Do all jobs; return their commands in the order in which they were sent."""
    done: list[tuple[object, ...]] = []
    while (job := jobs.current or jobs.next()) is not None:
        done.append((job.command, *job.values.values()))
        jobs.answered()
    return done


def test_one_job_at_a_time() -> None:
    jobs = JobQueue()
    jobs.add(_folder("a"))
    jobs.add(_folder("b"))
    first = jobs.next()
    assert first is not None
    assert first.values == {"folders": ["a"]}
    assert jobs.next() is None
    assert jobs.answered()
    assert jobs.next() is not None


def test_duplicates_are_looked_for_when_the_photos_are_read() -> None:
    jobs = JobQueue()
    jobs.add(_all())
    jobs.next()
    assert not jobs.add(Job("find_duplicates")), "the run under way goes on"
    assert jobs.add(_folder("new"))
    assert _rest(jobs) == [("index", []), ("index", ["new"]), ("find_duplicates",)]


def test_looking_for_duplicates_makes_room_for_everything_else_and_is_done_again() -> None:
    for job in (_all(), _folder("new"), _remove("old"), _want("a"), Job("retry", {"paths": []})):
        jobs = JobQueue()
        jobs.add(Job("find_duplicates"))
        jobs.next()
        assert jobs.add(job), job.command
        assert not jobs.add(Job("find_duplicates"))
        assert not jobs.answered(stopped=True), "this is not the end of looking for duplicates"
        assert _rest(jobs) == [(job.command, *job.values.values()), ("find_duplicates",)]


def test_looking_for_duplicates_that_waits_lets_everything_else_by() -> None:
    jobs = JobQueue()
    jobs.add(_folder("a"))
    jobs.next()
    jobs.add(Job("find_duplicates"))
    assert not jobs.add(_all())
    assert _rest(jobs) == [("index", ["a"]), ("index", []), ("find_duplicates",)]


def test_what_already_waits_is_not_queued_again() -> None:
    jobs = JobQueue()
    jobs.add(_all())
    jobs.next()
    for _ in range(3):
        assert not jobs.add(_all()), "a run makes no room for another one like it"
    assert len(jobs) == 2, "the one under way may have passed what changed"


def test_a_run_makes_room_for_what_the_user_asks_and_is_done_again() -> None:
    jobs = JobQueue()
    jobs.add(_all())
    jobs.next()
    assert jobs.add(_folder("new"))
    assert not jobs.add(_remove("old")), "it is asked to stop only once"
    assert not jobs.answered(stopped=True), "this is not the end of the run"
    assert _rest(jobs) == [("index", ["new"]), ("remove", "old"), ("index", [])]


def test_a_run_that_ended_before_it_could_make_room_is_not_done_again() -> None:
    jobs = JobQueue()
    jobs.add(_all())
    jobs.next()
    jobs.add(_folder("new"))
    assert jobs.answered(stopped=False)
    assert _rest(jobs) == [("index", ["new"])]


def test_a_removal_is_not_stopped() -> None:
    jobs = JobQueue()
    jobs.add(_remove("a"))
    jobs.next()
    assert not jobs.add(_folder("b"))


def test_the_choice_of_a_model_makes_room_and_is_not_forgotten() -> None:
    jobs = JobQueue()
    jobs.add(_all())
    jobs.next()
    assert jobs.add(_want("a"))
    jobs.drop_runs()
    assert jobs.answered(stopped=True)
    assert _rest(jobs) == [("want_pack", "a")]


def test_the_job_that_was_lost_is_sent_again() -> None:
    jobs = JobQueue()
    jobs.add(_folder("a"))
    job = jobs.next()
    jobs.lost()
    assert jobs.next() is job


def test_dropped_runs_are_gone_when_they_have_stopped() -> None:
    jobs = JobQueue()
    jobs.add(_folder("a"))
    jobs.next()
    jobs.add(_all())
    jobs.add(_remove("b"))
    jobs.drop_runs()
    assert jobs.answered(stopped=True)
    assert _rest(jobs) == [("remove", "b")]
    jobs.add(_all())
    jobs.next()
    jobs.drop_runs()
    jobs.lost()
    assert not len(jobs)


def test_at_the_end_only_what_would_be_forgotten_is_still_sent() -> None:
    jobs = JobQueue()
    jobs.add(_folder("a"))
    jobs.next()
    for job in (_all(), _folder("b"), _remove("c")):
        jobs.add(job)
    assert [job.command for job in jobs.take_waiting()] == ["index", "remove"]


def _upkeep(task: str = "compact") -> Job:
    return Job("maintain", {"task": task, "if_due": False})


def _due() -> Job:
    return Job("maintain", {"task": "calibrate", "if_due": True})


def test_measuring_that_is_due_comes_after_runs_and_before_duplicates() -> None:
    jobs = JobQueue()
    jobs.add(_folder("a"))
    jobs.next()
    for job in (Job("find_duplicates"), _due(), _all()):
        assert not jobs.add(job), job.command
    assert _rest(jobs) == [("index", ["a"]), ("index", []), ("maintain", "calibrate", True), ("find_duplicates",)]


def test_measuring_that_is_due_makes_room_for_all_but_duplicates() -> None:
    for job in (_all(), _folder("new"), _remove("old"), _upkeep()):
        jobs = JobQueue()
        jobs.add(_due())
        jobs.next()
        assert jobs.add(job), job.command
        assert not jobs.answered(stopped=True), "this is not its end"
        assert _rest(jobs) == [(job.command, *job.values.values()), ("maintain", "calibrate", True)]
    jobs = JobQueue()
    jobs.add(_due())
    jobs.next()
    assert not jobs.add(Job("find_duplicates"))


def test_looking_for_duplicates_makes_room_for_measuring() -> None:
    jobs = JobQueue()
    jobs.add(Job("find_duplicates"))
    jobs.next()
    assert jobs.add(_due())
    assert not jobs.answered(stopped=True)
    assert _rest(jobs) == [("maintain", "calibrate", True), ("find_duplicates",)]


def test_upkeep_by_a_button_does_not_wait_for_a_run_over_all_folders() -> None:
    jobs = JobQueue()
    jobs.add(_all())
    jobs.next()
    assert jobs.add(_upkeep())
    assert not jobs.answered(stopped=True)
    assert _rest(jobs) == [("maintain", "compact", False), ("index", [])]


def test_upkeep_by_one_button_is_not_interrupted_by_the_next_but_by_a_new_folder() -> None:
    jobs = JobQueue()
    jobs.add(_upkeep("recluster"))
    jobs.next()
    assert not jobs.add(_upkeep("calibrate"))
    assert jobs.add(_folder("new"))
    assert not jobs.answered(stopped=True)
    assert [values[-2:] for values in _rest(jobs)] == [("calibrate", False), ("index", ["new"]), ("recluster", False)]


def test_upkeep_is_dropped_apart_from_everything_else() -> None:
    jobs = JobQueue()
    jobs.add(_upkeep("recluster"))
    jobs.next()
    jobs.add(_upkeep("compact"))
    jobs.add(_all())
    assert [job.values["task"] for job in jobs.drop_upkeep()] == ["compact"]
    assert jobs.answered(stopped=True)
    assert _rest(jobs) == [("index", [])]
    jobs.add(_all())
    jobs.next()
    jobs.add(_upkeep())
    jobs.drop_upkeep()
    assert not jobs.answered(stopped=True), "the run made room for it and is done again"
    assert _rest(jobs) == [("index", [])]


def test_at_the_end_upkeep_is_forgotten() -> None:
    jobs = JobQueue()
    jobs.add(_all())
    jobs.next()
    jobs.add(_upkeep())
    jobs.add(_remove("a"))
    assert [job.command for job in jobs.take_waiting()] == ["remove"]


def test_lines_of_any_length() -> None:
    lines = LineBuffer()
    long = b"x" * 5_000_000
    found = []
    for start in range(0, len(long), 65_536):
        found += lines.feed(long[start : start + 65_536])
    assert found == []
    assert lines.feed(b"\nshort\n\nrest") == [long, b"short", b""]
    assert lines.feed(b"\n") == [b"rest"]
