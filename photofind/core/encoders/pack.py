"""Model packs: folders that hold networks and say exactly what they are.

::

    efficientnet-lite0/
      pack.toml        name, licence, input rule, and the size and sha256 of each variant's file
      fp32.onnx        a variant: uint8 (1, H, W, 3) in, unit-length float32 (1, dimension) out
      int8.onnx        another one: its vectors live in a space of their own

A pack may come from anywhere, so nothing in ``pack.toml`` is believed before it is checked, and a network's bytes
are read once: the bytes that were verified are the bytes that run. Reading a pack opens no network; that is
``onnx_image``'s task, and most of the program only wants to know a pack's keys.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from photofind.core.encoders.input_rule import FILTERS, MODES, InputRule
from photofind.core.errors import PackError

PACK_FILE: Final = "pack.toml"
FORMAT: Final = 1
"""Version of the pack format that this program reads."""

NAME_PATTERN: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")
_FILE_PATTERN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_SHA256_PATTERN: Final = re.compile(r"[0-9a-f]{64}")
_LARGEST_PACK_FILE: Final = 64 * 1024
_LARGEST_MODEL: Final = 2**31 - 1  # what one ONNX file can hold
_LARGEST_DIMENSION: Final = 4096
_LARGEST_SIDE: Final = 1024
_LARGEST_EDGE: Final = 4096
_KEY_DIGITS: Final = 12

_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True, slots=True)
class Variant:
    """One network file of a pack. ``file`` is a plain name inside the pack's folder; ``size`` is in bytes."""

    name: str
    file: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ModelPack:
    """A pack whose ``pack.toml`` has been read and found sound; its network files have not been opened."""

    folder: Path
    name: str
    version: str
    description: str
    licence: str
    source: str
    dimension: int
    rule: InputRule
    variants: Mapping[str, Variant]
    default: str

    def variant(self, name: str = "") -> Variant:
        """Return the variant of this name, the default one for an empty name; else raise PackError."""
        try:
            return self.variants[name or self.default]
        except KeyError:
            offered = ", ".join(sorted(self.variants))
            raise PackError(f"The model pack {self.name} has no variant {name!r}; it has: {offered}.") from None

    def key(self, variant: str = "") -> str:
        """Return the identity of the vector space of a variant (the default one for an empty name).

        The digest covers the network's file and the input rule: a change of either moves every vector.
        """
        chosen = self.variant(variant)
        digest = hashlib.sha256(f"{chosen.sha256} {self.rule.identity}".encode()).hexdigest()
        return f"{self.name}-{chosen.name}-{digest[:_KEY_DIGITS]}"

    @property
    def keys(self) -> dict[str, str]:
        """The key of each variant, by the variant's name."""
        return {name: self.key(name) for name in self.variants}

    def read_network(self, variant: str = "") -> bytes:
        """Return a variant's file, verified against ``pack.toml``; raise PackError if it differs."""
        chosen = self.variant(variant)
        path = self.folder / chosen.file
        try:
            with path.open("rb") as file:
                content = file.read(chosen.size + 1)
        except OSError as error:
            raise PackError(f"The model file {path} cannot be read: {error.strerror or error}.") from error
        if len(content) != chosen.size or hashlib.sha256(content).hexdigest() != chosen.sha256:
            raise PackError(f"The model file {path} is not the one that its pack describes; install the pack again.")
        return content


def load_pack(folder: Path) -> ModelPack:
    """Read the pack in ``folder``.

    Raises
    ------
    PackError
        The folder holds no ``pack.toml``, or one that says something impossible; the sentence names the file and
        the entry.
    """
    path = folder / PACK_FILE
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_PACK_FILE + 1)
    except OSError as error:
        raise PackError(f"The model pack {folder} cannot be read: {error.strerror or error}.") from error
    if len(content) > _LARGEST_PACK_FILE:
        raise PackError(f"{path} is too large to be the description of a model pack.")
    try:
        table = tomllib.loads(content.decode())
    except ValueError as error:  # both UnicodeDecodeError and TOMLDecodeError
        raise PackError(f"{path} is not valid TOML: {error}.") from error
    except RecursionError:
        raise PackError(f"{path} is not valid TOML: it is nested too deeply.") from None
    return _read_pack(folder, _Table(path, "", table))


class _Table:
    """A table of ``pack.toml``; every take checks type and range, and ``done`` refuses what nobody took."""

    def __init__(self, path: Path, name: str, values: Mapping[str, object]) -> None:
        self._path = path
        self._name = name
        self._values = dict(values)

    def error(self, entry: str, problem: str) -> PackError:
        return PackError(f"{self._path}: {self._name}{entry} {problem}.")

    def _take(self, entry: str, default: object = None) -> object:
        value = self._values.pop(entry, default)
        if value is None:
            raise self.error(entry, "is missing")
        return value

    def text(self, entry: str, default: str | None = None) -> str:
        value = self._take(entry, default)
        if not isinstance(value, str) or len(value) > 1000 or not value.isprintable():
            raise self.error(entry, "must be one line of text")
        return value

    def match(self, entry: str, pattern: re.Pattern[str], meaning: str) -> str:
        value = self._take(entry)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise self.error(entry, f"must be {meaning}")
        return value

    def integer(self, entry: str, lowest: int, highest: int, default: int | None = None) -> int:
        value = self._take(entry, default)
        if type(value) is not int or not lowest <= value <= highest:  # True is no number here
            raise self.error(entry, f"must be a whole number from {lowest} to {highest}")
        return value

    def choice(self, entry: str, choices: tuple[_Choice, ...], default: _Choice | None = None) -> _Choice:
        value = self._take(entry, default)
        for choice in choices:
            if value == choice:
                return choice
        raise self.error(entry, f"must be one of {', '.join(choices)}")

    def table(self, entry: str) -> _Table:
        value = self._take(entry)
        if not isinstance(value, dict):
            raise self.error(entry, "must be a table")
        return _Table(self._path, f"{self._name}{entry}.", value)

    def entries(self) -> list[str]:
        return list(self._values)

    def done(self) -> None:
        for entry in self._values:
            raise self.error(entry, "is not an entry that this version of photofind knows")


def _read_pack(folder: Path, table: _Table) -> ModelPack:
    # A pack of another format may differ in anything, so this comes before every other complaint.
    if table.integer("format", 1, 10**6) != FORMAT:
        raise table.error("format", f"must be {FORMAT} for this version of photofind")
    variants = _read_variants(table.table("variants"))
    pack = ModelPack(
        folder=folder,
        name=table.match("name", NAME_PATTERN, "a short name of a-z, 0-9, dot, dash and underscore"),
        version=table.text("version"),
        description=table.text("description", ""),
        licence=table.text("licence"),
        source=table.text("source"),
        dimension=table.integer("dimension", 1, _LARGEST_DIMENSION),
        rule=_read_rule(table.table("input")),
        variants=variants,
        default=table.choice("default", tuple(variants)),
    )
    table.done()
    return pack


def _read_rule(table: _Table) -> InputRule:
    mode = table.choice("mode", MODES)
    side = table.integer("side", 16, _LARGEST_SIDE)
    resampling = table.choice("resampling", FILTERS, "bicubic")
    if mode != "area":
        table.done()
        return InputRule(mode, side, resampling=resampling)
    multiple = table.integer("multiple", 1, side)
    shortest = table.integer("shortest", multiple, side)
    longest = table.integer("longest", side, _LARGEST_EDGE)
    for entry, length in (("shortest", shortest), ("longest", longest)):
        if length % multiple:
            raise table.error(entry, f"must be a multiple of {multiple}")
    table.done()
    return InputRule(mode, side, multiple, shortest, longest, resampling)


def _read_variants(table: _Table) -> dict[str, Variant]:
    variants: dict[str, Variant] = {}
    for name in table.entries():
        if not NAME_PATTERN.fullmatch(name):
            raise table.error(name, "must have a short name of a-z, 0-9, dot, dash and underscore")
        entry = table.table(name)
        variants[name] = Variant(
            name,
            file=entry.match("file", _FILE_PATTERN, "the plain name of a file in the pack's folder"),
            sha256=entry.match("sha256", _SHA256_PATTERN, "64 digits of 0-9 and a-f"),
            size=entry.integer("bytes", 1, _LARGEST_MODEL),
        )
        entry.done()
    if not variants:
        raise table.error("", "must hold at least one variant")
    return variants
