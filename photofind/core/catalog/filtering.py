"""SQL about filters: which photos, and which vectors, satisfy all conditions of a query.

Every condition becomes a comparison with parameters; texts that need more than SQLite knows of letters are compared in
Python, with the few folders, cameras and places there are, or with names that are not plain ASCII.

::

    conditions on contents ──▶ contents ─┐
    conditions on files ─────▶ photos ───┴─▶ photos kept ──▶ their contents ──▶ live vectors

A filter may keep three photos or all of a million, so that each step either looks up what it was handed, when that is
little, or reads a whole table once.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from photofind.core.catalog.numbers import Ids, columns, distinct, ids, listed
from photofind.core.catalog.texts import Field, day_span
from photofind.core.catalog.tokens import typed_tokens
from photofind.core.paths import can_be_a_path, path_from_bytes, path_to_bytes
from photofind.core.queries import Filters, Orientation

_FEW = 20_000
"""Up to so many rows are looked up one by one; reading a million of them all takes as long."""
_LONGEST_NAME = 1000
"""Characters; file systems allow 255 of them or bytes."""
_PIXELS = 1e6
_SEPARATOR = os.sep
_PRIVATE = 0x100000
_NOT_ASCII = "*[^\x01-\x7f]*"
_ESCAPES = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_", "*": "%", "?": "_"})

# Within 2 % of equal sides a photo is square. Whole numbers, so that Python and SQLite agree.
_SQUARE = "abs(c.width - c.height) * 50 <= max(c.width, c.height)"
_ORIENTATIONS = {
    Orientation.SQUARE: _SQUARE,
    Orientation.LANDSCAPE: f"c.width > c.height AND NOT {_SQUARE}",
    Orientation.PORTRAIT: f"c.width < c.height AND NOT {_SQUARE}",
}
_FORMATS = {
    "jpg": "JPEG",
    "jpe": "JPEG",
    "jfif": "JPEG",
    "tif": "TIFF",
    "heic": "HEIF",
    "hif": "HEIF",
    "jp2": "JPEG2000",
    "j2k": "JPEG2000",
    "jpx": "JPEG2000",
    "dib": "BMP",
    "pbm": "PNM",
    "pgm": "PNM",
    "ppm": "PNM",
}
"""Names of formats beside those that the catalog itself uses."""


@dataclass(slots=True)
class _Conditions:
    """Comparisons, joined by AND, with their parameters; ``f`` are files, ``c`` are contents.

    ``texts`` are columns of contents, each with the ids of the texts it must name one of, as ``json_each`` takes them.
    """

    on_files: list[str] = field(default_factory=list)
    of_files: list[Any] = field(default_factory=list)
    on_contents: list[str] = field(default_factory=list)
    of_contents: list[Any] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)

    def file(self, sql: str, *parameters: object) -> None:
        self.on_files.append(f"({sql})")
        self.of_files += parameters

    def content(self, sql: str, *parameters: object) -> None:
        self.on_contents.append(f"({sql})")
        self.of_contents += parameters


class Filtering:
    """Answers which photos a filter keeps."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        connection.create_function("name_has", 2, _name_has, deterministic=True)

    def photo_ids(self, filters: Filters) -> Ids:
        """Return the photos that satisfy all conditions, sorted."""
        return distinct(self._photos(filters)[0])

    def kept(self, pack_id: int, filters: Filters) -> tuple[Ids, Ids]:
        """Return what `photo_ids` does, and the live vectors of a pack that show at least one of these, sorted."""
        photos, contents = self._photos(filters)
        return distinct(photos), self._showing(pack_id, distinct(contents))

    def vids_of(self, pack_id: int, photo_ids: Ids) -> Ids:
        """Return the live vectors of a pack that show at least one of the photos, sorted."""
        if len(photo_ids) <= _FEW:
            source = "FROM json_each(?) w CROSS JOIN files f ON f.id = w.value WHERE f.content_id IS NOT NULL"
            return self._showing(pack_id, ids(self._sql, "f.content_id", source, (listed(photo_ids),)))
        source = "FROM files f NOT INDEXED WHERE f.content_id IS NOT NULL"
        photos, contents = columns(self._sql, ["f.id", "f.content_id"], source, ())
        return self._showing(pack_id, distinct(contents[np.isin(photos, photo_ids)]))

    def _showing(self, pack_id: int, contents: Ids) -> Ids:
        if len(contents) <= _FEW:
            source = (
                "FROM json_each(?) w CROSS JOIN vectors v INDEXED BY vectors_by_content"
                " ON v.content_id = w.value AND v.pack_id = ? WHERE v.live"
            )
            return ids(self._sql, "v.vid", source, (listed(contents), pack_id))
        source = "FROM vectors WHERE pack_id = ? AND live AND content_id IS NOT NULL"
        vids, held = columns(self._sql, ["vid", "content_id"], source, (pack_id,))
        return distinct(vids[np.isin(held, contents)])

    def _photos(self, filters: Filters) -> tuple[Ids, Ids]:
        """Return the photos that satisfy all conditions, and the content of each."""
        asked = self._conditions(filters)
        where = " AND ".join(["f.content_id IS NOT NULL", *asked.on_files])
        names = ["f.id", "f.content_id"]
        kept = self._contents(asked)
        if kept is None:
            photos, contents = columns(self._sql, names, f"FROM {self._files(filters)} WHERE {where}", asked.of_files)
            return photos, contents
        if len(kept) <= _FEW:
            source = (
                "FROM json_each(?) w CROSS JOIN files f INDEXED BY files_by_content ON f.content_id = w.value"
                f" WHERE {where}"
            )
            photos, contents = columns(self._sql, names, source, (listed(kept), *asked.of_files))
            return photos, contents
        photos, contents = columns(self._sql, names, f"FROM {self._files(filters)} WHERE {where}", asked.of_files)
        among = np.isin(contents, kept)
        return photos[among], contents[among]

    def _contents(self, asked: _Conditions) -> Ids | None:
        """Return the contents that satisfy the conditions on contents, sorted; None where there are no conditions."""
        kept: Ids | None = None
        for column, known in asked.texts:
            source = f"FROM json_each(?) w CROSS JOIN contents c ON c.{column} = w.value"
            found = ids(self._sql, "c.id", source, (known,))
            kept = found if kept is None else kept[np.isin(kept, found)]
        if not asked.on_contents:
            return kept
        where = " AND ".join(asked.on_contents)
        if kept is not None and len(kept) <= _FEW:
            source = f"FROM json_each(?) w CROSS JOIN contents c ON c.id = w.value WHERE {where}"
            return ids(self._sql, "c.id", source, (listed(kept), *asked.of_contents))
        found = ids(self._sql, "c.id", f"FROM contents c NOT INDEXED WHERE {where}", asked.of_contents)
        return found if kept is None else found[np.isin(found, kept)]

    def _files(self, filters: Filters) -> str:
        """Return how to read the files: by date when few are of those days, else by folder or all in their order."""
        if not (filters.folders or filters.within or filters.names or filters.since or filters.until):
            return "files f INDEXED BY files_by_content"
        if filters.since is None and filters.until is None:
            return "files f" if filters.folders or filters.within else "files f NOT INDEXED"
        few = self._sql.execute(
            "SELECT count(*) FROM (SELECT 1 FROM files INDEXED BY files_by_date"
            " WHERE dated_at >= ? AND dated_at < ? LIMIT ?)",
            (*day_span(filters.since, filters.until), _FEW),
        ).fetchone()[0]
        return "files f INDEXED BY files_by_date" if few < _FEW else "files f NOT INDEXED"

    # Conditions

    def _conditions(self, filters: Filters) -> _Conditions:
        asked = _Conditions()
        self._about_files(filters, asked)
        self._about_contents(filters, asked)
        return asked

    def _about_files(self, filters: Filters, asked: _Conditions) -> None:
        within = [_folded(text) for text in filters.within if text]
        if filters.folders or within:
            asked.file("f.folder_id IN (SELECT value FROM json_each(?))", listed(self._folders(filters, within)))
        if filters.since is not None or filters.until is not None:
            asked.file("f.dated_at >= ? AND f.dated_at < ?", *day_span(filters.since, filters.until))
        for text in filters.names:
            if text:
                _about_name(_folded(text), asked)

    def _about_contents(self, filters: Filters, asked: _Conditions) -> None:
        if cameras := [text for text in filters.cameras if text]:
            known = self._texts(Field.CAMERA, cameras, _occurs)
            asked.texts.append(("camera_id", listed(known)))
        if places := [text for text in filters.places if text]:
            known = self._texts(Field.PLACE, places, _is_said)
            asked.texts.append(("place_id", listed(known)))
        if filters.formats:
            wanted = [_FORMATS.get(name.lower().lstrip("."), name.upper().lstrip(".")) for name in filters.formats]
            asked.content("c.format IN (SELECT value FROM json_each(?))", json.dumps(wanted))
        if filters.orientation is not None:
            asked.content(_ORIENTATIONS[filters.orientation])
        if filters.min_megapixels is not None:
            asked.content("c.width * c.height >= ?", filters.min_megapixels * _PIXELS)
        if filters.max_megapixels is not None:
            asked.content("c.width * c.height <= ?", filters.max_megapixels * _PIXELS)
        if filters.has_gps is not None:
            asked.content("c.latitude IS NOT NULL" if filters.has_gps else "c.latitude IS NULL")

    def _folders(self, filters: Filters, within: list[str]) -> list[int]:
        rows = self._sql.execute("SELECT id, path FROM folders WHERE photos > 0").fetchall()
        if filters.folders:
            tops = [_top(folder) for folder in filters.folders if can_be_a_path(folder)]
            rows = [row for row in rows if any(row[1] == top or row[1].startswith(below) for top, below in tops)]
        return [id_ for id_, path in rows if not within or _is_within_all(path_from_bytes(path), within)]

    def _texts(self, kind: Field, wanted: list[str], fits: Callable[[str, str, str], bool]) -> list[int]:
        rows = self._sql.execute(
            "SELECT t.id, t.text, w.said FROM texts t CROSS JOIN words w ON w.rowid = t.id WHERE t.field = ?", (kind,)
        )
        return [id_ for id_, text, said in rows if all(fits(each, text, said) for each in wanted)]


def _about_name(pattern: str, asked: _Conditions) -> None:
    """Ask for names that a folded pattern occurs in.

    SQLite's LIKE knows the cases of ASCII only; names beyond it, few where a million are, are compared in Python.
    """
    pattern = re.sub(r"\*+", "*", pattern)
    if len(pattern) > _LONGEST_NAME or "\0" in pattern:
        asked.file("0")
    elif pattern.isascii():
        asked.file(
            "CASE WHEN CAST(f.name AS TEXT) GLOB ? THEN name_has(f.name, ?)"
            " ELSE CAST(f.name AS TEXT) LIKE ? ESCAPE '\\' END",
            _NOT_ASCII,
            pattern,
            f"%{pattern.translate(_ESCAPES)}%",
        )
    else:
        asked.file("CAST(f.name AS TEXT) GLOB ? AND name_has(f.name, ?)", _NOT_ASCII, _storable(pattern))


def _name_has(name: bytes, pattern: str) -> bool:
    return _compiled(pattern).match(_storable(_folded(path_from_bytes(name)))) is not None


@lru_cache(maxsize=32)
def _compiled(pattern: str) -> re.Pattern[str]:
    # What is between two stars is looked for after what came before, and where it is found first it stays: to look for
    # it elsewhere too could never help, and would take years for a pattern of many stars.
    parts = ("".join("." if letter == "?" else re.escape(letter) for letter in part) for part in pattern.split("*"))
    return re.compile("".join(f"(?>.*?{part})" for part in parts if part), re.DOTALL)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def _storable(text: str) -> str:
    # A parameter of SQLite is valid Unicode; the bytes of names that are not become letters of private use.
    return "".join(
        chr(_PRIVATE + ord(letter) - 0xD800) if "\ud800" <= letter <= "\udfff" else letter for letter in text
    )


def _occurs(wanted: str, text: str, _said: str) -> bool:
    return _folded(wanted) in _folded(text)


def _is_said(wanted: str, _text: str, said: str) -> bool:
    tokens = typed_tokens(wanted)
    return bool(tokens) and f" {' '.join(tokens)} " in f" {said} "


def _top(folder: str) -> tuple[bytes, bytes]:
    """Return the stored path of a folder, and what the paths of all below it begin with."""
    separator = path_to_bytes(_SEPARATOR)
    stored = path_to_bytes(folder).rstrip(separator)
    return stored, stored + separator


def _is_within_all(path: str, wanted: list[str]) -> bool:
    names = [_folded(name) for name in path.split(_SEPARATOR)]
    return all(any(text in name for name in names) for text in wanted)
