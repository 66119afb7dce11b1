from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photofind.core.errors import LibraryDamagedError, QueryError
from photofind.core.evaluation.labelled import LabelEvaluator, LabelReport
from photofind.core.evaluation.retrieval import average_precision, ranking
from photofind.core.progress import Control
from tests.evaluation.running import photofind_here
from tests.support.handmade import DIMENSION, FOLDER, Handmade, Picture, Vectors

THEMES = 8


def labelled(library: Handmade, tmp_path: Path, count: int = 160, unlabelled: int = 0) -> tuple[Path, Vectors]:
    """Fill a library with photos of some themes, the last of them without a label; return the file of labels."""
    random = np.random.default_rng(2)
    themes = np.arange(count + unlabelled) % THEMES
    vectors = random.standard_normal((THEMES, DIMENSION))[themes] + random.standard_normal((len(themes), DIMENSION))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = vectors.astype(np.float16).astype(np.float32)
    library.add(Picture(number, row) for number, row in enumerate(rows))
    path = tmp_path / "labels.csv"
    path.write_text("".join(f"{FOLDER}/{number}.jpg,theme {themes[number]}\n" for number in range(count)))
    return path, rows


def evaluated(library: Path, source: Path, queries: int | None = None) -> LabelReport:
    with LabelEvaluator(library, str(source)) as evaluator:
        for _ in evaluator.run(1, 0.8, queries, Control()):
            pass
        assert evaluator.report is not None
        return evaluator.report


def brute_force(rows: Vectors) -> float:
    labels = np.arange(len(rows)) % THEMES
    scores = rows @ rows.T
    aps = []
    for own in range(len(rows)):
        hits = labels[ranking(scores[own], own)] == labels[own]
        aps.append(average_precision(hits, int(hits.sum())))
    return float(np.mean(aps))


def test_every_labelled_photo_is_asked_among_the_others(library: Handmade, tmp_path: Path) -> None:
    source, rows = labelled(library, tmp_path, unlabelled=40)

    report = evaluated(library.folder, source)

    assert report.result.queries == 160
    assert report.labels.unlabelled == 40
    assert report.result.mean_ap == pytest.approx(brute_force(rows[:160]), abs=1e-4)
    assert sum(report.result.confusions.values()) == 160


def test_the_index_is_compared_with_the_exact_answer(library: Handmade, tmp_path: Path) -> None:
    source, _ = labelled(library, tmp_path, count=1_600)
    library.upkeep.rebuild()

    report = evaluated(library.folder, source, queries=50)

    index = report.index
    assert report.result.queries == 50
    assert (index.queries, index.depth, index.compares_all) == (50, 1_000, False)
    assert index.exact_ap > 0.3
    # One list holds all: what is missed are a few far down, which eight bits a component misplace.
    assert index.index_ap == pytest.approx(index.exact_ap, abs=0.01)
    assert index.exact_ms > 0
    assert index.index_ms > 0


def test_a_library_without_an_index_compares_all_in_either_way(library: Handmade, tmp_path: Path) -> None:
    source, _ = labelled(library, tmp_path)

    report = evaluated(library.folder, source)

    assert report.index.compares_all
    assert report.index.index_ap == report.index.exact_ap
    assert report.index.depth == 159


def test_what_is_written_meanwhile_is_not_seen(library: Handmade, tmp_path: Path) -> None:
    source, rows = labelled(library, tmp_path)
    with LabelEvaluator(library.folder, str(source)) as evaluator:
        steps = evaluator.run(1, 0.8, None, Control())
        next(steps)
        library.remove([f"{number}.jpg" for number in range(50)])
        library.add([Picture(1_000, rows[0])])
        library.upkeep.run()
        list(steps)

        assert evaluator.report is not None
        assert evaluator.report.result.mean_ap == pytest.approx(brute_force(rows), abs=1e-4)


def test_a_stop_leaves_no_report(library: Handmade, tmp_path: Path) -> None:
    source, _ = labelled(library, tmp_path)
    control = Control()
    with LabelEvaluator(library.folder, str(source)) as evaluator:
        for _ in evaluator.run(1, 0.8, None, control):
            control.stop()

        assert evaluator.report is None


def test_photos_that_are_all_the_same_are_measured(library: Handmade, tmp_path: Path) -> None:
    row = np.zeros(DIMENSION, np.float32)
    row[3] = 1
    library.add(Picture(number, row) for number in range(12))
    source = tmp_path / "labels.csv"
    source.write_text("".join(f"{FOLDER}/{number}.jpg,{number % 2}\n" for number in range(12)))

    report = evaluated(library.folder, source)

    assert 0 < report.result.mean_ap < 1
    assert report.result.threshold is None


def test_an_empty_library_says_what_to_do(library: Handmade) -> None:
    with pytest.raises(QueryError, match="run `photofind index FOLDER` first"):
        LabelEvaluator(library.folder, "folders")


def test_rows_that_are_no_embeddings_are_not_measured(library: Handmade, tmp_path: Path) -> None:
    source, _ = labelled(library, tmp_path)
    with library.row_path.open("r+b") as file:
        file.write(np.full(DIMENSION, np.nan, "<f2").tobytes())

    with pytest.raises(LibraryDamagedError, match="photofind doctor"):
        evaluated(library.folder, source)


def test_the_command_prints_what_was_measured(
    library: Handmade, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, rows = labelled(library, tmp_path)
    asked = ("evaluate", "--library", library.folder, "--labels", source, "--precision", "0.7")

    document = photofind_here(capsys, *asked, "--json").json
    text = photofind_here(capsys, *asked)

    assert document["map"] == pytest.approx(brute_force(rows), abs=1e-4)
    assert (document["photos"], document["labels"], document["queries"]) == (160, THEMES, 160)
    assert set(document["precision"]) == {"1", "5", "10"}
    assert set(document["recall"]) == set(document["hits"]) == {"1", "5", "10", "100"}
    assert document["threshold"]["precision"] >= 0.7
    assert document["threshold"]["cosine"] == pytest.approx(1 - document["threshold"]["distance"])
    assert {each["label"] for each in document["per_label"]} == set(document["confusions"])
    assert sum(count for row in document["confusions"].values() for count in row.values()) == 160
    assert text.status == 0
    assert f"mAP         {document['map']:.4f}" in text.out
    assert "Threshold   cosine" in text.out


def test_a_precision_out_of_reach_is_said_to_be_so(
    library: Handmade, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = np.zeros(DIMENSION, np.float32)
    row[0] = 1
    library.add(Picture(number, row) for number in range(4))
    source = tmp_path / "labels.csv"
    source.write_text("".join(f"{FOLDER}/{number}.jpg,{number % 2}\n" for number in range(4)))
    asked = ("evaluate", "--library", library.folder, "--labels", source)

    document = photofind_here(capsys, *asked, "--json").json
    text = photofind_here(capsys, *asked)

    assert document["threshold"]["cosine"] is None
    assert document["threshold"]["best_precision"] == pytest.approx(1 / 3)
    assert "none gives a precision of 95.00%" in text.out


def test_labels_that_are_not_there_are_one_sentence(
    library: Handmade, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labelled(library, tmp_path)
    missing = tmp_path / "missing.csv"

    photofind_here(capsys, "evaluate", "--library", library.folder, "--labels", missing).assert_fails(
        "Cannot read the labels", str(missing)
    )
    photofind_here(capsys, "evaluate", "--library", library.folder, "--labels", "folders").assert_fails(
        "No photo of the library has a label"
    )
