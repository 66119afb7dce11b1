"""The progress bar of commands that take a while: on a terminal only, and on stderr."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Self

from tqdm import tqdm


class ProgressBar:
    """A progress bar on a terminal, nothing elsewhere; ``names`` are the phases in words."""

    def __init__(self, names: Mapping[str, str], unit: str) -> None:
        self._names = names
        self._unit = unit
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._bar = tqdm(unit=f" {self._unit}", dynamic_ncols=True, file=sys.stderr, leave=False, smoothing=0.05)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, phase: str, done: int = 0, total: int = 0, errors: int = 0) -> None:
        """Show a moment of a job; without a total, only its phase."""
        if self._bar is None:
            return
        self._bar.set_description(self._names.get(phase, phase), refresh=False)
        if errors:
            self._bar.set_postfix_str(f"{errors} errors", refresh=False)
        if total:
            self._bar.total = total
            self._bar.n = done
        self._bar.refresh()
