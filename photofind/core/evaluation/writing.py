"""A benchmark table as Markdown, CSV or JSON, on a screen or in a file; all of it comes from the table's plain data."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from photofind.core.asked_files import FileKind, check_asked, nowhere, write_asked
from photofind.core.errors import QueryError
from photofind.core.evaluation.tables.result import BenchTable, Column

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK = "\ufeff"  # or else Excel takes the text for another encoding
_MARKDOWN = re.compile(rb"# [^\n]+\n\n\| .*\n\* Measured: [^\n]*\n", re.DOTALL)
_JSON_BEGIN = re.compile(rb'\{\s*"table":\s*"[^"]*",\s*"title":')
_TIME_KEYS = frozenset({b"build_s", b"train_s"})

Forms = Mapping[str, FileKind]
"""What tells an earlier result, by the suffixes that say in what form one is written."""


def _is_csv(content: bytes) -> bool:
    """Tell a table by its line of keys: every one has a column that says how long building took."""
    mark = _BYTE_ORDER_MARK.encode()
    keys = content.removeprefix(mark).partition(b"\r\n")[0].split(b",")
    return content.startswith(mark) and not _TIME_KEYS.isdisjoint(keys)


TABLE_FORMS: Final[Forms] = {
    ".md": FileKind("a table", lambda content: _MARKDOWN.fullmatch(content) is not None),
    ".csv": FileKind("a table", _is_csv),
    ".json": FileKind("a table", lambda content: _JSON_BEGIN.match(content) is not None),
}


def markdown(table: BenchTable) -> str:
    """Return the table with its notes and facts as Markdown; what was not measured is a dash."""
    cells = [[column.label for column in table.columns]]
    cells += [[_shown(row.get(column.key), column) for column in table.columns] for row in table.rows]
    widths = [max(len(row[number]) for row in cells) for number in range(len(table.columns))]
    right = [_is_number_column(table, column) for column in table.columns]
    rules = ["-" * (width + 1) + (":" if to_right else "-") for width, to_right in zip(widths, right, strict=True)]
    lines = [f"# {table.title}", "", _line(cells[0], widths, right), f"|{'|'.join(rules)}|"]
    lines += [_line(row, widths, right) for row in cells[1:]]
    lines += ["", *(f"* {note}" for note in table.notes), f"* {_facts(table)}", ""]
    return "\n".join(lines)


def csv_text(table: BenchTable) -> str:
    """Return the rows as CSV (RFC 4180) below a line of keys, numbers in full.

    What a spreadsheet would take for a formula gets an apostrophe before it.
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([column.key for column in table.columns])
    for row in table.rows:
        writer.writerow([_safe(_plain(row.get(column.key))) for column in table.columns])
    return stream.getvalue()


def document(table: BenchTable) -> dict[str, Any]:
    """Return all of the table for JSON; what was not measured is null."""
    columns = [{"key": column.key, "title": column.title, "unit": column.unit} for column in table.columns]
    keys = [column.key for column in table.columns]
    return {
        "table": table.name,
        "title": table.title,
        "columns": columns,
        "rows": [{key: _plain(row.get(key)) for key in keys} for row in table.rows],
        "notes": list(table.notes),
        "facts": {key: _plain(value) for key, value in table.facts.items()},
    }


def check_target(path: Path, forms: Forms = TABLE_FORMS, is_ours: Callable[[str], bool] = nowhere) -> None:
    """Look, before minutes of measuring, whether a result could and may be written to a path.

    ``is_ours`` tells of the places where nothing of the user's belongs: the folder of the library.

    Raises
    ------
    QueryError
        When its suffix is none of these forms'.
    StorageError
        See :func:`photofind.core.asked_files.check_asked`.
    """
    kind = forms.get(path.suffix.lower())
    if kind is None:
        known = list(forms)
        listed = f"{', '.join(known[:-1])} or {known[-1]}"
        raise QueryError(f"{path.name} has to end in {listed}, which says in what form it is written.")
    check_asked(path, kind, is_ours)


def write_table(table: BenchTable, path: Path, is_ours: Callable[[str], bool] = nowhere) -> None:
    """Write the table in the form that the suffix names; the file appears whole or not at all.

    Raises
    ------
    QueryError, StorageError
        As :func:`check_target`, or when the disk refuses.
    """
    check_target(path, is_ours=is_ours)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        text = _BYTE_ORDER_MARK + csv_text(table)
    else:
        text = markdown(table) if suffix == ".md" else json.dumps(document(table), allow_nan=False, indent=1) + "\n"
    write_asked(path, [text.encode("utf-8", "backslashreplace")])


def _facts(table: BenchTable) -> str:
    facts = [f"{key.replace('_', ' ')} {_fact(value)}" for key, value in table.facts.items()]
    return f"Measured: {'; '.join(facts)}."


def _fact(value: object) -> str:
    value = _plain(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return " ".join(str(value).split())
    return f"{value:,}"


def _line(cells: list[str], widths: list[int], right: list[bool]) -> str:
    padded = [
        cell.rjust(width) if to_right else cell.ljust(width)
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    ]
    return f"| {' | '.join(padded)} |"


def _is_number_column(table: BenchTable, column: Column) -> bool:
    values = [_plain(row.get(column.key)) for row in table.rows]
    return all(value is None or isinstance(value, int | float) for value in values)


def _shown(value: object, column: Column) -> str:
    plain = _plain(value)
    if plain is None:
        return "-"
    if isinstance(plain, float):
        return f"{plain:,.{column.digits}f}"
    if isinstance(plain, int) and not isinstance(plain, bool):
        return f"{plain:,}"
    return " ".join(str(plain).split()).replace("|", "\\|")


def _plain(value: object) -> Any:
    """Return a value that JSON knows: numbers of numpy as Python's, and None for what is no number."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        value = " ".join(value.split()) if value.strip() else value
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    return value
