"""The rounds of the kill campaign, one after the other."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from photofind.core.settings import Settings
from tests.campaign import checking
from tests.campaign.kills.actions import ACTIONS, play_actions
from tests.campaign.kills.checks import Before, active_spec, after_the_kill, complete, photos_of, repair
from tests.campaign.kills.phases import PHASES, Phase, whos_of
from tests.campaign.kills.runner import Order
from tests.campaign.kills.thresholds import loaded_decoders, lowered
from tests.campaign.kills.victims import Measured, Moment, Outcome, Victim, draw_moment, measure
from tests.campaign.kills.world import World
from tests.campaign.quick_pack import quick_settings
from tests.campaign.running import Campaign

_FULL = 348
_SHORT = (2, 3, 5, 6, 11)
"""The rounds of the short form: sealing, compaction, migration, pack change, duplicate actions."""
_ATTEMPTS = 4
_FRESH_EACH = 12
_GUESSED = Measured(0.9, 150)
"""What the work is taken to need in the short form, which does not measure it."""


def run(campaign: Campaign) -> None:
    """Kill the program again and again."""
    with lowered(), loaded_decoders():
        rounds = Rounds(campaign)
        chosen = campaign.options.get("round")
        numbers: Sequence[int] = range(campaign.length(full=_FULL, short=0))
        if chosen or campaign.short:
            numbers = [int(chosen)] if chosen else _SHORT
        for number in numbers:
            with rounds.told(number):
                rounds.play(number)


class Rounds:
    """The rounds of a campaign: one world that begins anew for each."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._world = World(campaign.place, quick_settings())
        self._measured: dict[tuple[str, str], Measured] = {}
        self._fresh_each = int(campaign.options.get("fresh", _FRESH_EACH))

    @contextmanager
    def told(self, number: int) -> Iterator[None]:
        """Report what the campaign itself stumbles over as a finding, and go on with the next round."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
            self._campaign.find(f"round {number}: {type(error).__name__}: {error}")

    def play(self, number: int) -> None:
        """Make one round."""
        kinds = len(PHASES) + 1
        wanted = self._campaign.options.get("phase")
        if wanted not in (None, ACTIONS if number % kinds == len(PHASES) else PHASES[number % kinds].name):
            return
        if number % kinds == len(PHASES):
            play_actions(self._campaign, self._world, number)
            return
        phase = PHASES[number % kinds]
        for attempt in range(_ATTEMPTS):
            if self._attempt(phase, number, attempt):
                return
        self._campaign.count(f"rounds in which the work was always done first: {phase.name}")

    def _attempt(self, phase: Phase, number: int, attempt: int) -> bool:
        """Prepare, start, kill and check; return False when the work was done before its moment came."""
        campaign, world = self._campaign, self._world
        chances = campaign.chances(number, attempt)
        doer = chances.choice(sorted(phase.doers))
        measured = self._measure(phase, doer)
        world.begin(phase.template)
        if world.library.exists():  # what a writer that was killed earlier left of a file
            (world.library / f".photofind-{secrets.token_hex(16)}.tmp").write_bytes(b"half")
        known = photos_of(world.library, world.settings)
        before = Before(known, {}, phase.prepare(world, chances))
        before.files = world.files()
        moment = draw_moment(chances, measured, whos_of(doer), phase.sights)
        outcome = self._kill(phase, doer, moment, before)
        what = f"round {number}.{attempt}, {phase.name} by {doer}, {moment}"
        campaign.say(f"{what}{'' if outcome.killed else ': it was done before'}")
        found = outcome.problems + _complaints(outcome)
        if outcome.killed:
            campaign.count("kills")
            campaign.count(f"kills during {phase.name}")
            campaign.count(f"kills of {moment.who} ({doer})")
        found += repair(world) if phase.is_repair else []
        found += after_the_kill(world, before)
        found += complete(world, before, chances)
        if number % self._fresh_each == 0:
            campaign.count("comparisons with a fresh library")
            fresh = checking.compare_with_fresh(world.library, [world.photos], _served(world), campaign.place)
            found += [f"other than a fresh library: {each}" for each in fresh]
        for problem in found:
            campaign.find(f"{what}: {problem}")
        return outcome.killed

    def _kill(self, phase: Phase, doer: str, moment: Moment, before: Before) -> Outcome:
        world = self._world
        marker = self._campaign.place / "died"
        marker.unlink(missing_ok=True)
        order = Order(secrets.token_hex(8), moment.step, moment.after, moment.who == "all", str(marker))

        def look() -> None:
            before.committed = photos_of(world.library, world.settings)

        return Victim(phase.doers[doer](world), world.library, order).run(moment, look)

    def _measure(self, phase: Phase, doer: str) -> Measured:
        if self._campaign.short:
            return _GUESSED
        if (phase.name, doer) not in self._measured:
            world, chances = self._world, self._campaign.chances("measured", phase.name)
            world.begin(phase.template)
            phase.prepare(world, chances)
            measured, outcome = measure(phase.doers[doer](world), world.library, self._campaign.place / "steps")
            self._measured[phase.name, doer] = measured
            for problem in outcome.problems + _complaints(outcome):
                self._campaign.find(f"undisturbed {phase.name} by {doer}: {problem}")
        return self._measured[phase.name, doer]


def _complaints(outcome: Outcome) -> list[str]:
    """Return what was said that nobody should ever read."""
    said = outcome.err[-2000:]
    return [f"a traceback: {said}"] if "Traceback" in said else []


def _served(world: World) -> Settings:
    """Return the settings with which a new library has the pack that this one is served by."""
    return replace(world.settings, model=active_spec(world))
