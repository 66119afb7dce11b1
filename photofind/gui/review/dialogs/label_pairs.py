"""Pairs for the user to judge, and what the answers change: read and stored behind the window.

::

    scored pairs ──those in doubt, spread over the scores──▶ two photos each ──▶ the user's word ──▶ decisions.db
                                                                                                        │
    expected precision and recall, as shipped and as this library's labels have it ◀────────────────────┘
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore, Label
from photofind.core.duplicates.calibration import LABELS_TO_ASK, Calibration, pairs_to_label
from photofind.core.evidence import Member
from photofind.core.library import Library


@dataclass(frozen=True, slots=True)
class LabelPair:
    """Two photos that may be copies of one picture; ``score`` is the stored estimate that they are."""

    first: Member
    second: Member
    score: float


@dataclass(frozen=True, slots=True)
class LabelRound:
    """Pairs to be judged, and what is expected before they are."""

    pairs: Sequence[LabelPair]
    before: Calibration


@dataclass(frozen=True, slots=True)
class LabelOutcome:
    """What is expected after a round; ``labels`` counts all that were ever given."""

    after: Calibration
    labels: int


_PAIR: Final = 2

Fail = Callable[[str], object]


class LabelSource(Protocol):
    """Where pairs come from and answers go; answers to these calls come in the window's thread."""

    def begin(self, receive: Callable[[LabelRound], object], failed: Fail) -> None:
        """Look for pairs that are worth a judgement."""

    def store(self, pair: LabelPair, failed: Fail, *, is_copy: bool) -> None:
        """Remember the user's word on a pair; a later word replaces it."""

    def read_outcome(self, receive: Callable[[LabelOutcome], object], failed: Fail) -> None:
        """Work out what the labels change."""


class Ask(Protocol):
    """Calls a function with a library in a thread; see :meth:`photofind.gui.searching.SearchLink.ask`."""

    def __call__(
        self, function: Callable[[Library], Any], receiver: Callable[[Any], object], *, failed: Fail | None = None
    ) -> None:
        """Ask."""


class LibraryLabels:
    """The :class:`LabelSource` of a library that was searched for duplicates."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def begin(self, receive: Callable[[LabelRound], object], failed: Fail) -> None:
        """Look for pairs that are worth a judgement and have none yet."""
        self._ask(pairs_in_doubt, receive, failed=failed)

    def store(self, pair: LabelPair, failed: Fail, *, is_copy: bool) -> None:
        """Remember the user's word on a pair; a later word replaces it."""
        self._ask(partial(_store, pair, is_copy=is_copy), lambda _: None, failed=failed)

    def read_outcome(self, receive: Callable[[LabelOutcome], object], failed: Fail) -> None:
        """Work out what the labels change."""
        self._ask(_outcome, receive, failed=failed)


def pairs_in_doubt(library: Library, count: int = LABELS_TO_ASK) -> LabelRound:
    """Return pairs whose judgement tells most, without those that were judged or whose photos are not at hand."""
    reader = library.duplicates()
    try:
        judged = {label.hashes for label in _labels(library.folder)}
        columns = reader.scored_pairs()
        unsure = np.flatnonzero(columns.score < 1.0)  # what bytes or pixels prove needs no judgement
        # More than are wanted: some of them are judged already, or lie on a drive that is away.
        rows = unsure[pairs_to_label(columns.score[unsure], 2 * count + len(judged))]
        found = []
        for row in rows.tolist():
            members = reader.members_of([int(columns.first[row]), int(columns.second[row])])
            if len(members) == _PAIR and not any(member.offline for member in members):
                found.append(LabelPair(members[0], members[1], float(columns.score[row])))
        fresh = [pair for pair in found if hash_pair(pair) not in judged]
        return LabelRound(thinned(fresh, count), reader.calibration())
    finally:
        reader.close()


def thinned(pairs: Sequence[LabelPair], count: int) -> list[LabelPair]:
    """Return ``count`` of some pairs that are in the order of their scores, spread over all of them."""
    if len(pairs) <= count:
        return list(pairs)
    return [pairs[row] for row in np.linspace(0, len(pairs) - 1, count).round().astype(int).tolist()]


def hash_pair(pair: LabelPair) -> tuple[bytes, bytes]:
    """Return what decisions know a pair by."""
    first, second = sorted((pair.first.content_hash, pair.second.content_hash))
    return first, second


def _store(pair: LabelPair, library: Library, *, is_copy: bool) -> None:
    with DecisionStore.open(library.folder / DECISIONS_FILE) as decisions:
        decisions.add_label(pair.first.content_hash, pair.second.content_hash, is_copy=is_copy, score=pair.score)


def _outcome(library: Library) -> LabelOutcome:
    reader = library.duplicates()
    try:
        return LabelOutcome(reader.calibration(), len(_labels(library.folder)))
    finally:
        reader.close()


def _labels(folder: Path) -> list[Label]:
    with DecisionStore.open(folder / DECISIONS_FILE, writable=False) as decisions:
        return decisions.labels()
