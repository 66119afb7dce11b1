"""All kinds of things from strangers, tried in turn."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

from tests.campaign.imports import (
    archives,
    descriptions,
    networks,
    plans,
    questions,
    settings,
    window,
)
from tests.campaign.imports.stage import Case, Stage, furnished
from tests.campaign.running import Campaign

_Kind = Callable[[Stage, random.Random, int], Iterable[Case]]

_VARIED: dict[str, tuple[_Kind, int]] = {
    "archives": (archives.cases, 150),
    "descriptions": (descriptions.cases, 300),
    "plans": (plans.cases, 400),
    "settings": (settings.cases, 300),
    "questions": (questions.cases, 400),
    "window": (window.cases, 150),
}
"""What varies by chance, and how many of each are tried in a round of the full length."""

_ONCE: dict[str, Callable[[Stage], Iterable[Case]]] = {
    "targets": plans.targets,
    "library": settings.library_files,
    "tokenizers": descriptions.tokenizers,
    "networks": networks.cases,
    "endless": lambda stage: [networks.endless_case(stage)],
}
"""What is the same each time."""


_SHORT = {"archives": 6, "descriptions": 4, "plans": 14, "settings": 10, "questions": 8, "window": 0, "targets": 1}
"""How many of each kind the short form tries; what needs a process of its own costs as much as thirty others."""

_HEAVY = ("MB", "bomb", "endless", "/dev/zero", "hundred", "million", "brackets", "nested tables")
"""Of what takes long by its size the short form leaves most out; its long form is for that."""


def run(campaign: Campaign) -> None:
    """Try all kinds; in the short form, some of each."""
    only = campaign.options.get("only")
    with furnished(campaign) as stage:
        if campaign.short:
            stage.attempt(networks.beside_case(stage))
        for number in range(campaign.length(full=2, short=1)):
            for name, (kind, most) in _VARIED.items():
                if only in (None, name):
                    chances = campaign.chances(number, name)
                    _try_all(stage, name, kind(stage, chances, 4 if campaign.short else most), chances)
            plans.leave(stage)
        for name, once in _ONCE.items():
            if only in (None, name) and not (campaign.short and name != "targets"):
                _try_all(stage, name, once(stage), campaign.chances(name))
        for problem in archives.let_in():
            campaign.find(problem)
        plans.leave(stage)


def _try_all(stage: Stage, kind: str, cases: Iterable[Case], chances: random.Random) -> None:
    left = _SHORT.get(kind, 3) if stage.campaign.short else None
    for case in cases:
        if left is not None and (left == 0 or any(word in case.name for word in _HEAVY) or chances.random() < 0.5):
            continue
        left = None if left is None else left - 1
        stage.attempt(case)
        stage.campaign.count(kind)
        stage.forget("stranger")
    stage.empty_inbox()
