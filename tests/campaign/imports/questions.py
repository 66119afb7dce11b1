"""Files that are named on the command line: batches of queries, labels, odd folders; and odd libraries."""

from __future__ import annotations

import copy
import json
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.campaign.imports.plans import JUNK
from tests.campaign.imports.stage import Case, Stage

_KEYS = (
    *("id", "words", "images", "ids", "minus_words", "minus_images", "folder", "since", "until"),
    *("limit", "nprobe", "recall", "exact", "exclude_query", "expand"),
)
_LINES: dict[str, bytes] = {
    "brackets": b"[" * 200_000,
    "deep id": b'{"words": "red", "id": ' + b"[" * 900 + b"]" * 900 + b"}",
    "deeper id": b'{"words": "red", "id": ' + b'{"a":' * 960 + b"1" + b"}" * 960 + b"}",
    "a number of a million digits": b'{"ids": [' + b"9" * 1_000_000 + b"]}",
    "an id beyond SQLite": b'{"ids": [18446744073709551616, -1, 9223372036854775807]}',
    "a text with NUL": b'{"words": "red\\u0000blue", "folder": "/x\\u0000"}',
    "an image with NUL": b'{"images": ["/x\\u0000.jpg"]}',
    "half a character": b'{"words": "\\ud800 red", "folder": "/\\ud800", "id": "\\udfff"}',
    "NaN": b'{"words": "red", "recall": NaN}',
    "not UTF-8": b'{"words": "\xff\xfe", "folder": "/\xff"}',
    "a million texts": b'{"words": [' + b",".join([b'"a"'] * 1_000_000) + b"]}",
    "a million ids": b'{"ids": [' + b",".join([b"1"] * 1_000_000) + b"]}",
    "ten thousand folders": b'{"folder": [' + b",".join([b'"/a"'] * 10_000) + b"]}",
    "a long text": b'{"words": "' + b"x" * 9_999 + b'"}',
    "a text of spaces and quotes": b'{"words": "' + b" '\\\" " * 1_500 + b'"}',
    "a text of minus signs": b'{"words": "' + b"-" * 9_999 + b'"}',
    "a text of prefixes": b'{"words": "' + b"camera: " * 1_200 + b'"}',
    "a text of dates": b'{"words": "' + b"1.1.2001-" * 1_100 + b'"}',
    "wildcards": b'{"words": "name:' + b"*a?" * 3_000 + b'"}',
    "a pattern of many stars": b'{"words": "name:' + b"*a" * 450 + b'*b"}',
    "a pattern beyond ASCII": '{"words": "name:ä*'.encode() + b"*a" * 450 + b'*b"}',
    "SQL": b'{"words": "name:\'; DROP TABLE files; --", "folder": "\'\\" OR 1=1 --"}',
    "full text search": b'{"words": "folder:\\"a* NEAR/ (b OR ^c\\" camera:\\"a\\"\\"* AND NOT"}',
    "years": b'{"since": "99999", "until": "-1"}',
    "endless images": b'{"images": ["/dev/zero"]}',
    "an image of the system": b'{"images": ["/etc/passwd", "/proc/self/mem"]}',
    "a key twice": b'{"words": "red", "words": "blue"}',
}
_LABELS: dict[str, bytes] = {
    "empty": b"",
    "NULs": b"\0" * 1000,
    "not UTF-8": b"a.jpg,\xff\n",
    "a quote without an end": b'"a.jpg,b\n' + b"x" * 1_000_000,
    "a field of 10 MB": b"a.jpg," + b"x" * 10_000_000,
    "one column": b"a.jpg\nb.jpg\n",
    "a million columns": b"a.jpg" + b",x" * 1_000_000,
    "a path with NUL": b"a\0.jpg,x\n",
    "two labels": b"a.jpg,x\na.jpg,y\n",
    "traversal": b"../../etc/passwd,x\n/etc/shadow,y\n",
    "formulas": b"=cmd|'/c calc'!A1,x\n",
    "300 MB": b"a.jpg,x\n" * 40_000,
}


def cases(stage: Stage, chances: random.Random, most: int) -> Iterator[Case]:
    """Yield batches, labels and folders; of the queries with junk in one key at most so many."""
    path = stage.inbox / "batch.jsonl"
    for name, line in _LINES.items():
        path.write_bytes(line + b'\n{"words": "red"}\n')
        yield _batch(path, name)
    path.write_bytes(b'{"words": "' + b"x" * stage.size(100_000_000) + b'"}\n{"words": "red"}\n')
    yield Case("batch: a line of 100 MB", ("search", "--batch", str(path)), told="longer than", seconds=60)
    sound: dict[str, Any] = {"words": "red", "limit": 3}
    lines = []
    for key, value in chances.sample([(key, value) for key in _KEYS for value in JUNK], most):
        changed = copy.deepcopy(sound) | {key: value}
        lines += [json.dumps(changed), json.dumps(sound | {key: [value]})]
    path.write_text("\n".join(lines))
    yield _batch(path, "junk in every place")
    yield Case("batch: an endless line", ("search", "--batch", "/dev/zero"), told="longer than", seconds=20)
    yield Case("batch: a folder", ("search", "--batch", str(stage.photos)))
    yield from _labels(stage)
    yield from _odd_names(stage)


def _batch(path: Path, name: str) -> Case:
    """Return the case of a batch: each line costs itself only, so the command succeeds."""
    return Case(f"batch: {name}", ("search", "--batch", str(path)), "accepted", seconds=60)


def _labels(stage: Stage) -> Iterator[Case]:
    path = stage.inbox / "labels.csv"
    for name, content in _LABELS.items():
        path.write_bytes(content * stage.size(1000) if name == "300 MB" else content)
        yield Case(f"labels: {name}", ("evaluate", "--labels", str(path)), megabytes=1500, seconds=60)
    for odd in ("/dev/zero", str(stage.photos), "/proc/self/mem", "folders\0", ""):
        if "\0" not in odd:
            yield Case(f"labels: {odd}", ("evaluate", "--labels", odd), megabytes=1500)


def _odd_names(stage: Stage) -> Iterator[Case]:
    """Yield libraries and folders of photos that are none."""
    pipe, loop = stage.inbox / "pipe", stage.inbox / "loop"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    stolen = stage.inbox / "stolen"
    stolen.mkdir()
    os.mkfifo(stolen / "library.db")
    other = stage.inbox / "other"
    other.mkdir()
    (other / "library.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    linked = stage.inbox / "linked"
    linked.mkdir()
    (linked / "library.db").symlink_to(stage.outside / "secret.txt")
    for place in (
        *("/dev/null", "/dev/zero", "/proc", "/proc/self", str(pipe), str(loop), str(stolen), str(other), str(linked)),
        *(
            str(stage.outside),
            str(stage.outside / "secret.txt"),
            "/" + "x" * 300,
            "/x" * 3000,
        ),
    ):
        short = place if len(place) < 60 else f"{place[:20]}…"
        short = os.path.basename(place) if place.startswith(str(stage.place)) else short
        yield Case(f"library {short}", ("status", "--library", place), seconds=10)
        yield Case(f"writing the library {short}", ("index", "--library", place, str(stage.photos)), seconds=20)
    for place in ("file:///x", "sqlite:///x"):  # no addresses to SQLite, but folders of the current one
        made = os.path.join("cwd", place.partition("/")[0])
        yield Case(f"library {place}", ("status", "--library", place), seconds=10)
        arguments = ("index", "--library", place, str(stage.photos))
        yield Case(f"writing the library {place}", arguments, "accepted", seconds=20, may_change=(made,))
        shutil.rmtree(stage.place / made, ignore_errors=True)  # the next round finds none
    for place in ("/dev/zero", str(pipe), str(loop), str(stage.outside / "secret.txt"), "/x" * 3000, ""):
        yield Case(f"photos in {place[-20:]}", ("index", place), seconds=20)
