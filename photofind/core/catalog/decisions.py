"""SQL about what the user decided while reviewing duplicates: decisions.db.

It is the user's own work and never thrown away. It names contents by the BLAKE2b-256 of their files and photos by their
paths, never by the ids of library.db, so that it outlives a library that is made anew. Several processes write it, each
change is one transaction that is on the disk when the call returns, and counters tell a window what others changed.

* ``rejected``: pairs that are no copies of each other, whatever the evidence says.
* ``dismissed``: groups that were looked at and are no duplicates; such a group is hidden while all its members were in
  it then (:meth:`DecisionStore.is_dismissed`).
* ``marks``: what is to become of the photos of the review under way.
* ``labels``: pairs that the user judged to recalibrate the threshold.
* ``state``: where the review was left.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from photofind.core.catalog.connection import transaction
from photofind.core.catalog.decision_file import decision_errors, open_decisions
from photofind.core.catalog.opening import close_shared
from photofind.core.paths import path_from_bytes, path_to_bytes

HashPair = tuple[bytes, bytes]
"""Hashes of two contents, the smaller first."""

_HASH_BYTES: Final = 32
_FEW_PATHS: Final = 500


class Mark(StrEnum):
    """What is to become of a photo; SKIP is one that was looked at and left undecided."""

    KEEP = "keep"
    REMOVE = "remove"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A group that is no duplicates: its members' content hashes, sorted, one for each photo."""

    id: int
    hashes: tuple[bytes, ...]
    note: str
    made_at: str


@dataclass(frozen=True, slots=True)
class Label:
    """The user's word on a pair that had this score then."""

    hashes: HashPair
    is_copy: bool
    score: float


@dataclass(frozen=True, slots=True)
class Revision:
    """Counters that grow with every change, by whatever process: of what groups are made of, of marks, of labels."""

    groups: int
    marks: int
    labels: int


class DecisionStore:
    """The user's decisions about duplicates; belongs to the thread that opened it.

    All methods raise StorageError when the disk refuses, LibraryDamagedError when the file is damaged, and
    LibraryBusyError when another program keeps it locked for ten seconds.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        writable: bool = True,
    ) -> None:
        self._sql = connection
        self._path = path
        self._writable = writable
        self._clock = clock

    @classmethod
    def open(cls, path: Path, *, writable: bool = True) -> Self:
        """Open the store at ``path``, which is made when it is not there; for reading, none is an empty one.

        Raises
        ------
        LibraryVersionError, LibraryDamagedError, StorageError
            When a newer photofind made it, it is damaged, or its disk refuses.
        """
        return cls(open_decisions(path, writable=writable), path, writable=writable)

    def close(self) -> None:
        """Close the file."""
        if self._writable:
            close_shared(self._sql, self._path)
        else:
            self._sql.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def revision(self) -> Revision:
        """Return what tells, in microseconds, whether anything was changed, here or in another window."""
        with decision_errors(self._path):
            return Revision(*self._sql.execute("SELECT groups, marks, labels FROM revision").fetchone())

    # Pairs that are no copies

    def reject_pair(self, first: bytes, second: bytes) -> None:
        """Remember that two contents are no copies of each other."""
        self.reject_pairs([(first, second)])

    def reject_pairs(self, pairs: Iterable[HashPair]) -> None:
        """Remember many such pairs, all or none of them; the order within a pair does not matter."""
        rows = [(*_hash_pair(first, second), self._now()) for first, second in pairs]
        with self._change("groups"):
            self._sql.executemany("INSERT OR IGNORE INTO rejected VALUES (?, ?, ?)", rows)

    def unreject_pair(self, first: bytes, second: bytes) -> None:
        """Take that back."""
        with self._change("groups"):
            self._sql.execute("DELETE FROM rejected WHERE first = ? AND second = ?", _hash_pair(first, second))

    def rejected_pairs(self) -> list[HashPair]:
        """Return all rejected pairs, sorted."""
        with decision_errors(self._path):
            return self._sql.execute("SELECT first, second FROM rejected ORDER BY first, second").fetchall()

    # Groups that are no duplicates

    def dismiss_group(self, hashes: Iterable[bytes], note: str = "") -> int:
        """Remember that a group is no duplicates; return the id by which that can be taken back.

        Parameters
        ----------
        hashes
            The content hash of each photo in the group, those of byte-identical files as often as there are files: one
            more of them is a new member, with which the group returns.
        """
        members = Counter(_checked(each) for each in hashes)
        if not members:
            raise ValueError("a group without members cannot be dismissed")
        key = _group_key(members)
        with self._change("groups"):
            self._sql.execute(
                "INSERT OR IGNORE INTO dismissed (key, note, made_at) VALUES (?, ?, ?)", (key, note, self._now())
            )
            group_id = int(self._sql.execute("SELECT id FROM dismissed WHERE key = ?", (key,)).fetchone()[0])
            self._sql.executemany(
                "INSERT OR IGNORE INTO dismissed_members VALUES (?, ?, ?)",
                ((each, group_id, files) for each, files in members.items()),
            )
        return group_id

    def undismiss_group(self, group_id: int) -> None:
        """Take a dismissal back."""
        with self._change("groups"):
            self._sql.execute("DELETE FROM dismissed_members WHERE group_id = ?", (group_id,))
            self._sql.execute("DELETE FROM dismissed WHERE id = ?", (group_id,))

    def dismissed_groups(self) -> list[Dismissed]:
        """Return all dismissed groups, the oldest first."""
        with decision_errors(self._path):
            members: dict[int, list[bytes]] = {}
            for group_id, each, files in self._sql.execute(
                "SELECT group_id, hash, files FROM dismissed_members ORDER BY group_id, hash"
            ):
                members.setdefault(group_id, []).extend([each] * files)
            rows = self._sql.execute("SELECT id, note, made_at FROM dismissed ORDER BY id").fetchall()
        return [Dismissed(row[0], tuple(members[row[0]]), row[1], row[2]) for row in rows if row[0] in members]

    def is_dismissed(self, hashes: Iterable[bytes]) -> bool:
        """Tell whether all photos of a group, given as for `dismiss_group`, were in one that was dismissed."""
        members = Counter(hashes)
        if not members:
            return False
        with decision_errors(self._path):
            # Every group that holds all members holds the smallest; few hold that one.
            candidates = self._sql.execute(
                "SELECT group_id FROM dismissed_members WHERE hash = ? AND files >= ?",
                (min(members), members[min(members)]),
            ).fetchall()
            return any(self._holds(group_id, members) for (group_id,) in candidates)

    def _holds(self, group_id: int, members: Mapping[bytes, int]) -> bool:
        rows = self._sql.execute("SELECT hash, files FROM dismissed_members WHERE group_id = ?", (group_id,))
        dismissed = dict(rows.fetchall())
        return all(dismissed.get(each, 0) >= files for each, files in members.items())

    # Marks of the review under way

    def set_mark(self, content_hash: bytes, path: str, mark: Mark | None) -> None:
        """Mark a photo, or with None take its mark away; it is on the disk when this returns."""
        self.set_marks([(content_hash, path, mark)])

    def set_marks(self, marks: Iterable[tuple[bytes, str, Mark | None]]) -> None:
        """Mark many photos, all or none. A file has one mark, about the content that it had when it was marked."""
        last: dict[tuple[bytes, bytes], Mark | None] = {}
        for content_hash, path, mark in marks:
            key = (path_to_bytes(path), _checked(content_hash))
            last.pop(key, None)  # what is said last comes last
            last[key] = mark
        now = self._now()
        with self._change("marks"):
            self._sql.executemany(
                "DELETE FROM marks WHERE path = ? AND content_hash = ?",
                [key for key, mark in last.items() if mark is None],
            )
            self._sql.executemany(
                "INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?)",
                [(*key, mark.value, now) for key, mark in last.items() if mark is not None],
            )

    def marks(self) -> dict[tuple[bytes, str], Mark]:
        """Return all marks by content hash and path; one whose file has another content by now means nothing."""
        with decision_errors(self._path):
            rows = self._sql.execute("SELECT content_hash, path, mark FROM marks").fetchall()
        return _marks(rows)

    def marks_of(self, paths: Iterable[str]) -> dict[tuple[bytes, str], Mark]:
        """Return the marks of some photos."""
        wanted = [path_to_bytes(path) for path in paths]
        found: list[tuple[bytes, bytes, str]] = []
        with decision_errors(self._path):
            for first in range(0, len(wanted), _FEW_PATHS):
                some = wanted[first : first + _FEW_PATHS]
                places = ", ".join("?" * len(some))
                found += self._sql.execute(
                    f"SELECT content_hash, path, mark FROM marks WHERE path IN ({places})",  # noqa: S608 - marks only
                    some,
                )
        return _marks(found)

    def count_marks(self) -> dict[Mark, int]:
        """Return how many photos have each mark."""
        with decision_errors(self._path):
            found = dict(self._sql.execute("SELECT mark, count(*) FROM marks GROUP BY mark").fetchall())
        return {mark: found.get(mark.value, 0) for mark in Mark}

    def clear_marks(self) -> None:
        """Take all marks away."""
        with self._change("marks"):
            self._sql.execute("DELETE FROM marks")

    # Labels, from which the threshold is recalibrated

    def add_label(self, first: bytes, second: bytes, *, is_copy: bool, score: float) -> None:
        """Store the user's word on a pair; a later word on the same pair replaces it."""
        with self._change("labels"):
            self._sql.execute(
                "INSERT OR REPLACE INTO labels VALUES (?, ?, ?, ?, ?)",
                (*_hash_pair(first, second), is_copy, float(score), self._now()),
            )

    def labels(self) -> list[Label]:
        """Return all labels, in the order of their pairs."""
        with decision_errors(self._path):
            rows = self._sql.execute("SELECT first, second, is_copy, score FROM labels ORDER BY first, second")
            return [Label((row[0], row[1]), bool(row[2]), row[3]) for row in rows.fetchall()]

    def clear_labels(self) -> None:
        """Forget all labels."""
        with self._change("labels"):
            self._sql.execute("DELETE FROM labels")

    # Where the review was left

    def state(self, key: str) -> str | None:
        """Return what was stored under a key."""
        with decision_errors(self._path):
            row = self._sql.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def set_state(self, key: str, value: str | None) -> None:
        """Store something under a key, or with None nothing; no counter grows."""
        with decision_errors(self._path), transaction(self._sql):
            if value is None:
                self._sql.execute("DELETE FROM state WHERE key = ?", (key,))
            else:
                self._sql.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, value))

    @contextmanager
    def _change(self, counter: str) -> Iterator[None]:
        """Commit what the block does, with the counter that tells others of it."""
        with decision_errors(self._path), transaction(self._sql):
            yield
            self._sql.execute(f"UPDATE revision SET {counter} = {counter} + 1")  # noqa: S608 - the callers' literals

    def _now(self) -> str:
        return self._clock().isoformat(timespec="seconds")


def _checked(content_hash: bytes) -> bytes:
    if len(content_hash) != _HASH_BYTES:
        raise ValueError(f"a content hash has {_HASH_BYTES} bytes, not {len(content_hash)}")
    return bytes(content_hash)


def _hash_pair(first: bytes, second: bytes) -> HashPair:
    if first == second:
        raise ValueError("a pair is of two contents")
    return (_checked(min(first, second)), _checked(max(first, second)))


def _group_key(members: Mapping[bytes, int]) -> bytes:
    digest = hashlib.blake2b(digest_size=_HASH_BYTES)
    for each in sorted(members):
        digest.update(each + members[each].to_bytes(8, "big"))
    return digest.digest()


def _marks(rows: Iterable[tuple[bytes, bytes, str]]) -> dict[tuple[bytes, str], Mark]:
    return {(each, path_from_bytes(path)): Mark(mark) for each, path, mark in rows}
