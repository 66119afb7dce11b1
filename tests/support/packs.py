"""Model packs made for tests: two tiny towers that agree on red, green and blue, and their files to damage."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from photofind.core.encoders import ModelPack, load_pack

ENCODERS = Path(__file__).parent.parent / "encoders"
DIMENSION = 8

PACK_TOML = """\
format = 2
name = "{name}"
version = "1"
licence = "CC0-1.0"
source = "made for a test"
dimension = {dimension}
default = "only"

[input]
mode = "crop"
side = 32

[variants.only]
file = "image.onnx"
bytes = {image_bytes}
sha256 = "{image_sha256}"
"""
TEXT_TOML = """
[text]
length = {length}
{more}
[text.network]
file = "text.onnx"
bytes = {text_bytes}
sha256 = "{text_sha256}"

[text.tokenizer]
kind = "{kind}"
file = "tokenizer"
bytes = {tokenizer_bytes}
sha256 = "{tokenizer_sha256}"
"""


def network(name: str) -> bytes:
    """Return one of the networks made by ``models/build_test_networks.py``."""
    return (ENCODERS / "networks" / f"{name}.onnx").read_bytes()


@cache
def clip_vocabulary() -> bytes:
    """Return a vocabulary as CLIP's that has its true merges for the words of the tests, at their true ranks.

    They are an excerpt of the file published with CLIP (MIT licence, Copyright (c) 2021 OpenAI): all merges that are
    tried on the way from the letters of these words to their tokens. The ranks between are filled with merges of
    control characters, which occur in no text.
    """
    lines = (ENCODERS / "clip_merges.txt").read_text(encoding="utf-8").splitlines()
    known = {int(rank): merge for rank, merge in (line.split(" ", 1) for line in lines)}
    fillers = _fillers()
    merges = [known.get(rank) or next(fillers) for rank in range(48_894)]
    return "\n".join(["title", *merges, "a line after the last"]).encode()


def _fillers() -> Iterator[str]:
    letters = [chr(256 + number) for number in range(32)]  # stand for the bytes 0 to 31
    pairs = [a + b for a in letters for b in letters]
    for end in ("", "</w>"):
        yield from (f"{pair[0]} {pair[1]}{end}" for pair in pairs)
    for end in ("", "</w>"):
        yield from (f"{pair} {letter}{end}" for pair in pairs for letter in letters)


def word_list() -> bytes:
    """Return a ``tokenizer.json`` that knows the three colours, by CLIP's ids, and a mark."""
    mark = dict.fromkeys(["single_word", "lstrip", "rstrip", "normalized"], False)
    vocabulary = {"[unk]": 0, "[end]": 9, "red": 736, "green": 1901, "blue": 1746}
    description = {
        "added_tokens": [{"id": 9, "content": "[end]", "special": True, **mark}],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[unk]"},
    }
    return json.dumps(description).encode()


_TOKENIZERS: dict[str, Callable[[], bytes]] = {"json": word_list, "bpe": clip_vocabulary}


def pack_files(
    name: str = "colours",
    *,
    image: bytes | None = None,
    text: bytes | None = None,
    tokenizer: bytes | None = None,
    kind: str = "json",
    length: int = 16,
    more: str = "",
    dimension: int = DIMENSION,
) -> dict[str, bytes]:
    """Return the files of a pack by their names; ``text=b""`` leaves the text network out."""
    files = {"image.onnx": network("sound") if image is None else image, "LICENSE.txt": b"Free for all.\n"}
    parts = {"image": files["image.onnx"]}
    toml = PACK_TOML
    if text != b"":
        parts["text"] = files["text.onnx"] = network("text") if text is None else text
        parts["tokenizer"] = files["tokenizer"] = _TOKENIZERS[kind]() if tokenizer is None else tokenizer
        toml += TEXT_TOML
    values: dict[str, Any] = {"name": name, "dimension": dimension, "kind": kind, "length": length, "more": more}
    for part, content in parts.items():
        values |= {f"{part}_bytes": len(content), f"{part}_sha256": hashlib.sha256(content).hexdigest()}
    return {"pack.toml": toml.format(**values).encode(), **files}


def write_pack(folder: Path, files: dict[str, bytes] | None = None) -> ModelPack:
    """Write a pack's files into a folder and read its description."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (files or pack_files()).items():
        (folder / name).write_bytes(content)
    return load_pack(folder)


def zip_pack(path: Path, files: dict[str, bytes] | None = None, *, prefix: str = "") -> Path:
    """Write a pack's files into a zip, below ``prefix``."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (files or pack_files()).items():
            archive.writestr(prefix + name, content)
    return path
