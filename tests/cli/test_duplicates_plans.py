"""Plans over the real command line: written, verified, carried out into a real trash, taken back."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from photofind.cli import plans
from photofind.cli.main import run
from photofind.cli.plans import Report
from photofind.core.plans import StepResult
from photofind.core.settings import Settings
from tests.cli.copied_photos import Copied, put_copies, run_here
from tests.support.photos import put
from tests.support.program import Ended, configure, photofind
from tests.support.world import World

REMOVED = {"cat (1).jpg", "cat stripped.jpg", "small.jpg", "web.jpg"}
TRASHES = pytest.mark.skipif(os.name != "posix", reason="the trash of Linux and BSD")


Ask = Callable[..., Ended]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Copied:
    """Copies of all kinds, indexed; whoever acts on them takes it back."""
    return put_copies(World(tmp_path_factory.mktemp("copied"), Settings(workers=1)))


@pytest.fixture
def own(world: World) -> Copied:
    """Copies that a test may do anything to."""
    return put_copies(world)


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run the command on some copies; it must succeed."""

    def checked(copied: Copied, *arguments: str | Path) -> Ended:
        ended = run_here(capsys, copied.world.library, *arguments)
        assert ended.status == 0, ended.err
        return ended

    return checked


def names(copied: Copied) -> set[str]:
    return {os.path.basename(path) for path in copied.snapshot()}


@TRASHES
def test_plan_then_dry_run_then_apply_then_undo(shared: Copied, ask: Ask, tmp_path: Path) -> None:
    before = shared.snapshot()
    plan = tmp_path / "plan.json"
    told = photofind("duplicates", "--library", shared.world.library, "--plan", plan, "--json").json
    assert (told["plan"], told["action"], told["files"]) == (str(plan), "trash", len(REMOVED))
    assert told["waiting"] == {"edited": 1}
    assert sum(folder["files"] for folder in told["folders"]) == len(REMOVED)
    dry = ask(shared, "--apply", plan, "--dry-run", "--json").json
    assert (dry["dry_run"], dry["done"]) == (True, len(REMOVED))
    assert shared.snapshot() == before, "neither a plan nor a dry run touches anything"
    applied = photofind("duplicates", "--library", shared.world.library, "--apply", plan)
    assert applied.out.startswith("4 files put into the trash")
    assert f"--undo {told['id']}" in applied.err
    assert names(shared) == {os.path.basename(path) for path in before} - REMOVED
    run = ask(shared, "--history", "--json").json["history"][0]
    assert (run["plan_id"], run["done"]) == (told["id"], len(REMOVED))
    assert "4 done" in ask(shared, "--history").out
    undone = ask(shared, "--undo", told["id"][:8], "--json").json
    assert undone["undone"] == len(REMOVED)
    assert shared.snapshot() == before, "every byte is back"


@TRASHES
def test_what_changed_meanwhile_is_left_alone_and_told(
    own: Copied, ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.json"
    ask(own, "--plan", plan)
    changed, gone = own.path("small.jpg"), own.path("web.jpg")
    put(changed, b"something else by now")
    gone.unlink()
    ended = ask(own, "--apply", plan)
    assert ended.out.startswith("2 files put into the trash")
    assert "2 left as they are" in ended.out
    for path in (changed, gone):
        assert f"Skipped: {path}: " in ended.err
    assert changed.read_bytes() == b"something else by now"
    again = run_here(capsys, own.world.library, "--apply", plan, "--json")
    assert again.status == 1
    assert "None of the 4 files of this plan can be put into the trash" in again.err
    steps = {os.path.basename(s["path"]): s for s in again.json["steps"]}
    assert {step["outcome"] for step in steps.values()} == {"skipped"}, "it is done already"
    assert all(step["reason"] for step in steps.values())


def test_ctrl_c_stops_between_two_files(own: Copied, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ("duplicates", "--library", own.world.library)
    plan, away = tmp_path / "plan.json", tmp_path / "away"
    away.mkdir()
    before = own.snapshot()
    photofind(*command, "--plan", plan, "--action", "move", "--to", away)
    taken = Report.take

    def take_and_press(self: Report, result: StepResult) -> None:
        taken(self, result)
        signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(Report, "take", take_and_press)
        status = run([*map(str, command), "--apply", str(plan)], lambda _: 1)
    assert status == 130
    assert len(list(away.rglob("*.jpg"))) == 1
    assert photofind(*command, "--undo").out.startswith("1 files brought back")
    assert own.snapshot() == before


@TRASHES
def test_of_two_who_take_a_plan_back_at_once_one_is_told_so(
    shared: Copied, ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "plan.json"
    told = ask(shared, "--plan", plan, "--json").json
    ask(shared, "--apply", plan)
    before = plans._history(shared.world.library)
    ask(shared, "--undo")
    monkeypatch.setattr(plans, "_history", lambda _: before)  # read a moment before the other one had the lock
    ended = run_here(capsys, shared.world.library, "--undo")
    ended.assert_fails("nothing to take back", told["id"])


def test_what_deserves_a_look_goes_only_when_it_is_named(shared: Copied, ask: Ask, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    ended = ask(shared, "--plan", plan)
    assert "--include edited adds them" in ended.err
    assert "grey.jpg" not in plan.read_text()
    ask(shared, "--plan", plan, "--include", "edited,cropped")
    assert "grey.jpg" in plan.read_text()


def test_moving_away_and_back(shared: Copied, ask: Ask, tmp_path: Path) -> None:
    before = shared.snapshot()
    plan, away = tmp_path / "plan.json", tmp_path / "away"
    away.mkdir()
    ask(shared, "--kind", "near", "--plan", plan, "--action", "move", "--to", away)
    ended = ask(shared, "--apply", plan)
    assert ended.out.startswith("2 files moved")
    assert {path.name for path in away.rglob("*.jpg")} == {"small.jpg", "web.jpg"}
    ask(shared, "--undo")
    assert shared.snapshot() == before


def test_only_the_same_bytes_become_hard_links(own: Copied, ask: Ask, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    told = ask(own, "--plan", plan, "--action", "hardlink", "--json").json
    assert told["files"] == 1
    assert {os.path.basename(each["path"]) for each in told["left_out"]} == REMOVED - {"cat (1).jpg"}
    ask(own, "--apply", plan)
    assert own.path("cat (1).jpg").samefile(own.path("cat.jpg"))
    ask(own, "--undo")
    assert not own.path("cat (1).jpg").samefile(own.path("cat.jpg"))


@TRASHES
def test_protected_folders_stay_even_when_the_plan_is_older(shared: Copied, ask: Ask, tmp_path: Path) -> None:
    before = names(shared)
    plan = tmp_path / "plan.json"
    ask(shared, "--plan", plan)
    assert "web.jpg" in plan.read_text()
    configure(f"workers = 1\nprotected_folders = [{json.dumps(str(shared.world.photos / 'web'))}]\n")
    ended = ask(shared, "--apply", plan)
    assert shared.path("web.jpg").is_file()
    assert "protected" in ended.err
    ask(shared, "--undo")
    assert names(shared) == before


def test_a_plan_for_other_files_than_the_librarys_is_refused(
    own: Copied, ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever hands over a plan does not decide which folders it is about, not even through a link."""
    plan, forged = tmp_path / "plan.json", tmp_path / "forged.json"
    photos, outside = own.world.photos, tmp_path / "outside"
    ask(own, "--plan", plan)
    outside.mkdir()
    for path in photos.rglob("*.jpg"):
        shutil.copy2(path, outside / path.name)
    (photos / "linked").symlink_to(outside)
    for folder in (outside, photos / "linked"):
        text = plan.read_text().replace(str(photos / "web"), str(photos)).replace(str(photos), str(folder))
        forged.write_text(text)
        for mode in (("--apply", forged), ("--apply", forged, "--dry-run")):
            ended = run_here(capsys, own.world.library, *mode)
            assert ended.status == 1
            assert "none of the library's folders" in ended.err
    assert len(list(outside.iterdir())) == len(own.snapshot())
    own.world.refresh()
    ask(own, "--apply", forged)
    assert len(list(outside.iterdir())) < len(own.snapshot()), "what the library itself found through a link may go"


def test_nothing_is_moved_into_the_library(
    own: Copied, ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, within = tmp_path / "plan.json", own.world.library / "away"
    move = ("--action", "move", "--to", within)
    ended = run_here(capsys, own.world.library, "--plan", plan, *move)
    assert (ended.status, plan.exists()) == (1, False)
    assert "the library's own" in ended.err
    ask(own, "--plan", plan, "--action", "move", "--to", tmp_path / "away")
    plan.write_text(plan.read_text().replace(str(tmp_path / "away"), str(within)))
    ended = run_here(capsys, own.world.library, "--apply", plan)
    assert ended.status == 1
    assert "the library's own" in ended.err
    assert not within.exists()


def test_a_plan_that_never_ends(
    own: Copied, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "_LARGEST_PLAN", 1000)
    ended = run_here(capsys, own.world.library, "--apply", "/dev/zero")
    assert ended.status == 1
    assert "longer than" in ended.err


def test_not_duplicates_is_remembered(own: Copied, ask: Ask) -> None:
    pictures = [own.path(name) for name in ("astronaut.jpg", "small.jpg", "web.jpg", "grey.jpg")]
    assert "no duplicates" in ask(own, "--not-duplicates", *pictures).out
    cats = [own.path(name) for name in ("cat.jpg", "cat (1).jpg", "cat stripped.jpg")]
    assert ask(own, "--not-duplicates", *cats, "--json").json == {"remembered": [str(cat) for cat in cats]}
    assert ask(own, "--json").json["groups"] == []


def test_names_that_are_no_text(own: Copied, ask: Ask, tmp_path: Path) -> None:
    odd = put(b"%s/\xff\n\xe9.jpg" % bytes(own.world.photos), own.path("coffee.jpg").read_bytes())
    own.world.refresh()
    document = ask(own, "--json").json
    (group,) = [g for g in document["groups"] if any("coffee" in photo["path"] for photo in g["photos"])]
    assert str(odd) in {photo["path"] for photo in group["photos"]}
    assert r"\xff" not in ask(own).out
    assert r"\udcff" in ask(own).out
    plan = tmp_path / "plan.json"
    away = tmp_path / "away"
    away.mkdir()
    ask(own, "--plan", plan, "--kind", "exact", "--action", "move", "--to", away)
    ask(own, "--apply", plan)
    assert not odd.exists(), "the older of the two stays"
    assert own.path("coffee.jpg").is_file()
    ask(own, "--undo")
    assert odd.is_file()
