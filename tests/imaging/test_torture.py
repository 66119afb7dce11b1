"""A folder of files from real cameras, fuzzers and broken disks, if there is one.

The environment variable ``PHOTOFIND_EVAL`` names a folder with a ``manifest.json``; without it nothing is collected.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from photofind.core.errors import PhotoError
from photofind.core.imaging import OTHER_SUFFIXES, DecodedPhoto, DecodeLimits, decode_photo

if TYPE_CHECKING:
    from tests.imaging.conftest import Difference

_LIMITS = DecodeLimits(250_000_000, 1 << 30)
_WORKING_AREA = 50_176
_BOMB = """
import sys
from pathlib import Path
from photofind.core.errors import PhotoError
from photofind.core.imaging import DecodeLimits, decode_photo
path = Path(sys.argv[1])
with path.open("rb") as file:
    try:
        decode_photo(file, suffix=path.suffix, limits=DecodeLimits(250_000_000, 1 << 30), working_area=50_176)
    except PhotoError:
        pass
# Not ru_maxrss: a child begins with its parent's.
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


def _folder() -> Path | None:
    named = os.environ.get("PHOTOFIND_EVAL")
    return Path(named) if named else None


def _records() -> list[dict[str, Any]]:
    folder = _folder()
    if folder is None:
        return []
    everything = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [record for record in everything if record["kind"] == "torture"]


def _groups() -> list[tuple[str, ...]]:
    folder = _folder()
    if folder is None:
        return []
    groups = json.loads((folder / "queries.json").read_text(encoding="utf-8"))["same_picture"]
    return [pair for files in groups.values() for pair in itertools.pairwise(files)]


@cache
def _decode(name: str) -> DecodedPhoto | PhotoError:
    folder = _folder()
    assert folder is not None
    path = folder / name
    with path.open("rb") as file:
        try:
            return decode_photo(file, suffix=path.suffix, limits=_LIMITS, working_area=_WORKING_AREA)
        except PhotoError as error:
            return error


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "record" in metafunc.fixturenames:
        records = _records()
        if "bomb" in metafunc.function.__name__:
            records = [record for record in records if "max_mb" in record["expected"]]
        metafunc.parametrize("record", records, ids=[record["file"] for record in records])
    if "pair" in metafunc.fixturenames:
        metafunc.parametrize("pair", _groups(), ids=["=".join(pair) for pair in _groups()])


if _folder() is not None:

    @pytest.mark.timeout(60)
    def test_file(record: dict[str, Any]) -> None:
        expected = record["expected"]
        if expected["decode"] == "ignore" and Path(record["file"]).suffix.lower() in OTHER_SUFFIXES:
            return
        found = _decode(record["file"])
        if expected["decode"] in ("no", "ignore"):
            assert isinstance(found, PhotoError)
            assert str(found)
        elif expected["decode"] == "yes" or isinstance(found, DecodedPhoto):
            assert isinstance(found, DecodedPhoto), found
            _check_facts(found, expected)

    def test_same_picture(pair: tuple[str, str], difference: Difference) -> None:
        small = []
        for name in pair:
            found = _decode(name)
            assert isinstance(found, DecodedPhoto), found
            small.append(found.image.resize((32, 32), Image.Resampling.BOX))
        assert difference(*small) < 12

    @pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
    def test_bomb(record: dict[str, Any]) -> None:
        folder = _folder()
        assert folder is not None
        expected = record["expected"]
        command = [sys.executable, "-c", _BOMB, str(folder / record["file"])]
        done = subprocess.run(command, timeout=expected["max_seconds"], check=True, capture_output=True, text=True)
        assert int(done.stdout) < expected["max_mb"]


def _check_facts(found: DecodedPhoto, expected: dict[str, Any]) -> None:
    facts = found.facts
    assert facts.width == expected.get("width", facts.width)
    assert facts.height == expected.get("height", facts.height)
    if "datetime_original" in expected:
        day, clock = expected["datetime_original"].split()
        assert facts.taken_at == f"{day.replace(':', '-')}T{clock}"
    if "gps" in expected:
        assert (facts.latitude, facts.longitude) == pytest.approx(expected["gps"], abs=1e-4)
