"""Reading a table of ``pack.toml`` from whom nothing is believed: every take checks type and range."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

from photofind.core.errors import PackError

_Choice = TypeVar("_Choice", bound=str)


_LONGEST_NAME: Final = 200
"""How much of an entry's name an error repeats."""


class Table:
    """A table of ``pack.toml``; every take checks type and range, and ``done`` refuses what nobody took."""

    def __init__(self, path: Path, name: str, values: Mapping[str, object]) -> None:
        self._path = path
        self._name = name
        self._values = dict(values)

    def error(self, entry: str, problem: str) -> PackError:
        """Return the error that says what is wrong with an entry."""
        name = f"{self._name}{entry}"
        return PackError(f"{self._path}: {name[:_LONGEST_NAME]} {problem}.")

    def _take(self, entry: str, default: object = None) -> object:
        value = self._values.pop(entry, default)
        if value is None:
            raise self.error(entry, "is missing")
        return value

    def text(self, entry: str, default: str | None = None) -> str:
        """Take one printable line of at most 1,000 characters."""
        value = self._take(entry, default)
        if not isinstance(value, str) or len(value) > 1000 or not value.isprintable():
            raise self.error(entry, "must be one line of text")
        return value

    def match(self, entry: str, pattern: re.Pattern[str], meaning: str) -> str:
        """Take a text that fits a pattern, whose ``meaning`` completes the sentence "must be …"."""
        value = self._take(entry)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise self.error(entry, f"must be {meaning}")
        return value

    def integer(self, entry: str, lowest: int, highest: int, default: int | None = None) -> int:
        """Take a whole number within bounds, both of them allowed."""
        value = self._take(entry, default)
        if type(value) is not int or not lowest <= value <= highest:  # True is no number here
            raise self.error(entry, f"must be a whole number from {lowest} to {highest}")
        return value

    def choice(self, entry: str, choices: tuple[_Choice, ...], default: _Choice | None = None) -> _Choice:
        """Take one of a few words."""
        value = self._take(entry, default)
        for choice in choices:
            if value == choice:
                return choice
        raise self.error(entry, f"must be one of {', '.join(choices)}")

    def table(self, entry: str) -> Table:
        """Take a table inside this one."""
        value = self._take(entry)
        if not isinstance(value, dict):
            raise self.error(entry, "must be a table")
        return Table(self._path, f"{self._name}{entry}.", value)

    def entries(self) -> list[str]:
        """Return the names that nobody took yet."""
        return list(self._values)

    def done(self) -> None:
        """Refuse what nobody took, so that a typing error cannot pass."""
        for entry in self._values:
            raise self.error(entry, "is not an entry that this version of photofind knows")
