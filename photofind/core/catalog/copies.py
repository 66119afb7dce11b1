"""SQL for finding and showing copies: photos and vectors by content in bulk, and the few rows of one group in full."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from photofind.core.catalog.files import joined
from photofind.core.catalog.numbers import Ids, columns, listed
from photofind.core.records import ContentId, FileStamp, PhotoFacts, PhotoId

_DAYS_BEFORE_1970 = 4_000_000
"""So that dividing seconds rounds down for every year that SQLite knows."""


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A photo with all that a group of duplicates shows of it; ``metadata`` counts the facts beyond its frame."""

    photo_id: PhotoId
    content_id: ContentId
    path: str
    stamp: FileStamp
    content_hash: bytes
    facts: PhotoFacts
    metadata: int
    offline: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What a content's pictures measure: pixels upright, and the file's bytes."""

    width: int
    height: int
    format: str
    size: int


class CopyTable:
    """Reads ``files``, ``contents`` and ``vectors`` for whoever looks for copies."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def photos(self) -> tuple[Ids, Ids]:
        """Return all photos and their contents, those on absent volumes too, in the order of contents, then ids."""
        photo_ids, content_ids = columns(
            self._sql, ("id", "content_id"), "FROM files INDEXED BY files_by_content WHERE content_id IS NOT NULL", ()
        )
        return photo_ids, content_ids

    def sizes_and_days(self) -> tuple[Ids, Ids, Ids]:
        """Return all photos, sorted by their ids, the bytes of their files and the days they were taken on.

        Days count from 1970-01-01; see ``dated_at`` in :mod:`schema`.
        """
        photo_ids, sizes, days = columns(
            self._sql,
            ("id", "size", f"(dated_at + {_DAYS_BEFORE_1970 * 86_400}) / 86400"),
            "FROM (SELECT id, size, dated_at FROM files WHERE content_id IS NOT NULL ORDER BY id)",
            (),
        )
        return photo_ids, sizes, days - _DAYS_BEFORE_1970

    def live(self, pack_id: int) -> tuple[Ids, Ids]:
        """Return the live vectors of a pack and their contents."""
        vids, content_ids = columns(
            self._sql,
            ("vid", "content_id"),
            "FROM vectors WHERE pack_id = ? AND live AND content_id IS NOT NULL",
            (pack_id,),
        )
        return vids, content_ids

    def folders(self, pack_id: int) -> tuple[Ids, Ids]:
        """Return the live vectors of a pack and the folders that their photos lie in, one row for each photo."""
        vids, folder_ids = columns(
            self._sql,
            ("v.vid", "f.folder_id"),
            "FROM vectors v CROSS JOIN files f INDEXED BY files_by_content ON f.content_id = v.content_id"
            " WHERE v.pack_id = ? AND v.live",
            (pack_id,),
        )
        return vids, folder_ids

    def measures(self) -> tuple[Ids, Ids, Ids]:
        """Return of all contents their ids, their pixels and the bytes of their files."""
        content_ids, pixels, sizes = columns(self._sql, ("id", "width * height", "size"), "FROM contents", ())
        return content_ids, pixels, sizes

    def frames(self, content_ids: Iterable[int]) -> dict[ContentId, Frame]:
        """Return what contents measure."""
        rows = self._sql.execute(
            "SELECT c.id, c.width, c.height, c.format, c.size FROM json_each(?) w"
            " CROSS JOIN contents c ON c.id = w.value",
            (listed(content_ids),),
        )
        return {ContentId(row[0]): Frame(*row[1:]) for row in rows}

    def contents(self, hashes: Iterable[bytes]) -> dict[bytes, ContentId]:
        """Return the contents that have these hashes, without those that the library does not know."""
        found: dict[bytes, ContentId] = {}
        for each in hashes:  # a list of blobs is nothing that SQLite can be given
            row = self._sql.execute("SELECT id FROM contents WHERE hash = ?", (each,)).fetchone()
            if row is not None:
                found[each] = ContentId(row[0])
        return found

    def rows(self, photo_ids: Sequence[int]) -> list[CopyRow]:
        """Return photos in full, in their order; unknown ones are left out."""
        rows = self._sql.execute(
            "SELECT f.id, c.id, d.path, f.name, f.size, f.mtime_ns, f.file_id, c.hash, d.offline, c.format, c.width,"
            " c.height, c.taken_at, c.camera, c.lens, c.latitude, c.longitude FROM json_each(?) w"
            " CROSS JOIN files f ON f.id = w.value JOIN folders d ON d.id = f.folder_id"
            " JOIN contents c ON c.id = f.content_id ORDER BY w.key",
            (json.dumps([int(photo_id) for photo_id in photo_ids]),),
        )
        return [
            CopyRow(
                PhotoId(row[0]),
                ContentId(row[1]),
                joined(row[2], row[3]),
                FileStamp(row[4], row[5], row[6]),
                row[7],
                PhotoFacts(*row[9:]),
                sum(value is not None for value in row[12:16]),
                bool(row[8]),
            )
            for row in rows
        ]
