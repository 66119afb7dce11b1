"""The process is killed in the middle: afterwards everything is found again, and can be brought back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from photofind.core.actions import plan_to_json
from photofind.core.actions.mounts import MountTable
from photofind.core.catalog.journal import Change, Journal, StepState, Trace
from photofind.core.plans import Action, Outcome
from tests.actions.conftest import Desk
from tests.actions.test_acting import PlainTrash
from tests.actions.worlds import plan_for

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that kills at once")

_PROGRAM = """
import os, signal, sys
from pathlib import Path
from photofind.core.actions import Actor, plan_from_json, renaming
from photofind.core.actions.freedesktop_trash import FreedesktopTrash
from photofind.core.catalog.journal import Journal

plan, journal, lock, doing, moment, when = sys.argv[1:]
rename, calls = renaming._renameat2, 0

def counting(*arguments):
    global calls
    calls += 1
    if calls == int(moment) and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = rename(*arguments)
    if calls == int(moment):
        os.kill(os.getpid(), signal.SIGKILL)
    return result

renaming._renameat2 = counting
plan = plan_from_json(Path(plan).read_bytes())
with Actor(Journal.open(Path(journal)), FreedesktopTrash(), [], lock=Path(lock)) as actor:
    list(actor.apply(plan) if doing == "apply" else actor.undo(plan.id))
"""


def _killed(desk: Desk, plan_file: Path, doing: str, moment: int, when: str) -> None:
    arguments = [str(plan_file), str(desk.journal_path), str(desk.lock), doing, str(moment), when]
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments], env=os.environ, capture_output=True, check=False, timeout=60
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="dies at a call that only Linux has")
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_applying_and_again_while_undoing(desk: Desk, action: Action, when: str) -> None:
    kept = desk.file("a/kept.jpg")
    files = [desk.file(f"b/{number:03}.jpg") for number in range(70)]  # more than one commit's worth
    target = desk.top / "moved" if action == Action.MOVE else None
    plan = plan_for(*((file, kept) for file in files), action=action, target=target)
    times = {file: file.stat().st_mtime_ns for file in files}
    plan_file = desk.top / "plan.json"
    plan_file.write_text(plan_to_json(plan), encoding="ascii")

    _killed(desk, plan_file, "apply", 67, when)
    settled = desk.actor().recover()
    assert settled
    with desk.journal() as journal:
        [record] = journal.history()
        assert record.done == 66 + (when == "after")
        assert record.unsettled == 0
    _killed(desk, plan_file, "undo", 20, when)
    assert all(result.outcome == Outcome.UNDONE for result in desk.actor().undo(plan.id))

    for file in files:
        assert file.read_bytes() == b"the picture"
        assert file.stat().st_mtime_ns == times[file]
        assert not file.samefile(kept)
    assert not [path for path in desk.top.rglob("*") if path.name.startswith(".photofind-")]
    assert not list((desk.top / "data").rglob("*.trashinfo"))


@pytest.mark.skipif(sys.platform != "linux", reason="dies at a call that only Linux has")
def test_links_of_an_earlier_run_are_not_told_as_those_of_one_that_was_killed(desk: Desk) -> None:
    kept = desk.file("a/kept.jpg")
    files = [desk.file(f"b/{number}.jpg") for number in range(4)]
    plan = plan_for(*((file, kept) for file in files), action=Action.HARDLINK)
    plan_file = desk.top / "plan.json"
    plan_file.write_text(plan_to_json(plan), encoding="ascii")
    for moment in (2, 1):  # of exchanges: the second run begins with what the first has linked
        _killed(desk, plan_file, "apply", moment, "before")
        desk.actor().recover()
    with desk.journal() as journal:
        told = sum(record.done for record in journal.history())
    assert told == sum(file.samefile(kept) for file in files) == 1


def test_a_trash_that_does_not_say_where_things_are_is_looked_into_by_hand(desk: Desk) -> None:
    there, gone, kept = desk.file("b/there.jpg"), desk.file("b/gone.jpg"), desk.file("a/kept.jpg")
    plan = plan_for((there, kept), (gone, kept))
    with Journal.open(desk.journal_path) as journal:
        run = journal.begin(plan, "token", "2026-01-02T03:04:05")
        trace = Trace(None, MountTable.read().point_of(str(gone.parent)), 0o100644, 5)
        journal.write([Change(run, number, StepState.INTENDED, trace=trace) for number in range(2)])
    gone.unlink()
    trash = PlainTrash(desk.top / "t")
    results = desk.actor(trash=trash).recover()
    assert [result.outcome for result in results] == [Outcome.SKIPPED, Outcome.DONE]
    assert "look for it in the trash" in results[1].reason
    [undone] = desk.actor(trash=trash).undo(plan.id)
    assert undone.reason == "It is not known where in the trash it is; restore it with the trash itself."
    assert there.exists()


def _linked(desk: Desk, before: bytes) -> tuple[Path, Path]:
    """Leave the disk as a death right after the exchange of a file and a link does; ``before`` is what was there."""
    file, kept = desk.file("b/x.jpg"), desk.file("a/kept.jpg")
    with Journal.open(desk.journal_path) as journal:
        run = journal.begin(plan_for((file, kept), action=Action.HARDLINK), "token", "2026-01-02T03:04:05")
        journal.write([Change(run, 0, StepState.INTENDED, trace=Trace(None, "/", 0o100644, 5))])
    file.rename(file.parent / ".photofind-token-0.swap")
    (file.parent / ".photofind-token-0.swap").write_bytes(before)
    os.link(kept, file)
    return file, kept


def test_what_a_link_took_the_place_of_goes_only_when_its_bytes_are_there_again(desk: Desk) -> None:
    file, kept = _linked(desk, b"the picture")
    other = plan_for((desk.file("c/y.jpg"), kept), name="another plan")
    list(desk.actor().apply(other))  # whoever acts next looks first at what is left
    with desk.journal() as journal:
        assert [entry.state for entry in journal.steps(1)] == [StepState.DONE]
    assert file.samefile(kept)
    assert sorted(path.name for path in file.parent.iterdir()) == ["x.jpg"]


def test_an_edit_that_a_link_took_the_place_of_gets_its_place_back(desk: Desk) -> None:
    file, kept = _linked(desk, b"edited at that moment")
    [result] = desk.actor().recover()
    assert result.outcome == Outcome.SKIPPED
    assert (file.read_bytes(), kept.read_bytes()) == (b"edited at that moment", b"the picture")
    assert sorted(path.name for path in file.parent.iterdir()) == ["x.jpg"]


def test_an_edit_whose_place_is_taken_stays_and_is_named(desk: Desk) -> None:
    file, _ = _linked(desk, b"edited at that moment")
    file.unlink()
    file.write_bytes(b"a newcomer")
    [result] = desk.actor().recover()
    assert ".photofind-token-0.swap" in result.reason
    assert (file.parent / ".photofind-token-0.swap").read_bytes() == b"edited at that moment"
    assert file.read_bytes() == b"a newcomer"


def test_what_lies_on_a_volume_that_is_away_stays_open(desk: Desk) -> None:
    file, kept = desk.file("b/x.jpg"), desk.file("a/kept.jpg")
    plan = plan_for((file, kept))
    with Journal.open(desk.journal_path) as journal:
        run = journal.begin(plan, "token", "2026-01-02T03:04:05")
        trace = Trace(str(desk.top / "place"), "/media/unplugged", 0o100644, 5)
        journal.write([Change(run, 0, StepState.INTENDED, trace=trace)])
    content = file.read_bytes()
    file.unlink()
    assert desk.actor().recover() == []
    with desk.journal() as journal:
        assert journal.history()[0].unsettled == 1
    (desk.top / "place").write_bytes(content)  # it is there again
    [result] = desk.actor().recover()
    assert result.outcome == Outcome.DONE
