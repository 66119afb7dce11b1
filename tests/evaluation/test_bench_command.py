"""``photofind bench`` from its arguments to what it prints and writes."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
from pathlib import Path

import pytest
from PIL import Image

from photofind.cli.main import run
from photofind.cli.measuring_arguments import TABLES as NAMES
from photofind.core.evaluation.tables.registry import TABLES
from tests.support.handmade import Handmade, pictures
from tests.support.program import Ended, started


def no_window(library: Path | None) -> int:
    raise AssertionError(library)


def bench(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Ended:
    """Run the command in this very process, which saves a second each time."""
    try:
        status = run(["bench", *map(str, arguments)], no_window)
    except SystemExit as end:  # wrong usage
        status = int(str(end.code))
    streams = capsys.readouterr()
    return Ended(status, streams.out, streams.err)


@pytest.fixture
def indexed(library: Handmade) -> Path:
    library.add(pictures(320))
    library.upkeep.run()
    return library.folder


def test_the_names_on_the_command_line_are_those_of_the_core() -> None:
    assert set(NAMES) == set(TABLES)


def test_a_table_of_the_library_in_every_form(
    indexed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in indexed.glob("vectors-*")}
    common = ("factory", "Flat", "IVF4,SQ8", "--library", indexed, "--queries", "20")
    shown = bench(capsys, *common, "--out", tmp_path / "table.csv", "--chart", tmp_path / "chart.svg")
    assert shown.status == 0, shown.err
    assert shown.out.startswith("# Kinds of indexes\n\n| Index")
    assert "all 320 embeddings of the library" in shown.out
    assert f"Table written to {tmp_path / 'table.csv'}" in shown.err
    rows = list(csv.DictReader(io.StringIO((tmp_path / "table.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0]["index"] == "Flat"
    assert float(rows[0]["recall_at_10"]) == 1
    assert b"<svg" in (tmp_path / "chart.svg").read_bytes()

    as_json = bench(capsys, *common, "--json")
    facts = as_json.json["facts"]
    assert (facts["vectors"], facts["queries"], facts["source"], facts["dimension"]) == (320, 20, "library", 32)
    as_csv = bench(capsys, *common, "--format", "csv")
    assert next(csv.DictReader(io.StringIO(as_csv.out)))["index"] == "Flat"
    assert {path.name: path.stat().st_mtime_ns for path in indexed.glob("vectors-*")} == before


def test_generated_vectors_need_no_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = bench(
        capsys, "exact-vs-index", "--generated", "200", "--queries", "5", "--json", "--library", tmp_path / "none"
    )
    assert ended.status == 0, ended.err
    assert ended.json["facts"]["source"] == "generated"
    recall = {row["method"]: row["recall_at_10"] for row in ended.json["rows"]}
    assert recall["Brute force"] == recall["Flat"] == 1
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pq"], ["takes 100 photos or more", "has 0 photos", "--generated 20000"]),
        (["pq", "Flat", "--generated", "200"], ["takes no strings"]),
        (["factory", "PQ7", "--generated", "200"], ["PQ7", "multiple of"]),
        (["factory", "--generated", "5"], ["takes 100 vectors or more"]),
        (["factory", "--generated", "200", "--out", "table.txt"], [".md, .csv or .json"]),
        (["factory", "--generated", "200", "--chart", "chart.pdf"], [".png or .svg"]),
        (["factory", "--generated", "200", "--out", "/no/such/folder/t.md"], ["there is no folder"]),
    ],
    ids=["empty", "strings", "refused", "few", "out", "chart", "folder"],
)
def test_one_clear_sentence(
    arguments: list[str], words: list[str], library: Handmade, capsys: pytest.CaptureFixture[str]
) -> None:
    bench(capsys, *arguments, "--library", library.folder).assert_fails(*words)


@pytest.mark.parametrize("option", ["--out", "--chart"])
def test_a_folder_in_the_way_is_told_before_anything_is_measured(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / ("table.md" if option == "--out" else "chart.png")
    taken.mkdir()
    ended = bench(capsys, "factory", "Flat", "--generated", "200", "--queries", "5", option, taken)
    ended.assert_fails("it is a folder")
    assert ended.out == ""


def test_a_picture_and_the_library_are_not_written_over_and_it_is_told_at_once(
    indexed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = tmp_path / "photo.png"
    with Image.new("RGB", (8, 8)) as image:
        image.save(photo)
    before = photo.read_bytes()
    common = ("factory", "Flat", "--generated", "200", "--queries", "5", "--library", indexed)
    ended = bench(capsys, *common, "--chart", photo)
    ended.assert_fails("a picture", "choose another name")
    assert ended.out == "", "nothing was measured"
    assert photo.read_bytes() == before
    bench(capsys, *common, "--out", indexed / "accuracy.json").assert_fails("the library's own folder")
    assert not (indexed / "accuracy.json").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a file system that takes no files is at hand on Linux")
def test_a_folder_that_takes_no_files_is_told_before_anything_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    ended = bench(capsys, "factory", "Flat", "--generated", "200", "--queries", "5", "--out", "/proc/table.md")
    ended.assert_fails("Cannot write /proc/table.md")
    assert ended.out == ""


def test_an_empty_name_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    bench(capsys, "factory", "Flat", "--generated", "200", "--out", "").assert_fails(".md, .csv or .json")


def test_no_library_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench(capsys, "pq", "--library", tmp_path / "none").assert_fails("There is no library in", "photofind index")


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_ctrl_c_ends_a_table(tmp_path: Path) -> None:
    arguments = ("bench", "exact-vs-index", "--generated", "20000", "--library", str(tmp_path))
    with started(*arguments, env={**os.environ, "PYTHONUNBUFFERED": "1"}) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        # What tells that the handler is there: the process has read nothing yet when it says so.
        _wait_for_handler(process.pid)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert out == b""
    assert b"Stopped" in err
    assert b"Traceback" not in err


def _wait_for_handler(pid: int) -> None:
    """Wait until a process catches SIGINT by a handler of its own besides Python's: it also catches SIGTERM then."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip("only Linux tells which signals a process catches")
    while True:
        caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt"))
        if int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1:
            return


def test_json_has_no_numbers_that_json_has_not(capsys: pytest.CaptureFixture[str]) -> None:
    ended = bench(capsys, "pq", "--generated", "100", "--queries", "5", "--json")
    assert ended.status == 0, ended.err
    rows = json.loads(ended.out, parse_constant=pytest.fail)["rows"]
    assert [row["bits"] for row in rows if row["reason"] is None] == [6] * 4
