"""Contents and the pairs between them as a graph: what groups are made of.

Byte-identical files are one content and one node. Nodes are numbered in the order of content ids, so that what is made
of them does not depend on the order in which photos and pairs came.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.core.catalog.pair_rows import CODES, PairColumns
from photofind.core.duplicates.stars import FULL_WEIGHT, Graph, Ints
from photofind.core.evidence import Verdict

Mask = npt.NDArray[np.bool_]

_SAME_CODES: Final = (CODES[Verdict.SAME_FILE], CODES[Verdict.SAME_PICTURE])
_ALTERED_CODES: Final = (CODES[Verdict.CROPPED], CODES[Verdict.EDITED])
_ALTERED_SHARE: Final = 0.5
_SIMILAR_CODE: Final = CODES[Verdict.SIMILAR]


@dataclass(frozen=True, slots=True, eq=False)
class Stock:
    """All photos of a library that may be grouped.

    Parameters
    ----------
    photos, contents
        Photo ids and the contents they have, in any order, shape (m,), int64.
    measured, pixels, sizes
        Contents in any order, the number of their pixels and of their bytes, shape (c,), int64. Of two that could be
        a reference, the one with more pixels is, then the one with more bytes. What is missing counts as 0.
    """

    photos: Ints
    contents: Ints
    measured: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    pixels: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    sizes: Ints = field(default_factory=lambda: np.empty(0, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """The distinct contents in stock, as nodes 0 … n in the order of their ids.

    ``photos`` of node k are those from ``starts[k]`` to ``starts[k + 1]`` (excluded), in rising order; ``places`` is
    the order in which nodes are preferred as references, the best with the highest number.
    """

    ids: Ints
    starts: Ints
    photos: Ints
    places: Ints

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, stock: Stock) -> Contents:
        """Return the contents of a stock."""
        order = np.lexsort((stock.photos, stock.contents))
        sorted_contents = stock.contents[order]
        starts = np.flatnonzero(np.diff(sorted_contents, prepend=-1))
        ids = sorted_contents[starts]
        pixels, sizes = np.zeros(len(ids), np.int64), np.zeros(len(ids), np.int64)
        nodes, known = _nodes(ids, stock.measured)
        pixels[nodes[known]], sizes[nodes[known]] = stock.pixels[known], stock.sizes[known]
        places = np.empty(len(ids), np.int64)
        places[np.lexsort((ids, _mixed(ids), sizes, pixels))] = np.arange(len(ids))
        return cls(ids, np.append(starts, len(order)), stock.photos[order], places)

    def counts(self) -> Ints:
        """Return the number of photos of each node, shape (n,)."""
        return np.diff(self.starts)

    def forbidden(self, rejected: Ints) -> Ints:
        """Return the pairs of nodes that were rejected, shape (k, 2), the smaller first."""
        nodes, known = _nodes(self.ids, rejected.ravel())
        both = known.reshape(-1, 2).all(axis=1)
        return np.sort(nodes.reshape(-1, 2)[both], axis=1)

    def joined(self, one: Ints, other: Ints) -> Ints:
        """Return the keys of pairs of nodes, as in `Links`."""
        keys: Ints = np.minimum(one, other) * len(self) + np.maximum(one, other)
        return keys

    def keys(self, first: Ints, second: Ints) -> tuple[Ints, Mask]:
        """Return the keys of those pairs of contents that are both in stock and not one, and which pairs these are."""
        one, knows_one = _nodes(self.ids, first)
        other, knows_other = _nodes(self.ids, second)
        known = knows_one & knows_other & (one != other)
        return self.joined(one, other)[known], known

    def links(self, pairs: PairColumns, chosen: Mask, forbidden: Ints) -> Links:
        """Return the chosen pairs as links of nodes, without rejected ones and those of unknown contents."""
        keys, known = self.keys(pairs.first[chosen], pairs.second[chosen])
        allowed = ~np.isin(keys, self.joined(forbidden[:, 0], forbidden[:, 1]))
        places = np.flatnonzero(chosen)[known][allowed]
        keys = keys[allowed]
        order = np.argsort(keys, kind="stable")
        places = places[order]
        return Links(len(self), keys[order], pairs.score[places], pairs.verdict[places])


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Links of ``count`` nodes, sorted; ``keys`` are ``first · count + second``, ``verdicts`` are codes, uint8."""

    count: int
    keys: Ints
    scores: npt.NDArray[np.float64]
    verdicts: npt.NDArray[np.uint8]

    def ends(self) -> tuple[Ints, Ints]:
        """Return the nodes that each link joins, shape (e,)."""
        return self.keys // max(self.count, 1), self.keys % max(self.count, 1)

    def graph(self, contents: Contents, forbidden: Ints) -> Graph:
        """Return what is to be covered with stars.

        What leads to a picture that was cropped or edited weighs less, so that the reference is rather what the others
        were made from than a screenshot of it, which may have more pixels.
        """
        altered = np.isin(self.verdicts, _ALTERED_CODES)
        weights = np.rint(self.scores * np.where(altered, _ALTERED_SHARE, 1.0) * FULL_WEIGHT).astype(np.int64)
        return Graph(contents.places, *self.ends(), weights, forbidden)

    def among(self, heads: Ints) -> Links:
        """Return the links of which both ends are heads (their own, by ``heads``, shape (n,))."""
        first, second = self.ends()
        kept = (heads[first] == first) & (heads[second] == second)
        return Links(self.count, self.keys[kept], self.scores[kept], self.verdicts[kept])

    def to(self, nodes: Ints, references: Ints) -> tuple[npt.NDArray[np.float64], Mask]:
        """Return the scores of the links of nodes to their references, and whether they have the same pixels."""
        scores, same = np.ones(len(nodes)), np.ones(len(nodes), np.bool_)
        others = np.flatnonzero(nodes != references)
        one, other = nodes[others], references[others]
        places = np.searchsorted(self.keys, np.minimum(one, other) * self.count + np.maximum(one, other))
        scores[others], same[others] = self.scores[places], np.isin(self.verdicts[places], _SAME_CODES)
        return scores, same


def _mixed(ids: Ints) -> npt.NDArray[np.uint64]:
    """Return a number for each id in an order that has nothing to do with theirs (splitmix64, Steele et al. 2014).

    Pictures of one size that came one after another would else be preferred one after another, and be covered so.
    """
    mixed = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: npt.NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return result


def is_copy(pairs: PairColumns, threshold: float, *, exact_only: bool = False) -> Mask:
    """Tell which pairs count as copies, shape (n,)."""
    if exact_only:
        return np.isin(pairs.verdict, _SAME_CODES)
    copies: Mask = (pairs.score >= threshold) & (pairs.verdict != _SIMILAR_CODE)
    return copies


def is_similar(pairs: PairColumns) -> Mask:
    """Tell which pairs are shots like each other, shape (n,)."""
    similar: Mask = pairs.verdict == _SIMILAR_CODE
    return similar


def _nodes(ids: Ints, contents: Ints) -> tuple[Ints, Mask]:
    """Return the nodes of contents, and which of these are known; the node of an unknown one means nothing."""
    nodes = np.searchsorted(ids, contents)
    nodes[nodes == len(ids)] = 0
    return nodes, ids[nodes] == contents if len(ids) else np.zeros(len(contents), np.bool_)
