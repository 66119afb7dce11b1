"""What the user may choose, kept in a TOML file; every value has a default and a range.

The file belongs to the user: saving changes the named settings only and keeps comments, order and all the rest.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from photofind.core.bounded_files import read_whole
from photofind.core.errors import SettingsError
from photofind.core.paths import can_be_a_path
from photofind.core.private_files import make_private_folder
from photofind.core.whole_files import remove_left_overs, write_whole

_RANGES: dict[str, tuple[float, float]] = {
    "workers": (1, 256),
    "photo_seconds": (1, 3600),
    "photo_megabytes": (1, 1 << 20),
    "photo_megapixels": (1, 4000),
    "worker_megabytes": (300, 1 << 20),
    "training_vectors": (39, 256),
    "rerank_candidates": (1, 64),
    "expansion_alpha": (0, 10),
    "default_recall": (0.5, 1),
}
NLIST_RULES = ("auto", "4-sqrt-n", "8-sqrt-n", "16-sqrt-n")
"""How the number of inverted lists follows from that of vectors: photofind's own steps, or so many times its root.

The range of factors is that of the Faiss wiki, "Guidelines to choose an index".
"""

_CHOICES: dict[str, tuple[str, ...]] = {"priority": ("low", "normal"), "nlist_rule": NLIST_RULES}
_FOLDERS = ("preferred_folders", "protected_folders")

_EXAMPLE = r"C:\Photos" if os.name == "nt" else "/home/me/Photos"

KEEP_RULES = ("larger", "format", "metadata", "preferred", "older", "shorter-path")
"""The rules for which copy is kept, in their default order.

What cannot be had again goes before what can: pixels, quality and facts that are gone are gone, while a photo can still
be moved to the preferred folder. What the user has said goes before what a file's age suggests.
"""

_LARGEST_FILE = 1 << 16  # what tables in tables take to read grows by the square
_LONGEST_SHOWN = 100
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
    ``priority`` "low" lets the programs that the user is working with go first, "normal" does not. ``keep_rules``
    name, the most important first, by what the copy to keep is chosen. Of ``preferred_folders`` the first is the most
    preferred one; nothing in ``protected_folders`` is ever moved, removed or replaced. Both are whole paths.

    The rest tunes the index. ``nlist_rule`` and ``training_vectors``, k-means' vectors for each list, count when it is
    trained anew. ``rerank_candidates`` for each wanted hit are compared by their exact embeddings, ``expansion_alpha``
    is the power of the scores by which the best hits are weighted when a query is expanded, and ``default_recall`` is
    what the default position of the slider has to find of the ten nearest photos.
    """

    workers: int = field(default_factory=lambda: min(_MOST_DEFAULT_WORKERS, usable_processors()))
    photo_seconds: float = 60.0
    photo_megabytes: int = 1024
    photo_megapixels: int = 250
    worker_megabytes: int = 2000
    ignore: tuple[str, ...] = ()
    model: str = ""
    priority: str = "low"
    keep_rules: tuple[str, ...] = KEEP_RULES
    preferred_folders: tuple[str, ...] = ()
    protected_folders: tuple[str, ...] = ()
    nlist_rule: str = "auto"
    training_vectors: int = 64
    rerank_candidates: int = 2
    expansion_alpha: float = 3.0
    default_recall: float = 0.98

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingsError(f"The setting {name} is {_shown(value)}; it must lie between {low:g} and {high:g}.")
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                known = " or ".join(f'"{choice}"' for choice in choices)
                raise SettingsError(f"The setting {name} is {_shown(getattr(self, name))}; it must be {known}.")
        _check_keep_rules(self.keep_rules)
        for name in _FOLDERS:
            object.__setattr__(self, name, _whole_paths(name, getattr(self, name)))  # the record is frozen


def _shown(value: object) -> str:
    """Return how a value is quoted in a sentence: its beginning will do."""
    try:
        text = repr(value)
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "a number of very many digits"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _check_keep_rules(rules: tuple[str, ...]) -> None:
    known = ", ".join(KEEP_RULES)
    for rule in rules:
        if rule not in KEEP_RULES:
            raise SettingsError(f"The setting keep_rules names {_shown(rule)}, which is no rule; known are {known}.")
        if rules.count(rule) > 1:
            raise SettingsError(f"The setting keep_rules names {_shown(rule)} twice; name each rule once.")
    if not rules:
        raise SettingsError(f"The setting keep_rules is empty; it must name at least one of {known}.")


def _whole_paths(name: str, folders: tuple[str, ...]) -> tuple[str, ...]:
    """Return folders with ``~`` replaced, each once, in their order; they need not exist, for a disk may be away."""
    paths: dict[str, None] = {}
    for folder in folders:
        path = _expanded(folder)
        # Not "..": behind a link it leads elsewhere than its letters say, and a folder that is protected must be sure.
        if not path.is_absolute() or ".." in path.parts or not can_be_a_path(folder):
            raise SettingsError(
                f"The setting {name} names {_shown(folder)}; it must be a whole path, such as {_EXAMPLE}."
            )
        if not _is_unicode(path):
            raise SettingsError(
                f"The setting {name} cannot hold {_shown(folder)}, which is no text; name the folder above."
            )
        paths[str(path)] = None
    return tuple(paths)


def _expanded(folder: str) -> Path:
    try:
        return Path(folder).expanduser()
    except RuntimeError:  # the home of a user that does not exist
        return Path(folder)


def _is_unicode(path: Path) -> bool:
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def load_settings(path: Path) -> Settings:
    """Read settings from ``path``; a missing file means the defaults.

    Raises
    ------
    SettingsError
        When the file is not TOML, names an unknown setting, or holds a value of the wrong type or range.
    """
    text = _read(path)
    return _checked(_parsed(text, path), path)


def save_settings(path: Path, changes: Mapping[str, object]) -> Settings:
    """Write changed settings into ``path``, None for one that is to have its default again; return what holds then.

    The file appears whole or not at all, and stays as it is when the result would not be sound.

    Raises
    ------
    SettingsError
        When a value or the file is not sound, see :func:`load_settings`, or the file cannot be written.
    """
    import tomlkit

    text = _read(path)
    current = _parsed(text, path)
    document = tomlkit.parse(text)
    for name, value in changes.items():
        value = list(value) if isinstance(value, tuple) else value
        if value is None:
            document.pop(name, None)
        elif name not in current or current[name] != value:  # what is equal may be written in another way
            document[name] = value
    new_text = tomlkit.dumps(document)
    settings = _checked(_parsed(new_text, path), path)
    if new_text != text:
        _write(path, new_text)
    return settings


def _read(path: Path) -> str:
    try:
        return read_whole(path, _LARGEST_FILE).decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def _parsed(text: str, path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except ValueError as error:  # also a whole number of more digits than Python reads
        raise _unreadable(path, error) from error
    except RecursionError:
        raise _unreadable(path, "it is nested too deeply") from None


def _unreadable(path: Path, error: Exception | str) -> SettingsError:
    problem = getattr(error, "strerror", None) or error
    return SettingsError(f"Cannot read the settings in {path}: {problem}. Mend or remove that file.")


def _write(path: Path, text: str) -> None:
    """Put a new file in the place of the old one, wherever a link leads, so that no reader sees half of it."""
    try:
        target = path.resolve()
        make_private_folder(target.parent)
        remove_left_overs(target.parent)
        write_whole(target, [text.encode("utf-8")], private=True)
    except OSError as error:
        raise SettingsError(f"Cannot write the settings in {path}: {error.strerror or error}.") from error


_KINDS = {int: "a whole number", float: "a number", str: "a text in quotes", tuple: "a list of texts in quotes"}


def _checked(given: dict[str, object], path: Path) -> Settings:
    defaults = Settings()
    known = {field.name for field in fields(Settings)}
    values: dict[str, object] = {}
    for name, value in given.items():
        if name not in known:
            raise SettingsError(
                f"{path} names a setting {_shown(name)} that does not exist; known are {sorted(known)}."
            )
        default = getattr(defaults, name)
        wanted = (int, float) if isinstance(default, float) else type(default)
        if isinstance(default, tuple) and isinstance(value, list) and all(isinstance(v, str) for v in value):
            value = tuple(value)
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise SettingsError(f"The setting {name} in {path} must be {_KINDS[type(default)]}, not {_shown(value)}.")
        values[name] = value
    try:
        return Settings(**values)  # type: ignore[arg-type]
    except SettingsError as error:
        raise SettingsError(f"{str(error).removesuffix('.')} (in {path}).") from error
