"""Scored vectors become hits: the photos that show them, what these say of themselves, and why each is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photofind.core.catalog import Catalog, Pack, Place
from photofind.core.queries import Hit, Query
from photofind.core.records import VectorId
from photofind.core.searching.allowed import Allowed
from photofind.core.searching.composing import Composition, colour_column
from photofind.core.searching.ranking import Ranking, Scored
from photofind.core.vectors import IndexSnapshot
from photofind.core.vectors.relevance import CANNOT_TELL, relevance_mark
from photofind.core.vectors.snapshot import scores_of

SHOWN_MASS = 0.2
"""How surely a photo shows a named thing that is given as a reason for it."""
SHOWN_SHARE = 26
"""Of 255: a tenth of the picture."""


@dataclass(frozen=True, slots=True)
class Own:
    """The query's own photos: their vectors and ids; ``path`` is that of the image if there is just one."""

    vids: frozenset[VectorId]
    photo_ids: frozenset[int]
    is_single: bool
    path: str | None


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    place: Place
    score: float
    why: tuple[str, ...]


class HitList:
    """Makes the hits of one query."""

    def __init__(self, catalog: Catalog, pack: Pack, snapshot: IndexSnapshot, ranking: Ranking) -> None:
        self._catalog = catalog
        self._pack = pack
        self._snapshot = snapshot
        self._ranking = ranking

    def hits(
        self, scored: Scored, composition: Composition, query: Query, own: Own, allowed: Allowed | None
    ) -> list[Hit]:
        """Return the hits, best first."""
        wanted = query.limit + (len(own.vids) if query.exclude_query else 0)
        scores = self._scores(scored, composition, wanted)
        plain_single = own.is_single and composition.is_plain
        if plain_single:  # among many equal embeddings its own may not be one of those that were asked for
            assert composition.vector is not None
            for vid in own.vids:
                if allowed is None or allowed.selection.mask[vid]:
                    scores[vid] = float(composition.vector @ self._snapshot.rows([vid])[0])
        skipped = own.vids if query.exclude_query else frozenset[VectorId]()
        found = list(self._found([vid for vid in scores if vid not in skipped], scores, composition, allowed))

        def rank(each: _Found) -> tuple[bool, bool, float, int, int]:
            # A photo of the library is its own first hit, even when another picture has the very same embedding.
            place = each.place
            is_query = place.path == own.path or place.photo_id in own.photo_ids
            is_own = plain_single and place.vid in own.vids
            age = -place.dated_at if composition.is_said_only else 0
            return not is_own, not (is_own and is_query), -each.score, age, place.photo_id

        found.sort(key=rank)
        found = found[: query.limit]
        looks = self._looks([each.place.vid for each in found], composition)
        return [
            # Several texts may name the same thing; once is reason enough.
            Hit(
                f.place.photo_id, f.place.path, f.score, f.place.offline, _distinct(*looks.get(f.place.vid, ()), *f.why)
            )
            for f in found
        ]

    def _scores(self, scored: Scored, composition: Composition, wanted: int) -> dict[int, float]:
        """Return the scores by likeness of the vectors that can be among the hits.

        What photos say of themselves lifts some and lowers others; among those that it moves equally, likeness decides.
        """
        if composition.is_said_only:  # nothing but their dates tells them apart, and these are not known here
            wanted = len(scored.vids)
        unmoved = np.ones(len(scored.vids), np.bool_)
        kept = []
        for _, vids in self._ranking.tiers(composition):
            moved = _is_among(scored.vids, vids)
            kept.append(scored.best(wanted, moved))
            unmoved &= ~moved
        best = np.unique(np.concatenate([*kept, scored.best(wanted, unmoved)]))
        order = np.argsort(scored.vids, kind="stable")
        places = order[np.searchsorted(scored.vids[order], best)]
        return dict(zip(best.tolist(), scored.scores[places].tolist(), strict=True))

    def _found(
        self, vids: Sequence[int], scores: dict[int, float], composition: Composition, allowed: Allowed | None
    ) -> Iterator[_Found]:
        places = list(self._catalog.vectors.places(self._pack.id, vids))
        photo_ids = np.array([place.photo_id for place in places], np.int64)
        if allowed is not None:
            kept = allowed.holds(photo_ids)
            places = [place for place, is_kept in zip(places, kept.tolist(), strict=True) if is_kept]
            photo_ids = photo_ids[kept]
        bonus = np.zeros(len(places))
        why: list[list[str]] = [[] for _ in places]
        for said, worth in composition.said:
            true_of = np.isin(photo_ids, said.photo_ids)
            bonus[true_of] += worth
            if worth > 0:
                for number in np.flatnonzero(true_of).tolist():
                    why[number].append(said.label)
        total = composition.total
        for place, extra, reasons in zip(places, bonus.tolist(), why, strict=True):
            if composition.is_said_only and not reasons:
                continue  # a copy at another place, of which nothing is said
            score = scores[place.vid] if composition.is_plain else (scores[place.vid] + extra) / total
            yield _Found(place, score, tuple(reasons))

    def _looks(self, vids: Sequence[int], composition: Composition) -> dict[int, list[str]]:
        """Return what can be seen in the pictures of what was asked for, by vector."""
        unique = np.unique(np.asarray(vids, np.int64))
        looks: dict[int, list[str]] = {vid: [] for vid in unique.tolist()}
        for reason, true_of in self._visible(unique, composition):
            for vid in unique[true_of].tolist():
                looks[vid].append(reason)
        return looks

    def _visible(
        self, vids: npt.NDArray[np.int64], composition: Composition
    ) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
        wishes = [wish for wish in composition.wishes if wish.worth > 0]
        rows = self._snapshot.rows(vids if wishes or composition.looks else vids[:0])
        if wishes and len(vids):
            masses = self._ranking.masses(rows, wishes)
            for number, wish in enumerate(wishes):
                yield f"looks like: {wish.concept.label}", masses[:, number] >= SHOWN_MASS
        for look in composition.looks:
            mark = relevance_mark(scores_of(self._snapshot.sample(), look.vector), self._snapshot.live)
            if mark != CANNOT_TELL:
                yield f"looks like: {look.label}", scores_of(rows, look.vector) >= mark
        colours = [colour for colour, worth in composition.colours if worth > 0]
        if colours and len(vids):
            shares = self._catalog.colours.of(self._pack.id, vids)
            for colour in colours:
                yield f"colour: {colour}", shares[:, colour_column(colour)] >= SHOWN_SHARE


def _is_among(vids: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Tell of each vid whether it is one of the others, which are sorted; ``numpy.isin`` would sort them again."""
    if not len(others):
        return np.zeros(len(vids), np.bool_)
    places = np.minimum(np.searchsorted(others, vids), len(others) - 1)
    found: npt.NDArray[np.bool_] = others[places] == vids
    return found


def _distinct(*reasons: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reasons))
