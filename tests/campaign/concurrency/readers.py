"""Processes that ask a library again and again while others write it, and compare every answer with what may be."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from photofind.core.errors import UserError
from photofind.core.library import Library
from photofind.core.paths import settings_file
from photofind.core.queries import Query
from photofind.core.settings import Settings, load_settings
from tests.campaign.checking import SAME_SCORE

_MOST_TOLD = 5
_ALL_LISTS = 1 << 20


def hammer(library: str, allowed: str, stop: str, kept: str) -> int:
    """Ask until a file appears; print what did not hold as lines, and at last how many questions there were.

    Parameters
    ----------
    allowed
        A JSON file: for each probe, ``must``, the paths that each answer has to have, and ``may``, the scores of all
        that it may have, by path.
    kept
        ``kept`` to ask one open library, as a window does; anything else to open it for each question.
    """
    expected: dict[str, dict[str, Any]] = json.loads(Path(allowed).read_text(encoding="utf-8"))
    settings = load_settings(settings_file())
    asked = told = 0
    opened = Library(Path(library), settings) if kept == "kept" else None
    while not asked or not Path(stop).exists():
        for probe, wanted in expected.items():
            for exact in (True, False):
                asked += 1
                for problem in _problems(opened, Path(library), settings, probe, wanted, exact=exact)[:_MOST_TOLD]:
                    told += 1
                    if told <= _MOST_TOLD:
                        sys.stdout.write(f"{problem}\n")
    if opened is not None:
        opened.close()
    sys.stdout.write(f"asked {asked}\n")
    return 0


def _problems(
    opened: Library | None, folder: Path, settings: Settings, probe: str, wanted: Mapping[str, Any], *, exact: bool
) -> list[str]:
    try:
        if opened is not None:
            found = _ask(opened, probe, exact=exact)
        else:
            with Library(folder, settings) as library:
                found = _ask(library, probe, exact=exact)
    except UserError as error:
        return [f"a search fails beside the writer: {error}"]
    how = "exactly" if exact else "through the index"
    name = Path(probe).name
    problems = [f"asked {how} for {name}: {path} is missing" for path in wanted["must"] if path not in found]
    for path, score in found.items():
        if path not in wanted["may"]:
            problems.append(f"asked {how} for {name}: {path} was never there")
        elif abs(wanted["may"][path] - score) > SAME_SCORE:
            problems.append(f"asked {how} for {name}: {path} has the score {score}, not {wanted['may'][path]}")
    return problems


def _ask(library: Library, probe: str, *, exact: bool) -> dict[str, float]:
    query = Query(images=(probe,), limit=100_000, exact=exact, nprobe=None if exact else _ALL_LISTS)
    hits = library.search(query).hits
    found = {hit.path: hit.score for hit in hits}
    if len(found) != len(hits):
        return {**found, "a photo was found twice": 0.0}
    return found
