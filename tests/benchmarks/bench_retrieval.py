"""How well the whole product finds photos of the same thing, and what it makes of difficult files.

Usage::

    python -m tests.benchmarks.bench_retrieval --eval DIR [--torture]

``--eval`` (or PHOTOFIND_EVAL) is an evaluation set: photos below ``retrieval/``, questions in ``queries.json``, a
scorer ``score.py``, difficult files below ``torture/`` with what is expected of them in ``manifest.json``.

The photos are indexed and the questions asked through the command line, as a user would, and the set's own scorer
judges the answers; then the library changes to another model pack and is asked again. With ``--torture`` every
difficult file must end as a photo, in the error list with a reason, or left alone, as the manifest says.

It proves that nothing between the file and the result list costs accuracy, and that changing the pack works.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from photofind.core.catalog import Catalog
from tests.benchmarks.support import (
    Mark,
    begin,
    conclude,
    photofind,
    photofind_json,
    table,
    temporary_folder,
)

_OTHER_PACK = "efficientnet-lite0:fp32"
_MARKS = {"holidays": 0.885, "paris": 0.93, "flowers": 0.37}
_ALL = 100_000

Scores = dict[str, dict[str, float]]


def retrieval(eval_set: Path, folder: Path) -> list[Mark]:
    """Index, ask and score with the default pack and, after a change, with another one."""
    library = folder / "library"
    rows: list[list[object]] = []
    marks = []
    for pack in ("default", _OTHER_PACK):
        if pack != "default":
            photofind("model", "use", pack, "--library", str(library))
        started = time.perf_counter()
        report = photofind_json("index", str(eval_set / "retrieval"), "--library", str(library))
        seconds = time.perf_counter() - started
        scores, ask_seconds = ask(eval_set, library, report["photos"], folder)
        model = photofind_json("status", "--library", str(library))["model"]
        rows.append(
            [
                model,
                report["photos"],
                report["added"],
                f"{seconds:.1f}",
                f"{ask_seconds:.1f}",
                *(f"{scores[f'retrieval/{subset}']['mAP']:.4f}" for subset in _MARKS),
            ]
        )
        if pack == "default":
            marks = [
                Mark(f"mAP {subset}, {model}", scores[f"retrieval/{subset}"]["mAP"], bound, at_least=True)
                for subset, bound in _MARKS.items()
            ]
        else:
            marks.append(Mark("photos that the change of pack lists as added", report["added"], 0))
            marks.append(Mark("the new pack answers", float(model == pack), 1, at_least=True))
    table(["model", "photos", "added", "index, s", "all questions, s", *(f"mAP {name}" for name in _MARKS)], rows)
    return marks


def ask(eval_set: Path, library: Path, photos: int, folder: Path) -> tuple[Scores, float]:
    """Ask every question of the set in one batch; return the scorer's verdict and how long the batch took."""
    questions = json.loads((eval_set / "queries.json").read_text(encoding="utf-8"))["retrieval"]
    batch = folder / "batch.jsonl"
    with batch.open("w", encoding="utf-8") as file:
        for question in questions:
            line = {"id": question["query"], "images": [str(eval_set / question["query"])], "limit": photos}
            file.write(json.dumps(line) + "\n")
    started = time.perf_counter()
    answers = photofind("search", "--batch", str(batch), "--library", str(library))
    seconds = time.perf_counter() - started
    ranked = {}
    for text in answers.splitlines():
        answer = json.loads(text)
        ranked[answer["id"]] = [os.path.relpath(hit["path"], eval_set) for hit in answer["results"]]
    results = folder / "results.json"
    results.write_text(json.dumps({"retrieval": ranked}), encoding="utf-8")
    command = [sys.executable, str(eval_set / "score.py"), str(eval_set), str(results)]
    verdict = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    scores: Scores = json.loads(verdict)
    return scores, seconds


def torture(eval_set: Path, folder: Path) -> list[Mark]:
    """Index the difficult files and compare what became of each with the manifest."""
    library, top = folder / "torture-library", eval_set / "torture"
    report = photofind_json("index", str(top), "--library", str(library))
    reasons = {error["path"]: error["reason"] for error in report["errors"]}
    entries = json.loads((eval_set / "manifest.json").read_text(encoding="utf-8"))
    entries = [entry for entry in entries if entry["kind"] == "torture"]
    some_photo = next(entry["file"] for entry in entries if entry["expected"]["decode"] == "yes")
    found = photofind_json(
        "search", "--image", str(eval_set / some_photo), "--limit", str(_ALL), "--library", str(library)
    )
    photos = {hit["path"] for hit in found["results"]}
    groups: dict[str, list[int]] = {}
    complaints = []
    with Catalog.open_reader(library / "library.db") as catalog:
        for entry in entries:
            path = str(eval_set / entry["file"])
            complaint = judge(entry["expected"], path in photos, reasons.get(path), partial(size_of, catalog, path))
            counts = groups.setdefault(entry["expected"]["decode"], [0, 0, 0, 0])
            for number, applies in enumerate((path in photos, path in reasons, complaint)):
                counts[number + 1] += bool(applies)
            counts[0] += 1
            if complaint:
                complaints.append(f"{entry['file']}: {complaint}")
    table(
        ["expected", "files", "became photos", "in the error list", "not as expected"],
        [[expected, *counts] for expected, counts in sorted(groups.items())],
    )
    print(f"{len(entries)} files in {report['seconds']:.1f} s, {report['photos']} photos, {len(reasons)} errors")
    print(*complaints, sep="\n")
    return [Mark("difficult files not treated as expected", len(complaints), 0)]


def judge(expected: dict[str, Any], is_photo: bool, reason: str | None, size: Callable[[], tuple[int, int]]) -> str:
    """Return what is wrong with the fate of a file, nothing if it is as expected."""
    decode = expected["decode"]
    if is_photo and reason is not None:
        return "both a photo and an error"
    if decode == "yes" and not is_photo:
        return f"should be a photo ({reason or 'not even listed'})"
    if decode in ("no", "ignore") and is_photo:
        return "should be no photo"
    if decode in ("no", "either") and not is_photo and not reason:
        return "neither a photo nor listed with a reason"
    if is_photo and expected.get("width") and size() != (expected["width"], expected["height"]):
        return f"has the size {size()}, expected {(expected['width'], expected['height'])}"
    return ""


def size_of(catalog: Catalog, path: str) -> tuple[int, int]:
    """Return width and height of a photo of the library."""
    known = catalog.files.find(*os.path.split(path))
    assert known is not None
    assert known.content_id is not None
    facts = catalog.contents.facts(known.content_id)
    return facts.width, facts.height


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Retrieval quality of the whole product.")
    parser.add_argument("--eval", type=Path, default=os.environ.get("PHOTOFIND_EVAL"))
    parser.add_argument("--torture", action="store_true", help="index the difficult files too")
    arguments = parser.parse_args()
    if arguments.eval is None:
        parser.error("give --eval DIR or set PHOTOFIND_EVAL")
    eval_set = Path(os.path.abspath(arguments.eval))
    begin("Retrieval through the command line")
    with temporary_folder() as folder:
        marks = retrieval(eval_set, folder)
        if arguments.torture:
            marks += torture(eval_set, folder)
    return conclude(marks)


if __name__ == "__main__":
    sys.exit(main())
