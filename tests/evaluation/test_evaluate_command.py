"""`photofind evaluate`, `search --recall`, and the worker's `maintain`, as their users start them."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from photofind.cli import main
from photofind.cli.display import ProgressBar
from photofind.core.accuracy_file import read_accuracy, write_accuracy
from tests.support.clustered import cluster
from tests.support.handmade import Handmade, name_of, pictures
from tests.support.program import Worker, configure, photofind

NLIST = 16

Run = Callable[..., tuple[int, list[Any]]]


@pytest.fixture
def clustered(home: Path, library: Handmade) -> Iterator[Path]:
    """The folder of a library of 600 photos in 16 lists, a few of them dead; nobody has it open."""
    del home
    configure("workers = 1\n")
    photos = pictures(600)
    library.add(photos)
    cluster(library, NLIST)
    library.remove([name_of(photo) for photo in photos[:20]])
    library.close()
    yield library.folder
    library.open()


@pytest.fixture
def command(clustered: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line on the library in this very process; returns its status and the documents that it prints."""
    configure('workers = 1\npriority = "normal"\n')

    def run(*arguments: str) -> tuple[int, list[Any]]:
        capfd.readouterr()
        status = main.run([arguments[0], "--library", str(clustered), *arguments[1:]], lambda _: 1)
        out = capfd.readouterr().out
        return status, [json.loads(line) for line in out.splitlines() if line.startswith("{")]

    return run


def evaluate(library: Path, *arguments: str) -> dict[str, object]:
    document: dict[str, object] = photofind("evaluate", "--json", "--library", library, *arguments).json
    return document


def test_the_document(clustered: Path) -> None:
    document = evaluate(clustered)
    curve = document["curve"]
    assert isinstance(curve, list)
    assert [point["nprobe"] for point in curve] == [1, 2, 4, 8, 16]
    for point in curve:
        assert {"recall_at_1", "recall_at_10", "recall_at_100", "ms_median", "ms_p95"} <= point.keys()
        assert 0 < point["ms_median"] <= point["ms_p95"]
    assert curve[0]["recall_at_10"] < curve[-1]["recall_at_10"]
    enough = [point["nprobe"] for point in curve if point["recall_at_10"] >= 0.98]
    assert document["default_nprobe"] == enough[0]
    assert (document["queries"], document["vectors"]) == (580, 580)
    kept = read_accuracy(clustered)
    assert kept is not None
    assert [point.nprobe for point in kept.points] == [1, 2, 4, 8, 16]
    search = photofind("search", "--id", "30", "--json", "--library", clustered).json
    assert search["nprobe"] == enough[0]
    assert evaluate(clustered, "--queries", "25")["queries"] == 25


def test_the_table_for_people(clustered: Path) -> None:
    ended = photofind("evaluate", "--library", clustered)
    assert ended.status == 0
    assert ended.err == ""
    head, *rows, told = ended.out.splitlines()
    assert head.split() == ["nprobe", "recall@1", "recall@10", "recall@100", "median", "ms", "p95", "ms"]
    assert [row.split()[0] for row in rows] == ["1", "2", "4", "8", "16"]
    assert sum("(default)" in row for row in rows) == 1
    assert told.startswith("580 photos were asked")


def test_a_recall_instead_of_nprobe(clustered: Path, command: Run) -> None:
    search = ("search", "--id", "30", "--json", "--recall")
    assert command(*search, "0.5") == (1, [])
    (refused,) = batch(clustered, command, [{"id": 1, "recall": 0.5}])
    assert refused["id"] == 1
    assert "photofind evaluate" in refused["error"]
    curve = command("evaluate", "--json")[1][0]["curve"]
    for recall in (0.0, 0.7, curve[1]["recall_at_10"] - 1e-4):
        wanted = next(point["nprobe"] for point in curve if point["recall_at_10"] >= recall)
        (answer,) = command(*search, str(recall))[1]
        assert (answer["nprobe"], answer["exact"]) == (wanted, False)
    limit_recall(clustered, 0.6)
    assert command(*search, "0.7")[1][0]["exact"] is True
    asked: list[dict[str, Any]] = [
        {"recall": 0.5},
        {"recall": 0.9},
        {"recall": 2},
        {"recall": "x"},
        {"recall": 0.5, "nprobe": 3},
    ]
    answers = batch(clustered, command, asked)
    assert ["error" in answer for answer in answers] == [False, False, True, True, True]
    assert "from 0 to 1" in answers[2]["error"]
    assert "leave the others away" in answers[4]["error"]


def test_a_wish_that_nothing_reaches(clustered: Path, command: Run) -> None:
    command("evaluate")
    limit_recall(clustered, 0.6)
    assert command("search", "--id", "30", "--json")[1][0]["nprobe"] == NLIST


def test_ctrl_c_ends_it_and_keeps_what_was_measured_before(
    clustered: Path, command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("evaluate")
    before = read_accuracy(clustered)
    monkeypatch.setattr(ProgressBar, "show", lambda *_: signal.raise_signal(signal.SIGINT))
    assert command("evaluate", "--json") == (130, [])
    assert read_accuracy(clustered) == before


def batch(library: Path, command: Run, queries: list[dict[str, Any]]) -> list[Any]:
    """Answer queries, each for photo 30, as a batch."""
    file = library / "queries.jsonl"
    file.write_text("\n".join(json.dumps({"ids": [30], **query}) for query in queries))
    return command("search", "--batch", str(file))[1]


def limit_recall(library: Path, most: float) -> None:
    """Change what was measured, so that no nprobe finds more than this."""
    measured = read_accuracy(library)
    assert measured is not None
    points = tuple(replace(point, recall_at_10=min(point.recall_at_10, most)) for point in measured.points)
    write_accuracy(library, replace(measured, points=points))


def test_what_cannot_be_measured_is_one_sentence(library: Handmade) -> None:
    evaluation = ("evaluate", "--library", library.folder)
    photofind(*evaluation).assert_fails("no photos")
    library.add(pictures(1))
    photofind(*evaluation).assert_fails("nothing to be compared with")
    photofind("evaluate", "--library", library.folder / "nowhere").assert_fails("no library")


def test_the_worker_maintains_the_index(clustered: Path) -> None:
    with Worker(clustered) as worker:
        worker.until("ready")
        worker.send("maintain", task="calibrate", if_due=True)
        progress = worker.event()
        assert progress is not None
        assert (progress["event"], progress["phase"]) == ("progress", "calibrate")
        maintained = worker.until("maintained")
        assert (maintained["task"], maintained["done"]) == ("calibrate", True)
        before = read_accuracy(clustered)
        assert before is not None
        worker.send("maintain", task="calibrate", if_due=True)
        assert worker.until("maintained")["done"] is False
        for task in ("compact", "recluster"):
            worker.send("maintain", task=task)
            maintained = worker.until("maintained")
            assert (maintained["task"], maintained["done"]) == (task, True)
        worker.send("maintain", task="compact", if_due=True)
        assert worker.until("maintained")["done"] is False
        worker.send("maintain", task="calibrate", if_due=True)  # the epoch is another
        assert worker.until("maintained")["done"] is True
        after = read_accuracy(clustered)
        assert after is not None
        assert after.epoch_id != before.epoch_id
        worker.send("maintain", task="polish")
        worker.send("maintain")
        assert [worker.until("refused")["message"][:13] for _ in range(2)] == ["not a command"] * 2
        worker.send("quit")
        assert worker.rest() == []


def test_a_stopped_task_is_not_done(clustered: Path) -> None:
    with Worker(clustered) as worker:
        worker.until("ready")
        for task in ("calibrate", "recluster"):
            worker.send("pause")
            worker.until("paused")
            worker.send("maintain", task=task)
            worker.send("stop")
            maintained = worker.until("maintained")
            assert (maintained["task"], maintained["done"]) == (task, False)
        assert read_accuracy(clustered) is None


def test_the_worker_refuses_what_cannot_be_measured(home: Path, library: Handmade) -> None:
    del home
    library.add(pictures(1))
    library.close()
    with Worker(library.folder) as worker:
        worker.until("ready")
        worker.send("maintain", task="calibrate")
        assert "nothing to be compared with" in worker.until("refused")["message"]
        worker.send("maintain", task="calibrate", if_due=True)
        assert worker.until("maintained")["done"] is False
    library.open()
