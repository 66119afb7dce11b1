"""The catalog of a large library made by SQL alone: no photo, no thumbnail and no embedding stands behind it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from photofind.core.catalog.schema import MIGRATIONS, migrate

FOLDER_SIZE = 500
ROOTS = 4

_FILL = """
PRAGMA synchronous = OFF;
BEGIN;
INSERT INTO packs (key, spec, dimension, next_vid) VALUES ('made-up', 'made-up', 4, {count});
INSERT INTO library VALUES ('active_pack', 'made-up');
WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < {roots} - 1)
    INSERT INTO roots (id, path) SELECT i + 1, CAST('/made-up/root ' || i AS BLOB) FROM n;
WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < {folders} - 1)
    INSERT INTO folders (id, root_id, path) SELECT i + 1, i % {roots} + 1,
        CAST(printf('/made-up/root %d/%d/trip no. %d', i % {roots}, 2005 + abs(random() % 20), i) AS BLOB) FROM n;
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < {count})
    INSERT INTO contents (id, hash, size, format, width, height, taken_at, camera, lens, latitude, longitude)
        SELECT i, randomblob(32), 1000000 + abs(random() % 8000000), CASE i % 10 WHEN 0 THEN 'RAW' WHEN 1 THEN 'HEIF'
        ELSE 'JPEG' END, CASE i % 4 WHEN 0 THEN 3000 ELSE 4000 END, CASE i % 4 WHEN 0 THEN 4000 ELSE 3000 END,
        CASE WHEN i % 5 THEN strftime('%Y-%m-%dT%H:%M:%S', 1100000000 + abs(random() % 650000000), 'unixepoch') END,
        CASE WHEN i % 100 THEN 'Made Up ' || (i % 12) ELSE 'Rare Thing' END, 'Made Up 24-70mm',
        CASE i % 4 WHEN 1 THEN 47.0 + i % 500 * 0.01 END, CASE i % 4 WHEN 1 THEN 7.0 + i % 700 * 0.01 END FROM n;
INSERT INTO files (id, folder_id, name, size, mtime_ns, file_id, state, content_id) SELECT id, (id - 1) / {size} + 1,
    CAST(printf(CASE WHEN id % 5 THEN 'IMG_%d.jpg' WHEN id % 500 THEN 'holiday %d.jpg' ELSE 'Kyoto Temple %d.jpg' END,
        1 + abs(random() % 99999) * {size} + id % {size}) AS BLOB), size,
    (1100000000 + abs(random() % 650000000)) * 1000000000, id, 'photo', id FROM contents;
INSERT INTO vectors (pack_id, vid, content_id, crc, live) SELECT 1, id - 1, id, id * 2654435761 % 4294967296, 1
    FROM contents;
COMMIT;
"""


def make_catalog(path: Path, count: int) -> None:
    """Write a database of the first version with ``count`` photos at ``path``."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, path, MIGRATIONS[:1])
        folders = -(-count // FOLDER_SIZE)
        connection.executescript(_FILL.format(count=count, roots=ROOTS, folders=folders, size=FOLDER_SIZE))
