"""Descriptions and tokenizers of packs that lie: ``pack.toml`` with junk in every place, texts that explode."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator
from typing import Any

from photofind.core.encoders.registry import DEFAULT_PACK
from tests.campaign.imports.stage import Case, Stage
from tests.support.packs import pack_files, word_list

_VALUES = (
    *('""', '"x"', "-1", "0", "1.5", "nan", "inf", "true", "[]", "{}", "[[]]", "99999999999999999999", "1979-05-27"),
    *('"../image.onnx"', '"/etc/passwd"', '"C:\\\\x"', '"a/b"', '"NUL"', '"pack.toml"', '"."', '"x\\u0000"', '"x\\n"'),
    *('"' + "x" * 2000 + '"', "0x" + "f" * 5000, "9" * 5000, '"\\u202e"', '"{}{}"', '"clip-vit-b-32"'),
)
_ENTRY = re.compile(rb"^([a-z0-9]+) = (.*)$", re.MULTILINE)


def cases(stage: Stage, chances: random.Random, most: int) -> Iterator[Case]:
    """Yield packs whose description is junk, those with one entry changed at most so many."""
    files = pack_files("stranger")
    toml = files["pack.toml"]
    for name, content in _texts(toml).items():
        yield install(stage, f"description: {name}", files | {"pack.toml": content})
    entries = [(match.span(2), match[1].decode(), value) for match in _ENTRY.finditer(toml) for value in _VALUES]
    for (start, end), key, value in chances.sample(entries, min(most, len(entries))):
        changed = toml[:start] + value.encode() + toml[end:]
        yield install(stage, f"description: {key} = {value:.40}", files | {"pack.toml": changed}, "either")


def tokenizers(stage: Stage) -> Iterator[Case]:
    """Yield packs whose tokenizer is junk, or makes much of little; each is tried in a process apart."""
    for name, content in _tokenizers().items():
        files = pack_files("stranger", tokenizer=content)
        # The library of patterns gives up by itself, within half a second, on a text that makes one explode.
        expected = "either" if name == "a pattern that explodes" else "refused"
        yield install(stage, f"tokenizer: {name}", files, expected, megabytes=4500, seconds=320)
    for name, content in (
        ("vocabulary of nothing", b""),
        ("compressed vocabulary of zeros", _zeros()),
        ("pairs", b"a b\n" * 60_000),
    ):
        files = pack_files("stranger", tokenizer=content or b"\n", kind="bpe")
        yield install(stage, f"tokenizer: {name}", files, megabytes=2500, seconds=60)


def install(
    stage: Stage,
    name: str,
    files: dict[str, bytes],
    expected: str = "refused",
    *,
    megabytes: float = 900,
    seconds: float = 60,
) -> Case:
    """Write a pack's folder and return the case of installing it."""
    folder = stage.inbox / "described"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for file, content in files.items():
        (folder / file).write_bytes(content)
    installed = (os.path.relpath(stage.models, stage.place),)
    return Case(
        name,
        ("model", "install", str(folder)),
        expected,  # type: ignore[arg-type]
        megabytes=megabytes,
        seconds=seconds,
        may_change=installed,
    )


def _texts(toml: bytes) -> dict[str, bytes]:
    return {
        "empty": b"",
        "no TOML": b"=",
        "no text": bytes(range(256)),
        "nested arrays": b"a = " + b"[" * 60_000,
        "nested tables": b"[" + b"a." * 30_000 + b"a]",
        "a million brackets": b"[" * 1_000_000,
        "50 MB": toml + b"# " + b"x" * 5_000_000,
        "a newer format": toml.replace(b"format = 2", b"format = 3"),
        "no format": toml.replace(b"format = 2", b""),
        "a key twice": toml + b'\n[variants.only]\nfile = "x"\n',
        "an unknown key": b"trust_me = true\n" + toml,
        "a key of 60 kB": b"k" * 60_000 + b" = 1\n" + toml,
        "no variants": toml.replace(b"[variants.only]", b"[variants]"),
        "the name of the bundled pack": toml.replace(b'"stranger"', f'"{DEFAULT_PACK}"'.encode()),
        "a name that is a path": toml.replace(b'"stranger"', b'"../../x"'),
        "ten thousand variants": toml + b"".join(b"[variants.v%d]\n" % number for number in range(4000)),
        "another checksum": toml.replace(b'sha256 = "', b'sha256 = "0', 1),
        "a text network in place of nothing": toml.replace(b"[text.network]", b"[text.network]\nx = 1"),
    }


def _tokenizers() -> dict[str, bytes]:
    sound: dict[str, Any] = json.loads(word_list())
    endless = {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 100}
    backtracking = {
        "type": "Split",
        "pattern": {"Regex": "(a|a|b|aa)*\\1(.*)*$x"},
        "behavior": "Isolated",
        "invert": False,
    }
    many = {f"word{number}": number for number in range(1_000_000)}

    def changed(**parts: Any) -> bytes:
        return json.dumps({**sound, **parts}).encode()

    return {
        "empty object": b"{}",
        "brackets": b"[" * 100_000,
        "no text": bytes(range(256)),
        "numbers": b"9" * 100_000,
        "texts that grow": changed(normalizer={"type": "Sequence", "normalizers": [endless] * 8}),
        "a panic": changed(normalizer={"type": "Precompiled", "precompiled_charsmap": "AAAA"}),
        "a pattern that explodes": changed(pre_tokenizer=backtracking),
        "a pattern that is none": changed(pre_tokenizer={**backtracking, "pattern": {"Regex": "((("}}),
        "ids beyond measure": changed(model={**sound["model"], "vocab": {"[unk]": 1 << 40}}),
        "a million words without an unknown one": changed(model={"type": "WordLevel", "vocab": many, "unk_token": "?"}),
        "nested normalizers": changed(normalizer=_nested(2000)),
    }


def _nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"type": "Lowercase"}
    for _ in range(min(depth, 400)):
        inner = {"type": "Sequence", "normalizers": [inner]}
    return inner


def _zeros() -> bytes:
    import gzip

    return gzip.compress(bytes(400_000_000), 1)
