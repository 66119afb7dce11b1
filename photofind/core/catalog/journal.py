"""SQL about what was done to files: ``journal.db``, from which everything can be taken back, also after a crash.

::

    planned ──▶ intended ──▶ done ──▶ undo intended ──▶ undone
                    ├──▶ skipped, failed      └──▶ done (not taken back)

A step is *intended* in a commit that has reached the disk before its file is touched, with all that it takes to find
the file again. What became of it may be written later, many steps in one commit: after a crash in between, a look at
the disk tells which intended steps were carried out (``core/actions/recovering.py``).

A *run* is one time that a plan was carried out; a plan that was taken back may be carried out again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from photofind.core.catalog.connection import connect, storage_errors, transaction
from photofind.core.catalog.opening import close_shared, opening
from photofind.core.catalog.schema import check_version, migrate, version_of
from photofind.core.errors import LibraryVersionError
from photofind.core.paths import path_from_bytes, path_to_bytes
from photofind.core.plans import Action, Outcome, Plan, PlannedFile, Step, StepResult
from photofind.core.records import FileStamp

JOURNAL_FILE = "journal.db"

_V1 = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    plan TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,  -- part of the names that its steps give to files
    action TEXT NOT NULL,
    target BLOB,
    made_at TEXT NOT NULL,
    started_at TEXT NOT NULL
);
CREATE INDEX runs_by_plan ON runs (plan);

CREATE TABLE steps (
    run INTEGER NOT NULL REFERENCES runs,
    number INTEGER NOT NULL,
    path BLOB NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    hash BLOB NOT NULL,
    kept_path BLOB NOT NULL,
    kept_size INTEGER NOT NULL,
    kept_mtime_ns INTEGER NOT NULL,
    kept_file_id INTEGER NOT NULL,
    kept_hash BLOB NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'planned',
    note TEXT NOT NULL DEFAULT '',
    place BLOB,          -- where the file is to go or went
    mount BLOB,          -- where the volume of the file was mounted
    mode INTEGER,        -- what a file that became a hard link was like before
    mtime_was INTEGER,
    PRIMARY KEY (run, number)
) WITHOUT ROWID;
CREATE INDEX steps_unsettled ON steps (run, number) WHERE state IN ('intended', 'undo intended');
"""

MIGRATIONS: tuple[str, ...] = (_V1,)
"""One script per version; a script, once released, is never changed."""
JOURNAL_VERSION = len(MIGRATIONS)

_COLUMNS = (
    "s.run, s.number, r.token, r.action, r.target, s.path, s.size, s.mtime_ns, s.file_id, s.hash, s.kept_path,"
    " s.kept_size, s.kept_mtime_ns, s.kept_file_id, s.kept_hash, s.verdict, s.reason, s.state, s.note, s.place,"
    " s.mount, s.mode, s.mtime_was"
)
_STEPS = f"SELECT {_COLUMNS} FROM steps s JOIN runs r ON r.id = s.run"  # noqa: S608 - constants only


class StepState(StrEnum):
    """How far a step has come."""

    PLANNED = "planned"
    INTENDED = "intended"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNDO_INTENDED = "undo intended"
    UNDONE = "undone"


_OUTCOMES = {
    StepState.DONE: Outcome.DONE,
    StepState.SKIPPED: Outcome.SKIPPED,
    StepState.FAILED: Outcome.FAILED,
    StepState.UNDONE: Outcome.UNDONE,
}


@dataclass(frozen=True, slots=True)
class Trace:
    """What it takes to find a file again, and to make it what it was.

    ``place`` is where it goes, None when only the trash knows; ``mount`` where its volume is mounted; ``mode`` and
    ``mtime_ns`` are the permissions and the time that it had.
    """

    place: str | None
    mount: str
    mode: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Change:
    """A step's new state; ``trace`` and ``place`` only where they become known."""

    run: int
    number: int
    state: StepState
    note: str = ""
    trace: Trace | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class JournalStep:
    """A step with all that the journal knows of it; ``token`` is part of the names it gives to files."""

    run: int
    number: int
    token: str
    action: Action
    target: str | None
    step: Step
    state: StepState
    note: str
    trace: Trace | None

    @property
    def place(self) -> str | None:
        """Where the file went, if that is known."""
        return self.trace.place if self.trace else None

    def result(self) -> StepResult:
        """Return what became of the step, as it is told to the user."""
        outcome = _OUTCOMES.get(self.state)
        if outcome is not None:
            return StepResult(self.step, outcome, self.note, self.place if outcome == Outcome.DONE else None)
        if self.state == StepState.PLANNED:
            return StepResult(self.step, Outcome.SKIPPED, "photofind was stopped before it came to this file.")
        return StepResult(self.step, Outcome.FAILED, "photofind ended in the middle of it.", self.place)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One time that a plan was carried out, for the history; ``bytes`` are those of the ``done`` steps.

    ``started_at`` is UTC, ISO 8601. ``unsettled`` steps were under way when photofind ended.
    """

    run: int
    plan_id: str
    action: Action
    target: str | None
    made_at: str
    started_at: str
    steps: int
    done: int
    undone: int
    skipped: int
    failed: int
    unsettled: int
    bytes: int


class Journal:
    """What was done to files; belongs to the thread that opened it. Any number of processes may have it open.

    All methods raise StorageError when the disk refuses; nothing is written then.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
        self._sql = connection
        self._path = path
        self._writable = writable

    @classmethod
    def open(cls, path: Path, *, writable: bool = True) -> Self:
        """Open the journal at ``path``; a writer makes it if it is not there, to a reader it is empty then.

        Raises
        ------
        LibraryVersionError, LibraryDamagedError, StorageError
            When the file is newer, damaged, or its disk refuses.
        LibraryBusyError
            When another process has been opening it for very long.
        """
        with storage_errors(path):
            if not writable:
                return cls(_opened_to_read(path), path, writable=False)
            with opening(path):
                return cls(_opened(path), path, writable=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the journal cannot be used any more."""
        if self._writable:
            close_shared(self._sql, self._path)
        else:
            self._sql.close()

    # What is going to be done, and was done

    def begin(self, plan: Plan, token: str, started_at: str) -> int:
        """Write down a plan that is about to be carried out; return the number of the run."""
        target = None if plan.target is None else path_to_bytes(plan.target)
        with self._transaction():
            run = self._sql.execute(
                "INSERT INTO runs (plan, token, action, target, made_at, started_at) VALUES (?, ?, ?, ?, ?, ?)",
                (_storable(plan.id), token, plan.action.value, target, plan.made_at, started_at),
            ).lastrowid
            assert run is not None
            self._sql.executemany(
                "INSERT INTO steps (run, number, path, size, mtime_ns, file_id, hash, kept_path, kept_size,"
                " kept_mtime_ns, kept_file_id, kept_hash, verdict, reason)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        run,
                        number,
                        *_file_row(step.file),
                        *_file_row(step.kept),
                        *map(_storable, (step.verdict, step.reason)),
                    )
                    for number, step in enumerate(plan.steps)
                ),
            )
        return run

    def write(self, changes: Sequence[Change]) -> None:
        """Write new states of steps, all in one commit that has reached the disk when this returns."""
        if not changes:
            return
        with self._transaction():
            self._sql.executemany(
                "UPDATE steps SET state = ?, note = ?, place = coalesce(?, place), mount = coalesce(?, mount),"
                " mode = coalesce(?, mode), mtime_was = coalesce(?, mtime_was) WHERE run = ? AND number = ?",
                [(c.state.value, _storable(c.note), *_trace_row(c), c.run, c.number) for c in changes],
            )

    # What is there to be settled or taken back

    def unsettled(self) -> list[JournalStep]:
        """Return the steps that were under way when a process ended, in the order in which they were begun."""
        where = " WHERE s.state IN ('intended', 'undo intended') ORDER BY s.run, s.number"
        return [_journal_step(row) for row in self._rows(_STEPS + where)]

    def done(self, plan_id: str) -> list[JournalStep]:
        """Return the steps of a plan that can be taken back, the last one first."""
        where = " WHERE r.plan = ? AND s.state = 'done' ORDER BY s.run DESC, s.number DESC"
        return [_journal_step(row) for row in self._rows(_STEPS + where, (_storable(plan_id),))]

    def knows(self, plan_id: str) -> bool:
        """Tell whether a plan was ever carried out, in part at least."""
        return next(self._rows("SELECT 1 FROM runs WHERE plan = ? LIMIT 1", (_storable(plan_id),)), None) is not None

    # History

    def history(self) -> list[RunRecord]:
        """Return all runs, the latest first."""
        rows = self._rows(
            "SELECT r.id, r.plan, r.action, r.target, r.made_at, r.started_at, count(s.number),"
            " count(*) FILTER (WHERE s.state = 'done'), count(*) FILTER (WHERE s.state = 'undone'),"
            " count(*) FILTER (WHERE s.state IN ('skipped', 'planned')), count(*) FILTER (WHERE s.state = 'failed'),"
            " count(*) FILTER (WHERE s.state IN ('intended', 'undo intended')),"
            " coalesce(sum(s.size) FILTER (WHERE s.state = 'done'), 0)"
            " FROM runs r LEFT JOIN steps s ON s.run = r.id GROUP BY r.id ORDER BY r.id DESC"
        )
        return [RunRecord(row[0], row[1], Action(row[2]), _path(row[3]), *row[4:]) for row in rows]

    def steps(self, run: int) -> list[JournalStep]:
        """Return the steps of a run in the order of its plan."""
        return [_journal_step(row) for row in self._rows(_STEPS + " WHERE s.run = ? ORDER BY s.number", (run,))]

    def plan(self, run: int) -> Plan | None:
        """Return the plan of a run as it was carried out, None when there is no such run."""
        found = next(
            self._rows("SELECT plan, made_at, action, target FROM runs WHERE id = ?", (run,)),
            None,
        )
        if found is None:
            return None
        steps = tuple(entry.step for entry in self.steps(run))
        return Plan(found[0], found[1], Action(found[2]), steps, _path(found[3]))

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        with storage_errors(self._path):
            yield from self._sql.execute(sql, parameters).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with storage_errors(self._path), transaction(self._sql):
            yield


def _opened(path: Path) -> sqlite3.Connection:
    connection = connect(path, writable=True)
    try:
        _check_not_newer(connection, path)
        migrate(connection, path, MIGRATIONS)
    except BaseException:
        connection.close()
        raise
    return connection


def _opened_to_read(path: Path) -> sqlite3.Connection:
    if path.exists():
        connection = connect(path, writable=False)
        try:
            _check_not_newer(connection, path)
            if check_version(connection, path, MIGRATIONS) == JOURNAL_VERSION:
                return connection
        except BaseException:
            connection.close()
            raise
        connection.close()  # somebody is just making it
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, Path(":memory:"), MIGRATIONS)
    return connection


def _check_not_newer(connection: sqlite3.Connection, path: Path) -> None:
    if version_of(connection) > JOURNAL_VERSION:
        raise LibraryVersionError(f"{path} was made by a newer photofind; update photofind to act on files here.")


def _storable(text: str) -> str:
    """Return a text as SQLite can store it: sentences may name files whose names are no valid Unicode."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _file_row(file: PlannedFile) -> tuple[object, ...]:
    stamp = file.stamp
    return path_to_bytes(file.path), stamp.size, stamp.mtime_ns, stamp.file_id, file.content_hash


def _trace_row(change: Change) -> tuple[object, ...]:
    trace = change.trace
    place = change.place if change.place is not None or trace is None else trace.place
    stored = None if place is None else path_to_bytes(place)
    return (
        (stored, None, None, None)
        if trace is None
        else (stored, path_to_bytes(trace.mount), trace.mode, trace.mtime_ns)
    )


def _path(stored: bytes | None) -> str | None:
    return None if stored is None else path_from_bytes(stored)


def _journal_step(row: tuple[Any, ...]) -> JournalStep:
    run, number, token, action, target = row[:5]
    state, note, place, mount, mode, mtime = row[17:]
    trace = None if mount is None else Trace(_path(place), path_from_bytes(mount), mode, mtime)
    step = Step(_planned_file(row[5:10]), _planned_file(row[10:15]), row[15], row[16])
    return JournalStep(
        run, number, f"{token}-{number}", Action(action), _path(target), step, StepState(state), note, trace
    )


def _planned_file(row: tuple[Any, ...]) -> PlannedFile:
    path, size, mtime_ns, file_id, content_hash = row
    return PlannedFile(path_from_bytes(path), FileStamp(size, mtime_ns, file_id), content_hash)
