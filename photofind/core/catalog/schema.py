"""The catalog's schema: one migration per version, each behind a back-up of the database before it.

``PRAGMA user_version`` holds the number of migrations applied. A database of a newer version is refused.

What the tables hold: ``roots`` are the folders the user added; ``folders`` are all folders found below them;
``files`` are the candidates in them (a photo is a file whose ``content_id`` is set, and its ``id`` is the photo's
id); ``contents`` are distinct file contents with their facts; ``packs`` are the vector spaces; ``vectors`` names the
rows of a pack's vector file; ``epochs`` and ``segments`` name the index files built from those rows.

For lists of all photos, ``files`` repeats what they are sorted by, each with an index that answers alone; triggers
count the photos of every folder.

``texts`` are the distinct texts that photos are found by: what the names of files and folders say, cameras and places;
``words`` is the full-text index of their words. Photos, folders and contents name their texts, so that a thousand
photos of one camera in one folder cost two of them. ``colours`` are the shares of colours in a content's picture.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from photofind.core.catalog.connection import damaged, keep_log, transaction
from photofind.core.catalog.order import name_key, path_key
from photofind.core.catalog.own_tables import is_foreign, problem_of, shape_of
from photofind.core.catalog.tokens import folder_words, label_words, name_words
from photofind.core.errors import FolderError, LibraryVersionError
from photofind.core.paths import path_from_bytes
from photofind.core.private_files import claim

_V1 = """
CREATE TABLE library (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE roots (
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    offline INTEGER NOT NULL DEFAULT 0,
    unsettled_after INTEGER  -- files with higher ids came in a run that has not yet settled what moved
);

CREATE TABLE folders (
    id INTEGER PRIMARY KEY,
    root_id INTEGER NOT NULL REFERENCES roots,
    path BLOB NOT NULL UNIQUE,
    offline INTEGER NOT NULL DEFAULT 0,
    is_mount INTEGER NOT NULL DEFAULT 0,
    error TEXT
);
CREATE INDEX folders_by_root ON folders (root_id);

CREATE TABLE contents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    taken_at TEXT,
    camera TEXT,
    lens TEXT,
    latitude REAL,
    longitude REAL
);

CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder_id INTEGER NOT NULL REFERENCES folders,
    name BLOB NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'photo', 'error', 'ignored')),
    content_id INTEGER REFERENCES contents,
    error TEXT,
    error_kind TEXT,
    UNIQUE (folder_id, name)
);
CREATE INDEX files_by_content ON files (content_id) WHERE content_id IS NOT NULL;
CREATE INDEX files_pending ON files (id) WHERE state = 'pending';
CREATE INDEX files_in_error ON files (id) WHERE state = 'error';

CREATE TABLE packs (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    spec TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    next_vid INTEGER NOT NULL DEFAULT 0,
    epoch_id TEXT REFERENCES epochs,
    revision INTEGER NOT NULL DEFAULT 0  -- grows with every change that a search of this pack could see
);

CREATE TABLE vectors (
    pack_id INTEGER NOT NULL REFERENCES packs,
    vid INTEGER NOT NULL,
    content_id INTEGER REFERENCES contents,
    crc INTEGER NOT NULL,
    live INTEGER NOT NULL,
    PRIMARY KEY (pack_id, vid)
) WITHOUT ROWID;
CREATE UNIQUE INDEX vectors_by_content ON vectors (content_id, pack_id) WHERE content_id IS NOT NULL;
CREATE INDEX vectors_dead ON vectors (pack_id, vid) WHERE live = 0;

CREATE TABLE epochs (
    id TEXT PRIMARY KEY,
    pack_id INTEGER NOT NULL REFERENCES packs,
    nlist INTEGER NOT NULL,
    trained_on INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE segments (
    id TEXT PRIMARY KEY,
    epoch_id TEXT NOT NULL REFERENCES epochs,
    first_vid INTEGER NOT NULL,
    end_vid INTEGER NOT NULL,
    count INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) WITHOUT ROWID;
"""

_V2 = """
ALTER TABLE folders ADD COLUMN path_key BLOB NOT NULL DEFAULT x'';
ALTER TABLE folders ADD COLUMN photos INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN name_key BLOB NOT NULL DEFAULT x'';
-- Seconds since 1970 on the local clock when the photo was taken, or else modified; set whenever content_id is.
ALTER TABLE files ADD COLUMN dated_at INTEGER;
UPDATE folders SET path_key = path_key(path),
    photos = (SELECT count(*) FROM files WHERE folder_id = folders.id AND content_id IS NOT NULL);
UPDATE files SET name_key = name_key(name), dated_at = CASE WHEN content_id IS NOT NULL THEN coalesce(
    CAST(strftime('%s', (SELECT taken_at FROM contents WHERE id = files.content_id)) AS INTEGER),
    CAST(strftime('%s', mtime_ns / 1000000000, 'unixepoch', 'localtime') AS INTEGER), 0) END;
CREATE INDEX files_by_date ON files (dated_at) WHERE dated_at IS NOT NULL;
CREATE INDEX files_by_name ON files (name_key, dated_at) WHERE dated_at IS NOT NULL;
CREATE INDEX files_by_size ON files (size, dated_at) WHERE dated_at IS NOT NULL;
CREATE INDEX files_by_folder ON files (folder_id, name_key, dated_at) WHERE dated_at IS NOT NULL;
CREATE INDEX folders_by_path_key ON folders (path_key);
CREATE TRIGGER photo_came AFTER INSERT ON files WHEN NEW.content_id IS NOT NULL BEGIN
    UPDATE folders SET photos = photos + 1 WHERE id = NEW.folder_id;
END;
CREATE TRIGGER photo_went AFTER DELETE ON files WHEN OLD.content_id IS NOT NULL BEGIN
    UPDATE folders SET photos = photos - 1 WHERE id = OLD.folder_id;
END;
CREATE TRIGGER photo_changed AFTER UPDATE OF content_id, folder_id ON files BEGIN
    UPDATE folders SET photos = photos - 1 WHERE id = OLD.folder_id AND OLD.content_id IS NOT NULL;
    UPDATE folders SET photos = photos + 1 WHERE id = NEW.folder_id AND NEW.content_id IS NOT NULL;
END;
"""

_V3 = """
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    field TEXT NOT NULL CHECK (field IN ('name', 'folder', 'camera', 'place')),
    text TEXT NOT NULL,  -- a camera or place as it is called; of names and folders only their words
    UNIQUE (field, text)
);
CREATE VIRTUAL TABLE words USING fts5 (said, tokenize = 'unicode61 remove_diacritics 2');
CREATE TRIGGER text_went AFTER DELETE ON texts BEGIN
    DELETE FROM words WHERE rowid = OLD.id;
END;

ALTER TABLE files ADD COLUMN text_id INTEGER;  -- set only where content_id is, and where the name says anything
ALTER TABLE folders ADD COLUMN text_id INTEGER;
ALTER TABLE contents ADD COLUMN camera_id INTEGER;  -- the text of the camera
ALTER TABLE contents ADD COLUMN place_id INTEGER;  -- the text of the place; of an empty one where there is none near

CREATE TEMP TABLE named AS SELECT id, name_words(name) AS text FROM files WHERE content_id IS NOT NULL;
INSERT INTO texts (field, text) SELECT DISTINCT 'name', text FROM named WHERE text != '';
UPDATE files SET text_id = (SELECT id FROM texts WHERE field = 'name' AND text = named.text)
    FROM named WHERE named.id = files.id AND named.text != '';
DROP TABLE named;
CREATE TEMP TABLE named AS SELECT d.id, folder_words(d.path, r.path) AS text FROM folders d
    JOIN roots r ON r.id = d.root_id;
INSERT INTO texts (field, text) SELECT DISTINCT 'folder', text FROM named;
UPDATE folders SET text_id = (SELECT id FROM texts WHERE field = 'folder' AND text = named.text)
    FROM named WHERE named.id = folders.id;
DROP TABLE named;
INSERT INTO texts (field, text) SELECT DISTINCT 'camera', camera FROM contents WHERE camera IS NOT NULL;
UPDATE contents SET camera_id = (SELECT id FROM texts WHERE field = 'camera' AND text = camera)
    WHERE camera IS NOT NULL;
INSERT INTO words (rowid, said) SELECT id, CASE field WHEN 'camera' THEN label_words(text) ELSE text END FROM texts;

-- Texts that nothing names any more go: what a removed photo was called is nobody's business.
CREATE TRIGGER file_went AFTER DELETE ON files WHEN OLD.text_id IS NOT NULL BEGIN
    DELETE FROM texts WHERE id = OLD.text_id AND NOT EXISTS (SELECT 1 FROM files WHERE text_id = OLD.text_id);
END;
CREATE TRIGGER file_renamed AFTER UPDATE OF text_id ON files WHEN OLD.text_id IS NOT NEW.text_id BEGIN
    DELETE FROM texts WHERE id = OLD.text_id AND NOT EXISTS (SELECT 1 FROM files WHERE text_id = OLD.text_id);
END;
CREATE TRIGGER folder_went AFTER DELETE ON folders WHEN OLD.text_id IS NOT NULL BEGIN
    DELETE FROM texts WHERE id = OLD.text_id AND NOT EXISTS (SELECT 1 FROM folders WHERE text_id = OLD.text_id);
END;
CREATE TRIGGER folder_renamed AFTER UPDATE OF text_id ON folders WHEN OLD.text_id IS NOT NEW.text_id BEGIN
    DELETE FROM texts WHERE id = OLD.text_id AND NOT EXISTS (SELECT 1 FROM folders WHERE text_id = OLD.text_id);
END;

CREATE INDEX files_by_text ON files (text_id) WHERE text_id IS NOT NULL;
CREATE INDEX folders_by_text ON folders (text_id) WHERE text_id IS NOT NULL;
CREATE INDEX contents_by_camera ON contents (camera_id) WHERE camera_id IS NOT NULL;
CREATE INDEX contents_by_place ON contents (place_id) WHERE place_id IS NOT NULL;
CREATE INDEX contents_unplaced ON contents (id) WHERE latitude IS NOT NULL AND place_id IS NULL;

CREATE TABLE colours (
    content_id INTEGER PRIMARY KEY REFERENCES contents,
    shares BLOB NOT NULL  -- a byte for each colour; a table of its own stays small enough to be read whole
);
-- Contents of before have thumbnails, but nobody has looked at the colours of these.
INSERT INTO library (key, value) SELECT 'colours_until', max(id) FROM contents HAVING max(id) IS NOT NULL;
"""

_V4 = """
ALTER TABLE epochs ADD COLUMN trained_at REAL;  -- seconds since 1970; these are NULL where nobody noted them
ALTER TABLE epochs ADD COLUMN trained_until INTEGER;  -- all vectors that it was trained on have smaller vids
ALTER TABLE epochs ADD COLUMN first_out INTEGER;  -- which of them it was trained on, see vectors/drawing.py
ALTER TABLE epochs ADD COLUMN distance REAL;  -- how well it fitted others than those, see vectors/drift.py
ALTER TABLE epochs ADD COLUMN clipped REAL;
"""

MIGRATIONS: tuple[str, ...] = (_V1, _V2, _V3, _V4)
"""One script per version; a script, once released, is never changed."""


def version_of(connection: sqlite3.Connection) -> int:
    """Return the number of migrations this database has had."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def check_version(connection: sqlite3.Connection, path: Path, migrations: tuple[str, ...] = MIGRATIONS) -> int:
    """Return the database's version, at most the newest; 0 is one that holds nothing yet.

    Raises
    ------
    LibraryVersionError
        When a newer photofind made it.
    LibraryDamagedError
        When it cannot be of the version that it says, or is another program's.
    FolderError
        When that is the database of a library, which this folder then is none.
    """
    version, tables = shape_of(connection)
    is_other = is_foreign(tables, migrations)
    if is_other and migrations[:1] == MIGRATIONS[:1]:
        raise FolderError(
            f"{path} is the database of another program, so that {path.parent} holds other files and is no library;"
            " choose an empty folder with --library."
        )
    problem = "it holds the tables of another program" if is_other else problem_of(version, tables, migrations)
    if problem:
        raise damaged(path, problem) from ValueError(problem)
    if version > len(migrations):
        raise LibraryVersionError(
            f"The library {path.parent} was made by a newer photofind (schema {version}, this one knows "
            f"{len(migrations)}); update photofind or choose another library."
        )
    return version


def migrate(connection: sqlite3.Connection, path: Path, migrations: tuple[str, ...] = MIGRATIONS) -> None:
    """Bring the database at ``path`` to the newest version, a back-up before each step.

    The back-up stays beside the database as ``library.db.v<version>.bak``. Raises as :func:`check_version` does, with
    nothing written.
    """
    version = check_version(connection, path, migrations)
    keep_log(connection)
    _lend_functions(connection)
    for number in range(version, len(migrations)):
        if version:  # a new database holds nothing to keep
            _back_up(connection, path.with_name(f"{path.name}.v{number}.bak"))
        with transaction(connection):
            for statement in _statements(migrations[number]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")


def _lend_functions(connection: sqlite3.Connection) -> None:
    """Let the scripts call what makes keys and words of stored names."""
    for name, key in (("name_key", name_key), ("path_key", path_key), ("name_words", name_words)):
        connection.create_function(name, 1, lambda stored, key=key: key(path_from_bytes(stored)), deterministic=True)
    connection.create_function("label_words", 1, label_words, deterministic=True)
    connection.create_function(
        "folder_words",
        2,
        lambda path, root: folder_words(path_from_bytes(path), path_from_bytes(root)),
        deterministic=True,
    )


def _back_up(connection: sqlite3.Connection, target: Path) -> None:
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    claim(partial)
    with closing(sqlite3.connect(partial)) as copy:
        connection.backup(copy)
    partial.replace(target)


def _statements(script: str) -> list[str]:
    # executescript() would commit on its own; single statements keep a migration all or nothing.
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return [*statements, pending] if pending.strip() else statements
