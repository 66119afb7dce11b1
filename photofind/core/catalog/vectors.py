"""SQL about vectors: packs, the rows of their vector files, and the index files built from them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

from photofind.core.catalog.files import joined
from photofind.core.records import ContentId, Epoch, PhotoId, Segment, VectorId

_DENSE = 2
"""Rows that lie so close together are read one after the other, which costs a third of looking for each."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A vector space of this library; rows ``0 … next_vid`` of its vector file are named by the catalog.

    Equal revisions of a pack mean the same live vectors and the same index files.
    """

    id: int
    key: str
    spec: str
    dimension: int
    next_vid: int
    epoch_id: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a vector's content lies on disk: one photo, ``dated_at`` seconds since 1970 on the local clock."""

    vid: VectorId
    content_id: ContentId
    photo_id: PhotoId
    path: str
    offline: bool
    dated_at: int = 0


class VectorTable:
    """The rows of ``packs``, ``vectors``, ``epochs`` and ``segments``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    # Packs

    def put_pack(self, key: str, spec: str, dimension: int) -> Pack:
        """Return the pack with this key, added if it is new."""
        self._sql.execute("INSERT OR IGNORE INTO packs (key, spec, dimension) VALUES (?, ?, ?)", (key, spec, dimension))
        pack = self.pack(key)
        assert pack is not None
        return pack

    def pack(self, key: str) -> Pack | None:
        """Return the pack with this key if the library has it."""
        row = self._sql.execute(
            "SELECT id, key, spec, dimension, next_vid, epoch_id, revision FROM packs WHERE key = ?", (key,)
        ).fetchone()
        return Pack(*row) if row else None

    def packs(self) -> list[Pack]:
        """Return every pack that the library has vectors of."""
        rows = self._sql.execute("SELECT id, key, spec, dimension, next_vid, epoch_id, revision FROM packs ORDER BY id")
        return [Pack(*row) for row in rows]

    def drop_pack(self, pack_id: int) -> None:
        """Forget a pack with its vectors and index."""
        self._sql.execute("UPDATE packs SET epoch_id = NULL WHERE id = ?", (pack_id,))
        self._drop_epochs(pack_id)
        self._sql.execute("DELETE FROM vectors WHERE pack_id = ?", (pack_id,))
        self._sql.execute("DELETE FROM packs WHERE id = ?", (pack_id,))

    # Vectors

    def append(self, pack_id: int, first: int, rows: Sequence[tuple[ContentId, int]]) -> None:
        """Name the rows ``first …`` of the pack's vector file: (content, CRC-32 of the row's bytes) each."""
        self._sql.executemany(
            "INSERT INTO vectors (pack_id, vid, content_id, crc, live) VALUES (?, ?, ?, ?, 1)",
            ((pack_id, first + i, content, crc) for i, (content, crc) in enumerate(rows)),
        )
        self._sql.execute("UPDATE packs SET next_vid = ? WHERE id = ?", (first + len(rows), pack_id))
        self._revise(pack_id)

    def vid_of(self, pack_id: int, content_id: ContentId) -> tuple[VectorId, bool] | None:
        """Return the vector of a content in this pack and whether it is live, None if it has none."""
        row = self._sql.execute(
            "SELECT vid, live FROM vectors WHERE content_id = ? AND pack_id = ?", (content_id, pack_id)
        ).fetchone()
        return (VectorId(row[0]), bool(row[1])) if row else None

    def refresh_live(self, contents: Iterable[ContentId]) -> None:
        """Let the vectors of contents that no file holds any more die; a vector that died is never live again.

        Segments may have dropped a dead vector, so when its content has come back it is given up: whoever serves its
        pack appends it, or embeds it, under a new vid.
        """
        changed = [(content,) for content in contents]
        self._sql.executemany(
            "UPDATE vectors SET content_id = NULL WHERE content_id = ?1 AND NOT live"
            " AND EXISTS (SELECT 1 FROM files WHERE content_id = ?1)",
            changed,
        )
        died = self._sql.executemany(
            "UPDATE vectors SET live = 0 WHERE content_id = ?1 AND live"
            " AND NOT EXISTS (SELECT 1 FROM files WHERE content_id = ?1)",
            changed,
        ).rowcount
        if died:
            self._sql.execute("UPDATE packs SET revision = revision + 1")

    def dead(self, pack_id: int) -> list[int]:
        """Return the vids that searches must not return."""
        rows = self._sql.execute(
            "SELECT vid FROM vectors INDEXED BY vectors_dead WHERE pack_id = ? AND live = 0 ORDER BY vid", (pack_id,)
        )
        return [row[0] for row in rows]

    def crcs(self, pack_id: int, first: int, end: int) -> list[tuple[int, int]]:
        """Return (vid, CRC-32) of the vectors in ``first … end`` that still have a content."""
        return self._sql.execute(
            "SELECT vid, crc FROM vectors WHERE pack_id = ? AND vid >= ? AND vid < ? AND content_id IS NOT NULL"
            " ORDER BY vid",
            (pack_id, first, end),
        ).fetchall()

    def crcs_of(self, pack_id: int, vids: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
        """Return (vid, CRC-32) of those among some vids that still have a content."""
        first, end = int(vids.min()), int(vids.max()) + 1
        if end - first <= _DENSE * len(vids):
            return self.crcs(pack_id, first, end)
        return self._sql.execute(
            "SELECT v.vid, v.crc FROM json_each(?) w CROSS JOIN vectors v ON v.pack_id = ? AND v.vid = w.value"
            " WHERE v.content_id IS NOT NULL",
            (json.dumps(vids.tolist()), pack_id),
        ).fetchall()

    def lose(self, pack_id: int, vids: Iterable[int]) -> None:
        """Give up vectors whose rows are damaged: their contents will be embedded again under new vids."""
        self._sql.executemany(
            "UPDATE vectors SET content_id = NULL, live = 0 WHERE pack_id = ? AND vid = ?",
            ((pack_id, v) for v in vids),
        )
        self._revise(pack_id)

    def places(self, pack_id: int, vids: Sequence[int]) -> Iterator[Place]:
        """Yield every photo that shows one of the vectors."""
        # CROSS JOIN fixes the order: without statistics SQLite would rather walk through every vector of the pack.
        rows = self._sql.execute(
            "SELECT v.vid, v.content_id, f.id, d.path, f.name, d.offline, f.dated_at FROM json_each(?) w"
            " CROSS JOIN vectors v ON v.pack_id = ? AND v.vid = w.value JOIN files f ON f.content_id = v.content_id"
            " JOIN folders d ON d.id = f.folder_id",
            (json.dumps(list(vids)), pack_id),
        )
        for vid, content, photo, folder, name, offline, dated in rows:
            yield Place(VectorId(vid), ContentId(content), PhotoId(photo), joined(folder, name), bool(offline), dated)

    def of_photo(self, pack_id: int, photo_id: PhotoId) -> VectorId | None:
        """Return the vector of a photo's content if it has one in this pack."""
        row = self._sql.execute(
            "SELECT v.vid FROM files f JOIN vectors v ON v.content_id = f.content_id AND v.pack_id = ? WHERE f.id = ?",
            (pack_id, photo_id),
        ).fetchone()
        return VectorId(row[0]) if row else None

    # Index files

    def epoch(self, pack: Pack) -> Epoch | None:
        """Return the pack's current epoch."""
        row = self._sql.execute(
            "SELECT id, nlist, trained_on, bytes, sha256, trained_at, trained_until, first_out, distance, clipped"
            " FROM epochs WHERE id = ?",
            (pack.epoch_id,),
        ).fetchone()
        return Epoch(*row) if row else None

    def segments(self, epoch_id: str) -> list[Segment]:
        """Return the segments of an epoch in the order of their vids."""
        rows = self._sql.execute(
            "SELECT id, first_vid, end_vid, count, bytes, sha256 FROM segments WHERE epoch_id = ? ORDER BY first_vid",
            (epoch_id,),
        )
        return [Segment(*row) for row in rows]

    def set_epoch(self, pack_id: int, epoch: Epoch, segments: Iterable[Segment]) -> None:
        """Swap the pack's whole index for another."""
        self._sql.execute("UPDATE packs SET epoch_id = NULL WHERE id = ?", (pack_id,))
        self._drop_epochs(pack_id)
        self._sql.execute(
            "INSERT INTO epochs (id, nlist, trained_on, bytes, sha256, trained_at, trained_until, first_out, distance,"
            " clipped, pack_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*astuple(epoch), pack_id),
        )
        self._sql.execute("UPDATE packs SET epoch_id = ? WHERE id = ?", (epoch.id, pack_id))
        for segment in segments:
            self._add_segment(epoch.id, segment)
        self._revise(pack_id)

    def drop_index(self, pack_id: int) -> None:
        """Forget the pack's index; its vectors stay."""
        self._sql.execute("UPDATE packs SET epoch_id = NULL WHERE id = ?", (pack_id,))
        self._drop_epochs(pack_id)
        self._revise(pack_id)

    def replace_segments(self, epoch_id: str, old: Iterable[Segment], new: Segment) -> None:
        """Put one segment in the place of others (or of none)."""
        self._sql.executemany("DELETE FROM segments WHERE id = ?", ((segment.id,) for segment in old))
        self._add_segment(epoch_id, new)
        self._sql.execute("UPDATE packs SET revision = revision + 1 WHERE epoch_id = ?", (epoch_id,))

    def epoch_ids(self) -> set[str]:
        """Return the ids of all epochs that the catalog names."""
        return {row[0] for row in self._sql.execute("SELECT id FROM epochs")}

    def segment_ids(self, epoch_id: str) -> set[str]:
        """Return the ids of an epoch's segments."""
        return {row[0] for row in self._sql.execute("SELECT id FROM segments WHERE epoch_id = ?", (epoch_id,))}

    def _revise(self, pack_id: int) -> None:
        self._sql.execute("UPDATE packs SET revision = revision + 1 WHERE id = ?", (pack_id,))

    def _add_segment(self, epoch_id: str, segment: Segment) -> None:
        self._sql.execute(
            "INSERT INTO segments (id, epoch_id, first_vid, end_vid, count, bytes, sha256)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                segment.id,
                epoch_id,
                segment.first_vid,
                segment.end_vid,
                segment.count,
                segment.bytes,
                segment.sha256,
            ),
        )

    def _drop_epochs(self, pack_id: int) -> None:
        self._sql.execute(
            "DELETE FROM segments WHERE epoch_id IN (SELECT id FROM epochs WHERE pack_id = ?)", (pack_id,)
        )
        self._sql.execute("DELETE FROM epochs WHERE pack_id = ?", (pack_id,))
