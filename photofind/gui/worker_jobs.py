"""What the writer process is to do: one job at a time, in an order that suits who waits for it.

A job leaves the queue when the writer has answered it. The process gets the next one only then, so that after its death
it is known which job was lost. What the user asks for by name (add this folder, remove that one) does not wait for the
hours that a run over all folders may take: the run makes room and is done again afterwards, where it left off. What
nobody waits for makes room for everything else: measuring the index once that is due, and looking for duplicates last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False, slots=True)
class Job:
    """A command for the writer and how far it got; ``dropped`` ones are not done again, ``yielding`` ones are."""

    command: str
    values: Mapping[str, Any] = field(default_factory=dict)
    sent: bool = False
    dropped: bool = False
    yielding: bool = False

    @property
    def rank(self) -> int:
        """When its turn is: what the user asked for, then runs over all folders, then what these make due.

        Of that, measuring the index comes first: it takes a minute, looking for duplicates may take hours.
        """
        if self.is_urgent:
            return 0
        return 3 if self.is_finding else 2 if self.is_upkeep else 1

    @property
    def is_finding(self) -> bool:
        """Whether it looks for duplicates."""
        return self.command == "find_duplicates"

    @property
    def is_upkeep(self) -> bool:
        """Whether it measures the index, makes it compact or trains it anew: it changes no photo."""
        return self.command == "maintain"

    @property
    def is_urgent(self) -> bool:
        """Whether the user asked for just this; a run over all folders is not, nor what has to come after it."""
        if self.is_upkeep:
            return not self.values.get("if_due")
        return not self.is_finding and (self.command != "index" or bool(self.values.get("folders")))

    @property
    def is_long(self) -> bool:
        """Whether it may take hours, and can be stopped and done again without loss."""
        return self.command not in ("remove", "want_pack")

    def asks_the_same(self, other: Job) -> bool:
        """Tell whether another job would bring about nothing new after this one."""
        return (self.command, self.values) == (other.command, other.values)


class JobQueue:
    """The jobs that the writer has not answered yet, by their ranks; the first may be under way."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []

    def __len__(self) -> int:
        return len(self._jobs)

    @property
    def current(self) -> Job | None:
        """The job under way."""
        return self._jobs[0] if self._jobs and self._jobs[0].sent else None

    def add(self, job: Job) -> bool:
        """Queue a job; return True when the one under way must be stopped to make room for it."""
        current = self.current
        if any(waiting.asks_the_same(job) for waiting in self._jobs if not waiting.sent):
            return False
        self._insert(job)
        if current is None or not _gives_way(current, job):
            return False
        if current.yielding or current.dropped:
            return False  # it is ending already
        current.yielding = True
        return True

    def next(self) -> Job | None:
        """Return the job to send now, which is then under way; None when one is, or nothing waits."""
        if not self._jobs or self._jobs[0].sent:
            return None
        self._jobs[0].sent = True
        return self._jobs[0]

    def answered(self, *, stopped: bool = False) -> bool:
        """Take the job under way out; return False when it only made room and will be done again."""
        job = self.current
        if job is None:
            return True
        del self._jobs[0]
        if not (stopped and job.yielding) or job.dropped:
            return True
        again = Job(job.command, job.values)
        if not any(waiting.asks_the_same(again) for waiting in self._jobs):
            self._insert(again)
        return False

    def lost(self) -> None:
        """Note that the process is gone: the job under way has to be sent again, unless it was dropped."""
        job = self.current
        if job is not None and job.dropped:
            del self._jobs[0]
        elif job is not None:
            job.sent = job.yielding = False

    def drop_runs(self) -> list[Job]:
        """Forget the runs that wait, and the one under way as soon as it has stopped; what is short stays.

        Returns those that waited.
        """
        if self.current is not None:
            self.current.dropped = True
        return self._drop(lambda job: job.is_long)

    def drop_upkeep(self) -> list[Job]:
        """Forget upkeep as :meth:`drop_runs` forgets runs; return what waited."""
        if self.current is not None and self.current.is_upkeep:
            self.current.dropped = True
        return self._drop(lambda job: job.is_upkeep)

    def take_waiting(self) -> list[Job]:
        """Take out, in their order, the urgent jobs that were not sent yet: those that a new start would not repeat.

        Not upkeep: it would be stopped at once, and nobody relies on it.
        """
        waiting = [job for job in self._jobs if job.is_urgent and not job.sent and not job.is_upkeep]
        self._jobs = [job for job in self._jobs if job not in waiting]
        return waiting

    def _drop(self, is_meant: Callable[[Job], bool]) -> list[Job]:
        dropped = [job for job in self._jobs if not job.sent and is_meant(job)]
        self._jobs = [job for job in self._jobs if job not in dropped]
        return dropped

    def _insert(self, job: Job) -> None:
        places = (n for n, other in enumerate(self._jobs) if not other.sent and other.rank > job.rank)
        self._jobs.insert(next(places, len(self._jobs)), job)


def _gives_way(current: Job, job: Job) -> bool:
    """Tell whether the job under way has to be stopped for another one."""
    if not current.is_long or current.asks_the_same(job):
        return False
    if current.is_upkeep and current.is_urgent and job.is_upkeep:
        return False  # what was asked for by one button is not lost to the next one
    return job.is_urgent or current.rank > max(1, job.rank)
