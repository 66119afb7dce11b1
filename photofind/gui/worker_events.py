"""What the writer process says, line by line: each line is an event, most of them moments of its progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WorkerProgress:
    """A moment of the writer's work.

    ``phase`` is ``scan`` (``total`` still grows), ``embed``, ``index`` or ``paused``; of upkeep it is ``calibrate``,
    ``compact`` or ``recluster``. ``rate`` is photos per second, ``eta`` the seconds left, None while unknown.
    """

    phase: str
    done: int
    total: int
    errors: int
    rate: float
    eta: float | None
    paused: bool


class LineBuffer:
    """Makes lines of pieces; its cost is linear, however long a line is."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, piece: bytes) -> list[bytes]:
        """Return the lines that are complete now, without their ends."""
        self._pieces.append(piece)
        if b"\n" not in piece:
            return []
        *lines, rest = b"".join(self._pieces).split(b"\n")
        self._pieces = [rest]
        return lines


def progress_of(event: Mapping[str, Any]) -> WorkerProgress:
    """Return what an event ``progress`` says."""
    phase = event["phase"]
    return WorkerProgress(
        phase=phase,
        done=event["done"],
        total=event["total"],
        errors=event["errors"],
        rate=event["rate"],
        eta=event["eta_seconds"],
        paused=phase == "paused",
    )
