"""SQL about lists of photos: all of them in some order, a few of them to show, one of them in full, the roots.

A list of a million photos must not cost a million Python objects, and may hold the interpreter's lock for a few
milliseconds at a time only, because a window draws meanwhile. So SQLite, which works without that lock, writes a slice
of ids and days as one text of digits, and numpy reads it. The next slice starts behind the last row of the one before
it, which the index finds at once.

That group_concat() takes the rows in the order of its ordered and limited subquery is SQLite's habit, not its promise
(an ORDER BY inside of it needs 3.44); tests would tell.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photofind.core.catalog.files import joined
from photofind.core.paths import path_from_bytes, path_to_bytes
from photofind.core.records import ContentId, Listing, PhotoFacts, PhotoId, PhotoRecord, RootSummary, SortKey, Tile

_SLICE = 16_384
# A row is one number, always of 19 digits: 10^18, and the id above 24 bits of the day. Days count from 4,000,000 before
# 1970, so that dividing the seconds (plus 345,600,000,000) rounds down for every year that SQLite knows.
_DIGITS = 19
_BASE = 10**18
_FEW = 20_000
"""So many photos are looked up one by one; of more, the list of all is read until enough are found."""
_DAY_BITS = 24
_DAYS_BEFORE_1970 = 4_000_000
_PLACES = 10 ** np.arange(_DIGITS - 1, -1, -1, dtype=np.int64)

_Rows = npt.NDArray[np.int64]
"""Of shape (n,): the id and the day of each photo in one number."""

_SMALLEST, _LARGEST = -(1 << 63), (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class _Order:
    """How to go through an index that answers alone.

    ``after`` takes a key, as ``key`` returns it for a photo's id, and a number of rows. It ascends; :func:`_turned`
    turns it round. All photos lie between the keys ``lowest`` and ``highest``. Without a collation, although it means
    nothing for numbers, SQLite would not look for the id in the index, and pass over equal dates at every slice.
    """

    after: str
    key: str
    lowest: tuple[object, ...]
    highest: tuple[object, ...]


_ORDERS = {
    SortKey.DATE: _Order(
        "SELECT group_concat(row, '') FROM ("
        "SELECT 1000000000000000000 + (id << 24 | (dated_at + 345600000000) / 86400) AS row"
        " FROM files INDEXED BY files_by_date WHERE dated_at IS NOT NULL AND (dated_at, id) > (?, ? COLLATE BINARY)"
        " ORDER BY dated_at ASC, id ASC LIMIT ?)",
        "SELECT dated_at, id FROM files WHERE id = ?",
        (_SMALLEST, _SMALLEST),
        (_LARGEST, _LARGEST),
    ),
    SortKey.NAME: _Order(
        "SELECT group_concat(row, '') FROM ("
        "SELECT 1000000000000000000 + (id << 24 | (dated_at + 345600000000) / 86400) AS row"
        " FROM files INDEXED BY files_by_name"
        " WHERE dated_at IS NOT NULL AND (name_key, dated_at, id) > (?, ?, ? COLLATE BINARY)"
        " ORDER BY name_key ASC, dated_at ASC, id ASC LIMIT ?)",
        "SELECT name_key, dated_at, id FROM files WHERE id = ?",
        (b"", _SMALLEST, _SMALLEST),
        (b"\xff", _LARGEST, _LARGEST),  # UTF-8 has no such byte
    ),
    SortKey.SIZE: _Order(
        "SELECT group_concat(row, '') FROM ("
        "SELECT 1000000000000000000 + (id << 24 | (dated_at + 345600000000) / 86400) AS row"
        " FROM files INDEXED BY files_by_size"
        " WHERE dated_at IS NOT NULL AND (size, dated_at, id) > (?, ?, ? COLLATE BINARY)"
        " ORDER BY size ASC, dated_at ASC, id ASC LIMIT ?)",
        "SELECT size, dated_at, id FROM files WHERE id = ?",
        (_SMALLEST, _SMALLEST, _SMALLEST),
        (_LARGEST, _LARGEST, _LARGEST),
    ),
    SortKey.FOLDER: _Order(
        "SELECT group_concat(row, '') FROM ("
        "SELECT 1000000000000000000 + (f.id << 24 | (f.dated_at + 345600000000) / 86400) AS row"
        " FROM folders d INDEXED BY folders_by_path_key"
        " CROSS JOIN files f INDEXED BY files_by_folder ON f.folder_id = d.id AND f.dated_at IS NOT NULL"
        " WHERE (d.path_key, d.id, f.name_key, f.dated_at, f.id) > (?, ?, ?, ?, ?)"
        " ORDER BY d.path_key ASC, d.id ASC, f.name_key ASC, f.dated_at ASC, f.id ASC LIMIT ?)",
        "SELECT d.path_key, d.id, f.name_key, f.dated_at, f.id FROM files f JOIN folders d ON d.id = f.folder_id"
        " WHERE f.id = ?",
        (b"", _SMALLEST, b"", _SMALLEST, _SMALLEST),
        (b"\xff", _LARGEST, b"\xff", _LARGEST, _LARGEST),
    ),
}


class ListTable:
    """Reads lists of photos out of ``files``, ``folders`` and ``roots``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def photos(self, sort: SortKey, *, descending: bool, limit: int | None) -> Listing:
        """Return the photos in an order, or the first ``limit`` of them; to be called within a snapshot."""
        total = int(self._sql.execute("SELECT total(photos) FROM folders").fetchone()[0])
        wanted = total if limit is None else min(limit, total)
        slices = self._slices(_ORDERS[sort], wanted, descending=descending)
        rows = np.concatenate([np.empty(0, np.int64), *slices])
        days = (rows & ((1 << _DAY_BITS) - 1)) - _DAYS_BEFORE_1970
        return Listing(rows >> _DAY_BITS, days.astype(np.int32), total)

    def newest(self, photo_ids: npt.NDArray[np.int64], limit: int) -> npt.NDArray[np.int64]:
        """Return the newest of some photos, sorted ids, newest first; to be called within a snapshot."""
        if len(photo_ids) <= _FEW:
            rows = self._sql.execute(
                "SELECT f.id FROM json_each(?) w CROSS JOIN files f ON f.id = w.value"
                " WHERE f.content_id IS NOT NULL ORDER BY f.dated_at DESC, f.id DESC LIMIT ?",
                (json.dumps(photo_ids.tolist()), limit),
            )
            return np.array([row[0] for row in rows], np.int64)
        found: list[npt.NDArray[np.int64]] = [np.empty(0, np.int64)]
        for rows_by_date in self._slices(_ORDERS[SortKey.DATE], 1 << 62, descending=True):
            ids = rows_by_date >> _DAY_BITS
            found.append(ids[np.isin(ids, photo_ids)][:limit])
            limit -= len(found[-1])
            if limit <= 0:
                break
        return np.concatenate(found)

    def tiles(self, photo_ids: Sequence[int]) -> list[Tile]:
        """Return what it takes to show these photos, in their order; unknown ones are left out."""
        rows = self._sql.execute(
            "SELECT f.id, f.content_id, d.path, f.name, d.offline FROM json_each(?) w"
            " CROSS JOIN files f ON f.id = w.value JOIN folders d ON d.id = f.folder_id"
            " WHERE f.content_id IS NOT NULL ORDER BY w.key",
            (json.dumps([int(photo_id) for photo_id in photo_ids]),),
        )
        return [Tile(PhotoId(r[0]), ContentId(r[1]), joined(r[2], r[3]), bool(r[4])) for r in rows]

    def photo(self, photo_id: int) -> PhotoRecord | None:
        """Return all that is known of a photo."""
        row = self._sql.execute(
            "SELECT f.id, c.id, d.path, f.name, f.size, f.mtime_ns, d.offline, c.format, c.width, c.height, c.taken_at,"
            " c.camera, c.lens, c.latitude, c.longitude FROM json_each(?) w CROSS JOIN files f ON f.id = w.value"
            " JOIN folders d ON d.id = f.folder_id JOIN contents c ON c.id = f.content_id",
            (json.dumps([int(photo_id)]),),
        ).fetchone()
        if row is None:
            return None
        id_, content_id, folder, name, size, mtime_ns, offline, *facts = row
        path = joined(folder, name)
        return PhotoRecord(PhotoId(id_), ContentId(content_id), path, size, mtime_ns, bool(offline), PhotoFacts(*facts))

    def photo_at(self, folder: str, name: str) -> PhotoId | None:
        """Return the photo of this name in a folder if there is one."""
        row = self._sql.execute(
            "SELECT f.id FROM folders d JOIN files f ON f.folder_id = d.id"
            " WHERE d.path = ? AND f.name = ? AND f.content_id IS NOT NULL",
            (path_to_bytes(folder), path_to_bytes(name)),
        ).fetchone()
        return PhotoId(row[0]) if row else None

    def roots(self) -> list[RootSummary]:
        """Return the folders that the user added, in the order of their paths; to be called within a snapshot."""
        errors = dict(
            self._sql.execute(
                "SELECT d.root_id, count(*) FROM files f INDEXED BY files_in_error"
                " CROSS JOIN folders d ON d.id = f.folder_id WHERE f.state = 'error' GROUP BY d.root_id"
            ).fetchall()
        )
        rows = self._sql.execute(
            "SELECT r.id, r.path, r.offline, ifnull(sum(d.photos), 0), count(d.error) FROM roots r"
            " LEFT JOIN folders d ON d.root_id = r.id GROUP BY r.id ORDER BY r.path"
        )
        return [RootSummary(r[0], path_from_bytes(r[1]), bool(r[2]), r[3], r[4] + errors.get(r[0], 0)) for r in rows]

    def _slices(self, order: _Order, wanted: int, *, descending: bool) -> Iterator[_Rows]:
        after = _turned(order.after) if descending else order.after
        last = order.highest if descending else order.lowest
        while wanted > 0:
            text = self._sql.execute(after, (*last, min(wanted, _SLICE))).fetchone()[0]
            if not text:
                return
            rows = _read(text)
            yield rows
            wanted -= len(rows)
            last = self._sql.execute(order.key, (int(rows[-1]) >> _DAY_BITS,)).fetchone()


def _turned(ascending: str) -> str:
    return ascending.replace(" ASC", " DESC").replace(" > (", " < (")


def _read(text: str) -> _Rows:
    digits = np.frombuffer(text.encode("ascii"), np.uint8).reshape(-1, _DIGITS)
    rows: _Rows = (digits.astype(np.int64) - ord("0")) @ _PLACES - _BASE
    return rows
