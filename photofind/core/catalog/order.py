"""The order of names as people expect it: ``2.jpg`` before ``10.jpg``, ``a`` beside ``A`` and ``é`` beside ``e``.

The keys are stored with the rows, so that lists by name come straight from an index. They were part of a schema: a
change of what they hold needs a migration that makes them anew.
"""

from __future__ import annotations

import os
import re
import unicodedata

_SEPARATOR = os.sep
_DIGITS = re.compile(r"[0-9]+")
_LONGEST_NUMBER = 99


def name_key(name: str) -> bytes:
    """Return bytes that compare as the names do: numbers by value, letters without case and accents."""
    return _DIGITS.sub(_number_key, _folded(name)).encode("utf-8", "surrogatepass")


def path_key(path: str) -> bytes:
    """Return bytes that compare as the paths do, part by part: a folder stands before what is in it."""
    return b"\0".join(name_key(part) for part in path.split(_SEPARATOR))


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter)
    )


def _number_key(number: re.Match[str]) -> str:
    # How many digits it has comes first: as one digit, or, for long numbers, behind a 9 as two.
    digits = number[0].lstrip("0")
    length = min(len(digits), _LONGEST_NUMBER)
    return f"{length}{digits}" if length < 9 else f"9{length:02}{digits}"
