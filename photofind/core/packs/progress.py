"""How far an installation is, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from photofind.core.errors import PackError

Stage = Literal["download", "unpack", "check"]


@dataclass(frozen=True, slots=True)
class PackProgress:
    """A moment of an installation; ``total_bytes`` is None while unknown, ``check`` counts nothing."""

    stage: Stage
    done_bytes: int
    total_bytes: int | None


class InstallStopped(PackError):  # noqa: N818 (somebody asked for it, it is no error)
    """The installation was stopped because somebody asked for it."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who listens to an installation; both may be called from the installing thread many times a second."""

    report: Callable[[PackProgress], None]
    cancelled: Callable[[], bool]

    def tell(self, stage: Stage, done: int = 0, total: int | None = None) -> None:
        """Report progress, unless it was asked to stop: then raise InstallStopped."""
        if self.cancelled():
            raise InstallStopped("The installation was stopped; nothing was installed.")
        self.report(PackProgress(stage, done, total))
