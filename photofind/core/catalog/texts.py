"""SQL about words: what the names of files and folders, cameras and places say, and when photos were taken.

A word finds *texts* in the full-text index, and texts are named by files, folders or contents, through which they lead
to photos. Of what was typed only letters and digits get as far as the index's own language.
"""

from __future__ import annotations

import datetime
import sqlite3
from enum import StrEnum

import numpy as np

from photofind.core.catalog.numbers import Ids, columns, distinct, ids
from photofind.core.catalog.tokens import folder_words, label_words, name_words, typed_tokens
from photofind.core.errors import LibraryDamagedError
from photofind.core.paths import path_from_bytes

_DAY_SECONDS = 86_400
_FIRST_DAY = datetime.date(1970, 1, 1)
_SHORTEST_PREFIX = 4
_FEW = 20_000
"""Below so many contents it is quicker to look for the files of each than to read all files."""
_ALL_PHOTOS = "FROM files INDEXED BY files_by_content WHERE content_id IS NOT NULL"


class Field(StrEnum):
    """Where a word was found."""

    NAME = "name"
    FOLDER = "folder"
    CAMERA = "camera"
    PLACE = "place"


class Texts:
    """The rows of ``texts`` and ``words``, and the photos that they lead to."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    # Asking

    def match(self, typed: str) -> Ids:
        """Return the photos that a word, or words side by side, are said of: sorted ids, as many as there are.

        A word is found as it is, without its plural s and, from four letters on, as the beginning of another; case and
        accents do not matter. A text without a letter or digit finds nothing.
        """
        found = list(self.matches(typed).values())
        if not found:
            return np.empty(0, np.int64)
        return found[0] if len(found) == 1 else distinct(np.concatenate(found))

    def matches(self, typed: str) -> dict[Field, Ids]:
        """Return the photos that `match` finds by the field they were found in, without fields that have none."""
        found = {field: self._photos(typed, field) for field in Field}
        return {field: photos for field, photos in found.items() if len(photos)}

    def dated(self, since: datetime.date | None, until: datetime.date | None) -> Ids:
        """Return the photos of a span of days, both included, on the local clock; None leaves an end open."""
        first, end = day_span(since, until)
        source = "FROM files INDEXED BY files_by_date WHERE dated_at >= ? AND dated_at < ?"
        return ids(self._sql, "id", source, (first, end))

    def _photos(self, typed: str, field: Field) -> Ids:
        wanted = _expression(typed)
        if wanted is None:
            return np.empty(0, np.int64)
        texts = "FROM words w CROSS JOIN texts t ON t.id = w.rowid AND t.field = ?1"
        if field is Field.NAME:
            source = f"{texts} CROSS JOIN files f INDEXED BY files_by_text ON f.text_id = t.id WHERE words MATCH ?2"
            return ids(self._sql, "f.id", source, (field, wanted))
        if field is Field.FOLDER:
            source = (
                f"{texts} CROSS JOIN folders d ON d.text_id = t.id CROSS JOIN files f INDEXED BY files_by_folder"
                " ON f.folder_id = d.id AND f.dated_at IS NOT NULL WHERE words MATCH ?2"
            )
            return ids(self._sql, "f.id", source, (field, wanted))
        column = "camera_id" if field is Field.CAMERA else "place_id"
        contents = f"{texts} CROSS JOIN contents c ON c.{column} = t.id"
        count = f"SELECT count(*) FROM (SELECT 1 {contents} WHERE words MATCH ?2 LIMIT ?3)"  # noqa: S608 - a column's name; the rest are parameters
        if self._sql.execute(count, (field, wanted, _FEW)).fetchone()[0] < _FEW:
            files = "CROSS JOIN files f INDEXED BY files_by_content ON f.content_id = c.id"
            return ids(self._sql, "f.id", f"{contents} {files} WHERE words MATCH ?2", (field, wanted))
        found = ids(self._sql, "c.id", f"{contents} WHERE words MATCH ?2", (field, wanted))
        photos, held = columns(self._sql, ["id", "content_id"], _ALL_PHOTOS, ())
        return distinct(photos[np.isin(held, found)])

    # Keeping

    def mend(self) -> bool:
        """Verify the full-text index, and make it anew of the words it was made of if it is damaged: then true."""
        try:
            self._sql.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        except (sqlite3.DatabaseError, LibraryDamagedError):
            self._sql.execute("INSERT INTO words (words) VALUES ('rebuild')")
            return True
        return False

    def forget_removed(self) -> None:
        """Let the full-text index forget the words of texts that are gone, which it otherwise does at some later time.

        It writes the whole index anew: a second or so for a million names.
        """
        self._sql.execute("INSERT INTO words (words) VALUES ('optimize')")

    def put(self, field: Field, text: str, said: str) -> int:
        """Return the id of a text, added with its words if it is new."""
        row = self._sql.execute("SELECT id FROM texts WHERE field = ? AND text = ?", (field, text)).fetchone()
        if row is None:
            row = self._sql.execute(
                "INSERT INTO texts (field, text) VALUES (?, ?) RETURNING id", (field, text)
            ).fetchone()
            self._sql.execute("INSERT INTO words (rowid, said) VALUES (?, ?)", (row[0], said))
        return int(row[0])

    def of_name(self, name: str) -> int | None:
        """Return the id of what the name of a photo's file says, None when it says nothing."""
        said = name_words(name)
        return self.put(Field.NAME, said, said) if said else None

    def of_camera(self, camera: str | None) -> int | None:
        """Return the id of a camera's name."""
        return None if camera is None else self.put(Field.CAMERA, camera, label_words(camera))

    def of_place(self, place: str, others: str = "") -> int:
        """Return the id of a place, empty for nowhere; ``others`` are more names that it is found by."""
        return self.put(Field.PLACE, place, label_words(f"{place} {others}"))

    def describe_folders(self, root_id: int) -> None:
        """Note what the folders of a root say where that is not known: new ones, and those that came from another."""
        rows = self._sql.execute(
            "SELECT d.id, d.path, r.path FROM folders d JOIN roots r ON r.id = d.root_id"
            " WHERE d.root_id = ? AND d.text_id IS NULL",
            (root_id,),
        )
        for folder_id, path, root in rows.fetchall():
            self.describe_folder(folder_id, path_from_bytes(path), path_from_bytes(root))

    def describe_folder(self, folder_id: int, path: str, root: str) -> None:
        """Note what a folder, with those above it up to its root, says."""
        said = folder_words(path, root)
        self._sql.execute(
            "UPDATE folders SET text_id = ? WHERE id = ?", (self.put(Field.FOLDER, said, said), folder_id)
        )


def day_span(since: datetime.date | None, until: datetime.date | None) -> tuple[int, int]:
    """Return the first second of a span of days and the one after its last, as ``files.dated_at`` counts them."""
    first = -(1 << 62) if since is None else (since - _FIRST_DAY).days * _DAY_SECONDS
    end = 1 << 62 if until is None else ((until - _FIRST_DAY).days + 1) * _DAY_SECONDS
    return first, end


def _expression(typed: str) -> str | None:
    """Return what FTS5 is asked for: the words side by side, the last of them perhaps a beginning or a plural."""
    tokens = typed_tokens(typed)
    if not tokens:
        return None
    last = tokens[-1]
    phrase = f'"{" ".join(tokens)}"'
    if len(last) < _SHORTEST_PREFIX or last.isdecimal():
        return phrase
    if last.endswith("s") and last.isascii():
        singular = f'"{" ".join([*tokens[:-1], last[:-1]])}"'
        return f"{phrase} * OR {singular}"
    return f"{phrase} *"
