"""The history, and by which name a plan is taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from photofind.core.catalog.journal import JOURNAL_FILE, Change, Journal, StepState, Trace
from photofind.core.plans import Action, Plan, PlannedFile, Step
from photofind.core.records import FileStamp
from tests.cli.copied_photos import run_here
from tests.support.program import Ended
from tests.support.world import World

Ask = Callable[..., Ended]


@pytest.fixture
def ask(world: World, capsys: pytest.CaptureFixture[str]) -> Ask:
    world.put("a.jpg", 1)
    world.update()
    return lambda *arguments: run_here(capsys, world.library, *arguments)


def begun(library: Path, plan_id: str) -> None:
    """Write down a plan in the middle of whose only step photofind ended."""
    file, kept = (PlannedFile(str(library / name), FileStamp(3, 1, 1), bytes(32)) for name in ("gone.jpg", "kept.jpg"))
    plan = Plan(plan_id, "2024-05-01T10:00:00", Action.TRASH, (Step(file, kept, "same file", "older"),))
    with Journal.open(library / JOURNAL_FILE) as journal:
        run = journal.begin(plan, plan_id, "2024-05-01T10:00:00+00:00")
        trace = Trace(None, str(library), 0o100644, 1)
        journal.write([Change(run, 0, StepState.INTENDED, trace=trace)])


def test_steps_that_were_under_way_are_told(world: World, ask: Ask) -> None:
    begun(world.library, "torn")
    assert "1 under way when photofind ended" in ask("--history").out
    assert ask("--history", "--json").json["history"][0]["unsettled"] == 1


def test_a_beginning_that_several_plans_share_names_none_of_them(world: World, ask: Ask) -> None:
    for plan_id in ("ab", "abc", "abd"):
        begun(world.library, plan_id)
    ended = ask("--undo", "a")
    assert (ended.status, ended.out) == (1, "")
    assert "Several plans begin with a" in ended.err
    assert ask("--undo", "ab").status == 0  # a whole name
    assert ask("--undo", "abd").status == 0


def test_the_history_is_read_without_writing_anything(world: World, ask: Ask) -> None:
    begun(world.library, "torn")
    lock = world.library / "journal.lock"
    lock.unlink()
    assert ask("--history").status == 0
    assert not lock.exists()  # which only a writer makes


def test_a_plan_is_taken_back_though_the_catalog_is_gone(world: World, ask: Ask) -> None:
    begun(world.library, "torn")
    (world.library / "library.db").write_bytes(b"no database" * 1000)
    ended = ask("--undo")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("0 files brought back")  # nothing was done yet


def test_a_user_whose_home_the_system_does_not_know(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("platformdirs.user_config_path", unknown)
    ended = run_here(capsys, world.library, "--history")
    assert (ended.status, ended.err) == (1, "photofind: The system does not know your home folder; set HOME to it.\n")
