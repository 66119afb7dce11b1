"""SQL about places: roots, folders and the files in them."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from photofind.core.catalog.order import name_key, path_key
from photofind.core.catalog.texts import Texts
from photofind.core.paths import path_from_bytes, path_to_bytes
from photofind.core.records import ContentId, FileStamp, PhotoId


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as the catalog knows it."""

    id: PhotoId
    stamp: FileStamp
    state: str
    content_id: ContentId | None
    error_kind: str | None


@dataclass(frozen=True, slots=True)
class Copy:
    """One of the files that share a content."""

    path: str
    offline: bool
    known: KnownFile

    @property
    def id(self) -> PhotoId:
        """The photo's id."""
        return self.known.id


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that the user added."""

    id: int
    path: str
    offline: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder below a root; ``is_mount`` tells that another volume was mounted there when it was last seen."""

    id: int
    path: str
    is_mount: bool


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A file that waits to be read, with the content it had before, if any."""

    id: PhotoId
    path: str
    root_id: int
    content_id: ContentId | None


@dataclass(frozen=True, slots=True)
class FileError:
    """A row of the error list: a file that could not become a photo, or a folder that could not be listed."""

    path: str
    reason: str


class FileTable:
    """The rows of ``roots``, ``folders`` and ``files``; ``changes`` counts those changed that a list could show."""

    def __init__(self, connection: sqlite3.Connection, texts: Texts) -> None:
        self._sql = connection
        self._texts = texts
        self.changes = 0

    def _change(self, sql: str, parameters: Sequence[Any]) -> None:
        self.changes += max(self._sql.execute(sql, parameters).rowcount, 0)

    def _change_each(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        self.changes += max(self._sql.executemany(sql, parameters).rowcount, 0)

    # Roots

    def roots(self) -> list[Root]:
        """Return the folders that the user added, in the order of their paths."""
        rows = self._sql.execute("SELECT id, path, offline FROM roots ORDER BY path")
        return [Root(row[0], path_from_bytes(row[1]), bool(row[2])) for row in rows]

    def add_root(self, path: str) -> int:
        """Add a root and return its id; an existing one is returned as it is."""
        self._change("INSERT OR IGNORE INTO roots (path) VALUES (?)", (path_to_bytes(path),))
        return int(self._sql.execute("SELECT id FROM roots WHERE path = ?", (path_to_bytes(path),)).fetchone()[0])

    def absorb_root(self, root_id: int, into: int, *, away: bool = False) -> None:
        """Hand all folders of one root to another that contains it.

        One that is ``away`` is remembered as a mount point, so that its photos stay until it is seen again.
        """
        if away:
            path = self._sql.execute("SELECT path FROM roots WHERE id = ?", (root_id,)).fetchone()[0]
            self._change(
                "INSERT INTO folders (root_id, path, path_key, is_mount, offline) VALUES (?, ?, ?, 1, 1)"
                " ON CONFLICT (path) DO UPDATE SET is_mount = 1",
                (root_id, path, path_key(path_from_bytes(path))),
            )
        self._sql.execute(
            "UPDATE roots SET unsettled_after = (SELECT unsettled_after FROM roots WHERE id = ?1)"
            " WHERE id = ?2 AND ifnull(unsettled_after > (SELECT unsettled_after FROM roots WHERE id = ?1), 1)",
            (root_id, into),
        )
        self._change("UPDATE folders SET root_id = ?, text_id = NULL WHERE root_id = ?", (into, root_id))
        self._change("DELETE FROM roots WHERE id = ?", (root_id,))
        self._texts.describe_folders(into)

    def remove_root(self, root_id: int) -> list[ContentId]:
        """Forget a root with its folders and files; return the contents of its photos, one for each photo."""
        rows = self._sql.execute(
            "SELECT f.content_id FROM folders d JOIN files f ON f.folder_id = d.id"
            " WHERE d.root_id = ? AND f.content_id IS NOT NULL",
            (root_id,),
        ).fetchall()
        self._change(
            "DELETE FROM files WHERE folder_id IN (SELECT id FROM folders WHERE root_id = ?)",
            (root_id,),
        )
        self._change("DELETE FROM folders WHERE root_id = ?", (root_id,))
        self._change("DELETE FROM roots WHERE id = ?", (root_id,))
        self._texts.forget_removed()
        return [ContentId(row[0]) for row in rows]

    def set_root_offline(self, root_id: int, *, offline: bool) -> None:
        """Mark a root, with all that is below it, as away or back."""
        self._change("UPDATE roots SET offline = ? WHERE id = ?", (offline, root_id))
        self._change("UPDATE folders SET offline = ? WHERE root_id = ?", (offline, root_id))

    # Moves

    def begin_moves(self, root_ids: Iterable[int]) -> None:
        """Remember which files of the roots are older than the run that begins, or the first one that did not end."""
        self._sql.executemany(
            "UPDATE roots SET unsettled_after = ifnull(unsettled_after, (SELECT ifnull(max(id), 0) FROM files))"
            " WHERE id = ?",
            ((i,) for i in root_ids),
        )

    def end_moves(self, root_ids: Iterable[int]) -> None:
        """Note that what moved into the roots is settled."""
        self._sql.executemany("UPDATE roots SET unsettled_after = NULL WHERE id = ?", ((i,) for i in root_ids))

    def newcomers(self) -> dict[PhotoId, ContentId]:
        """Return the photos that came since :meth:`begin_moves` and share their content with another file."""
        rows = self._sql.execute(
            "SELECT f.id, f.content_id FROM files f CROSS JOIN folders d ON d.id = f.folder_id"
            " JOIN roots r ON r.id = d.root_id WHERE f.id > (SELECT min(unsettled_after) FROM roots)"
            " AND f.id > r.unsettled_after AND f.content_id IS NOT NULL"
            " AND EXISTS (SELECT 1 FROM files o WHERE o.content_id = f.content_id AND o.id != f.id) ORDER BY f.id"
        )
        return {PhotoId(row[0]): ContentId(row[1]) for row in rows}

    # Folders

    def folder(self, path: str) -> Folder | None:
        """Return the folder at ``path`` if it is known."""
        row = self._sql.execute("SELECT id, is_mount FROM folders WHERE path = ?", (path_to_bytes(path),)).fetchone()
        return Folder(row[0], path, bool(row[1])) if row else None

    def folders(self, root_id: int) -> list[Folder]:
        """Return all known folders of a root."""
        rows = self._sql.execute("SELECT id, path, is_mount FROM folders WHERE root_id = ?", (root_id,))
        return [Folder(row[0], path_from_bytes(row[1]), bool(row[2])) for row in rows]

    def put_folder(self, root_id: int, path: str, *, is_mount: bool, error: str | None) -> int:
        """Record that a folder was seen, is online and with what error, if any; return its id."""
        self._change(
            "INSERT INTO folders (root_id, path, is_mount, error, path_key) VALUES (?1, ?2, ?3, ?4, ?5)"
            " ON CONFLICT (path) DO UPDATE SET root_id = ?1, is_mount = ?3, error = ?4, offline = 0,"
            " text_id = CASE root_id WHEN ?1 THEN text_id END"
            " WHERE root_id != ?1 OR is_mount != ?3 OR error IS NOT ?4 OR offline",
            (root_id, path_to_bytes(path), is_mount, _text(error) if error is not None else None, path_key(path)),
        )
        folder_id, known, root = self._sql.execute(
            "SELECT d.id, d.text_id, r.path FROM folders d JOIN roots r ON r.id = d.root_id WHERE d.path = ?",
            (path_to_bytes(path),),
        ).fetchone()
        if known is None:
            self._texts.describe_folder(folder_id, path, path_from_bytes(root))
        return int(folder_id)

    def set_folders_offline(self, folder_ids: Iterable[int]) -> None:
        """Mark folders on an unmounted volume as away."""
        self._change_each("UPDATE folders SET offline = 1 WHERE id = ?", ((i,) for i in folder_ids))

    def drop_empty_folders(self, folder_ids: Iterable[int]) -> None:
        """Forget those of the folders that hold no file any more."""
        self._change_each(
            "DELETE FROM folders WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM files WHERE folder_id = ?1)",
            ((i,) for i in folder_ids),
        )

    # Files

    def in_folder(self, folder_id: int) -> dict[str, KnownFile]:
        """Return the known files of a folder by name."""
        rows = self._sql.execute(
            "SELECT name, id, size, mtime_ns, file_id, state, content_id, error_kind FROM files WHERE folder_id = ?",
            (folder_id,),
        )
        return {path_from_bytes(row[0]): _known(row[1:]) for row in rows}

    def add_pending(self, folder_id: int, files: Iterable[tuple[str, FileStamp]]) -> None:
        """Note new files that wait to be read."""
        self._sql.executemany(
            "INSERT INTO files (folder_id, name, name_key, size, mtime_ns, file_id, state)"
            " VALUES (?, ?, ?, ?, ?, ?, 'pending')",
            ((folder_id, path_to_bytes(name), name_key(name), s.size, s.mtime_ns, s.file_id) for name, s in files),
        )

    def set_pending(self, files: Iterable[tuple[PhotoId, FileStamp]]) -> None:
        """Let known files wait to be read again; until then they keep the content they had."""
        self._change_each(
            "UPDATE files SET state = 'pending', size = ?, mtime_ns = ?, file_id = ? WHERE id = ?",
            ((s.size, s.mtime_ns, s.file_id, id_) for id_, s in files),
        )

    def set_file_ids(self, files: Iterable[tuple[PhotoId, int]]) -> None:
        """Note new file ids of files that are otherwise unchanged."""
        self._sql.executemany("UPDATE files SET file_id = ? WHERE id = ?", ((file_id, id_) for id_, file_id in files))

    def pending(self, root_ids: list[int], after: int, limit: int) -> list[PendingFile]:
        """Return up to ``limit`` waiting files of the roots, with ids above ``after``, in the order of ids."""
        rows = self._sql.execute(
            "SELECT f.id, d.path, f.name, d.root_id, f.content_id FROM files f INDEXED BY files_pending"
            " CROSS JOIN folders d ON d.id = f.folder_id WHERE f.state = 'pending' AND f.id > ? AND NOT d.offline"
            " AND d.root_id IN (SELECT value FROM json_each(?)) ORDER BY f.id LIMIT ?",
            (after, json.dumps(root_ids), limit),
        )
        return [PendingFile(PhotoId(r[0]), joined(r[1], r[2]), r[3], r[4]) for r in rows]

    def count_pending(self, root_ids: list[int]) -> int:
        """Return how many files of the roots wait to be read."""
        row = self._sql.execute(
            "SELECT count(*) FROM files f INDEXED BY files_pending CROSS JOIN folders d ON d.id = f.folder_id"
            " WHERE f.state = 'pending' AND NOT d.offline AND d.root_id IN (SELECT value FROM json_each(?))",
            (json.dumps(root_ids),),
        ).fetchone()
        return int(row[0])

    def set_photo(self, id_: PhotoId, content_id: ContentId, stamp: FileStamp) -> None:
        """Record that a file was read and holds this content."""
        self._change(
            "UPDATE files SET state = 'photo', content_id = ?1, size = ?2, mtime_ns = ?3, file_id = ?4, error = NULL,"
            " error_kind = NULL, dated_at = coalesce("  # 0 is for times beyond reason
            "CAST(strftime('%s', (SELECT taken_at FROM contents WHERE id = ?1)) AS INTEGER),"
            " CAST(strftime('%s', ?3 / 1000000000, 'unixepoch', 'localtime') AS INTEGER), 0), text_id = ?6"
            " WHERE id = ?5",
            (content_id, stamp.size, stamp.mtime_ns, stamp.file_id, id_, self._text_of(id_)),
        )

    def set_error(self, id_: PhotoId, reason: str, kind: str) -> None:
        """Record why a file is no photo."""
        self._change(
            "UPDATE files SET state = 'error', content_id = NULL, dated_at = NULL, text_id = NULL, error = ?,"
            " error_kind = ? WHERE id = ?",
            (_text(reason), kind, id_),
        )

    def retry(self, files: Iterable[tuple[str, str]] | None) -> None:
        """Let files that are in error wait to be read again: those named by folder and name, or all within reach."""
        if files is None:
            self._change(
                "UPDATE files SET state = 'pending', error = NULL, error_kind = NULL"
                " WHERE state = 'error' AND folder_id IN (SELECT id FROM folders WHERE NOT offline)",
                (),
            )
        else:
            self._change_each(
                "UPDATE files SET state = 'pending', error = NULL, error_kind = NULL WHERE state = 'error'"
                " AND folder_id = (SELECT id FROM folders WHERE path = ? AND NOT offline) AND name = ?",
                ((path_to_bytes(folder), path_to_bytes(name)) for folder, name in files),
            )

    def set_ignored(self, id_: PhotoId) -> None:
        """Record that a file never promised to be a photo and is none."""
        self._change(
            "UPDATE files SET state = 'ignored', content_id = NULL, dated_at = NULL, text_id = NULL, error = NULL,"
            " error_kind = NULL WHERE id = ?",
            (id_,),
        )

    def remove(self, ids: Iterable[PhotoId]) -> None:
        """Forget files that are gone."""
        self._change_each("DELETE FROM files WHERE id = ?", ((i,) for i in ids))

    def copies(self, content_id: ContentId) -> list[Copy]:
        """Return every file with this content, oldest id first."""
        rows = self._sql.execute(
            "SELECT d.path, f.name, d.offline, f.id, f.size, f.mtime_ns, f.file_id, f.state, f.content_id, f.error_kind"
            " FROM files f JOIN folders d ON d.id = f.folder_id WHERE f.content_id = ? ORDER BY f.id",
            (content_id,),
        )
        return [Copy(joined(r[0], r[1]), bool(r[2]), _known(r[3:])) for r in rows]

    def take_place(self, moved: PhotoId, newcomer: PhotoId) -> None:
        """Let the photo ``moved`` continue at the place of ``newcomer``, whose row ends."""
        row = self._sql.execute(
            "SELECT folder_id, name, name_key, size, mtime_ns, file_id, dated_at FROM files WHERE id = ?", (newcomer,)
        ).fetchone()
        self._change("DELETE FROM files WHERE id = ?", (newcomer,))
        self._change(
            "UPDATE files SET folder_id = ?, name = ?, name_key = ?, size = ?, mtime_ns = ?, file_id = ?, dated_at = ?,"
            " state = 'photo' WHERE id = ?",
            (*row, moved),
        )
        self._sql.execute("UPDATE files SET text_id = ? WHERE id = ?", (self._text_of(moved), moved))

    def _text_of(self, id_: PhotoId) -> int | None:
        row = self._sql.execute("SELECT name FROM files WHERE id = ?", (id_,)).fetchone()
        return self._texts.of_name(path_from_bytes(row[0])) if row else None

    def find(self, folder: str, name: str) -> KnownFile | None:
        """Return the file ``name`` of ``folder`` if it is known."""
        row = self._sql.execute(
            "SELECT f.id, f.size, f.mtime_ns, f.file_id, f.state, f.content_id, f.error_kind FROM files f"
            " JOIN folders d ON d.id = f.folder_id WHERE d.path = ? AND f.name = ?",
            (path_to_bytes(folder), path_to_bytes(name)),
        ).fetchone()
        return _known(row) if row else None

    # Reports

    def count_photos(self) -> int:
        """Return the number of photos, those on absent volumes too."""
        return int(self._sql.execute("SELECT total(photos) FROM folders").fetchone()[0])

    def count_offline(self) -> int:
        """Return the number of photos whose volume is away."""
        return int(self._sql.execute("SELECT total(photos) FROM folders WHERE offline").fetchone()[0])

    def count_errors(self) -> int:
        """Return the length of the error list."""
        row = self._sql.execute(
            "SELECT (SELECT count(*) FROM files WHERE state = 'error') + (SELECT count(error) FROM folders)"
        ).fetchone()
        return int(row[0])

    def errors(self) -> Iterator[FileError]:
        """Yield the error list: files first, then folders."""
        rows = self._sql.execute(
            "SELECT d.path, f.name, f.error FROM files f JOIN folders d ON d.id = f.folder_id"
            " WHERE f.state = 'error' ORDER BY d.path, f.name"
        )
        for folder, name, reason in rows:
            yield FileError(joined(folder, name), reason)
        rows = self._sql.execute("SELECT path, error FROM folders WHERE error IS NOT NULL ORDER BY path")
        for folder, reason in rows:
            yield FileError(path_from_bytes(folder), reason)


def joined(folder: bytes, name: bytes) -> str:
    """Return the path of a file from the stored path of its folder and its stored name."""
    return os.path.join(path_from_bytes(folder), path_from_bytes(name))


def _text(reason: str) -> str:
    # SQLite's TEXT is valid Unicode: what could not be decoded in a quoted file name becomes question marks.
    return reason.encode("utf-8", "replace").decode()


def _known(row: Sequence[Any]) -> KnownFile:
    return KnownFile(PhotoId(row[0]), FileStamp(*row[1:4]), *row[4:])
