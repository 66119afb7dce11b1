"""Which moments a library has come through: what was derived from it at one of them may be believed.

A library that was put back from a back-up gives numbers of contents and vectors out again, for others than before. What
another file says of the numbers given out in between would then be said of the wrong photos.

::

    a commit that gives numbers out ──▶ one more; a writer's first ──▶ its token and that count, behind those of others
    a moment = (token of the last writer, count of commits) ──kept by whoever derives something──▶ is it in the past?

Other commits may be lost, with the log of a killed writer, say: what is known of contents holds without them.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

_HISTORY: Final = "history"
_COMMITS: Final = "commits"
_MOST_WRITERS: Final = 400
"""Older moments are not known any more; each takes some 25 bytes."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The token of the last writer that gave numbers out, empty before there were any, and how often that was done."""

    token: str = ""
    commits: int = 0


class History:
    """The moments of the library at the end of a connection; a writer's has a token of its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        self._token = secrets.token_hex(8)

    def now(self) -> Moment:
        """Return the moment of the last commit that gave numbers out."""
        return Moment(self._writers()[-1].token, self._commits())

    def has(self, moment: Moment) -> bool:
        """Tell whether the library, as it is, has come through a moment, or is at it."""
        writers = self._writers()
        ends = [writer.commits - 1 for writer in writers[1:]] + [self._commits()]
        return any(
            writer.token == moment.token and writer.commits <= moment.commits <= end
            for writer, end in zip(writers, ends, strict=True)
        )

    def contradicts(self, moment: Moment) -> bool:
        """Tell whether the library has not come through a moment for certain: it may have forgotten an old one."""
        return not self.has(moment) and moment.commits >= self._writers()[0].commits

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Count the commit that the block belongs to if it gives numbers out; within its transaction."""
        before = self._given()
        yield
        if self._given() != before:
            self._note()

    def _given(self) -> list[tuple[int, int]]:
        """Return how far the numbers of contents have come, and those of the vectors of each pack."""
        contents = self._sql.execute("SELECT 0, seq FROM sqlite_sequence WHERE name = 'contents'").fetchall()
        return contents + self._sql.execute("SELECT id, next_vid FROM packs ORDER BY id").fetchall()

    def _note(self) -> None:
        commits = self._commits() + 1
        self._set(_COMMITS, str(commits))
        writers = self._writers()
        if writers[-1].token != self._token:
            kept = [*writers, Moment(self._token, commits)][-_MOST_WRITERS:]
            self._set(_HISTORY, " ".join(f"{writer.token}@{writer.commits}" for writer in kept))

    def _writers(self) -> list[Moment]:
        """Return what each writer began with, in their order; before the first one, nobody counted."""
        parts = [part.partition("@") for part in self._get(_HISTORY).split()]
        return [Moment(token, int(commits)) for token, _, commits in parts] or [Moment()]

    def _commits(self) -> int:
        return int(self._get(_COMMITS) or 0)

    def _get(self, key: str) -> str:
        row = self._sql.execute("SELECT value FROM library WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def _set(self, key: str, value: str) -> None:
        self._sql.execute("INSERT OR REPLACE INTO library (key, value) VALUES (?, ?)", (key, value))
