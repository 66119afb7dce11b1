"""A table as Markdown, CSV, JSON and chart: what is written can be read back."""

from __future__ import annotations

import csv
import io
import json
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from photofind.core.errors import QueryError, StorageError
from photofind.core.evaluation.charts import draw
from photofind.core.evaluation.tables.registry import TABLES
from photofind.core.evaluation.tables.result import BenchTable, ChartSpec, Column
from photofind.core.evaluation.writing import TABLE_FORMS, csv_text, document, markdown, write_table


@pytest.fixture
def table() -> BenchTable:
    columns = (
        Column("index", "Index"),
        Column("setting", "nprobe", 0),
        Column("ms", "1 query", 2, "ms"),
        Column("recall", "Recall@10", 3),
    )
    rows: list[dict[str, object]] = [
        {"index": "Flat", "setting": 1, "ms": 1234.5678, "recall": np.float32(1)},
        {"index": "IVF|8", "setting": 2, "ms": 0.5, "recall": 0.98765},
        {"index": "IVF|8", "setting": 4, "ms": float("nan"), "recall": None},
        {"index": '=HYPERLINK("x")\nnext', "setting": 8, "ms": 2.0, "recall": 0.5},
    ]
    chart = ChartSpec("ms", "recall", "index", "setting", log_x=True)
    return BenchTable("made", "A made table", columns, rows, ["A note."], {"vectors": 12_345, "model": "m"}, chart)


def test_markdown_reads_back(table: BenchTable) -> None:
    lines = markdown(table).splitlines()
    assert lines[0] == "# A made table"
    cells = [[cell.strip() for cell in line.strip("|").replace("\\|", "/").split("|")] for line in lines[2:8]]
    assert cells[0] == ["Index", "nprobe", "1 query, ms", "Recall@10"]
    assert [set(rule) for rule in cells[1]] == [{"-"}, {"-", ":"}, {"-", ":"}, {"-", ":"}]
    assert cells[2] == ["Flat", "1", "1,234.57", "1.000"]
    assert cells[3] == ["IVF/8", "2", "0.50", "0.988"]
    assert cells[4] == ["IVF/8", "4", "-", "-"]
    assert cells[5][0] == '=HYPERLINK("x") next'
    assert len({len(line) for line in lines[2:8]}) == 1, "columns are aligned"
    assert "* A note." in lines
    assert "* Measured: vectors 12,345; model m." in lines


def test_csv_reads_back_and_holds_no_formulas(table: BenchTable) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text(table))))
    assert [*rows[0]] == ["index", "setting", "ms", "recall"]
    assert (rows[0]["ms"], rows[0]["recall"]) == ("1234.5678", "1.0")
    assert (rows[2]["ms"], rows[2]["recall"]) == ("", "")
    assert rows[3]["index"] == '\'=HYPERLINK("x") next'


def test_json_reads_back(table: BenchTable) -> None:
    read = json.loads(json.dumps(document(table), allow_nan=False))
    assert (read["table"], read["title"], read["notes"]) == ("made", "A made table", ["A note."])
    assert read["columns"][2] == {"key": "ms", "title": "1 query", "unit": "ms"}
    assert read["rows"][1] == {"index": "IVF|8", "setting": 2, "ms": 0.5, "recall": 0.98765}
    assert read["rows"][2]["ms"] is None
    assert read["facts"] == {"vectors": 12345, "model": "m"}


@pytest.mark.parametrize("suffix", [".md", ".csv", ".json", ".JSON"])
def test_the_suffix_says_in_what_form_a_file_is_written(suffix: str, table: BenchTable, tmp_path: Path) -> None:
    path = tmp_path / f"tablé{suffix}"
    write_table(BenchTable("made", "An earlier one", (Column("build_s", "Build"),), [{"build_s": 1.5}]), path)
    write_table(table, path)
    text = path.read_text(encoding="utf-8-sig" if suffix == ".csv" else "utf-8")
    if suffix.lower() == ".json":
        assert json.loads(text) == document(table)
    else:
        assert text.replace("\r\n", "\n") == (markdown if suffix == ".md" else csv_text)(table).replace("\r\n", "\n")
    assert [path.name for path in tmp_path.iterdir()] == [path.name]


def test_another_suffix_is_refused(table: BenchTable, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"table\.xlsx has to end in \.md, \.csv or \.json"):
        write_table(table, tmp_path / "table.xlsx")
    with pytest.raises(QueryError, match=r"chart\.gif has to end in \.png or \.svg"):
        draw(table, tmp_path / "chart.gif")
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.md", b"# Notes\n\n| a | b |\n|---|---|\n* Measured by hand.\n"),
        ("labels.csv", b"\xef\xbb\xbfpath,label\r\na.jpg,cat\r\n"),
        ("data.json", b'{"title": "mine", "table": []}'),
        ("table.md", b"\xff\xd8\xff\xe0 a photo with a wrong name"),
    ],
)
def test_what_is_no_earlier_table_is_not_replaced(name: str, content: bytes, table: BenchTable, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(StorageError, match="which is not a table of photofind and would be lost"):
        write_table(table, path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("form", ["png", "svg"])
def test_only_an_earlier_chart_is_replaced_by_a_chart(form: str, table: BenchTable, tmp_path: Path) -> None:
    path = tmp_path / f"chart.{form}"
    draw(table, path)
    drawn = path.read_bytes()
    draw(table, path)
    assert path.read_bytes() == drawn
    with Image.new("RGB", (8, 8), "red") as image:
        image.save(tmp_path / "photo.png")
    photo = (tmp_path / "photo.png").read_bytes() if form == "png" else b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    path.write_bytes(photo)
    with pytest.raises(StorageError, match="which is not a chart of photofind and would be lost"):
        draw(table, path)
    assert path.read_bytes() == photo


def test_every_table_can_be_told_from_other_csv_files() -> None:
    for entry in TABLES.values():
        module = import_module(f"photofind.core.evaluation.tables.{entry.module}")
        empty = BenchTable(entry.module, entry.module, module._COLUMNS)
        assert TABLE_FORMS[".csv"].is_one(f"\ufeff{csv_text(empty)}".encode())


def test_what_cannot_be_written_leaves_nothing(table: BenchTable, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no folder"):
        write_table(table, tmp_path / "gone" / "table.md")
    (tmp_path / "table.md").mkdir()
    with pytest.raises(StorageError, match="Cannot write"):
        write_table(table, tmp_path / "table.md")
    assert [path.name for path in tmp_path.iterdir()] == ["table.md"]


def test_a_chart_as_png_shows_colours_at_150_dots_an_inch(table: BenchTable, tmp_path: Path) -> None:
    draw(table, tmp_path / "chart.png")
    with Image.open(tmp_path / "chart.png") as image:
        assert image.size > (1000, 600)
        assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or []}
    assert {(0x00, 0x72, 0xB2), (0xD5, 0x5E, 0x00), (0x00, 0x9E, 0x73)} <= colours, "a colour for each series"


def test_a_chart_as_svg_has_its_words_and_is_the_same_each_time(table: BenchTable, tmp_path: Path) -> None:
    draw(table, tmp_path / "one.svg")
    draw(table, tmp_path / "other.svg")
    content = (tmp_path / "one.svg").read_bytes()
    assert content == (tmp_path / "other.svg").read_bytes()
    words = " ".join(ElementTree.fromstring(content).itertext())
    for word in ("A made table", "1 query, ms", "Recall@10", "Flat", "IVF|8"):
        assert word in words


def test_a_table_without_points_has_no_chart(table: BenchTable, tmp_path: Path) -> None:
    table.rows = [{"index": "Flat", "reason": "it is none"}]
    with pytest.raises(QueryError, match="no measured points"):
        draw(table, tmp_path / "chart.png")
    table.chart = None
    with pytest.raises(QueryError, match="no measured points"):
        draw(table, tmp_path / "chart.png")
    assert [path.name for path in tmp_path.iterdir()] == []
