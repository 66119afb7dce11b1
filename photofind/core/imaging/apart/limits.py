"""What one file may cost a process that decodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from photofind.core.settings import Settings


@dataclass(frozen=True, slots=True)
class ApartLimits:
    """How long one file may take, and how large a process may get over it."""

    photo_seconds: float
    process_bytes: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return what the settings say of decoders."""
        return cls(settings.photo_seconds, settings.worker_megabytes << 20)
