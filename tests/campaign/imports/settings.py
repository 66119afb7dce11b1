"""Settings, window preferences and saved searches that somebody else wrote: files that are read at every start."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

from photofind.core.settings import Settings
from tests.campaign.imports.stage import Case, Stage

_VALUES = (
    *(
        '""',
        '"x"',
        "-1",
        "0",
        "1e400",
        "nan",
        "inf",
        "-inf",
        "1.5",
        "true",
        "[]",
        "[1]",
        '["x"]',
        "[[]]",
        "{}",
        "{a = 1}",
    ),
    *("1979-05-27T07:32:00Z", "0x" + "f" * 5000, "9" * 5000, "'" + "y" * 200_000 + "'", r'"\u0000"', r'["\u0000"]'),
    *('["' + "/x" * 3000 + '"]', "[" * 5000 + "]" * 5000, '["~root/../.."]', '["/a/../b"]', "99999999999999999999"),
)
_TEXTS: dict[str, bytes] = {
    "not TOML": b"=\n",
    "not UTF-8": b"workers = 1 # \xff\xfe",
    "UTF-16": "workers = 1".encode("utf-16"),
    "with NULs": b"\0" * 1000,
    "a key twice": b"workers = 1\nworkers = 2\n",
    "an unknown key": b"wrokers = 1\n",
    "a key of 100 kB": b"k" * 100_000 + b" = 1\n",
    "a key with line ends": b'"a\\nTraceback (most recent call last)\\nb" = 1\n',
    "nested tables": b"[" + b".".join([b"a"] * 20_000) + b"]\n",
    "nested arrays": b"ignore = " + b"[" * 50_000,
    "nested inline tables": b"a = " + b"{a=" * 50_000,
    "a hundred megabytes": b"# " + b"x" * 10_000_000,
    "a hundred thousand keys": b"".join(b"k%d = 1\n" % number for number in range(100_000)),
    "binary": bytes(range(256)),
}


def cases(stage: Stage, chances: random.Random, most: int) -> Iterator[Case]:
    """Yield settings files that are refused; of those with junk in one key, at most so many."""
    sound = stage.settings.read_bytes()
    try:
        for name, content in _TEXTS.items():
            stage.settings.write_bytes(content)
            yield Case(f"settings: {name}", ("status",), told=str(stage.settings))
        pairs = [(each.name, value) for each in fields(Settings) for value in _VALUES]
        for key, value in chances.sample(pairs, min(most, len(pairs))):
            stage.settings.write_text(f"{key} = {value}\n")
            yield Case(f"settings: {key} = {value:.40}", ("status",), "either")
        for name, make in _kinds(stage).items():
            stage.settings.unlink()
            make(stage.settings)
            expected = "accepted" if name == "an empty device" else "refused"
            yield Case(f"settings: {name}", ("status",), "refused" if expected == "refused" else "either", seconds=10)
            stage.settings.rmdir() if name == "a folder" else stage.settings.unlink()
            stage.settings.touch()
    finally:
        stage.settings.write_bytes(sound)


def _kinds(stage: Stage) -> dict[str, Callable[[Path], object]]:
    return {
        "a folder": lambda path: path.mkdir(),
        "a pipe": os.mkfifo,
        "a link to itself": lambda path: path.symlink_to(path),
        "an endless device": lambda path: path.symlink_to("/dev/zero"),
        "an empty device": lambda path: path.symlink_to("/dev/null"),
        "a link to a secret": lambda path: path.symlink_to(stage.outside / "secret.txt"),
    }


def library_files(stage: Stage) -> Iterator[Case]:
    """Yield small files beside a catalog that came with it; the library answers without believing them."""
    junk = {
        "brackets": b"[" * 500_000,
        "no text": bytes(range(256)) * 10,
        "a huge number": b'{"version": ' + b"9" * 100_000 + b"}",
        "other types": b'{"version": 1, "searches": [1, [], {"name": 1, "query": 1}, {"name": "x", "query": []}]}',
        "lone surrogates": b'{"version": 1, "searches": [{"name": "\\ud800", "query": {"parts": [{"path": "\\ud800"}]}}]}',  # noqa: E501
        "constants": b'{"version": NaN, "points": [{"nprobe": Infinity}]}',
    }
    for name in ("searches.json", "accuracy.json"):
        path = stage.library / name
        for kind, content in junk.items():
            path.write_bytes(content)
            yield Case(f"{name}: {kind}", ("status", "--health"), "accepted")
            if name == "searches.json":
                yield _shelf(stage, kind)
            path.unlink()
            _remove_damaged(stage)
        for kind in ("a pipe", "a folder", "a link to itself"):
            _kinds(stage)[kind](path)
            yield Case(f"{name}: {kind}", ("status", "--health"), "accepted", seconds=10)
            if name == "searches.json":
                yield _shelf(stage, kind)
            path.rmdir() if kind == "a folder" else path.unlink()


def _shelf(stage: Stage, kind: str) -> Case:
    return Case(
        f"saved searches: {kind}",
        (str(stage.library),),
        call="tests.campaign.imports.window:saved_searches",
        may_change=("library/searches",),
        seconds=10,
    )


def _remove_damaged(stage: Stage) -> None:
    for path in stage.library.glob("searches.*"):
        if path.name != "searches.json":
            path.unlink()
