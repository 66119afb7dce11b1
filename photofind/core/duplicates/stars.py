"""Covering a graph of copies with stars: groups in which every member is linked directly to one reference.

::

    links ──greedy_stars──▶ stars ──orphans──▶ ──reassigning──▶ references

Connected components would chain: a is like b, b like c, and so on to pictures that have nothing in common. A star
cannot. The node with the most links becomes the reference of its free neighbours, and so on with what is left. Then a
node that was left alone, because a star took its only partner away over a link that is no stronger, takes it back;
and members whose links lie mostly within another star, to whose reference they are linked too, move there.

Everything is decided by whole numbers and a total order of the nodes, so the result does not depend on the order in
which the links come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

FULL_WEIGHT = 1_000_000
"""The weight of a link between two that are the same for certain."""

_PERCENT = FULL_WEIGHT // 100


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Nodes 0 … n and the links between them.

    Parameters
    ----------
    places
        The nodes' places in the order of preference, each number 0 … n once, the best the highest; shape (n,).
    first, second
        The links, each once, shape (e,).
    weights
        How strong they are, 0 to `FULL_WEIGHT`, shape (e,).
    forbidden
        Pairs of nodes that may not share a star, shape (k, 2); no link joins them.
    """

    places: Ints
    first: Ints
    second: Ints
    weights: Ints
    forbidden: Ints

    def __len__(self) -> int:
        return len(self.places)


def cover(graph: Graph) -> Ints:
    """Return the reference of each node, shape (n,): itself for a reference, -1 for a node that is alone."""
    references, _ = greedy_stars(graph)
    return repaired(graph, references)


class _Links:
    """The links from either end, in the order of these ends: shape (2 e,)."""

    def __init__(self, graph: Graph) -> None:
        sources, targets = np.append(graph.first, graph.second), np.append(graph.second, graph.first)
        order = np.argsort(sources, kind="stable")
        self.sources, self.targets = sources[order], targets[order]
        self.weights = np.append(graph.weights, graph.weights)[order]

    def of(self, node: int) -> list[tuple[int, int]]:
        """Return a node's neighbours and the weights of their links."""
        start, end = np.searchsorted(self.sources, (node, node + 1))
        return list(zip(self.targets[start:end].tolist(), self.weights[start:end].tolist(), strict=True))


# The greedy cover


def greedy_stars(graph: Graph) -> tuple[Ints, Ints]:
    """Return the stars that come of taking the best node with all its free neighbours, again and again.

    They are the reference of each node, as in `cover`, and the rank by which each reference was taken, 0 for other
    nodes; both of shape (n,).

    The best has the most free neighbours, then the strongest links in whole percent (what is finer is noise), then the
    highest place. A star changes what is free only for nodes up to two links from its reference, and makes these worse
    only; so all nodes that are the best as far as two links go can be taken at once, with the same result.
    """
    count = len(graph)
    references = np.full(count, -1, np.int64)
    taken_by = np.zeros(count, np.int64)
    forbidden, links = _Forbidden(graph), _Links(graph)
    sources, targets, weights = links.sources, links.targets, links.weights
    ranks, nearby = np.empty(count, np.int64), np.empty(count, np.int64)
    while len(sources):
        starts = np.flatnonzero(np.diff(sources, prepend=-1))
        nodes = sources[starts]
        degrees = np.diff(starts, append=len(sources))
        means = np.add.reduceat(weights, starts) // (degrees * _PERCENT)
        ranks[nodes] = (degrees * 101 + means) * count + graph.places[nodes]
        nearby[nodes] = np.maximum(ranks[nodes], np.maximum.reduceat(ranks[targets], starts))
        best = np.maximum(nearby[nodes], np.maximum.reduceat(nearby[targets], starts))
        heads = nodes[best == ranks[nodes]]
        references[heads], taken_by[heads] = heads, ranks[heads]
        taken = references[sources] == sources
        references[targets[taken]] = sources[taken]
        for member in forbidden.weaker(references, heads, links):
            references[member] = -1
        free = (references[sources] < 0) & (references[targets] < 0)
        sources, targets, weights = sources[free], targets[free], weights[free]
    return references, taken_by


class _Forbidden:
    """The pairs of nodes that may not share a star."""

    def __init__(self, graph: Graph) -> None:
        self._pairs = graph.forbidden
        self._places = graph.places
        self._others: dict[int, set[int]] = {}
        for one, other in graph.forbidden.tolist():
            self._others.setdefault(one, set()).add(other)
            self._others.setdefault(other, set()).add(one)

    def allows(self, node: int, reference: int, references: Ints) -> bool:
        """Tell whether a node may join the star of a reference."""
        return all(references[other] != reference for other in self._others.get(node, ()))

    def weaker(self, references: Ints, heads: Ints, links: _Links) -> list[int]:
        """Return who has to leave the stars of some heads: of each forbidden pair the one with the weaker link."""
        if not len(self._pairs):
            return []
        stars = references[self._pairs]
        broken = np.unique(stars[(stars[:, 0] == stars[:, 1]) & (stars[:, 0] >= 0), 0])
        leaving: list[int] = []
        for head in np.intersect1d(broken, heads).tolist():
            members = [(node, weight) for node, weight in links.of(head) if references[node] == head]
            members.sort(key=lambda member: (member[1], int(self._places[member[0]])), reverse=True)
            staying: set[int] = set()
            for node, _ in members:
                if self._others.get(node, set()).isdisjoint(staying):
                    staying.add(node)
                else:
                    leaving.append(node)
        return leaving


# Its repair


def repaired(graph: Graph, references: Ints) -> Ints:
    """Return what becomes of greedy stars when those that they served badly are served again."""
    repair = _Repair(graph, _Links(graph), references.copy())
    return repair.run()


class _Repair:
    """Looks at the few nodes that the greedy cover may have served badly; changes ``references`` in place."""

    def __init__(self, graph: Graph, links: _Links, references: Ints) -> None:
        self._places = graph.places
        self._forbidden = _Forbidden(graph)
        self._links = links
        self._references = references
        self._sizes = np.bincount(references[references >= 0], minlength=len(graph))

    def run(self) -> Ints:
        """Serve orphans, then members with a choice, each in the order of preference."""
        links, references = self._links, self._references
        for orphan in self._ordered(links.sources[references[links.sources] < 0]):
            self._take_partner_back(orphan)
        own, other = references[links.sources], links.targets
        has_choice = (references[other] == other) & (own != other) & (own >= 0) & (own != links.sources)
        for member in self._ordered(links.sources[has_choice]):
            self._reassign(member)
        return references

    def _ordered(self, nodes: Ints) -> list[int]:
        once = np.unique(nodes)
        ordered: list[int] = once[np.argsort(-self._places[once])].tolist()
        return ordered

    def _take_partner_back(self, orphan: int) -> None:
        """Let a node without a star join one that was made of orphans, or make one of it and its strongest partner.

        The partner must have been lost to a link that is no stronger, and leave no reference alone.
        """
        by_weight = sorted(self._links.of(orphan), key=lambda link: (link[1], self._places[link[0]]), reverse=True)
        for partner, weight in by_weight:
            reference = int(self._references[partner])
            if reference == partner and self._forbidden.allows(orphan, partner, self._references):
                self._move(orphan, partner)
                return
            if reference not in (partner, -1) and self._can_leave(partner, reference, weight):
                better = max(orphan, partner, key=lambda node: int(self._places[node]))
                self._move(partner, better)
                self._move(orphan, better)
                return

    def _can_leave(self, member: int, reference: int, weight: int) -> bool:
        if self._sizes[reference] < 3:
            return False
        return weight >= next(strength for other, strength in self._links.of(member) if other == reference)

    def _reassign(self, member: int) -> None:
        """Move a member to the star within which most of its links lie, if it is linked to that one's reference."""
        own = int(self._references[member])
        if self._sizes[own] < 3:
            return
        within: dict[int, int] = {}
        open_to = {own}
        links = self._links.of(member)
        references = self._references[[target for target, _ in links]].tolist()
        for (target, weight), reference in zip(links, references, strict=True):
            within[reference] = within.get(reference, 0) + weight
            if reference == target and self._forbidden.allows(member, reference, self._references):
                open_to.add(reference)
        best = self._best(open_to, within)
        if within[best] > within[own]:
            self._move(member, best)

    def _best(self, references: Iterable[int], within: dict[int, int]) -> int:
        return max(references, key=lambda reference: (within[reference], int(self._places[reference])))

    def _move(self, node: int, reference: int) -> None:
        before = int(self._references[node])
        if before >= 0:
            self._sizes[before] -= 1
        self._references[node] = reference
        self._sizes[reference] += 1
