"""Many whole numbers out of SQLite at once, without an object for each and without holding the interpreter's lock.

SQLite, which works without that lock, writes a column as one text of digits, and numpy reads it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
"""Of shape (n,), dtype int64."""

_DIGITS = 13
_BASE = 10 ** (_DIGITS - 1)
_PLACES = 10 ** np.arange(_DIGITS - 1, -1, -1, dtype=np.int64)
_SLICE = 65_536


def columns(connection: sqlite3.Connection, names: Sequence[str], source: str, parameters: Sequence[Any]) -> list[Ids]:
    """Return columns of whole numbers, 0 to 10¹², of a query in the order in which it comes upon its rows.

    Parameters
    ----------
    names
        Columns, none of which may be NULL.
    source
        What follows them in the query: ``FROM …``.
    """
    wanted = ", ".join(f"group_concat({_BASE} + {name}, '')" for name in names)
    row = connection.execute(f"SELECT {wanted} {source}", parameters).fetchone()
    return [_read(text or "") for text in row]


def ids(connection: sqlite3.Connection, name: str, source: str, parameters: Sequence[Any] = ()) -> Ids:
    """Return one column, sorted, each number once; parameters as of `columns`."""
    return distinct(columns(connection, [name], source, parameters)[0])


def distinct(numbers: Ids) -> Ids:
    """Return numbers sorted, each once; where they are sorted already, at no cost (numpy's own takes a second)."""
    if (numbers[1:] > numbers[:-1]).all():
        return numbers
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def listed(numbers: Iterable[int] | Ids) -> str:
    """Return numbers as a parameter for ``json_each(?)``."""
    return json.dumps(numbers.tolist() if isinstance(numbers, np.ndarray) else [int(each) for each in numbers])


def _read(text: str) -> Ids:
    digits = np.frombuffer(text.encode("ascii"), np.uint8).reshape(-1, _DIGITS)
    read = np.empty(len(digits), np.int64)
    for first in range(0, len(digits), _SLICE):
        part = digits[first : first + _SLICE]
        read[first : first + _SLICE] = (part.astype(np.int64) - ord("0")) @ _PLACES - _BASE
    return read
