"""What the user may choose, read from a TOML file; every value has a default and a range."""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

from photofind.core.errors import SettingsError

_RANGES: dict[str, tuple[float, float]] = {
    "workers": (1, 256),
    "photo_seconds": (1, 3600),
    "photo_megabytes": (1, 1 << 20),
    "photo_megapixels": (1, 4000),
    "worker_megabytes": (300, 1 << 20),
}


_MOST_DEFAULT_WORKERS = 60  # Windows waits for no more than 63 pipes at a time


def usable_processors() -> int:
    """Return how many processors this process may use: in a container, fewer than the machine has."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Settings:
    """The engine's settings; see the README for what each one does.

    ``workers`` is the number of decoder processes, ``photo_seconds`` and ``photo_megabytes`` bound one file,
    ``photo_megapixels`` bounds what is decoded of it, ``worker_megabytes`` bounds a decoder's memory.
    """

    workers: int = field(default_factory=lambda: min(_MOST_DEFAULT_WORKERS, usable_processors()))
    photo_seconds: float = 60.0
    photo_megabytes: int = 1024
    photo_megapixels: int = 250
    worker_megabytes: int = 2000
    ignore: tuple[str, ...] = ()
    model: str = ""

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingsError(f"The setting {name} is {value}; it must lie between {low:g} and {high:g}.")


def load_settings(path: Path) -> Settings:
    """Read settings from ``path``; a missing file means the defaults.

    Raises
    ------
    SettingsError
        When the file is not TOML, names an unknown setting, or holds a value of the wrong type or range.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"Cannot read the settings in {path}: {error}. Mend or remove that file.") from error
    return _checked(given, path)


def _checked(given: dict[str, object], path: Path) -> Settings:
    defaults = Settings()
    known = {field.name for field in fields(Settings)}
    values: dict[str, object] = {}
    for name, value in given.items():
        if name not in known:
            raise SettingsError(f"{path} names a setting {name!r} that does not exist; known are {sorted(known)}.")
        default = getattr(defaults, name)
        wanted = (int, float) if isinstance(default, float) else type(default)
        if isinstance(default, tuple) and isinstance(value, list) and all(isinstance(v, str) for v in value):
            value = tuple(value)
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise SettingsError(f"The setting {name} in {path} must be of the kind {default!r}, not {value!r}.")
        values[name] = value
    return Settings(**values)  # type: ignore[arg-type]
