"""Candidates for a composition, and their scores.

The index proposes by direction. A named thing that comes in many kinds ("animal") has no single direction, so that its
kinds propose as well; so do the photos with the most of a named colour, and those that say of themselves what was asked
for. All of them are then scored by the whole rule. Where there are few photos, or every one is to be compared, all are
scored and nothing has to be proposed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from photofind.core.catalog import Catalog, Pack
from photofind.core.searching.allowed import Allowed
from photofind.core.searching.composing import Composition, Wish, colour_gain, concept_gain
from photofind.core.searching.texts import Said
from photofind.core.vectors import IndexSnapshot
from photofind.core.vectors.rule import default_nprobe
from photofind.core.vectors.snapshot import Ranked, scores_of
from photofind.core.words.colour_words import BLACK_AND_WHITE
from photofind.core.words.meaning import WordsEncoder

_ALL = 1_000
"""So many photos are all scored: as many as are proposed where there are more."""
_BLOCK = 2_048
_HELD = 20_000
"""So many rows of what filters keep are held in memory for the time of a query, 40 MB at 512 dimensions."""
_PER_PROBE = 50
_NARROWER = 32
"""A kind of named things lies in one place: of so many lists that the query looks into, its probe looks into one."""
_FEWEST = 8
_PER_COLOUR = 300
_MORE = 8
_PROPOSED = 400
"""Fewest candidates where the rule is more than a direction."""
_SAID = 2_000


@dataclass(frozen=True, slots=True)
class Depth:
    """How many hits are wanted, and how hard to look for them."""

    wanted: int
    nprobe: int
    exact: bool


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Vids with their scores by likeness, not yet divided, in no order; ``all_compared`` when none could be missed."""

    vids: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]
    all_compared: bool

    def best(self, count: int, among: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.int64]:
        """Return the vids with the highest scores, best first, all or some of them."""
        vids, scores = (self.vids, self.scores) if among is None else (self.vids[among], self.scores[among])
        return vids[np.lexsort((vids, -scores))[:count]]


class Ranking:
    """Scores one view of the index; ``encoder`` knows the concepts of the composition, None where there are none."""

    def __init__(
        self,
        snapshot: IndexSnapshot,
        catalog: Catalog,
        pack: Pack,
        encoder: Callable[[], WordsEncoder | None],
        allowed: Allowed | None,
    ) -> None:
        self._snapshot = snapshot
        self._catalog = catalog
        self._pack = pack
        self._encoder = encoder
        self._allowed_photos = allowed
        self._among = allowed.selection if allowed is not None else None
        self._wanted = _SAID
        self._few: tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]] | None = None
        self._tiers: tuple[Composition, list[tuple[float, npt.NDArray[np.int64]]]] | None = None

    def rank(self, composition: Composition, depth: Depth, check: Callable[[], None] = lambda: None) -> Scored:
        """Return scored candidates: at least the best ``depth.wanted``, as far as they were found.

        Where all photos are scored, ``check`` is called between blocks of them and may raise to cancel.
        """
        if composition.is_plain:
            assert composition.vector is not None
            vids, scores = self._search(composition.vector, depth, depth.wanted, check)
            return Scored(vids, scores, depth.exact or self._snapshot.compares_all(self._among))
        live = self._among.count if self._among is not None else self._snapshot.live
        has_looks = composition.vector is not None or composition.colours
        if (depth.exact or live <= _ALL) and has_looks:
            return self._all(composition, check)
        self._wanted = max(_SAID, depth.wanted)
        vids = np.unique(np.concatenate([*self._proposals(composition, depth), np.empty(0, np.int64)]))
        rows = self._snapshot.rows(vids)
        # Names and dates alone are looked up, not proposed: only where they are true of too many is one left out.
        complete = not has_looks and len(vids) < self._wanted
        return Scored(vids, self.scores(composition, rows, vids), all_compared=complete)

    def scores(
        self, composition: Composition, rows: npt.NDArray[np.float32], vids: npt.NDArray[np.int64] | None = None
    ) -> npt.NDArray[np.float32]:
        """Return the scores by likeness of embeddings, shape (n, dimension); shape (n,).

        Without their ``vids``, colours are not known and count nothing.
        """
        total = np.zeros(len(rows), np.float32)
        if composition.vector is not None:
            total += scores_of(rows, composition.vector)
        if composition.wishes and len(rows):
            gains = concept_gain(self.masses(rows, composition.wishes))
            total += np.einsum("ij,j->i", gains, np.array([wish.worth for wish in composition.wishes], np.float32))
        if composition.colours and vids is not None:
            shares = self._catalog.colours.of(self._pack.id, vids)
            for colour, worth in composition.colours:
                total += np.float32(worth) * colour_gain(shares, colour)
        return total

    def masses(self, rows: npt.NDArray[np.float32], wishes: Sequence[Wish]) -> npt.NDArray[np.float32]:
        """Return how surely photos, shape (n, dimension), show named things, 0 to 1, shape (n, number of wishes)."""
        encoder = self._encoder()
        assert encoder is not None  # it named them
        return encoder.masses(rows, [wish.concept for wish in wishes])

    def _all(self, composition: Composition, check: Callable[[], None]) -> Scored:
        found = []
        for vids, rows in self._snapshot.blocks(_BLOCK, self._among):
            check()
            found.append((vids, self.scores(composition, rows, vids)))
        vids = np.concatenate([np.empty(0, np.int64), *(each[0] for each in found)])
        scores = np.concatenate([np.empty(0, np.float32), *(each[1] for each in found)])
        return Scored(vids, scores, all_compared=True)

    def _search(
        self, vector: npt.NDArray[np.float32], depth: Depth, count: int, check: Callable[[], None] = lambda: None
    ) -> Ranked:
        if self._among is not None and self._among.count <= _HELD and self._snapshot.compares_all(self._among):
            if self._few is None:  # they are asked for by several vectors and read once
                vids = self._among.vids()
                self._few = vids, self._snapshot.rows(vids)
            vids, rows = self._few
            scores = scores_of(rows, vector)
            order = np.lexsort((vids, -scores))[:count]
            return vids[order], scores[order]
        if depth.exact:
            return self._snapshot.search_exactly(vector, count, self._among, check)
        return self._snapshot.search(vector, count, depth.nprobe, self._among)

    # Proposals

    def _propose(self, vector: npt.NDArray[np.float32], depth: Depth, count: int) -> npt.NDArray[np.int64]:
        if depth.exact or self._snapshot.compares_all(self._among):
            return self._search(vector, depth, count)[0]
        return self._snapshot.propose(vector, count, depth.nprobe, self._among)

    def _proposals(self, composition: Composition, depth: Depth) -> list[npt.NDArray[np.int64]]:
        found = []
        if composition.vector is not None:
            found.append(self._propose(composition.vector, depth, max(_PROPOSED, depth.wanted + depth.wanted // 4)))
        encoder = self._encoder() if composition.wishes else None
        near = replace(depth, nprobe=max(min(depth.nprobe, _FEWEST), depth.nprobe // _NARROWER))
        for wish in composition.wishes:
            if wish.worth > 0 and encoder is not None:
                per_probe = max(_PER_PROBE, depth.wanted)
                found += [self._propose(probe, near, per_probe) for probe in encoder.probes(wish.concept)]
        is_all = composition.vector is None
        found += [self._richest(colour, depth.wanted, is_all=is_all) for colour in sorted(composition.leading)]
        found.append(self.said(composition, depth.wanted))
        return found

    def _richest(self, colour: str, wanted: int, *, is_all: bool) -> npt.NDArray[np.int64]:
        """Return the vectors with the most of a colour: ``wanted`` if there are, where colours are all that counts."""
        name = "monochrome" if colour == BLACK_AND_WHITE else colour
        asked = max(_PER_COLOUR, wanted)
        if self._among is not None:  # of those that a filter keeps, as many
            asked = -(-asked * self._snapshot.live // max(1, self._among.count))
        while True:
            vids = self._catalog.colours.richest(self._pack.id, name, asked)
            kept = self._allowed(vids)
            if not is_all or len(kept) >= wanted or len(vids) < asked:
                return kept
            asked *= _MORE

    def _allowed(self, vids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        vids = vids[vids < self._snapshot.state.next_vid]  # the catalog may know of newer ones than this view
        kept: npt.NDArray[np.int64] = self._snapshot.select(vids).vids()
        return kept if self._among is None else kept[self._among.mask[kept]]

    def said(self, composition: Composition, wanted: int) -> npt.NDArray[np.int64]:
        """Return the vectors of the photos that say most of what was asked for, of at least ``wanted`` if there are."""
        found: list[npt.NDArray[np.int64]] = [np.empty(0, np.int64)]
        left = max(_SAID, wanted)
        for worth, vids in self.tiers(composition):
            if worth <= 0 or left <= 0:
                break
            if len(vids) > left and composition.vector is not None:
                among = self._snapshot.select(vids)
                nprobe = default_nprobe(self._snapshot.nlist, self._snapshot.live)
                vids = self._snapshot.search(composition.vector, left, nprobe, among)[0]
            found.append(vids[-left:])  # without a direction the newest will do
            left -= len(found[-1])
        return np.unique(np.concatenate(found))

    def tiers(self, composition: Composition) -> list[tuple[float, npt.NDArray[np.int64]]]:
        """Return what is said of photos, wanted or not, by its worth: that and their vectors, the most first."""
        if not composition.said:
            return []
        if self._tiers is None or self._tiers[0] is not composition:
            photo_ids, worths = total_worth(composition.said)
            found = [
                (float(worth), self._vids_of(photo_ids[worths == worth], composition))
                for worth in np.unique(worths)[::-1]
            ]
            self._tiers = composition, found
        return self._tiers[1]

    def _vids_of(self, photo_ids: npt.NDArray[np.int64], composition: Composition) -> npt.NDArray[np.int64]:
        """Return the vectors of photos; where nothing else tells them apart, only of the newest."""
        if composition.is_said_only and len(photo_ids) > self._wanted:
            if self._allowed_photos is not None:
                photo_ids = np.intersect1d(photo_ids, self._allowed_photos.photo_ids, assume_unique=True)
            with self._catalog.snapshot():
                photo_ids = self._catalog.lists.newest(photo_ids, self._wanted)
        return self._allowed(self._catalog.filtering.vids_of(self._pack.id, photo_ids))


def total_worth(said: Sequence[tuple[Said, float]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the photos of which something is said, sorted ids, and what all of it is worth for each; shapes (n,)."""
    everyone = np.concatenate([each.photo_ids for each, _ in said])
    worths = np.concatenate([np.full(len(each.photo_ids), worth) for each, worth in said])
    photo_ids, places = np.unique(everyone, return_inverse=True)
    return photo_ids, np.round(np.bincount(places, worths, len(photo_ids)), 6)
