"""SQL about contents: what a file holds, whatever its name and place."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from photofind.core.catalog.files import joined
from photofind.core.catalog.texts import Texts
from photofind.core.records import ContentId, PhotoFacts, PhotoId


@dataclass(frozen=True, slots=True)
class Source:
    """A content and one of the files to read it from."""

    content_id: ContentId
    photo_id: PhotoId
    path: str
    root_id: int
    hash: bytes


class ContentTable:
    """The rows of ``contents``."""

    def __init__(self, connection: sqlite3.Connection, texts: Texts) -> None:
        self._sql = connection
        self._texts = texts

    def by_hash(self, digest: bytes) -> ContentId | None:
        """Return the content with this hash if it is known."""
        row = self._sql.execute("SELECT id FROM contents WHERE hash = ?", (digest,)).fetchone()
        return ContentId(row[0]) if row else None

    def add(self, digest: bytes, size: int, facts: PhotoFacts) -> ContentId:
        """Add a content and return its id."""
        row = self._sql.execute(
            "INSERT INTO contents (hash, size, format, width, height, taken_at, camera, lens, latitude, longitude,"
            " camera_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (digest, size, *astuple(facts), self._texts.of_camera(facts.camera)),
        ).fetchone()
        return ContentId(row[0])

    def unplaced(self, limit: int) -> list[tuple[ContentId, float, float]]:
        """Return up to ``limit`` contents of which is known where (degrees), but not what place that is."""
        rows = self._sql.execute(
            "SELECT id, latitude, longitude FROM contents INDEXED BY contents_unplaced"
            " WHERE latitude IS NOT NULL AND place_id IS NULL LIMIT ?",
            (limit,),
        )
        return [(ContentId(row[0]), row[1], row[2]) for row in rows]

    def set_places(self, places: Iterable[tuple[ContentId, str, str]]) -> None:
        """Note what place each content was taken at, empty for none, and other names that the place is found by."""
        self._sql.executemany(
            "UPDATE contents SET place_id = ? WHERE id = ?",
            ((self._texts.of_place(place, others), content) for content, place, others in places),
        )

    def facts(self, content_id: ContentId) -> PhotoFacts:
        """Return what is known of a content."""
        row = self._sql.execute(
            "SELECT format, width, height, taken_at, camera, lens, latitude, longitude FROM contents WHERE id = ?",
            (content_id,),
        ).fetchone()
        return PhotoFacts(*row)

    def cameras(self) -> list[str]:
        """Return the names of the cameras that photos were taken with, sorted."""
        rows = self._sql.execute(
            "SELECT text FROM texts t WHERE field = 'camera' AND EXISTS (SELECT 1 FROM contents c"
            " INDEXED BY contents_by_camera CROSS JOIN files f INDEXED BY files_by_content ON f.content_id = c.id"
            " WHERE c.camera_id = t.id) ORDER BY text"
        )
        return [row[0] for row in rows]

    def formats(self) -> list[str]:
        """Return the formats that photos have, sorted.

        Each question goes on behind the format that the last one found, so that contents are read once, and only those
        of formats not found yet are looked for among files: a third of a second for a million photos.
        """
        found: list[str] = []
        last = 0
        while row := self._sql.execute(
            "SELECT c.id, c.format FROM contents c NOT INDEXED WHERE c.id > ?"
            " AND c.format NOT IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM files f"
            " INDEXED BY files_by_content WHERE f.content_id = c.id) ORDER BY c.id LIMIT 1",
            (last, json.dumps(found)),
        ).fetchone():
            last = row[0]
            found.append(row[1])
        return sorted(found)

    def missing_embeddings(self, pack_id: int, after: int, limit: int) -> list[Source]:
        """Return up to ``limit`` contents above id ``after`` that have a reachable file but no vector of the pack."""
        rows = self._sql.execute(
            "SELECT c.id FROM contents c WHERE c.id > ? AND EXISTS (SELECT 1 FROM files f JOIN folders d"
            " ON d.id = f.folder_id AND NOT d.offline WHERE f.content_id = c.id AND f.state = 'photo')"
            " AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.content_id = c.id AND v.pack_id = ?)"
            " ORDER BY c.id LIMIT ?",
            (after, pack_id, limit),
        )
        sources = [self.source_of(ContentId(row[0])) for row in rows.fetchall()]
        return [source for source in sources if source is not None]

    def count_missing_embeddings(self, pack_id: int, *, reachable: bool) -> int:
        """Return how many photographed contents lack a vector of the pack; ``reachable``: only those at hand."""
        row = self._sql.execute(
            "SELECT count(DISTINCT f.content_id) FROM files f JOIN folders d ON d.id = f.folder_id"
            " WHERE f.content_id IS NOT NULL AND (NOT ?1 OR (f.state = 'photo' AND NOT d.offline))"
            " AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.content_id = f.content_id AND v.pack_id = ?2)",
            (reachable, pack_id),
        ).fetchone()
        return int(row[0])

    def source_of(self, content_id: ContentId) -> Source | None:
        """Return a reachable file to read a content from."""
        row = self._sql.execute(
            "SELECT c.id, f.id, d.path, f.name, d.root_id, c.hash FROM contents c"
            " JOIN files f ON f.content_id = c.id JOIN folders d ON d.id = f.folder_id AND NOT d.offline"
            " WHERE c.id = ? AND f.state = 'photo' LIMIT 1",
            (content_id,),
        ).fetchone()
        return _source(row) if row else None

    def referenced(self) -> Iterator[ContentId]:
        """Yield the contents that some file holds."""
        for row in self._sql.execute("SELECT DISTINCT content_id FROM files WHERE content_id IS NOT NULL"):
            yield ContentId(row[0])


def _source(row: Sequence[Any]) -> Source:
    return Source(row[0], row[1], joined(row[2], row[3]), row[4], row[5])
