"""Covering a graph of copies with stars: groups in which every member is linked directly to one reference.

::

    links ──components──▶ one node sees all others: a star            (nearly all)
                     └──▶ greedy cover ──orphans──▶ reassigning       (chains, bridges, rejected pairs)

Connected components alone would chain: a is like b, b like c, and so on to pictures that have nothing in common. A star
cannot. The node with the most links becomes the reference of its free neighbours, and so on with what is left. Then a
node that was left alone, because a star took its only partner away from it over a weaker link, takes that one back;
and members whose links lie mostly within another star, to whose reference they are linked too, move there.

Everything is decided by whole numbers and a total order of the nodes, so the result does not depend on the order in
which the links come.
"""

from __future__ import annotations

import heapq
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
    components = connected(len(graph), graph.first, graph.second)
    ranks = _ranks(graph)
    references = _best_of(components, ranks, graph)
    degrees = np.bincount(graph.first, minlength=len(graph)) + np.bincount(graph.second, minlength=len(graph))
    sizes = np.bincount(components, minlength=len(graph))
    seen = degrees[references] == sizes[components] - 1
    seen &= ~np.isin(components, components[graph.forbidden.ravel()])
    references[sizes[components] == 1] = -1
    hard = np.flatnonzero(~seen & (references >= 0))
    if len(hard):
        references[hard] = -1
        for node, reference in _Cover(graph, hard).run():
            references[node] = reference
    return references


def connected(count: int, first: Ints, second: Ints) -> Ints:
    """Return for each of ``count`` nodes the smallest node that a path of links leads to, shape (count,).

    The larger of two linked roots is hooked to the smaller until no link joins two roots (Shiloach and Vishkin 1982).
    """
    roots = np.arange(count, dtype=np.int64)
    while len(first):
        one, other = roots[first], roots[second]
        apart = one != other
        first, second, one, other = first[apart], second[apart], one[apart], other[apart]
        np.minimum.at(roots, np.maximum(one, other), np.minimum(one, other))
        while True:
            further = roots[roots]
            if np.array_equal(further, roots):
                break
            roots = further
    return roots


def _ranks(graph: Graph) -> Ints:
    """Return a number for each node that is the higher, the better it is as a reference.

    It counts links first, then their mean weight in whole percent (what is finer is noise), then the preference.
    """
    count = len(graph)
    degrees, weights = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for ends in (graph.first, graph.second):
        degrees += np.bincount(ends, minlength=count)
        np.add.at(weights, ends, graph.weights)
    means = weights // np.maximum(degrees * _PERCENT, 1)
    ranks: Ints = (degrees * 101 + means) * count + graph.places
    return ranks


def _best_of(components: Ints, ranks: Ints, graph: Graph) -> Ints:
    """Return for each node the best one of its component."""
    best = np.full(len(graph), -1, np.int64)
    np.maximum.at(best, components, ranks)
    nodes = np.empty(len(graph), np.int64)
    nodes[graph.places] = np.arange(len(graph))
    of_all: Ints = nodes[best[components] % max(len(graph), 1)]
    return of_all


class _Cover:
    """The cover of the components that one star does not cover; node by node, but few nodes need it."""

    def __init__(self, graph: Graph, nodes: Ints) -> None:
        self._places = graph.places
        self._nodes = nodes
        self._count = len(graph)
        is_hard = np.zeros(len(graph), np.bool_)
        is_hard[nodes] = True
        chosen = is_hard[graph.first]  # the other end is of the same component
        ends = (graph.first[chosen], graph.second[chosen])
        sources, targets = np.concatenate(ends), np.concatenate(ends[::-1])
        weights = np.concatenate([graph.weights[chosen]] * 2)
        # Neighbours in the order of preference, so that nothing depends on that of the links.
        order = np.lexsort((-graph.places[targets], sources))
        self._targets, self._weights = targets[order], weights[order]
        self._starts = np.searchsorted(sources[order], np.arange(len(graph) + 1))
        self._forbidden: dict[int, set[int]] = {}
        for one, other in graph.forbidden.tolist():
            self._forbidden.setdefault(one, set()).add(other)
            self._forbidden.setdefault(other, set()).add(one)
        self._reference: dict[int, int] = {}
        self._stars: dict[int, set[int]] = {}

    def run(self) -> Iterable[tuple[int, int]]:
        """Return nodes with their references, those that are alone left out."""
        self._take_stars()
        for node in self._ordered(self._nodes.tolist()):
            if node not in self._reference:
                self._take_partner_back(node)
        for node in self._ordered(self._reference):
            self._reassign(node)
        return self._reference.items()

    def _links(self, node: int) -> Iterable[tuple[int, int]]:
        start, end = self._starts[node], self._starts[node + 1]
        return zip(self._targets[start:end].tolist(), self._weights[start:end].tolist(), strict=True)

    def _ordered(self, nodes: Iterable[int]) -> list[int]:
        places = self._places
        return sorted(nodes, key=lambda node: -int(places[node]))

    # The greedy cover

    def _take_stars(self) -> None:
        degrees = {node: int(self._starts[node + 1] - self._starts[node]) for node in self._nodes.tolist()}
        sums = {node: sum(weight for _, weight in self._links(node)) for node in degrees}
        ranks = {node: self._rank(node, degrees[node], sums[node]) for node in degrees}
        node_of = {int(self._places[node]): node for node in degrees}
        heap = [-rank for rank in ranks.values()]
        heapq.heapify(heap)
        while heap:
            rank = -heapq.heappop(heap)
            node = node_of[rank % self._count]
            if node in self._reference or ranks[node] != rank or not degrees[node]:
                continue  # taken meanwhile, or an entry of when it still had more free neighbours
            changed: set[int] = set()
            for taken in self._take_star(node):
                for other, weight in self._links(taken):
                    degrees[other] -= 1
                    sums[other] -= weight
                    changed.add(other)
            for other in changed - self._reference.keys():
                ranks[other] = self._rank(other, degrees[other], sums[other])
                heapq.heappush(heap, -ranks[other])

    def _rank(self, node: int, degree: int, weight: int) -> int:
        return (degree * 101 + weight // max(degree * _PERCENT, 1)) * self._count + int(self._places[node])

    def _take_star(self, reference: int) -> set[int]:
        """Give a reference its free neighbours; of two that may not be together the weaker linked stays free."""
        free = [(target, weight) for target, weight in self._links(reference) if target not in self._reference]
        free.sort(key=lambda link: -link[1])  # stable: among equals the preferred one comes first
        star = {reference}
        for target, _ in free:
            if self._may_join(target, star):
                star.add(target)
        if len(star) > 1:
            self._stars[reference] = star
            self._reference.update(dict.fromkeys(star, reference))
        return star if len(star) > 1 else set()

    def _may_join(self, node: int, star: set[int]) -> bool:
        return self._forbidden.get(node, set()).isdisjoint(star)

    # Its repair

    def _take_partner_back(self, orphan: int) -> None:
        """Let a node without a star join one that was made of orphans, or make one of it and its strongest partner.

        The partner must have been lost to a weaker link, and leave no reference alone.
        """
        for partner, weight in sorted(self._links(orphan), key=lambda link: -link[1]):
            reference = self._reference.get(partner)
            if reference is None:
                continue
            if reference == partner and self._may_join(orphan, self._stars[partner]):
                self._stars[partner].add(orphan)
                self._reference[orphan] = partner
                return
            if reference != partner and self._can_leave(partner, weight):
                self._stars[reference].remove(partner)
                better = max(orphan, partner, key=lambda node: int(self._places[node]))
                self._stars[better] = {orphan, partner}
                self._reference.update({orphan: better, partner: better})
                return

    def _can_leave(self, member: int, weight: int) -> bool:
        reference = self._reference[member]
        own = next(strength for other, strength in self._links(member) if other == reference)
        return own < weight and len(self._stars[reference]) > 2

    def _reassign(self, node: int) -> None:
        """Move a member to the star within which most of its links lie, if it is linked to that one's reference."""
        own = self._reference[node]
        if own == node or len(self._stars[own]) < 3:
            return
        within: dict[int, int] = {}
        open_to: list[int] = [own]
        for target, weight in self._links(node):
            reference = self._reference.get(target)
            if reference is not None:
                within[reference] = within.get(reference, 0) + weight
                if reference == target and reference != own and self._may_join(node, self._stars[reference]):
                    open_to.append(reference)
        best = max(open_to, key=lambda reference: within[reference])  # the first of equals, its own before all others
        if best != own:
            self._stars[own].remove(node)
            self._stars[best].add(node)
            self._reference[node] = best
