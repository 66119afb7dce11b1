"""A checksum inside of a JSON document: a flipped bit in one often leaves another document that is as good as any.

It is that of what the document says, so that spaces, line breaks and the order of keys do not matter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

SUM_KEY: Final = "sum"
_DIGITS: Final = 16


def with_sum(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document as it will be read again, with its checksum; one that it has already is replaced."""
    read: dict[str, Any] = json.loads(json.dumps(document))  # keys that are no texts become some
    return {**read, SUM_KEY: _sum(read)}


def has_right_sum(document: Mapping[str, Any]) -> bool:
    """Tell whether a document that was read has a checksum, and the right one."""
    return bool(document.get(SUM_KEY) == _sum(document))


def _sum(document: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in document.items() if key != SUM_KEY}
    said = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode("ascii")).hexdigest()[:_DIGITS]
