"""What other programs find of the copies in an evaluation set, in the table that photofind's own finds are judged by.

Usage::

    python -m tests.benchmarks.rivals_duplicates --eval DIR --venv VENV [--library DIR]

``--eval`` (or PHOTOFIND_EVAL) is an evaluation set with its own scorer ``score.py``; all photos below ``neardup/``,
``retrieval/`` and ``text/`` are given to each program. ``--venv`` is an environment with some of the packages
``imagehash``, ``imagededup`` and ``difPy`` (a program that is missing there is left out of the table, which says so);
nothing is installed. Each runs with the threshold that its own documentation recommends.

With ``--library`` photofind's own line is added: the library is indexed if need be and asked by ``photofind
duplicates --json``, searching anew.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.rival_searches import RIVALS
from tests.benchmarks.support import begin, photofind, photofind_json, table, temporary_folder

_FOLDERS = ("neardup", "retrieval", "text")
_SEVERITIES = ("exact", "easy", "medium", "hard")
_SEARCHES = Path(__file__).with_name("rival_searches.py")


def main() -> int:
    """Run all of them; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=os.environ.get("PHOTOFIND_EVAL"), metavar="DIR")
    parser.add_argument("--venv", type=Path, metavar="VENV")
    parser.add_argument("--library", type=Path, metavar="DIR")
    arguments = parser.parse_args()
    if arguments.eval is None or not (arguments.venv or arguments.library):
        parser.error("name the evaluation set, and an environment with the other programs or a library")
    begin("Copies found by other programs")
    eval_set = Path(arguments.eval).resolve()
    files = sorted(str(path) for name in _FOLDERS for path in (eval_set / name).rglob("*") if path.is_file())
    with temporary_folder() as folder:
        rivals = RIVALS if arguments.venv else {}
        rows = [_rival(name, arguments.venv, eval_set, files, folder) for name in rivals]
        if arguments.library:
            rows.append(_photofind(arguments.library, eval_set, folder))
    severities = [f"linked, {severity}" for severity in _SEVERITIES]
    table(
        ["program", "pair recall", "precision", "unrelated", "same scene", *severities, "unread", "seconds"],
        [row for row in rows if row],
    )
    print(f"{len(files)} photos. 'unrelated' and 'same scene' count wrong pairs and pairs of shots of one scene;")
    print("'linked' is the share of copies that are linked to their original; seconds include reading the files.")
    return 0


def _rival(name: str, venv: Path, eval_set: Path, files: list[str], folder: Path) -> list[object]:
    package, words, _ = RIVALS[name]
    source, target = folder / "files.json", folder / f"{name}.json"
    source.write_text(json.dumps(files), encoding="utf-8")
    started = time.perf_counter()
    run = subprocess.run(
        [venv / "bin" / "python", _SEARCHES, name, source, target], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    if run.returncode:
        print(f"{package} did not run: {(run.stderr.strip().splitlines() or ['no message'])[-1]}\n")
        return []
    result = json.loads(target.read_text(encoding="utf-8"))
    title = f"{package} {result['version']}: {words}"
    return _row(title, _score(eval_set, result["pairs"], folder), len(result["failed"]), seconds)


def _photofind(library: Path, eval_set: Path, folder: Path) -> list[object]:
    options = ("--library", str(library))
    photofind("index", *(str(eval_set / name) for name in _FOLDERS), *options)
    for left in library.glob("duplicates.db*"):
        left.unlink()
    started = time.perf_counter()
    groups = photofind_json("duplicates", *options)["groups"]
    seconds = time.perf_counter() - started
    pairs = [
        (first["path"], second["path"], 1.0)
        for group in groups
        for first, second in itertools.combinations(group["photos"], 2)
    ]
    return _row("photofind, without indexing", _score(eval_set, pairs, folder), 0, seconds)


def _score(eval_set: Path, pairs: list[tuple[str, str, float]], folder: Path) -> dict[str, Any]:
    relative = [(os.path.relpath(a, eval_set), os.path.relpath(b, eval_set), score) for a, b, score in pairs]
    results = folder / "results.json"
    results.write_text(json.dumps({"neardup": {"pairs": relative}}), encoding="utf-8")
    command = [sys.executable, str(eval_set / "score.py"), str(eval_set), str(results)]
    scores: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return scores


def _row(title: str, scores: dict[str, Any], failed: int, seconds: float) -> list[object]:
    numbers = scores["neardup"]
    linked = scores["neardup linked to original, by severity"]
    return [
        title,
        f"{numbers['pair_recall']:.3f}",
        f"{numbers['precision']:.3f}",
        numbers["unrelated_pairs"],
        numbers["same_scene_pairs_reported"],
        *(str(linked.get(severity, "")).partition(" ")[0] for severity in _SEVERITIES),
        failed,
        f"{seconds:.1f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
