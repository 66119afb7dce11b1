"""Scenes drawn by chance, played one after the other."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

import psutil

from tests.campaign.concurrency import crowd, moving, names, times, windows
from tests.campaign.concurrency.clock import Clock
from tests.campaign.concurrency.programs import Lender, until
from tests.campaign.concurrency.stage import Stage
from tests.campaign.kills.thresholds import loaded_decoders, lowered
from tests.campaign.kills.world import World
from tests.campaign.quick_pack import quick_settings
from tests.campaign.running import Campaign
from tests.campaign.shim import Shim

_FULL: Final = 80
_LEFT_SECONDS: Final = 60.0
_MARK: Final = "PHOTOFIND_CAMPAIGN"
Scene = Callable[[Stage, random.Random], None]

SCENES: Final[Mapping[str, Scene]] = {
    scene.__name__: scene
    for scene in (
        *(crowd.crowd, moving.removal, times.clocks, windows.two_windows, names.names, crowd.swaps),
        *(moving.while_scanned, windows.stalled, times.suspended, crowd.rivals, names.spellings, windows.pulled),
        *(moving.gone, times.sleeping_reader, windows.beside_commands, crowd.calibration, names.long_paths),
        *(crowd.locked_out, windows.unmounted, times.sleeping_decoder),
    )
}
"""What is played, one after the other; each draws what happens in it."""

_SHORT: Final = ("swaps", "while_scanned", "rivals", "clocks", "stalled")


def run(campaign: Campaign) -> None:
    """Play the scenes, again and again with other chances."""
    place = campaign.place / "programs"
    place.mkdir()
    temporary = campaign.place / "tmp"
    temporary.mkdir()
    clock, shim = Clock.make(place), Shim.make(place, [], kinds=())
    preloaded = [each.environment() for each in (clock, shim) if each is not None]
    environment = {name: value for each in preloaded for name, value in each.items()}
    # What lies in the folder for temporary files is taken to be on a disk of our own: the photos must not.
    environment |= {"LD_PRELOAD": ":".join(each["LD_PRELOAD"] for each in preloaded), "TMPDIR": str(temporary)}
    environment[_MARK] = str(place)
    world = World(campaign.place, quick_settings())
    with lowered(), loaded_decoders(), Lender(place, environment) as lender:
        for number, name in _played(campaign):
            stage = Stage(campaign, world, lender, clock, shim)
            _play(stage, number, name)


def _play(stage: Stage, number: int, name: str) -> None:
    """Play one scene, and report what did not hold in it."""
    campaign = stage.campaign
    campaign.say(f"round {number}, {name}")
    campaign.count(f"scenes: {name}")
    try:
        SCENES[name](stage, campaign.chances(number))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
        stage.found.append(f"{type(error).__name__}: {error} {traceback.format_exc()[-700:]}")
    if not stage.found:
        stage.found += [f"{each} still runs at the end" for each in stage.lender.running()]
    stage.lender.clear()
    if not until(lambda: not _left(stage), _LEFT_SECONDS):
        left = _left(stage)
        stage.found += [f"left running: {_described(each)}" for each in left]
        for each in left:
            with suppress(psutil.Error):
                each.kill()
    for problem in dict.fromkeys(stage.found):
        campaign.find(f"round {number}, {name}: {problem}")


def _left(stage: Stage) -> list[psutil.Process]:
    """Return the processes of the campaign that are neither this one nor the one that lends copies."""
    left = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            mine = process.environ().get(_MARK) == str(stage.campaign.place / "programs")
            if mine and process.pid != stage.lender.pid and process.status() != psutil.STATUS_ZOMBIE:
                left.append(process)
    return left


def _described(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())[-300:]
    except psutil.Error:
        return str(process.pid)


def _played(campaign: Campaign) -> list[tuple[int, str]]:
    chosen, only = campaign.options.get("scene"), campaign.options.get("round")
    if campaign.short and not chosen and not only:
        return [(list(SCENES).index(name), name) for name in _SHORT]
    rounds = range(campaign.length(full=_FULL, short=len(SCENES)))
    all_rounds = [(number, list(SCENES)[number % len(SCENES)]) for number in rounds]
    return [(n, name) for n, name in all_rounds if chosen in (None, name) and only in (None, str(n))]
