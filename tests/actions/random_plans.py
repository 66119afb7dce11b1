"""One trial: a random world, a random plan, random faults; then recovery and undo, and what must hold after each."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from photofind.core.actions import Actor, plan_from_json, plan_to_json
from photofind.core.errors import PlanError
from photofind.core.plans import Action, Outcome, Plan, StepResult
from tests.actions.weather import SuddenDeathError, Weather
from tests.actions.worlds import World, contents, digest

_MOMENTS_PER_STEP = 14
_WHERE = re.compile(r"(?<= )/.*?(?=[;,]| \(|\.$)", re.DOTALL)
_EVENTS = ("user", "user", "user", "refusal", "death before", "death after")


@dataclass(slots=True)
class Tally:
    """What came of trials, in numbers."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, results: list[StepResult]) -> None:
        for result in results:
            self.counts[f"steps {result.outcome.value}"] += 1
            if result.outcome in (Outcome.SKIPPED, Outcome.FAILED):
                self.counts[f"  {_WHERE.sub('…', result.reason)}"] += 1

    def count(self, what: str, number: int = 1) -> None:
        self.counts[what] += number


def run_trial(seed: int, top: Path, monkeypatch: pytest.MonkeyPatch, tally: Tally) -> None:
    """Run the trial of this number in a folder of its own; an AssertionError tells what was lost, and how."""
    chance = random.Random(seed)
    world = World(top, chance)
    monkeypatch.setenv("XDG_DATA_HOME", str(world.data))
    with monkeypatch.context() as patches:
        _Trial(world, Weather(world, chance, patches), chance, tally).run()


class _Trial:
    def __init__(self, world: World, weather: Weather, chance: random.Random, tally: Tally) -> None:
        self.world, self.weather, self.chance, self.tally = world, weather, chance, tally
        self.action = chance.choice(list(Action))
        self.plan = world.plan(self.action)
        self.protected = (str(world.photos / "protected"),) if chance.random() < 0.5 else ()
        weather.is_split = chance.random() < 0.4
        weather.has_copies_under_way = weather.is_split and self.action == Action.MOVE
        weather.has_exchange = chance.random() < 0.7
        weather.has_rename_flags = chance.random() < 0.7
        weather.victims = [path for step in self.plan.steps for path in (step.file.path, step.kept.path)]
        self.touched_before: set[str] = set()
        self.notes: set[str] = set()
        self.before = _snapshot(world.photos)
        weather.inodes = {path: inode for path, (_, _, inode) in self.before.items()}

    def run(self) -> None:
        tally, weather, chance = self.tally, self.weather, self.chance
        tally.count("plans")
        tally.count(f"plans: {self.action.value}")
        self.plan = _through_json(self.plan)
        for _ in range(chance.choice((0, 0, 1, 2))):
            weather.user_acts()
        self._act("apply", self._apply)
        self._check_apply()
        for _ in range(chance.choice((0, 0, 0, 1, 2))):
            weather.user_acts()
        if chance.random() < 0.3 and self.plan.steps:
            weather.newcomer_at(chance.choice(self.plan.steps).file.path)
        weather.has_copies_under_way |= self.action == Action.HARDLINK
        taken = self._taken_away()
        newcomers = self._newcomers()
        self.touched_before, weather.touched = weather.touched, set()
        self._act("undo", self._undo)
        self._act("undo", self._undo, calm=True)
        self._check_undo(taken, newcomers)
        tally.count("events", len(weather.events))

    # Phases

    def _act(self, name: str, act: Callable[[Actor], None], *, calm: bool = False) -> None:
        """Apply or undo in uncertain weather; when the process dies, begin a new one that recovers, and may die too."""
        weather = self.weather
        if not calm and self.chance.random() < 0.8:
            weather.forecast(
                _EVENTS, max(1, len(self.plan.steps)) * _MOMENTS_PER_STEP, self.chance.choice((1, 1, 2, 3))
            )
        try:
            with self.world.actor(self.protected) as actor:
                act(actor)
        except SuddenDeathError:
            self.tally.count(f"deaths in {name}")
        weather.restart()
        weather.check()
        if not calm and self.chance.random() < 0.3:
            weather.forecast(("death before", "death after"), 6, 1)
        self._recover()
        with self.world.journal() as journal:
            self.notes.update(entry.note for record in journal.history() for entry in journal.steps(record.run))

    def _recover(self) -> None:
        try:
            with self.world.actor(self.protected) as actor:
                actor.recover()
        except SuddenDeathError:
            self.tally.count("deaths in recovery")
            self.weather.restart()
            with self.world.actor(self.protected) as actor:
                actor.recover()
        self.weather.restart()
        self.weather.check()

    def _apply(self, actor: Actor) -> None:
        stop_after = self.chance.choice((None, None, None, self.chance.randint(0, 10)))
        results = actor.apply(self.plan)
        collected, events = [], len(self.weather.events)
        for number, result in enumerate(results):
            collected.append(result)
            if result.outcome == Outcome.DONE and len(self.weather.events) == events:
                self._check_step(result)
            events = len(self.weather.events)
            if stop_after == number:
                results.close()  # type: ignore[attr-defined]
                break
        self.tally.add(collected)

    def _undo(self, actor: Actor) -> None:
        try:
            self.tally.add(list(actor.undo(self.plan.id)))
        except PlanError:
            self.tally.count("plans that never began")

    # What must hold

    def _check_step(self, result: StepResult) -> None:
        """After an act during which nothing happened, the kept file is there, as planned, and is another one."""
        step, events = result.step, self.weather.events
        assert digest(Path(step.kept.path).read_bytes()) == step.kept.content_hash, (result, events)
        assert not Path(step.kept.path).is_symlink(), (result, events)
        if self.action == Action.HARDLINK:
            assert os.path.samefile(step.kept.path, step.file.path), (result, events)
            return
        assert result.now_at is not None
        assert digest(Path(result.now_at).read_bytes()) == step.file.content_hash, (result, events)
        assert not os.path.samefile(step.kept.path, result.now_at), (result, events)
        assert not os.path.lexists(step.file.path), (result, events)

    def _check_apply(self) -> None:
        """No file that the user did not touch is missing, or is another one, without the journal saying so."""
        events = self.weather.events
        with self.world.journal() as journal:
            assert not journal.unsettled(), events
            done = {os.path.realpath(e.step.file.path) for e in journal.done(self.plan.id)}
        for path, (content, mtime, _) in self.before.items():
            if path in self.weather.touched or path in done:
                continue
            assert os.path.isfile(path), (path, events)
            assert Path(path).read_bytes() == content, (path, events)
            assert os.lstat(path).st_mtime_ns == mtime, (path, events)
        if self.protected:
            self._check_protected()
        self._check_no_strays()

    def _check_protected(self) -> None:
        folder = str(self.world.photos / "protected")
        for path, (content, mtime, inode) in self.before.items():
            if path.startswith(folder) and path not in self.weather.touched:
                status = os.lstat(path)
                assert (status.st_mtime_ns, status.st_ino) == (mtime, inode), (path, self.weather.events)
                assert Path(path).read_bytes() == content, (path, self.weather.events)

    def _check_no_strays(self) -> None:
        """Nothing is left under names of photofind's own, but where it had to keep what the user did at that moment."""
        shown = set(contents(self.world.top, own=False))
        hidden = set(contents(self.world.top)) - shown
        if hidden:
            # A folder that the user moves away in the middle of an act takes such names with it.
            moved = any("_move_folder" in event for event in self.weather.events)
            assert moved or any(".photofind-" in note for note in self.notes), self.weather.events
            self.tally.count("contents left aside, with a note")

    def _taken_away(self) -> dict[str, tuple[bytes, int]]:
        """Content and time of the files that undoing must bring back: nothing stands in their place."""
        with self.world.journal() as journal:
            done = journal.done(self.plan.id)
        found = {}
        for entry in done:
            path, touched = os.path.realpath(entry.step.file.path), self.weather.touched
            if path in touched or entry.step.kept.path in touched or path not in self.before:
                continue
            found[path] = self.before[path][:2]
        return found

    def _newcomers(self) -> dict[str, tuple[bytes, int]]:
        """What stands where a file was taken away."""
        with self.world.journal() as journal:
            paths = [e.step.file.path for e in journal.done(self.plan.id) if e.action != Action.HARDLINK]
        return {
            p: (Path(p).read_bytes(), os.lstat(p).st_ino)
            for p in paths
            if os.path.isfile(p) and not Path(p).is_symlink()
        }

    def _check_undo(self, taken: dict[str, tuple[bytes, int]], newcomers: dict[str, tuple[bytes, int]]) -> None:
        events = self.weather.events
        for path, (content, mtime) in taken.items():
            if path in self.weather.touched:
                continue
            assert os.path.isfile(path), (path, events)
            if not os.path.getsize(path) and any("refusal at unlink" in event for event in events):
                continue  # the system did not let go of the empty file that held the place
            assert Path(path).read_bytes() == content, (path, events)
            assert os.lstat(path).st_mtime_ns == mtime, (path, events)
            self.tally.count("files brought back")
        for path, newcomer in newcomers.items():
            if path not in self.weather.touched:
                assert (Path(path).read_bytes(), os.lstat(path).st_ino) == newcomer, (path, events)
                self.tally.count("newcomers left alone")
        if not self.weather.touched | self.touched_before:
            self._check_all_as_before()
        self._check_no_strays()

    def _check_all_as_before(self) -> None:
        now = _snapshot(self.world.photos)
        assert {p: f[:2] for p, f in now.items()} == {p: f[:2] for p, f in self.before.items()}, self.weather.events
        self.tally.count("trees exactly as before")


def _snapshot(top: Path) -> dict[str, tuple[bytes, int, int]]:
    """Content, time and number of every file that is none of photofind's own."""
    found = {}
    for path in sorted(p for paths in contents(top, own=False).values() for p in paths):
        status = os.lstat(path)
        found[path] = (Path(path).read_bytes(), status.st_mtime_ns, status.st_ino)
    return found


def _through_json(plan: Plan) -> Plan:
    """Plans that contradict themselves are refused as JSON; such are handed over as they are."""
    try:
        assert plan_from_json(plan_to_json(plan)) == plan
    except PlanError as error:
        assert "contradicts" in str(error)  # noqa: PT017 - the sound ones must pass
    return plan
