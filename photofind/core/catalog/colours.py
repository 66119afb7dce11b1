"""SQL about the colours of pictures: 12 bytes of each content that has been looked at, in a table of their own.

The table is small enough to be read whole, 20 MB of a million photos, which is how the photos with the most of a colour
are found: no index could serve twelve orders, and each would cost every new photo a page. Nothing of it is kept in
memory, because reading it into numpy takes three times as long as letting SQLite choose.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from photofind.core.catalog.numbers import Ids, columns, listed
from photofind.core.imaging.colours import COLOURS, MONOCHROME
from photofind.core.records import ContentId

WIDTH = len(COLOURS) + 1
"""Bytes of a content: the share of each colour, then whether the picture is black and white."""

_UNTIL = "colours_until"
_NAMES = {**{name: number for number, name in enumerate(COLOURS)}, "gray": COLOURS.index("grey")}


class Colours:
    """The rows of ``colours``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def of(self, pack_id: int, vids: Sequence[int] | Ids) -> npt.NDArray[np.uint8]:
        """Return the colours of vectors, shape (n, 12), dtype uint8: shares as 0 to 255, zeros where unknown.

        The columns are those of `photofind.core.imaging.colours.COLOURS`, then 255 for a picture in black and white.
        """
        found = np.zeros((len(vids), WIDTH), np.uint8)
        rows = self._sql.execute(
            "SELECT w.key, c.shares FROM json_each(?) w CROSS JOIN vectors v ON v.pack_id = ? AND v.vid = w.value"
            " CROSS JOIN colours c ON c.content_id = v.content_id",
            (listed(vids), pack_id),
        ).fetchall()
        if rows:
            found[[row[0] for row in rows]] = np.frombuffer(b"".join(row[1] for row in rows), np.uint8).reshape(
                -1, WIDTH
            )
        return found

    def richest(self, pack_id: int, colour: str, limit: int) -> Ids:
        """Return the live vectors with the largest share of a colour, the richest first.

        ``colour`` is one of `photofind.core.imaging.colours.COLOURS`, or ``monochrome`` for black and white; of any
        other, ValueError. Pictures without it are left out.
        """
        column = MONOCHROME if colour == "monochrome" else _NAMES.get(colour)
        if column is None:
            raise ValueError(f"{colour} is no basic colour")
        asked = limit
        while True:
            vids, ranks = columns(
                self._sql,
                ["v.vid", "r.rank"],
                "FROM (SELECT content_id, row_number() OVER () AS rank FROM (SELECT content_id FROM colours"
                " WHERE substr(shares, ?1, 1) > x'00' ORDER BY substr(shares, ?1, 1) DESC, content_id LIMIT ?2)) r"
                " CROSS JOIN vectors v INDEXED BY vectors_by_content ON v.content_id = r.content_id AND v.pack_id = ?3"
                " WHERE v.live",
                (column + 1, asked, pack_id),
            )
            if len(vids) >= limit or asked > self._count():
                return vids[np.argsort(ranks)][:limit]
            asked *= 4  # some of them belong to photos that are gone

    def put(self, rows: Iterable[tuple[ContentId, bytes]]) -> None:
        """Note the colours of contents, as `ColourFacts.packed` gives them."""
        self._sql.executemany("INSERT OR REPLACE INTO colours (content_id, shares) VALUES (?, ?)", rows)

    # Contents of before colours were looked at, the newest first

    def unseen(self, limit: int) -> list[ContentId]:
        """Return up to ``limit`` contents from before whose colours nobody has looked at."""
        rows = self._sql.execute(
            "SELECT c.id FROM contents c WHERE c.id <= (SELECT CAST(value AS INTEGER) FROM library WHERE key = ?)"
            " AND NOT EXISTS (SELECT 1 FROM colours o WHERE o.content_id = c.id) ORDER BY c.id DESC LIMIT ?",
            (_UNTIL, limit),
        )
        return [ContentId(row[0]) for row in rows.fetchall()]

    def settle(self, last: ContentId | None) -> None:
        """Note that all from ``last`` on have been looked at; None when that is all there are."""
        if last is None:
            self._sql.execute("DELETE FROM library WHERE key = ?", (_UNTIL,))
        else:
            self._sql.execute("UPDATE library SET value = ? WHERE key = ?", (last - 1, _UNTIL))

    def _count(self) -> int:
        return int(self._sql.execute("SELECT count(*) FROM colours").fetchone()[0])
