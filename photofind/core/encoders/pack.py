"""Model packs: folders that hold networks and say exactly what they are.

::

    clip-vit-b-32/
      pack.toml        name, licence, input rule, and the size and sha256 of every other file
      image.onnx       a variant: uint8 (1, H, W, 3) in, unit-length float32 (1, dimension) out
      image-int8.onnx  another one
      text.onnx        optional, format 2: int64 ids (1, length) in, float32 (1, dimension) out
      tokenizer.json   from words to those ids
      SHA256SUMS       the checksum of pack.toml itself

The vectors of each variant live in a space of their own. A text network, where there is one, has to fit them all, so
that words and photos can be compared.

A pack may come from anywhere, so nothing in ``pack.toml`` is believed before it is checked, and a file's bytes are
read once: the bytes that were verified are the bytes that run. Reading a pack opens no network; that is the task of
``onnx_image`` and ``onnx_text``, and most of the program only wants to know a pack's keys.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from photofind.core.encoders.input_rule import FILTERS, MODES, InputRule
from photofind.core.encoders.sums import SUMS_FILE, check_sum
from photofind.core.encoders.toml_table import Table
from photofind.core.errors import PackError

PACK_FILE: Final = "pack.toml"
LARGEST_DESCRIPTION: Final = 64 * 1024
"""Bytes that a ``pack.toml`` may have."""

FORMAT: Final = 2
"""The newest version of the pack format that this program reads; from 2 on a pack may have a text network."""

TokenizerKind = Literal["json", "bpe"]
TOKENIZER_KINDS: Final[tuple[TokenizerKind, ...]] = get_args(TokenizerKind)

NAME_PATTERN: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")
_FILE_PATTERN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_SHA256_PATTERN: Final = re.compile(r"[0-9a-f]{64}")
_LARGEST_MODEL: Final = 2**31 - 1  # what one ONNX file can hold
_LARGEST_DIMENSION: Final = 4096
_LARGEST_SIDE: Final = 1024
_LARGEST_EDGE: Final = 4096
_LARGEST_TOKENIZER: Final = 64 * 1024 * 1024
_SHORTEST_TEXT: Final = 3  # start, one token, end
_LONGEST_TEXT: Final = 512
_LARGEST_ID: Final = 10**7
_KEY_DIGITS: Final = 12
# Windows gives these names to devices, whatever follows the first dot.
_DEVICE_PATTERN: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
PROMPT_GAP: Final = "{}"
"""What the words of a query take the place of in a prompt."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file of a pack. ``file`` is a plain name inside the pack's folder; ``size`` is in bytes."""

    file: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Variant(PackFile):
    """One image network of a pack."""

    name: str


@dataclass(frozen=True, slots=True)
class TextTower:
    """The text network of a pack and what it takes to feed it.

    At most ``length`` ids are given, the ones that mark start and end included; when ``padding`` is an id, shorter
    texts are filled up to ``length`` with it. The words take the place of ``{}`` in ``prompt``.
    """

    network: PackFile
    tokenizer: PackFile
    kind: TokenizerKind
    length: int
    padding: int | None
    prompt: str


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
    text: TextTower | None = None

    @property
    def has_text(self) -> bool:
        """Whether the pack can turn words into vectors of its images' space."""
        return self.text is not None

    @property
    def files(self) -> list[PackFile]:
        """Every file of the pack but ``pack.toml``; networks of several variants may be one and the same file."""
        text = [self.text.network, self.text.tokenizer] if self.text else []
        return [*self.variants.values(), *text]

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
        return self.read_file(self.variant(variant))

    def read_file(self, wanted: PackFile) -> bytes:
        """Return a file of the pack, verified against ``pack.toml``; raise PackError if it differs."""
        path = self.folder / wanted.file
        try:
            with path.open("rb") as file:
                content = file.read(wanted.size + 1)
        except OSError as error:
            raise PackError(
                f"The model file {path} cannot be read ({error.strerror or error}); install the pack again."
            ) from error
        if len(content) != wanted.size or hashlib.sha256(content).hexdigest() != wanted.sha256:
            raise PackError(f"The model file {path} is not the one that its pack describes; install the pack again.")
        return content


def load_pack(folder: Path) -> ModelPack:
    """Read the pack in ``folder``.

    Raises
    ------
    PackError
        The folder holds no ``pack.toml``, or one that is not what it was or says something impossible; the sentence
        names the file and the entry.
    """
    path = folder / PACK_FILE
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_DESCRIPTION + 1)
    except OSError as error:
        raise PackError(f"The model pack {folder} cannot be read: {error.strerror or error}.") from error
    if len(content) > LARGEST_DESCRIPTION:
        raise PackError(f"{path} is too large to be the description of a model pack.")
    check_sum(path, content)
    try:
        table = tomllib.loads(content.decode())
    except ValueError as error:  # both UnicodeDecodeError and TOMLDecodeError
        raise PackError(f"{path} is not valid TOML: {error}.") from error
    except RecursionError:
        raise PackError(f"{path} is not valid TOML: it is nested too deeply.") from None
    return _read_pack(folder, Table(path, "", table))


def _read_pack(folder: Path, table: Table) -> ModelPack:
    # A pack of another format may differ in anything, so this comes before every other complaint.
    version = table.integer("format", 1, 10**6)
    if version > FORMAT:
        raise table.error("format", f"must be at most {FORMAT} for this version of photofind")
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
        text=_read_text(table.table("text")) if version > 1 and "text" in table.entries() else None,
    )
    table.done()
    _check_names(pack, table)
    return pack


def _check_names(pack: ModelPack, table: Table) -> None:
    """Refuse files that would be one and the same, or none, on the disk of another system."""
    seen = {name.casefold(): PackFile(name, "", 0) for name in (PACK_FILE, SUMS_FILE)}
    for file in pack.files:
        other = seen.setdefault(file.file.casefold(), file)
        if (other.file, other.sha256, other.size) != (file.file, file.sha256, file.size):
            raise table.error("", f"gives the name {file.file} to two files")
        if _DEVICE_PATTERN.fullmatch(file.file) or file.file.endswith("."):
            raise table.error("", f"names a file {file.file}, which not every system can store")


def _read_rule(table: Table) -> InputRule:
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


def _read_variants(table: Table) -> dict[str, Variant]:
    variants: dict[str, Variant] = {}
    for name in table.entries():
        if not NAME_PATTERN.fullmatch(name):
            raise table.error(name, "must have a short name of a-z, 0-9, dot, dash and underscore")
        entry = table.table(name)
        described = _read_file(entry, _LARGEST_MODEL)
        variants[name] = Variant(described.file, described.sha256, described.size, name)
        entry.done()
    if not variants:
        raise table.error("", "must hold at least one variant")
    return variants


def _read_text(table: Table) -> TextTower:
    network, tokenizer = table.table("network"), table.table("tokenizer")
    tower = TextTower(
        network=_read_file(network, _LARGEST_MODEL),
        tokenizer=_read_file(tokenizer, _LARGEST_TOKENIZER),
        kind=tokenizer.choice("kind", TOKENIZER_KINDS),
        length=table.integer("length", _SHORTEST_TEXT, _LONGEST_TEXT),
        padding=table.integer("padding", 0, _LARGEST_ID) if "padding" in table.entries() else None,
        prompt=table.text("prompt", PROMPT_GAP),
    )
    if tower.prompt.count(PROMPT_GAP) != 1:
        raise table.error("prompt", f"must have {PROMPT_GAP} once, where the words go")
    for part in (network, tokenizer, table):
        part.done()
    return tower


def _read_file(table: Table, largest: int) -> PackFile:
    return PackFile(
        file=table.match("file", _FILE_PATTERN, "the plain name of a file in the pack's folder"),
        sha256=table.match("sha256", _SHA256_PATTERN, "64 digits of 0-9 and a-f"),
        size=table.integer("bytes", 1, largest),
    )
