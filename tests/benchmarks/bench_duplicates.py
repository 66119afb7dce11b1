"""How well copies are told from shots that are only alike, by the whole program, and what telling costs.

Usage::

    python -m tests.benchmarks.bench_duplicates EVAL_DIR [--library DIR] [--step NAME] [--pairs N]

``EVAL_DIR`` has photos with known copies and known other shots of a scene (``manifest.json``, ``queries.json``) and the
scorer ``score.py``. All its files are indexed together, ``photofind duplicates --json`` makes groups, and the scorer
judges the exact and near ones. Then it shows which verdict each transformation got, and how much time each stage of
the comparison takes, on a sample of the pairs that the program compared.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import json
import os
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from photofind.core.catalog import Catalog, ThumbnailStore
from photofind.core.catalog.pairs import PAIRS_FILE, PairStore
from photofind.core.duplicates.calibration import Calibration
from photofind.core.duplicates.comparing import Comparer, Subject
from photofind.core.duplicates.looks import CatalogLooks
from photofind.core.encoders.registry import resolve
from photofind.core.evidence import Verdict
from photofind.core.imaging import DecodeLimits
from photofind.core.records import ContentId
from tests.benchmarks.support import Mark, begin, conclude, photofind_json, table, temporary_folder

_LIMITS = DecodeLimits.of(megapixels=300, megabytes=1000)
_LEAST_PAIR_RECALL, _LEAST_PRECISION = 0.97, 0.995
_LEAST_LINKED = {"exact": 1.0, "easy": 1.0, "medium": 0.99, "hard": 0.90}
_MOST_SAME_SCENE = 0.01

Groups = list[dict[str, Any]]


def found_groups(eval_set: Path, library: Path, step: str) -> Groups:
    """Index, find copies and return the groups, with paths relative to the set."""
    started = time.perf_counter()
    report = photofind_json("index", str(eval_set), "--library", str(library))
    indexed = time.perf_counter()
    document = photofind_json("duplicates", "--library", str(library), "--threshold", step)
    print(
        f"{report['photos']} photos; index {indexed - started:.0f} s, copies {time.perf_counter() - indexed:.0f} s; "
        f"step {document['step']}, expected precision {document['expected']['precision']}, "
        f"recall {document['expected']['recall']}\n"
    )
    groups: Groups = document["groups"]
    for group in groups:
        for photo in group["photos"]:
            photo["path"] = os.path.relpath(photo["path"], eval_set)
    return groups


def judged(eval_set: Path, groups: Groups, folder: Path) -> dict[str, Any]:
    """Return what the set's own scorer says of the groups."""
    results = folder / "results.json"
    paths = [[photo["path"] for photo in group["photos"]] for group in groups if group["kind"] != "similar"]
    results.write_text(json.dumps({"neardup": paths}), encoding="utf-8")
    command = [sys.executable, str(eval_set / "score.py"), str(eval_set), str(results), "--verbose"]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    verdict: dict[str, Any] = json.loads(answer)
    return verdict


def accuracy(eval_set: Path, groups: Groups, folder: Path) -> list[Mark]:
    """Print the scorer's tables; return the marks."""
    verdict = judged(eval_set, groups, folder)
    total = verdict["neardup"]
    queries = json.loads((eval_set / "queries.json").read_text(encoding="utf-8"))["neardup"]
    scenes = sum(len(list(itertools.combinations(shots, 2))) for shots in queries["same_scene"].values())
    table(["", "value"], [[name, value] for name, value in total.items()])
    linked = verdict["neardup linked to original, by severity"]
    table(["severity", "linked to the original"], list(linked.items()))
    by_kind = verdict["neardup linked to original, by transform"]
    table(["transformation", "linked to the original"], list(by_kind.items()))
    print(*verdict["neardup unrelated pairs"], sep="\n")
    return [
        Mark("pair recall", total["pair_recall"], _LEAST_PAIR_RECALL, at_least=True),
        Mark("precision", total["precision"], _LEAST_PRECISION, at_least=True),
        *(
            Mark(f"linked, {severity}", float(linked[severity].split()[0]), bound, at_least=True)
            for severity, bound in _LEAST_LINKED.items()
        ),
        Mark("same-scene pairs as copies", total["same_scene_pairs_reported"] / scenes, _MOST_SAME_SCENE),
    ]


def verdicts(eval_set: Path, groups: Groups) -> None:
    """Print which verdict each transformation got beside its original."""
    manifest = json.loads((eval_set / "manifest.json").read_text(encoding="utf-8"))
    transforms = {entry["file"]: entry.get("transform") or "" for entry in manifest if entry.get("subset") == "made"}
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for group in groups:
        for photo in group["photos"]:
            transform = transforms.get(photo["path"])
            if transform and transform != "original":
                counts[transform][photo["evidence"]["verdict"] or "(reference)"] += 1
    names = [*(verdict.value for verdict in Verdict), "(reference)"]
    table(
        ["transformation", *names], [[kind, *(counts[kind][name] or "" for name in names)] for kind in sorted(counts)]
    )


def cost(library: Path, pairs: int) -> None:
    """Compare a sample of the program's pairs again and print how long each stage takes."""
    with (
        Catalog.open_reader(library / "library.db") as catalog,
        ThumbnailStore.open(library / "thumbnails.db", writable=False) as thumbnails,
        PairStore.open(library / PAIRS_FILE, writable=False) as store,
    ):
        key = resolve("").key
        columns = store.columns(key, always=tuple(Verdict))
        nothing = store.apart(key)
        first, second = (np.concatenate(each) for each in zip((columns.first, columns.second), nothing, strict=True))
        chosen = np.sort(np.random.default_rng(0).permutation(len(first))[:pairs])
        contents = np.unique(np.concatenate([first[chosen], second[chosen]]))
        frames, hashes = catalog.copies.frames(contents), store.hashes_of(contents)
        subjects = {
            content: Subject(content, frame.width, frame.height, frame.format, frame.size, hashes[content])
            for content, frame in frames.items()
        }
        comparer = Comparer(CatalogLooks(catalog, thumbnails, _LIMITS), Calibration.for_pack(""))
        seconds: dict[str, list[float]] = collections.defaultdict(list)
        for one, other in zip(first[chosen].tolist(), second[chosen].tolist(), strict=True):
            started = time.perf_counter()
            comparer.compare(subjects[ContentId(one)], subjects[ContentId(other)], 0.8)
            seconds[comparer.stage.value].append(time.perf_counter() - started)
    table(
        ["ends at stage", "share of pairs", "ms, mean", "ms, median"],
        [
            [stage, f"{len(each) / len(chosen):.1%}", f"{np.mean(each) * 1e3:.1f}", f"{np.median(each) * 1e3:.1f}"]
            for stage, each in seconds.items()
        ],
    )


def main() -> int:
    """Print the tables and how the marks were met."""
    parser = argparse.ArgumentParser(description="Accuracy of duplicates.")
    parser.add_argument("eval_set", type=Path)
    parser.add_argument("--library", type=Path, help="a library to keep, or to use again")
    parser.add_argument("--step", default="usual")
    parser.add_argument("--pairs", type=int, default=600, help="sample for the cost of each stage")
    arguments = parser.parse_args()
    eval_set = Path(os.path.abspath(arguments.eval_set))
    begin("Copies and similar shots through the command line")
    with temporary_folder() as folder, nullcontext(arguments.library or folder / "library") as library:
        groups = found_groups(eval_set, library, arguments.step)
        marks = accuracy(eval_set, groups, folder)
        verdicts(eval_set, groups)
        cost(library, arguments.pairs)
    return conclude(marks)


if __name__ == "__main__":
    sys.exit(main())
