"""What a foreign pack may cost the process that runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from photofind.core.encoders.pack import ModelPack

_OPENING_SECONDS: Final = 300.0
_QUERY_SECONDS: Final = 20.0
_MOST_BYTES: Final = 2_000_000_000
_FORMS: Final = 4
"""Of each file so many forms may be held for a moment."""


@dataclass(frozen=True, slots=True)
class PackLimits:
    """How long it may take to open and try the networks, how long one query may take, and how much memory all that."""

    opening_seconds: float
    query_seconds: float
    process_bytes: int

    @classmethod
    def of(cls, pack: ModelPack) -> Self:
        """Return what is enough for any pack of the size of this one."""
        files = sum(file.size for file in pack.files)
        return cls(_OPENING_SECONDS, _QUERY_SECONDS, _MOST_BYTES + _FORMS * files)
