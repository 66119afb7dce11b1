"""Groups as JSON and CSV: whole documents, whatever names files have."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from photofind.core.duplicates.exporting import Document, csv_text, group_document, json_text, write_text
from photofind.core.duplicates.keeping import suggest
from photofind.core.errors import StorageError
from photofind.core.evidence import DuplicateGroup, Evidence, GroupKind, Verdict
from tests.duplicates.made_groups import copies, group, member
from tests.duplicates.test_keeping import RULES

ODD = os.fsdecode(b'/p/\xff \xe9,\n".jpg')


def document(made: DuplicateGroup) -> Document:
    return group_document(made, suggest(made, RULES, (), ()))


def test_a_group_in_full() -> None:
    made = group(member("/p/a.jpg"), member("/p/b.png", verdict=Verdict.EDITED, size=(80, 60), file_format="PNG"))
    told = document(made)
    assert (told["kind"], told["key"]) == ("near", made.key)
    reference, edited = told["photos"]
    assert (reference["path"], reference["suggest"], reference["rule"], reference["similarity"]) == (
        "/p/a.jpg",
        "keep",
        None,
        1.0,
    )
    assert set(reference["evidence"]) == set(edited["evidence"])
    assert set(reference["evidence"].values()) == {None}
    assert {name: edited[name] for name in ("suggest", "rule", "reason", "kept", "caution", "similarity")} == {
        "suggest": "remove",
        "rule": "larger",
        "reason": "larger picture: 4000x3000 instead of 80x60",
        "kept": reference["id"],
        "caution": "edited",
        "similarity": 0.9,
    }
    assert (edited["width"], edited["height"], edited["format"], edited["bytes"]) == (80, 60, "PNG", 1000)
    assert edited["evidence"]["verdict"] == "edited"
    assert edited["evidence"]["score"] == 0.99


def test_similar_shots_have_no_suggestion() -> None:
    made = group(member("/p/a.jpg"), member("/p/b.jpg", verdict=Verdict.SIMILAR), kind=GroupKind.SIMILAR)
    assert [photo["suggest"] for photo in document(made)["photos"]] == [None, None]


@pytest.mark.parametrize("groups", [0, 1, 3])
def test_json_comes_in_pieces_and_is_one_document(groups: int) -> None:
    made = [document(copies(ODD, f"/p/{number}.jpg")) for number in range(groups)]
    pieces = list(json_text({"groups": iter(made), "similar": iter(())}, {"seconds": 1.5, "threshold": None}))
    assert len(pieces) > groups
    assert json.loads("".join(pieces)) == {"groups": made, "similar": [], "seconds": 1.5, "threshold": None}
    assert "".join(pieces).isascii()


def test_csv_reads_back_and_holds_no_formula() -> None:
    cropped = member("=1+2.jpg", verdict=Verdict.CROPPED, size=(80, 60), camera="@SUM(A1)")
    made = group(member(ODD), cropped)
    with_changes = Evidence(Verdict.CROPPED, 0.5, changes=("grey", "mirrored"))
    last = group(made.members[0], member("/p/c.jpg", verdict=Verdict.SAME_PICTURE))
    told = document(made)
    told["photos"][1]["evidence"]["changes"] = with_changes.changes
    text = "".join(csv_text([told, document(last)]))
    assert text.startswith("\ufeffgroup,kind,path,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [row["group"] for row in rows] == ["1", "1", "2", "2"]
    assert [row["path"] for row in rows[:2]] == [ODD, "'=1+2.jpg"]
    assert rows[1]["camera"] == "'@SUM(A1)"
    assert (rows[1]["suggest"], rows[1]["verdict"], rows[1]["changes"]) == ("keep", "cropped", "grey mirrored")


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "groups.csv"
    write_text(path, csv_text([document(copies(ODD, "/p/b.jpg"))]))
    whole = path.read_bytes()
    assert rb"\udcff" in whole
    assert b"\r\n" in whole

    def broken() -> object:
        yield "group"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_text(path, broken())  # type: ignore[arg-type]
    assert path.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(StorageError, match="Cannot write"):
        write_text(tmp_path / "no" / "groups.csv", [])
