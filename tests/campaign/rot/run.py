"""One damage after the other."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path
from typing import Final

from tests.campaign.rot.damage import DAMAGES, Damage, flip_one, flip_picture
from tests.campaign.rot.patient import KINDS, SIGNED, Patient
from tests.campaign.rot.programs import Programs
from tests.campaign.rot.put_back import PutBack
from tests.campaign.rot.round import Round
from tests.campaign.running import Campaign

IN_SHORT: Final = len(KINDS) + len(SIGNED) + 1
"""Damages of the short form: one of each kind of file, and a flipped bit in each database and in a thumbnail more."""
_TOLD_EVERY: Final = 100
_PUT_BACK: Final = 60


def run(campaign: Campaign) -> None:
    """Damage one file after the other; then put files of an earlier moment in the place of others."""
    _damage_files(campaign)
    if "kind" in campaign.options or "round" in campaign.options:
        return
    put_back = PutBack(campaign)
    for number in range(campaign.length(full=_PUT_BACK, short=2)):
        put_back.play(number)


def _damage_files(campaign: Campaign) -> None:
    patient = Patient.made(campaign.place, Path(os.environ["HOME"]))
    patient.fresh()
    with Programs(campaign.place / "home-of-rounds", patient.library) as programs:
        patient.learn(programs)
        only = campaign.options.get("round")
        rounds = campaign.length(full=2_200, short=IN_SHORT)
        end = time.monotonic() + (campaign.seconds or math.inf)
        for number in [int(only)] if only else range(rounds):
            if time.monotonic() > end:
                break
            chances = campaign.chances(number)
            kind, damages = _chosen(campaign, number)
            if number % _TOLD_EVERY == 0 and number:
                campaign.say(f"{number} damages")
            Round(campaign, patient, programs, number, kind, chances.choice(damages), chances).play()
        took = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in sorted(programs.processor.items()))
        campaign.note(f"processor time: {took}")


def _chosen(campaign: Campaign, number: int) -> tuple[str, list[Damage]]:
    """Return the kind of file that a round damages, and in which ways it may do so."""
    if campaign.short and number == IN_SHORT - 1:
        return "thumbnails.db", [flip_picture]
    if campaign.short and number >= len(KINDS):  # what nothing but a checksum notices
        return SIGNED[number % len(SIGNED)], [flip_one]
    kind = campaign.options.get("kind") or KINDS[number % len(KINDS)]
    return kind, [damage for damage in DAMAGES if campaign.options.get("damage") in (None, damage.__name__)]
