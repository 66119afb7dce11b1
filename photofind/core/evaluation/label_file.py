"""Reading labels from a CSV file: a path and a label in each row, as people and their spreadsheets write them."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from photofind.core.errors import QueryError
from photofind.core.paths import can_be_a_path

_PATH_NAMES = ("path", "file", "filename", "image", "photo")
_LABEL_NAMES = ("label", "class", "category")
_SEPARATORS = ",;\t"
_MOST_BYTES = 1 << 28
"""Paths and labels of a million photos fit; an endless device, or a disk image named by mistake, does not."""


def read_label_file(path: Path) -> dict[str, str]:
    """Return the labels of absolute paths.

    The file is CSV (RFC 4180) in UTF-8, separated by commas, semicolons or tabs. A first row that names a ``path`` and
    a ``label`` says which columns they are; without one they are the first two. Paths are absolute or relative to the
    file's own folder. Rows without a label, and empty ones, are passed over.

    Raises
    ------
    QueryError
        When the file cannot be read, is no such text, lacks a column, or gives one path two labels.
    """
    text = _text(path)
    if not text.strip():
        raise QueryError(f"{path} is empty; write a path and a label in each row.")
    labels: dict[str, str] = {}
    for number, name, label in _rows(text, path):
        place = os.path.abspath(path.absolute().parent / name)
        if labels.setdefault(place, label) != label:
            raise QueryError(f"Row {number} of {path} gives {name} a second label, {label!r}; keep one of the two.")
    return labels


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise QueryError(
                f"{path} is longer than {_MOST_BYTES:,} bytes; name a CSV file with a path and a label in each row."
            )
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QueryError(f"{path} is no text in UTF-8; save the labels as CSV in UTF-8.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise QueryError(f"Cannot read the labels in {path}: {reason}. Name a CSV file, or folders.") from error


def _rows(text: str, path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the path and the label of each row that has both."""
    first_line = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first_line.count)  # the comma where there is none
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: tuple[int, int] | None = None
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = _header(row)
                if columns is not None:
                    continue
                columns = (0, 1)
            if len(row) <= max(columns):
                raise QueryError(f"Row {reader.line_num} of {path} lacks a path or a label; write path,label.")
            name, label = row[columns[0]], row[columns[1]].strip()
            if not can_be_a_path(name):
                raise QueryError(f"Row {reader.line_num} of {path} has no path that a file could have; mend that row.")
            if label:
                yield reader.line_num, name, label
    except csv.Error as error:
        raise QueryError(f"Row {reader.line_num} of {path} is no CSV ({error}); mend that row.") from error


def _header(row: Sequence[str]) -> tuple[int, int] | None:
    """Return the columns of path and label if this row names them."""
    names = [cell.strip().casefold() for cell in row]
    paths = [place for place, name in enumerate(names) if name in _PATH_NAMES]
    labels = [place for place, name in enumerate(names) if name in _LABEL_NAMES]
    return (paths[0], labels[0]) if paths and labels else None
