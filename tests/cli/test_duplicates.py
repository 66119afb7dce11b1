"""``photofind duplicates`` from photos on disk to the list: what is found, what is suggested, in which form."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from photofind.cli.main import CAUTIONS, THRESHOLD_STEPS
from photofind.core.duplicates.calibration import STEP_NAMES
from photofind.core.duplicates.keeping import Caution
from photofind.core.settings import Settings
from tests.cli.copied_photos import Copied, put_copies, run_here
from tests.support.program import Ended, configure, photofind
from tests.support.world import World

Ask = Callable[..., Ended]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Copied:
    """Copies of all kinds, indexed; files are only to be read."""
    world = World(tmp_path_factory.mktemp("copied"), Settings(workers=1))
    return put_copies(world)


@pytest.fixture
def ask(copied: Copied, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run the command on these copies."""
    return partial(run_here, capsys, copied.world.library)


def found(ask: Ask, *arguments: str) -> dict[str, Any]:
    ended = ask("--json", *arguments)
    assert ended.status == 0, ended.err
    assert ended.err == ""
    document: dict[str, Any] = ended.json
    return document


def photos(document: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """Return the photos in the groups of a kind by their names."""
    groups = [group for group in document["groups"] if group["kind"] == kind]
    return {os.path.basename(photo["path"]): photo for group in groups for photo in group["photos"]}


def test_the_names_on_the_command_line_are_those_of_the_core() -> None:
    assert THRESHOLD_STEPS == STEP_NAMES
    assert set(CAUTIONS) == set(Caution)


def test_the_contracts_document(copied: Copied) -> None:
    before = copied.snapshot()
    ended = photofind("duplicates", "--library", copied.world.library, "--json")
    assert (ended.status, ended.err) == (0, "")
    document = ended.json
    assert list(document) == ["groups", "similar", "threshold", "step", "expected", "seconds"]
    assert document["step"] == "usual"
    assert 0.5 < document["expected"]["recall"] <= document["expected"]["precision"] <= 1
    exact, near = photos(document, "exact"), photos(document, "near")
    assert set(exact) == {"cat.jpg", "cat (1).jpg", "cat stripped.jpg"}
    assert set(near) == {"astronaut.jpg", "small.jpg", "web.jpg", "grey.jpg"}
    assert {name: photo["suggest"] for name, photo in exact.items()} == {
        "cat.jpg": "keep",
        "cat (1).jpg": "remove",
        "cat stripped.jpg": "remove",
    }
    assert exact["cat stripped.jpg"]["rule"] == "metadata"
    assert {name: photo["suggest"] for name, photo in near.items()} == {
        "astronaut.jpg": "keep",
        "small.jpg": "remove",
        "web.jpg": "remove",
        "grey.jpg": "remove",
    }
    assert (near["small.jpg"]["rule"], near["small.jpg"]["kept"]) == ("larger", near["astronaut.jpg"]["id"])
    assert near["small.jpg"]["evidence"]["verdict"] == "resized"
    assert near["grey.jpg"]["caution"] == "edited"
    assert near["web.jpg"]["caution"] is None
    for photo in (*exact.values(), *near.values()):
        assert Path(photo["path"]).is_file()
        assert 0 < photo["similarity"] <= 1
        assert isinstance(photo["id"], int)
        assert set(photo["evidence"]) >= {"verdict", "score", "similarity", "hash_distance", "matches", "changes"}
    assert copied.snapshot() == before, "listing touches nothing"


def test_kinds_and_thresholds(ask: Ask) -> None:
    exact = found(ask, "--kind", "exact", "--threshold", "0.5")
    assert {group["kind"] for group in exact["groups"]} == {"exact"}
    assert (exact["threshold"], exact["step"]) == (0.5, None)
    near = found(ask, "--kind", "near", "--threshold", "strict")
    assert {group["kind"] for group in near["groups"]} <= {"near"}
    assert near["similar"] == []
    loose = found(ask, "--threshold", "loose")
    assert near["threshold"] > loose["threshold"]
    assert near["expected"]["precision"] >= loose["expected"]["precision"]
    for wrong in ("1.5", "-1", "nan", "some"):
        ended = ask("--threshold", wrong)
        assert ended.status == 2
        assert "neither from 0 to 1 nor one of strict, careful" in ended.err


def test_the_list_for_people(copied: Copied) -> None:
    ended = photofind("duplicates", "--library", copied.world.library)
    assert ended.status == 0
    lines = ended.out.splitlines()
    (kept,) = [line for line in lines if "astronaut.jpg" in line]
    (small,) = [line for line in lines if "small.jpg" in line]
    (grey,) = [line for line in lines if "grey.jpg" in line]
    assert kept.split()[0] == "keep"
    assert small.split()[0] == "remove"
    assert grey.split()[0] == "remove?"
    assert "larger picture: 512x512 instead of 256x256" in small
    assert "2 groups of copies with 7 photos" in ended.err
    assert "5 photos may go" in ended.err
    assert "1 of them only after a look" in ended.err
    assert "--plan PLAN.json" in ended.err


def test_settings_decide(copied: Copied, ask: Ask) -> None:
    folder = str(copied.world.photos / "web")
    configure(f"workers = 1\npreferred_folders = [{json.dumps(folder)}]\nkeep_rules = ['preferred']\n")
    near = photos(found(ask), "near")
    assert near["web.jpg"]["suggest"] == "keep"
    assert (near["astronaut.jpg"]["suggest"], near["astronaut.jpg"]["rule"]) == ("remove", "preferred")
    configure(f"workers = 1\nprotected_folders = [{json.dumps(folder)}]\n")
    near = photos(found(ask), "near")
    assert near["web.jpg"]["rule"] == near["small.jpg"]["rule"] == "protected"
    assert near["web.jpg"]["suggest"] == "keep"


def test_groups_are_exported(ask: Ask, tmp_path: Path) -> None:
    ended = ask("--export", tmp_path / "groups.csv")
    assert ended.status == 0, ended.err
    assert "written to" in ended.out
    text = (tmp_path / "groups.csv").read_text(encoding="utf-8-sig")
    rows = {os.path.basename(row["path"]): row for row in csv.DictReader(io.StringIO(text))}
    assert rows["small.jpg"]["suggest"] == "remove"
    told = ask("--export", tmp_path / "groups.json", "--json").json
    assert told["exported"] == str(tmp_path / "groups.json")
    written = json.loads((tmp_path / "groups.json").read_text(encoding="utf-8"))
    assert {"groups", "similar", "threshold"} <= set(written)
    ask("--export", tmp_path / "groups.jpg").assert_fails(".csv or .json")
    ask("--export", tmp_path / "no" / "a.csv").assert_fails("Cannot write")


def test_what_cannot_be_done_is_a_sentence(copied: Copied, ask: Ask, tmp_path: Path) -> None:
    photofind("duplicates", "--library", tmp_path / "none").assert_fails("photofind index FOLDER")
    ask("--plan", tmp_path / "p.json", "--action", "move").assert_fails("name the folder")
    ask("--apply", tmp_path / "p.json").assert_fails("Cannot read the plan")
    (tmp_path / "p.json").write_text("{}")
    ask("--apply", tmp_path / "p.json").assert_fails()
    ask("--undo").assert_fails("nothing to take back")
    ask("--undo", "xyz").assert_fails("No plan xyz", "--history")
    ask("--not-duplicates", copied.path("cat.jpg")).assert_fails("two photos or more")
    outside = copied.world.probe
    ask("--not-duplicates", outside, copied.path("cat.jpg")).assert_fails("not in the lib")
    for wrong in (("--include", "all"), ("--kind", "odd"), ("--plan", "a", "--apply", "b"), ("--action", "delete")):
        assert ask(*wrong).status == 2
