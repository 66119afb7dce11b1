"""SQL about pairs of copies: duplicates.db, what the search for duplicates has found so far.

::

    join ──put_candidates──▶ pending ──settle──▶ pairs          (something to each other)
                                          └────▶ apart, or gone (nothing to each other)

Every arrow is one transaction, and ``put_candidates`` takes down in the same one how far the join has come: a search
that was stopped or killed goes on where it was. Candidates that turn out to be nothing are forgotten, because only new
contents are joined; those that a grouping asked for (links) would be asked for again and are remembered as ``apart``.

How alike two contents are is the opinion of a model pack, so pairs belong to a pack's key; perceptual hashes do not.
All of it is a cache that may be removed at any time (``pair_file`` opens it). One process writes, any number read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import numpy.typing as npt

from photofind.core.catalog.connection import close_writer, transaction
from photofind.core.catalog.history import Moment
from photofind.core.catalog.numbers import Ids, columns, listed
from photofind.core.catalog.pair_file import PAIRS_FILE, lock_pairs, open_reader, open_writer, pair_errors
from photofind.core.catalog.pair_rows import (
    CODES,
    EVIDENCE_COLUMNS,
    MILLIONTHS,
    Candidates,
    HashColumns,
    Hashes,
    PairColumns,
    evidence_of,
    evidence_row,
    inverted,
    millionths,
)
from photofind.core.evidence import Evidence, Pair, Verdict
from photofind.core.records import ContentId

if TYPE_CHECKING:
    from filelock import FileLock

__all__ = ["PAIRS_FILE", "JoinProgress", "PairStore"]

_BLOCK: Final = 500_000
"""Rows that are read at once: they come as texts of some 13 bytes a number."""
_OF_PACK: Final = ("pairs", "pending", "apart")
_PUT_PAIR: Final = (
    f"INSERT OR REPLACE INTO pairs (pack_id, first, second, {EVIDENCE_COLUMNS})"  # noqa: S608 - constants only
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class JoinProgress:
    """How far a pack's joins came: all vids below ``joined_vid`` and all hashes of contents up to ``joined_content``.

    Vids begin at 0 and contents at 1, so that zeros mean that nothing was joined.
    """

    joined_vid: int = 0
    joined_content: int = 0


class PairStore:
    """Perceptual hashes, candidate pairs and pairs with their evidence; belongs to the thread that opened it.

    All methods raise StorageError when the disk refuses and CacheDamagedError when the file is damaged.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, lock: FileLock | None = None) -> None:
        self._sql = connection
        self._path = path
        self._lock = lock

    @classmethod
    def open(cls, path: Path, *, writable: bool, anew: bool = False) -> Self:
        """Open the store at ``path``; a writer makes it, and makes it anew when it is of no use or ``anew`` says so.

        Raises
        ------
        LibraryBusyError
            When another process looks for duplicates just now and this one wants to write.
        LibraryVersionError, LibraryDamagedError, StorageError
            When a reader cannot use the file, or the disk refuses.
        """
        if not writable:
            return cls(open_reader(path), path)
        lock = lock_pairs(path)
        try:
            return cls(open_writer(path, anew=anew), path, lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Close the file, and let others write."""
        if self._lock is None:
            self._sql.close()
            return
        try:
            close_writer(self._sql, alone=True)
        finally:
            self._lock.release()
            self._lock = None  # to close it again does nothing

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Perceptual hashes

    def hashes(self) -> HashColumns:
        """Return all hashes, in the order of their contents."""
        with pair_errors(self._path), _snapshot(self._sql):
            parts = list(self._hash_blocks())
        ids, plain, has_inner = (np.concatenate([part[place] for part in parts]) for place in range(3))
        hashes, inner = (np.concatenate([part[place] for part in parts]) for place in (3, 4))
        return HashColumns(ids, hashes, inner, has_inner.astype(np.bool_), plain.astype(np.bool_))

    def _hash_blocks(self) -> Iterator[tuple[Ids, Ids, Ids, Hashes, Hashes]]:
        last = -1
        while True:
            block = "FROM (SELECT * FROM hashes WHERE content_id > ? ORDER BY content_id LIMIT ?)"
            names = ("content_id", "plain", "(inner_hash IS NOT NULL)")
            ids, plain, has_inner = columns(self._sql, names, block, (last, _BLOCK))
            texts = self._sql.execute(
                "SELECT group_concat(hex(hash), ''), group_concat(hex(coalesce(inner_hash, zeroblob(32))), '') "
                + block,
                (last, _BLOCK),
            ).fetchone()
            yield ids, plain, has_inner, _unhexed(texts[0]), _unhexed(texts[1])
            if len(ids) < _BLOCK:
                return
            last = int(ids[-1])

    def hashed(self) -> Ids:
        """Return the contents that have hashes, in rising order."""
        with pair_errors(self._path):
            return columns(self._sql, ("content_id",), "FROM (SELECT content_id FROM hashes ORDER BY 1)", ())[0]

    def hashes_of(self, content_ids: Iterable[int] | Ids) -> dict[ContentId, Hashes]:
        """Return the hashes of some contents, each of shape (32,), uint8; those that have none are left out."""
        with pair_errors(self._path):
            rows = self._sql.execute(
                "SELECT h.content_id, h.hash FROM json_each(?) w CROSS JOIN hashes h ON h.content_id = w.value",
                (listed(content_ids),),
            ).fetchall()
        return {ContentId(row[0]): np.frombuffer(row[1], np.uint8) for row in rows}

    def put_hashes(self, hashes: HashColumns) -> None:
        """Store hashes in one transaction; those of known contents are replaced."""
        rows = zip(
            hashes.ids.tolist(),
            (each.tobytes() for each in hashes.hashes),
            (
                each.tobytes() if is_there else None
                for each, is_there in zip(hashes.inner, hashes.has_inner, strict=True)
            ),
            hashes.plain.astype(np.int64).tolist(),
            strict=True,
        )
        with self._transaction():
            self._sql.executemany("INSERT OR REPLACE INTO hashes VALUES (?, ?, ?, ?)", rows)

    # What is to be compared

    def progress(self, pack_key: str) -> JoinProgress:
        """Return how far the joins of a pack have come."""
        with pair_errors(self._path):
            row = self._sql.execute(
                "SELECT joined_vid, joined_content FROM packs WHERE key = ?", (pack_key,)
            ).fetchone()
        return JoinProgress(*row) if row else JoinProgress()

    def put_candidates(
        self, pack_key: str, candidates: Candidates, *, progress: JoinProgress | None = None, links: bool = False
    ) -> int:
        """Store pairs to be compared and how far the join has come, as one; return how many of them are news.

        Pairs with evidence, and links that are known to be nothing, are left out. ``links`` are what a grouping asked
        for: when they turn out to be nothing, that is remembered.
        """
        with self._transaction():
            pack_id = self._pack_id(pack_key)
            if progress is not None:
                self._set_progress(pack_id, progress)
            before = self._sql.total_changes
            self._sql.executemany(
                "INSERT OR IGNORE INTO pending SELECT ?1, ?2, ?3, ?4, ?5"
                " WHERE NOT EXISTS (SELECT 1 FROM pairs WHERE pack_id = ?1 AND first = ?2 AND second = ?3)"
                " AND NOT EXISTS (SELECT 1 FROM apart WHERE pack_id = ?1 AND first = ?2 AND second = ?3)",
                (
                    (pack_id, first, second, millionths(similarity), links)
                    for first, second, similarity in zip(
                        candidates.first.tolist(),
                        candidates.second.tolist(),
                        candidates.similarity.tolist(),
                        strict=True,
                    )
                ),
            )
            return self._sql.total_changes - before

    def set_progress(self, pack_key: str, progress: JoinProgress) -> None:
        """Take down how far the joins of a pack have come."""
        with self._transaction():
            self._set_progress(self._pack_id(pack_key), progress)

    def count_pending(self, pack_key: str) -> int:
        """Return how many pairs wait to be compared."""
        with pair_errors(self._path):
            row = self._sql.execute("SELECT count(*) FROM pending WHERE pack_id = ?", (self._known(pack_key),))
            return int(row.fetchone()[0])

    def pending(self, pack_key: str, limit: int) -> Candidates:
        """Return the first pairs that wait to be compared, in the order of their contents."""
        with pair_errors(self._path):
            rows = self._sql.execute(
                "SELECT first, second, similarity FROM pending WHERE pack_id = ? ORDER BY first, second LIMIT ?",
                (self._known(pack_key), limit),
            ).fetchall()
        first, second, similarity = zip(*rows, strict=True) if rows else ((), (), ())
        cosines = np.array([np.nan if each is None else each for each in similarity], np.float64) / MILLIONTHS
        return Candidates(np.array(first, np.int64), np.array(second, np.int64), cosines.astype(np.float32))

    # What was found

    def settle(self, pack_key: str, pairs: Iterable[Pair], nothing: Iterable[tuple[int, int]] = ()) -> None:
        """Store what a comparison found, and the pairs that it found to be nothing; none of them waits any more."""
        with self._transaction():
            pack_id = self._pack_id(pack_key)
            found = [(pack_id, int(pair.first), int(pair.second), *evidence_row(pair.evidence)) for pair in pairs]
            gone = [(pack_id, int(first), int(second)) for first, second in nothing]
            self._sql.executemany(_PUT_PAIR, found)
            self._sql.executemany(
                "INSERT OR IGNORE INTO apart SELECT pack_id, first, second FROM pending"
                " WHERE pack_id = ? AND first = ? AND second = ? AND is_link",
                gone,
            )
            self._sql.executemany(
                "DELETE FROM pending WHERE pack_id = ? AND first = ? AND second = ?",
                [*(row[:3] for row in found), *gone],
            )

    def columns(self, pack_key: str, *, minimum: float = 0.0, always: Collection[Verdict] = ()) -> PairColumns:
        """Return all pairs with a score of at least ``minimum``, and those of some verdicts, in the order of contents.

        Some 4 s for 5 million pairs, while which the interpreter's lock is mostly free.
        """
        codes = ", ".join(str(CODES[verdict]) for verdict in always)
        condition = f"(score >= {millionths(minimum)} OR verdict IN ({codes}))"
        with pair_errors(self._path), _snapshot(self._sql):
            parts = list(self._pair_blocks(self._known(pack_key), condition))
        first, second, score, verdict = (np.concatenate([part[place] for part in parts]) for place in range(4))
        return PairColumns(first, second, score / MILLIONTHS, verdict.astype(np.uint8))

    def _pair_blocks(self, pack_id: int, condition: str) -> Iterator[list[npt.NDArray[np.int64]]]:
        names = ("first", "second", "score", "verdict")
        after = (-1, -1)
        while True:
            block = columns(
                self._sql,
                names,
                "FROM (SELECT first, second, score, verdict FROM pairs WHERE pack_id = ? AND (first, second) > (?, ?)"  # noqa: S608 - numbers only
                f" AND {condition} ORDER BY first, second LIMIT {_BLOCK})",
                (pack_id, *after),
            )
            yield block
            if len(block[0]) < _BLOCK:
                return
            after = (int(block[0][-1]), int(block[1][-1]))

    def apart(self, pack_key: str) -> tuple[Ids, Ids]:
        """Return the links that were compared and are nothing: first and second contents, shape (n,)."""
        with pair_errors(self._path):
            first, second = columns(
                self._sql, ("first", "second"), "FROM apart WHERE pack_id = ?", (self._known(pack_key),)
            )
        return first, second

    def evidence(self, pack_key: str, first: ContentId, second: ContentId) -> Evidence | None:
        """Return what is known of ``second`` as a copy of ``first``; None when they are nothing to each other."""
        return self.evidence_for(pack_key, first, [second]).get(second)

    def evidence_for(self, pack_key: str, first: ContentId, others: Iterable[int]) -> dict[ContentId, Evidence]:
        """Return what is known of other contents as copies of ``first``; those without a pair are left out."""
        wanted = listed(others)
        with pair_errors(self._path):
            after, before = (
                self._sql.execute(
                    f"SELECT w.value, {EVIDENCE_COLUMNS} FROM json_each(?1) w CROSS JOIN pairs"  # noqa: S608 - constants only
                    f" WHERE pack_id = ?2 AND {match}",
                    (wanted, self._known(pack_key), int(first)),
                ).fetchall()
                for match in ("first = ?3 AND second = w.value", "first = w.value AND second = ?3")
            )
        found = {ContentId(row[0]): evidence_of(row[1:]) for row in after}
        return found | {ContentId(row[0]): inverted(evidence_of(row[1:])) for row in before}

    # What is no longer of use

    def drop_other_packs(self, pack_key: str) -> None:
        """Drop the pairs of all packs but one."""
        with self._transaction():
            others = [row[0] for row in self._sql.execute("SELECT id FROM packs WHERE key != ?", (pack_key,))]
            for pack_id in others:
                for table in _OF_PACK:
                    self._sql.execute(f"DELETE FROM {table} WHERE pack_id = ?", (pack_id,))  # noqa: S608
            self._sql.executemany("DELETE FROM packs WHERE id = ?", [(pack_id,) for pack_id in others])

    def clear(self) -> None:
        """Drop everything."""
        with self._transaction():
            for table in (*_OF_PACK, "packs", "hashes", "moment"):
                self._sql.execute(f"DELETE FROM {table}")  # noqa: S608

    def moment(self) -> Moment | None:
        """Return a moment of the library at which all that is stored was true; None where nothing is.

        When the library has not come through it, it was put back from a back-up or made anew, and its numbers mean
        other contents and vectors than they do here.
        """
        with pair_errors(self._path):
            row = self._sql.execute("SELECT token, commits FROM moment").fetchone()
        return Moment(*row) if row else None

    def set_moment(self, moment: Moment) -> None:
        """Take down the moment at which what is stored from now on is true, as all that is stored must be."""
        with self._transaction():
            self._sql.execute("DELETE FROM moment")
            self._sql.execute("INSERT INTO moment VALUES (?, ?)", (moment.token, moment.commits))

    # Within a transaction

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with pair_errors(self._path), transaction(self._sql):
            yield

    def _known(self, pack_key: str) -> int:
        row = self._sql.execute("SELECT id FROM packs WHERE key = ?", (pack_key,)).fetchone()
        return int(row[0]) if row else -1

    def _pack_id(self, pack_key: str) -> int:
        self._sql.execute("INSERT OR IGNORE INTO packs (key) VALUES (?)", (pack_key,))
        return self._known(pack_key)

    def _set_progress(self, pack_id: int, progress: JoinProgress) -> None:
        self._sql.execute(
            "UPDATE packs SET joined_vid = ?, joined_content = ? WHERE id = ?",
            (int(progress.joined_vid), int(progress.joined_content), pack_id),
        )


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Let all reads of the block see one and the same commit."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:  # a failing disk ends it by itself
            connection.execute("COMMIT")


def _unhexed(text: str | None) -> Hashes:
    return np.frombuffer(bytes.fromhex(text or ""), np.uint8).reshape(-1, 32)
