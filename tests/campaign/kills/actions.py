"""Plans of duplicates carried out and taken back, and killed meanwhile: nothing is lost, and the journal is right."""

from __future__ import annotations

import random
import secrets
from pathlib import Path
from typing import Final

from photofind.core.actions import Actor, plan_to_json
from photofind.core.actions.freedesktop_trash import FreedesktopTrash
from photofind.core.catalog.journal import JOURNAL_FILE, Journal, RunRecord
from photofind.core.errors import PlanError, UserError
from photofind.core.paths import acting_lock_file
from photofind.core.plans import Action, Plan, PlannedFile, Step
from photofind.core.records import FileStamp
from tests.campaign.kills.checks import Before, complete
from tests.campaign.kills.runner import Order
from tests.campaign.kills.victims import Measured, Moment, Victim, Work, draw_moment, measure
from tests.campaign.kills.world import World, digest_of
from tests.campaign.photos import small_jpeg
from tests.campaign.running import Campaign

ACTIONS: Final = "duplicate actions"
_COPIES: Final = 40
_KILLS, _KILLS_SHORT = 3, 1
_SIGHTS: Final = ("the log of the journal",)
_AMID: Final = (60, 120)
_GUESSED: Final = Measured(0.6, 300)


class Desk:
    """Twenty photos with two copies each, a plan for the copies, and what is known of where each content may be."""

    def __init__(self, world: World, action: Action) -> None:
        self.world = world
        self.target = world.top / "target"
        world.begin("plain")
        pairs = [self._pair(number) for number in range(_COPIES)]
        self.index_problems = [] if world.index() else ["nothing was indexed"]
        steps = tuple(Step(_planned(copy), _planned(kept), "exact", "the same bytes") for copy, kept in pairs)
        target = str(self.target) if action == Action.MOVE else None
        self.plan = Plan(secrets.token_hex(6), "2026-01-02T03:04:05", action, steps, target)
        self.files = {str(path): (digest_of(path), path.stat().st_mtime_ns) for path in world.photos.rglob("*.jpg")}
        self.path = world.top / "plan.json"
        self.path.write_text(plan_to_json(self.plan), encoding="ascii")

    def _pair(self, number: int) -> tuple[Path, Path]:
        """Write a photo and its copy: files of their own, with other times."""
        kept = self.world.put(f"kept/{number}.jpg", 5000 + number // 2 * 2)
        copy = self.world.put(f"copies {number % 3}/{number}.jpg", 5000 + number // 2 * 2)
        copy.write_bytes(small_jpeg(5000 + number // 2 * 2))
        return copy, kept

    def work(self, doing: str) -> Work:
        """Return the command line that applies the plan or takes it back."""
        named = str(self.path) if doing == "apply" else self.plan.id
        return Work(("duplicates", f"--{doing}", named, "--library", str(self.world.library)))

    def history(self) -> list[RunRecord]:
        """Return what the journal tells of this plan, the latest run first."""
        path = self.world.library / JOURNAL_FILE
        if not path.is_file():
            return []
        with Journal.open(path, writable=False) as journal:
            return [run for run in journal.history() if run.plan_id == self.plan.id]

    def actor(self) -> Actor:
        """Open what acts, as the next command does."""
        return Actor(Journal.open(self.world.library / JOURNAL_FILE), FreedesktopTrash(), [], lock=acting_lock_file())

    # What must hold

    def lost(self) -> list[str]:
        """Return the contents that are neither at their place nor in the trash nor where they were to be moved."""
        elsewhere = [
            *self.world.trash.glob("files/*"),
            *self.target.rglob("*"),
            *self.world.photos.rglob(".photofind-*"),
        ]
        there = [digest_of(path) for path in elsewhere if path.is_file()]
        found = []
        for path, (digest, _) in self.files.items():
            if Path(path).exists():
                found += [f"{path} has other bytes"] if digest_of(Path(path)) != digest else []
            elif digest in there:
                there.remove(digest)
            else:
                found.append(f"{path} is nowhere")
        return found

    def strangers(self) -> list[str]:
        """Return what is left over after everything was settled."""
        found = [str(path) for path in self.world.photos.rglob("*") if path.is_file() and path.suffix != ".jpg"]
        found += [str(path) for path in self.target.rglob(".photofind-*")]
        names = {path.name for path in self.world.trash.glob("files/*")}
        infos = {path.name.removesuffix(".trashinfo") for path in self.world.trash.glob("info/*")}
        found += [f"{name} in the trash has no info file" for name in names - infos]
        return found + [f"{name} in the trash is named and not there" for name in infos - names]

    def done_on_disk(self) -> int:
        """Return how many steps of the plan the disk shows as done."""
        kept = {step.file.path: step.kept.path for step in self.plan.steps}
        if self.plan.action == Action.HARDLINK:
            return sum(Path(copy).exists() and Path(copy).samefile(original) for copy, original in kept.items())
        return sum(not Path(copy).exists() for copy in kept)

    def settled(self) -> list[str]:
        """Let the next one who acts settle what is open; return where the journal then differs from the disk."""
        with self.actor() as actor:
            actor.recover()
        runs = self.history()
        told, unsettled = sum(run.done for run in runs), sum(run.unsettled for run in runs)
        found = [f"{unsettled} steps stay unsettled"] if unsettled else []
        if told != self.done_on_disk():
            found.append(f"the journal tells of {told} steps that were done, the disk shows {self.done_on_disk()}")
        return found + [f"left over: {each}" for each in self.strangers()]

    def all_back(self) -> list[str]:
        """Take back what is left to be taken back; return where the files are not as they were."""
        try:
            with self.actor() as actor:
                results = list(actor.undo(self.plan.id))
        except PlanError:
            results = []  # nothing was done, or all was taken back
        found = [f"not taken back: {each.step.file.path}: {each.reason}" for each in results if each.reason]
        for path, (digest, mtime) in self.files.items():
            if not Path(path).exists() or digest_of(Path(path)) != digest:
                found.append(f"{path} is not back")
            elif Path(path).stat().st_mtime_ns != mtime:
                found.append(f"{path} is back with another time")
        if self.done_on_disk():
            found.append(f"{self.done_on_disk()} files are not their own after all was taken back")
        return found + [f"left over: {each}" for each in self.strangers()]


def _planned(path: Path) -> PlannedFile:
    status = path.stat()
    return PlannedFile(str(path), FileStamp(status.st_size, status.st_mtime_ns, status.st_ino), digest_of(path))


_MEASURED: dict[tuple[str, Action], Measured] = {}


def play_actions(campaign: Campaign, world: World, number: int) -> None:
    """Carry out a plan and take it back, each time killed, until a round's kills are done; then all is taken back."""
    chances = campaign.chances(number)
    action = chances.choice(list(Action))
    if not campaign.short:
        _measure(world, action)
    desk = Desk(world, action)
    kills, wanted = 0, _KILLS_SHORT if campaign.short else _KILLS
    for attempt in range(2 * _KILLS):
        doing = chances.choice(("apply", "apply", "undo")) if desk.history() else "apply"
        killed, found = _kill(campaign, desk, doing, (number, attempt), chances)
        kills += killed
        for problem in found:
            campaign.find(f"round {number}.{attempt}, {action.value}, {problem}")
        if kills == wanted:
            break
    for problem in _ended(desk, chances):
        campaign.find(f"round {number}, {action.value}, at the end: {problem}")


def _kill(
    campaign: Campaign, desk: Desk, doing: str, which: tuple[int, int], chances: random.Random
) -> tuple[bool, list[str]]:
    measured = _MEASURED.get((doing, desk.plan.action), _GUESSED)
    moment = draw_moment(chances, measured, ("main",), _SIGHTS)
    if campaign.short:  # its one kill is to come while files are acted on
        moment = Moment("step", "main", step=chances.randint(*_AMID), after=chances.random() < 0.5)
    marker = desk.world.place / "died"
    marker.unlink(missing_ok=True)
    order = Order(secrets.token_hex(8), moment.step, moment.after, marker=str(marker))
    outcome = Victim(desk.work(doing), desk.world.library, order).run(moment, lambda: None)
    if outcome.killed:
        campaign.count("kills")
        campaign.count(f"kills during {ACTIONS}")
        campaign.count(f"kills of main ({doing} {desk.plan.action.value})")
    campaign.say(f"round {which}, {doing} {desk.plan.action.value}, {moment}")
    found = outcome.problems + ([f"a traceback: {outcome.err[-2000:]}"] if "Traceback" in outcome.err else [])
    try:
        found += desk.lost()
        if chances.random() < 0.5:  # else the next command finds it as the kill has left it
            found += desk.settled()
    except UserError as error:
        found.append(f"cannot be recovered: {error}")
    return outcome.killed, [f"{doing}, {moment}: {each}" for each in found]


def _ended(desk: Desk, chances: random.Random) -> list[str]:
    """Return what is wrong with the library before and after all is taken back."""
    found = desk.settled() + _indexed(desk, chances)
    return found + desk.all_back() + _indexed(desk, chances)


def _indexed(desk: Desk, chances: random.Random) -> list[str]:
    return complete(desk.world, Before({}, desk.world.files()), chances)


def _measure(world: World, action: Action) -> None:
    if ("apply", action) in _MEASURED:
        return
    desk = Desk(world, action)
    for doing in ("apply", "undo"):
        _MEASURED[doing, action], _ = measure(desk.work(doing), world.library, world.place / "steps")
