"""From pairs of copies to groups that can be reviewed, by a threshold, in numpy and without SQL.

::

    photos ──by content──▶ contents ─┐
    pairs ──≥ threshold──▶ links ────┴─stars─▶ EXACT and NEAR groups ──their references──▶ SIMILAR groups

Byte-identical files are one content, which is grouped once and then listed with all its photos. Groups are stars
(:mod:`stars`): every member has a link of its own to the reference, which is the first, so nothing chains. Similar
shots are grouped among the references only: what is a copy of another counts once there, with one photo.

A higher threshold takes links away, so groups of before never grow together beyond what was connected by links; but as
other references may be chosen, a member may change groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.core.catalog.pair_rows import PairColumns
from photofind.core.duplicates.nodes import Contents, Links, Mask, Stock, is_copy, is_similar
from photofind.core.duplicates.stars import Ints, cover, greedy_stars, repaired
from photofind.core.evidence import GroupKind

KINDS: Final = tuple(GroupKind)
"""The kinds of groups by their code."""

_EXACT, _NEAR, _SIMILAR = range(3)


@dataclass(frozen=True, slots=True, eq=False)
class GroupTable:
    """Groups 0 … n; the members of group g are ``starts[g]`` to ``starts[g + 1]`` (excluded), its reference first.

    They come by kind, then those that are most certain, then the largest.

    Parameters
    ----------
    kinds
        Places in `KINDS`, shape (n,), uint8.
    starts
        Shape (n + 1,), int64.
    photos, contents
        Photo and content ids of the members, shape (m,), int64.
    links
        The score of each member's pair with the reference, 1 for the reference and its byte-identical files; of
        similar shots the chance that they are copies, which is small. Shape (m,), float64.
    scores
        The least of each group's links, shape (n,), float64.
    """

    kinds: npt.NDArray[np.uint8]
    starts: Ints
    photos: Ints
    contents: Ints
    links: npt.NDArray[np.float64]
    scores: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.kinds)

    def members(self, group: int) -> slice:
        """Return where the members of a group are."""
        return slice(int(self.starts[group]), int(self.starts[group + 1]))

    def groups_of(self, photo_id: int) -> list[int]:
        """Return the groups that a photo is in, two at most."""
        places = np.flatnonzero(self.photos == photo_id)
        groups: list[int] = (np.searchsorted(self.starts, places, side="right") - 1).tolist()
        return groups


class DismissedGroups:
    """Groups that the user said are no duplicates: which others they hide.

    A group is hidden when all its photos were in one that was dismissed. Each is given as the contents of its photos,
    a content as often as there were photos of it, so that one more copy of a file is a new member too.
    """

    def __init__(self, groups: Iterable[Iterable[int]] = ()) -> None:
        self._groups: list[Mapping[int, int]] = [Counter(group) for group in groups]
        self._holding: dict[int, list[int]] = {}
        for number, group in enumerate(self._groups):
            for content in group:
                self._holding.setdefault(content, []).append(number)

    def __len__(self) -> int:
        return len(self._groups)

    def contents(self) -> Ints:
        """Return all contents that occur, shape (n,)."""
        return np.fromiter(self._holding, np.int64, len(self._holding))

    def hides(self, contents: Iterable[int]) -> bool:
        """Tell whether a group of photos with these contents is hidden; an empty one is not."""
        members = Counter(contents)
        if not members:
            return False
        rarest = min((self._holding.get(content, []) for content in members), key=len)
        return any(
            all(self._groups[number].get(content, 0) >= photos for content, photos in members.items())
            for number in rarest
        )


def make_groups(
    stock: Stock,
    pairs: PairColumns,
    *,
    threshold: float,
    kinds: Collection[GroupKind] = frozenset(GroupKind),
    rejected: Ints | None = None,
    dismissed: DismissedGroups | None = None,
) -> GroupTable:
    """Return the groups of duplicates and of similar shots; the order of the input does not matter.

    Parameters
    ----------
    pairs
        Pairs with evidence; those of contents that are not in stock are passed over.
    threshold
        The score from which on a pair counts as copies.
    kinds
        Which groups are wanted. Without NEAR, exact groups are made as if there were no other copies.
    rejected
        Pairs of contents that must not share a group, shape (k, 2), int64.
    dismissed
        Groups that stay away until they get a new member.
    """
    contents = Contents.of(stock)
    forbidden = contents.forbidden(rejected if rejected is not None else np.empty((0, 2), np.int64))
    copies = contents.links(pairs, is_copy(pairs, threshold, exact_only=GroupKind.NEAR not in kinds), forbidden)
    references = cover(copies.graph(contents, forbidden))
    tables = [_duplicates(contents, copies, references)]
    if GroupKind.SIMILAR in kinds:
        shots = contents.links(pairs, is_similar(pairs), forbidden)
        shots = shots.among(np.where(references >= 0, references, np.arange(len(contents))))
        tables.append(_similar(contents, shots, cover(shots.graph(contents, forbidden))))
    table = joined(tables)
    wanted = np.isin(table.kinds, [KINDS.index(kind) for kind in kinds])
    return _sorted(table, wanted & _shown(table, dismissed or DismissedGroups()))


def missing_links(
    pairs: PairColumns, threshold: float, *, apart: tuple[Ints, Ints] | None = None, stock: Stock | None = None
) -> tuple[Ints, Ints]:
    """Return pairs worth comparing because a link of a group is missing: first and second contents, shape (n,).

    A copy may be known only as a copy of a copy, because a join finds just the nearest of each. A content that borders
    on a star with one of its links is therefore asked to be compared with the reference of that star; of several with
    that of the best, and only once a round, so that a chain of false copies costs no more than it has members. Of two
    stars that border on each other, the members of the lesser one are asked: when all of them turn out to be copies,
    both are one. Ten thousand copies of one picture with 32 links each are one star after two or three rounds.
    References whose copies are similar shots are asked to be compared too.

    Parameters
    ----------
    pairs
        All pairs that were compared and are something, whatever their score and verdict.
    apart
        First and second contents of pairs that were compared and are nothing.
    stock
        The photos that there are, for their pixels and sizes; without it, all contents of the pairs count alike.
    """
    if stock is None:
        ids = np.unique(np.concatenate([pairs.first, pairs.second]))
        stock = Stock(ids, ids)
    contents = Contents.of(stock)
    nothing = np.empty((0, 2), np.int64)
    copies = contents.links(pairs, is_copy(pairs, threshold), nothing)
    graph = copies.graph(contents, nothing)
    stars, worth = greedy_stars(graph)
    references = repaired(graph, stars)
    heads = np.where(references >= 0, references, np.arange(len(contents)))
    shots = contents.links(pairs, is_similar(pairs), nothing)
    known = contents.links(pairs, np.ones(len(pairs), np.bool_), nothing).keys
    if apart is not None:
        known = np.append(known, contents.keys(*apart)[0])
    keys = np.concatenate(
        [_keys_to_references(contents, copies, stars, worth, known), _keys_between(heads, shots, known)]
    )
    keys = np.unique(keys)
    return contents.ids[keys // max(len(contents), 1)], contents.ids[keys % max(len(contents), 1)]


def _keys_to_references(contents: Contents, copies: Links, references: Ints, worth: Ints, known: Ints) -> Ints:
    """Return the keys of links between contents and the reference of the best other star that they border on."""
    ends = copies.ends()
    members, stars = np.concatenate(ends), references[np.concatenate(ends[::-1])]
    own = np.where(references[members] >= 0, worth[references[members]], -1)
    bordering = (stars >= 0) & (worth[stars] > own)
    members, stars = members[bordering], stars[bordering]
    keys = contents.joined(members, stars)
    new = ~np.isin(keys, known)
    members, stars, keys = members[new], stars[new], keys[new]
    order = np.lexsort((-worth[stars], members))
    asked: Ints = keys[order][np.diff(members[order], prepend=-1) != 0]
    return asked


def _keys_between(heads: Ints, shots: Links, known: Ints) -> Ints:
    """Return the keys of links between references of which only copies are known to be similar shots."""
    first, second = shots.ends()
    first, second = heads[first], heads[second]
    keys = np.minimum(first, second) * shots.count + np.maximum(first, second)
    asked: Ints = keys[(first != second) & ~np.isin(keys, known)]
    return asked


def _duplicates(contents: Contents, copies: Links, references: Ints) -> GroupTable:
    nodes = np.flatnonzero((references >= 0) | (contents.counts() > 1))
    heads = np.where(references[nodes] >= 0, references[nodes], nodes)
    scores, same = copies.to(nodes, heads)
    order = np.lexsort((-contents.places[nodes], -scores, nodes != heads, heads))
    nodes, heads, scores, same = nodes[order], heads[order], scores[order], same[order]
    counts = contents.counts()[nodes]
    is_first = np.repeat(np.diff(heads, prepend=-1) != 0, counts)
    is_first &= _within(counts) == 0
    photos = contents.photos[np.repeat(contents.starts[nodes], counts) + _within(counts)]
    ends = np.append(np.flatnonzero(is_first), len(photos))
    kinds = np.where(_least(np.repeat(same, counts), ends).astype(np.bool_), _EXACT, _NEAR)
    return _table(kinds, ends, photos, np.repeat(contents.ids[nodes], counts), np.repeat(scores, counts))


def _similar(contents: Contents, shots: Links, references: Ints) -> GroupTable:
    nodes = np.flatnonzero(references >= 0)
    heads = references[nodes]
    scores, _ = shots.to(nodes, heads)
    order = np.lexsort((-contents.places[nodes], -scores, nodes != heads, heads))
    nodes, heads = nodes[order], heads[order]
    starts = np.append(np.flatnonzero(np.diff(heads, prepend=-1)), len(nodes))
    kinds = np.full(len(starts) - 1, _SIMILAR)
    return _table(kinds, starts, contents.photos[contents.starts[nodes]], contents.ids[nodes], scores[order])


def _table(kinds: Ints, starts: Ints, photos: Ints, contents: Ints, links: npt.NDArray[np.float64]) -> GroupTable:
    return GroupTable(kinds.astype(np.uint8), starts.astype(np.int64), photos, contents, links, _least(links, starts))


def joined(tables: Sequence[GroupTable]) -> GroupTable:
    """Return the groups of several tables as one, in the order in which they come."""
    counts = np.concatenate([np.diff(table.starts) for table in tables])
    photos, contents = (np.concatenate([getattr(each, name) for each in tables]) for name in ("photos", "contents"))
    links = np.concatenate([table.links for table in tables])
    kinds = np.concatenate([table.kinds for table in tables])
    return _table(kinds.astype(np.int64), _starts(counts), photos, contents, links)


def _shown(table: GroupTable, dismissed: DismissedGroups) -> Mask:
    shown = np.ones(len(table), np.bool_)
    if len(table) and len(dismissed):
        # All members were dismissed, or the group need not be looked at.
        suspect = _least(np.isin(table.contents, dismissed.contents()), table.starts).astype(np.bool_)
        for group in np.flatnonzero(suspect).tolist():
            shown[group] = not dismissed.hides(table.contents[table.members(group)].tolist())
    return shown


def _sorted(table: GroupTable, chosen: Mask) -> GroupTable:
    """Return the chosen groups in their order."""
    counts = np.diff(table.starts)
    firsts = table.photos[table.starts[:-1]]
    order = np.lexsort((firsts, -counts, -table.scores, table.kinds))
    order = order[chosen[order]]
    members = np.repeat(table.starts[order], counts[order]) + _within(counts[order])
    return GroupTable(
        table.kinds[order],
        _starts(counts[order]),
        table.photos[members],
        table.contents[members],
        table.links[members],
        table.scores[order],
    )


def _starts(counts: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _within(counts: Ints) -> Ints:
    """Return 0 … count for each of the counts, one after another."""
    within: Ints = np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    return within


def _least(values: npt.NDArray[np.float64] | Mask, starts: Ints) -> npt.NDArray[np.float64]:
    """Return the least value of each run."""
    if len(starts) < 2:
        return np.empty(0)
    return np.minimum.reduceat(values.astype(np.float64), starts[:-1])
