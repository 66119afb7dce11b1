from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from photofind.core.catalog.pair_rows import CODES, PairColumns
from photofind.core.duplicates.grouping import (
    KINDS,
    DismissedGroups,
    GroupTable,
    make_groups,
    missing_links,
)
from photofind.core.duplicates.nodes import Stock
from photofind.core.duplicates.stars import FULL_WEIGHT, Graph, cover, greedy_stars
from photofind.core.evidence import GroupKind, Verdict

Link = tuple[int, int, float, Verdict]


def _columns(links: Iterable[Link]) -> PairColumns:
    rows = list(links)
    return PairColumns(
        np.array([min(row[:2]) for row in rows], np.int64),
        np.array([max(row[:2]) for row in rows], np.int64),
        np.array([row[2] for row in rows], np.float64),
        np.array([CODES[row[3]] for row in rows], np.uint8),
    )


def _stock(contents: Iterable[int], photos: Sequence[int] | None = None, **measures: Sequence[int]) -> Stock:
    """Photos of contents; by default photo 1000 + c of content c, and 10,000 more for each further one."""
    listed = list(contents)
    made = [1000 + content + 10_000 * listed[:place].count(content) for place, content in enumerate(listed)]
    arrays = {name: np.array(values, np.int64) for name, values in measures.items()}
    return Stock(np.array(photos or made, np.int64), np.array(listed, np.int64), **arrays)


def _copies(*pairs: tuple[int, int], score: float = 0.99) -> list[Link]:
    return [(first, second, score, Verdict.RESIZED) for first, second in pairs]


def _groups(table: GroupTable) -> list[tuple[GroupKind, list[int]]]:
    """Each group's kind and photos."""
    return [(KINDS[table.kinds[group]], table.photos[table.members(group)].tolist()) for group in range(len(table))]


def _sets(table: GroupTable) -> list[set[int]]:
    """Each group's contents."""
    return [set(table.contents[table.members(group)].tolist()) for group in range(len(table))]


def test_identical_files_are_an_exact_group() -> None:
    table = make_groups(_stock([5, 7, 5, 5]), _columns([]), threshold=0.5)
    assert _groups(table) == [(GroupKind.EXACT, [1005, 11005, 21005])]
    assert table.scores.tolist() == [1.0]
    assert table.links.tolist() == [1.0] * 3
    assert table.groups_of(11005) == [0]
    assert table.groups_of(1007) == []


def test_the_same_pixels_are_an_exact_group_and_one_other_copy_makes_it_near() -> None:
    same = (1, 2, 1.0, Verdict.SAME_PICTURE)
    table = make_groups(_stock([1, 2, 2]), _columns([same]), threshold=0.9)
    assert _groups(table) == [(GroupKind.EXACT, [1001, 1002, 11002])]
    links = [same, *_copies((1, 3), (2, 3), score=0.95)]
    table = make_groups(_stock([1, 2, 2, 3]), _columns(links), threshold=0.9)
    assert table.kinds.tolist() == [KINDS.index(GroupKind.NEAR)]
    assert sorted(table.photos.tolist()) == [1001, 1002, 1003, 11002]
    assert table.scores.tolist() == [0.95]


def test_the_larger_picture_is_the_reference_and_the_larger_file_among_equals() -> None:
    links = _columns(_copies((1, 2), (3, 4)))
    stock = _stock([1, 2, 3, 4], measured=[1, 2, 3, 4], pixels=[10, 20, 7, 7], sizes=[9, 1, 5, 4])
    table = make_groups(stock, links, threshold=0.9)
    assert sorted(group for _, group in _groups(table)) == [[1002, 1001], [1003, 1004]]


def test_a_chain_is_not_one_group() -> None:
    links = _columns(_copies(*itertools.pairwise(range(1, 8))))
    for group in _sets(make_groups(_stock(range(1, 8)), links, threshold=0.9)):
        assert len(group) <= 3


def test_the_threshold_decides_and_similar_shots_are_never_copies() -> None:
    links = [*_copies((1, 2), score=0.9), *_copies((3, 4), score=0.899999), (5, 6, 0.95, Verdict.SIMILAR)]
    table = make_groups(_stock(range(1, 7)), _columns(links), threshold=0.9)
    assert [(kind, sorted(group)) for kind, group in _groups(table)] == [
        (GroupKind.NEAR, [1001, 1002]),
        (GroupKind.SIMILAR, [1005, 1006]),
    ]


def test_only_the_kinds_that_are_asked_for() -> None:
    links = _columns([*_copies((1, 2), (1, 3)), (2, 3, 1.0, Verdict.SAME_PICTURE), (1, 4, 0.1, Verdict.SIMILAR)])
    stock = _stock([1, 1, 2, 3, 4], measured=[1], pixels=[9], sizes=[9])
    assert _sets(make_groups(stock, links, threshold=0.9)) == [{1, 2, 3}, {1, 4}]
    exact = make_groups(stock, links, threshold=0.9, kinds=[GroupKind.EXACT])
    assert sorted(sorted(group) for _, group in _groups(exact)) == [[1001, 11001], [1002, 1003]]
    assert _sets(make_groups(stock, links, threshold=0.9, kinds=[GroupKind.NEAR])) == [{1, 2, 3}]
    assert _sets(make_groups(stock, links, threshold=0.9, kinds=[GroupKind.SIMILAR])) == [{1, 4}]


def test_copies_count_once_among_similar_shots() -> None:
    links = [
        *_copies((1, 2), (3, 4)),
        *((first, second, 0.1, Verdict.SIMILAR) for first in (1, 2) for second in (3, 4)),
    ]
    stock = _stock([1, 2, 3, 4, 3], measured=[1, 2, 3, 4], pixels=[8, 9, 5, 4], sizes=[1, 1, 1, 1])
    table = make_groups(stock, _columns(links), threshold=0.9)
    assert _groups(table)[-1] == (GroupKind.SIMILAR, [1002, 1003])


def test_two_cliques_with_one_false_link_between_them_stay_apart() -> None:
    cliques = [*itertools.combinations((1, 2, 3), 2), *itertools.combinations((4, 5, 6), 2)]
    links = [*_copies(*cliques, score=0.97), *_copies((3, 4), score=0.98)]
    table = make_groups(_stock(range(1, 7)), _columns(links), threshold=0.9)
    assert sorted(map(sorted, _sets(table))) == [[1, 2, 3], [4, 5, 6]]


def test_a_false_link_does_not_take_the_only_partner_away() -> None:
    links = [*_copies((1, 2), (3, 4), score=0.99), *_copies((2, 3), score=0.91)]
    table = make_groups(_stock(range(1, 5)), _columns(links), threshold=0.9)
    assert sorted(map(sorted, _sets(table))) == [[1, 2], [3, 4]]


def test_of_a_rejected_pair_the_weaker_linked_goes_elsewhere() -> None:
    links = [*_copies((1, 2), (1, 4), score=0.99), *_copies((1, 3), score=0.95), *_copies((3, 5), score=0.93)]
    stock = _stock(range(1, 6))
    rejected = np.array([[3, 2]])
    table = make_groups(stock, _columns(links), threshold=0.9, rejected=rejected)
    assert sorted(map(sorted, _sets(table))) == [[1, 2, 4], [3, 5]]
    alone = make_groups(stock, _columns(links[:3]), threshold=0.9, rejected=np.array([[1, 3], [77, 78]]))
    assert sorted(map(sorted, _sets(alone))) == [[1, 2, 4]]


def test_rejected_shots_are_not_similar() -> None:
    links = _columns([(1, 2, 0.1, Verdict.SIMILAR), (1, 3, 0.1, Verdict.SIMILAR)])
    table = make_groups(_stock([1, 2, 3]), links, threshold=0.9, rejected=np.array([[1, 2]]))
    assert _sets(table) == [{1, 3}]


def test_a_dismissed_group_returns_with_a_new_member_only() -> None:
    dismissed = DismissedGroups([[1, 1, 2, 3]])
    stock = _stock([1, 1, 2, 3])

    def groups(stock: Stock, *pairs: tuple[int, int]) -> list[set[int]]:
        return _sets(make_groups(stock, _columns(_copies(*pairs)), threshold=0.9, dismissed=dismissed))

    assert groups(stock, (1, 2), (1, 3)) == []
    assert groups(stock, (1, 2)) == []
    assert groups(_stock([1, 1, 2, 3, 4]), (1, 2), (1, 3), (1, 4)) == [{1, 2, 3, 4}]
    assert groups(_stock([1, 1, 1, 2, 3]), (1, 2), (1, 3)) == [{1, 2, 3}]  # one more copy of a file
    assert groups(_stock([1, 2, 2, 3]), (1, 2), (1, 3)) == [{1, 2, 3}]


def test_pairs_of_photos_that_are_gone_are_passed_over() -> None:
    links = _columns(_copies((1, 2), (2, 99), (98, 99)))
    assert _sets(make_groups(_stock([1, 2]), links, threshold=0.9)) == [{1, 2}]
    assert len(make_groups(_stock([]), links, threshold=0.9)) == 0
    assert len(make_groups(_stock([]), _columns([]), threshold=0.9)) == 0


def test_groups_come_by_kind_then_certainty_then_size() -> None:
    links = [
        *_copies((1, 2), score=0.95),
        *_copies((3, 4), (3, 5), score=0.97),
        *_copies((6, 7), score=0.97),
        (8, 9, 0.2, Verdict.SIMILAR),
    ]
    table = make_groups(_stock([*range(1, 10), 10, 10]), _columns(links), threshold=0.9)
    assert _sets(table) == [{10}, {3, 4, 5}, {6, 7}, {1, 2}, {8, 9}]


def test_ten_thousand_identical_files_are_one_group() -> None:
    table = make_groups(_stock([4] * 10_000, photos=list(range(10_000, 0, -1))), _columns([]), threshold=0.9)
    assert table.photos.tolist() == list(range(1, 10_001))


# Links that are missing


def _completed(pairs: list[Link], is_copy: set[tuple[int, int]] | None, rounds: int) -> list[Link]:
    """Compare what is asked for, some rounds long; None says that all are copies of each other."""
    apart: list[tuple[int, int]] = []
    for _ in range(rounds):
        nothing = np.array(apart, np.int64).reshape(-1, 2)
        first, second = missing_links(_columns(pairs), 0.9, apart=(nothing[:, 0], nothing[:, 1]))
        asked = list(zip(first.tolist(), second.tolist(), strict=True))
        known = {(link[0], link[1]) for link in pairs} | set(apart)
        assert not known & set(asked)
        assert all(one < other for one, other in asked)
        pairs = pairs + _copies(*(pair for pair in asked if is_copy is None or pair in is_copy))
        apart += [pair for pair in asked if is_copy is not None and pair not in is_copy]
        if not asked:
            return pairs
    raise AssertionError("more is asked for in every round")


def test_copies_of_copies_become_one_group() -> None:
    chain = _copies(*itertools.pairwise(range(1, 10)))
    table = make_groups(_stock(range(1, 10)), _columns(_completed(chain, None, 10)), threshold=0.9)
    assert _sets(table) == [set(range(1, 10))]


def test_many_copies_with_few_links_each_become_one_group() -> None:
    rng = np.random.default_rng(3)
    pairs = {(min(a, b), max(a, b)) for a in range(1, 1001) for b in rng.integers(1, 1001, 8).tolist() if a != b}
    done = _completed(_copies(*sorted(pairs)), None, 6)
    assert len(done) - len(pairs) < 4000  # not the half million that there are
    assert _sets(make_groups(_stock(range(1, 1001)), _columns(done), threshold=0.9)) == [set(range(1, 1001))]


def test_a_false_chain_costs_no_more_than_it_has_members() -> None:
    chain = list(itertools.pairwise(range(1, 200)))
    first, _ = missing_links(_columns(_copies(*chain)), 0.9)
    assert 0 < len(first) <= 200
    assert len(_completed(_copies(*chain), set(chain), 10)) == len(chain)


def test_references_are_asked_when_only_their_copies_are_similar_shots() -> None:
    links = [*_copies((1, 2), (3, 4)), (2, 4, 0.1, Verdict.SIMILAR)]
    stock = _stock([1, 2, 3, 4], measured=[1, 3], pixels=[5, 5], sizes=[1, 1])
    first, second = missing_links(_columns(links), 0.9, stock=stock)
    assert (first.tolist(), second.tolist()) == ([1], [3])
    first, _ = missing_links(_columns(links), 0.9, stock=stock, apart=(np.array([1]), np.array([3])))
    assert first.tolist() == []
    assert missing_links(_columns([]), 0.9)[0].tolist() == []


# What holds for all groups

_CONTENTS = 9


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[list[int], list[Link], np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    contents = draw(st.lists(st.integers(1, _CONTENTS), max_size=14))
    possible = list(itertools.combinations(range(1, _CONTENTS + 1), 2))
    chosen = draw(st.lists(st.sampled_from(possible), unique=True, max_size=25))
    verdicts = st.sampled_from([Verdict.SAME_PICTURE, Verdict.RESIZED, Verdict.SIMILAR])
    links: list[Link] = []
    for first, second in chosen:
        verdict = draw(verdicts)
        score = 1.0 if verdict is Verdict.SAME_PICTURE else draw(st.sampled_from([0.5, 0.8, 0.9, 0.99]))
        links.append((first, second, score, verdict))
    rejected = draw(st.lists(st.sampled_from(possible), max_size=4))
    return contents, links, np.array(rejected, np.int64).reshape(-1, 2)


@settings(max_examples=150, deadline=None)
@given(world=_worlds(), threshold=st.sampled_from([0.4, 0.85, 0.95]))
def test_every_group_is_sound(
    world: tuple[list[int], list[Link], np.ndarray[tuple[int, ...], np.dtype[np.int64]]], threshold: float
) -> None:
    contents, links, rejected = world
    known = {(first, second): (score, verdict) for first, second, score, verdict in links}
    table = make_groups(_stock(contents), _columns(links), threshold=threshold, rejected=rejected)
    unwanted = {frozenset(pair) for pair in rejected.tolist()}
    seen: dict[bool, list[int]] = {True: [], False: []}
    for group, (kind, photos) in enumerate(_groups(table)):
        members = table.members(group)
        ids = table.contents[members].tolist()
        assert len(photos) > 1
        seen[kind is GroupKind.SIMILAR] += photos
        assert not {frozenset(pair) for pair in itertools.combinations(set(ids), 2)} & unwanted
        for content, score in zip(ids, table.links[members].tolist(), strict=True):
            if content == ids[0]:
                assert score == 1.0
                continue
            expected, verdict = known[min(content, ids[0]), max(content, ids[0])]
            assert score == expected
            if kind is GroupKind.SIMILAR:
                assert verdict is Verdict.SIMILAR
            else:
                assert verdict is not Verdict.SIMILAR
                assert score >= threshold
            if kind is GroupKind.EXACT:
                assert verdict is Verdict.SAME_PICTURE
        if kind is not GroupKind.SIMILAR:  # all photos of a content are listed with it
            assert len(photos) == sum(content in ids for content in contents)
    for photos in seen.values():
        assert len(photos) == len(set(photos))
    _check_that_nothing_is_left(contents, known, threshold, unwanted, seen[False])


def _check_that_nothing_is_left(
    contents: list[int],
    known: dict[tuple[int, int], tuple[float, Verdict]],
    threshold: float,
    unwanted: set[frozenset[int]],
    grouped: list[int],
) -> None:
    free = {content for content in contents if 1000 + content not in grouped}
    assert all(contents.count(content) == 1 for content in free)
    for (first, second), (score, verdict) in known.items():
        is_copy = verdict is not Verdict.SIMILAR and score >= threshold and frozenset((first, second)) not in unwanted
        assert not (is_copy and first in free and second in free)


@settings(max_examples=60, deadline=None)
@given(world=_worlds(), seed=st.randoms(use_true_random=False), turn=st.booleans())
def test_the_order_of_the_input_does_not_matter(
    world: tuple[list[int], list[Link], np.ndarray[tuple[int, ...], np.dtype[np.int64]]], seed: object, turn: bool
) -> None:
    contents, links, rejected = world
    expected = make_groups(_stock(contents), _columns(links), threshold=0.85, rejected=rejected)
    rng = np.random.default_rng(hash(str(seed)) % 1000)
    photos = _stock(contents)
    order = rng.permutation(len(contents))
    shuffled = Stock(photos.photos[order], photos.contents[order])
    mixed = [links[place] for place in rng.permutation(len(links))]
    table = make_groups(shuffled, _columns(mixed), threshold=0.85, rejected=rejected[::-1, ::-1] if turn else rejected)
    assert _groups(table) == _groups(expected)
    assert table.links.tolist() == expected.links.tolist()


@settings(max_examples=60, deadline=None)
@given(world=_worlds())
def test_a_higher_threshold_joins_nothing_that_no_links_joined(
    world: tuple[list[int], list[Link], np.ndarray[tuple[int, ...], np.dtype[np.int64]]],
) -> None:
    contents, links, rejected = world
    roots = list(range(_CONTENTS + 1))
    for _ in links:
        for first, second, score, verdict in links:
            if score >= 0.5 and verdict is not Verdict.SIMILAR:
                roots[first] = roots[second] = min(roots[first], roots[second])
    strict = make_groups(_stock(contents), _columns(links), threshold=0.95, rejected=rejected, kinds=list(KINDS[:2]))
    for group in _sets(strict):
        assert len({roots[content] for content in group}) == 1


@settings(max_examples=100, deadline=None)
@given(
    groups=st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=5), max_size=6),
    asked=st.lists(st.integers(1, 7), max_size=5),
)
@example(groups=[[1, 2]], asked=[1, 1])
@example(groups=[[1, 2]], asked=[])
def test_dismissed_groups_hide_just_their_parts(groups: list[list[int]], asked: list[int]) -> None:
    def is_part(group: list[int]) -> bool:
        return all(asked.count(content) <= group.count(content) for content in asked)

    assert DismissedGroups(groups).hides(asked) is (bool(asked) and any(map(is_part, groups)))


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(8)), st.data())
def test_stars_that_are_taken_at_once_are_those_taken_one_by_one(places: list[int], data: st.DataObject) -> None:
    possible = list(itertools.combinations(range(8), 2))
    ends = data.draw(st.lists(st.sampled_from(possible), unique=True, max_size=16))
    weights = data.draw(st.lists(st.sampled_from([0.9, 0.95, 1.0]), min_size=len(ends), max_size=len(ends)))
    known = {pair: round(weight * FULL_WEIGHT) for pair, weight in zip(ends, weights, strict=True)}
    forbidden = [pair for pair in data.draw(st.lists(st.sampled_from(possible), max_size=3)) if pair not in known]
    graph = Graph(
        np.array(places, np.int64),
        np.array([pair[0] for pair in known], np.int64),
        np.array([pair[1] for pair in known], np.int64),
        np.array(list(known.values()), np.int64),
        np.array(forbidden, np.int64).reshape(-1, 2),
    )
    assert greedy_stars(graph)[0].tolist() == _one_by_one(places, known, forbidden)


def _one_by_one(places: list[int], known: dict[tuple[int, int], int], forbidden: list[tuple[int, int]]) -> list[int]:
    references = [-1] * len(places)

    def free_links(node: int) -> dict[int, int]:
        return {
            pair[0] + pair[1] - node: weight
            for pair, weight in known.items()
            if node in pair and references[pair[0]] < 0 and references[pair[1]] < 0
        }

    def rank(node: int) -> tuple[int, int, int]:
        links = free_links(node)
        return len(links), sum(links.values()) // max(len(links) * FULL_WEIGHT // 100, 1), places[node]

    while any(free_links(node) for node in range(len(places))):
        best = max(range(len(places)), key=rank)
        star = [best]
        for other, _ in sorted(free_links(best).items(), key=lambda link: (-link[1], -places[link[0]])):
            if not any({other, member} == set(pair) for member in star for pair in forbidden):
                star.append(other)
        for member in star:
            references[member] = best
    return references


def test_a_long_path_takes_few_rounds() -> None:
    ids = np.arange(1, 50_001)
    pairs = PairColumns(ids[:-1], ids[1:], np.full(len(ids) - 1, 0.99), np.full(len(ids) - 1, 3, np.uint8))
    table = make_groups(Stock(ids, ids), pairs, threshold=0.9)
    assert int(np.diff(table.starts).max()) == 3
    assert len(table.photos) > 49_000


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_cover(count: int) -> None:
    empty = np.empty(0, np.int64)
    graph = Graph(np.arange(count), empty, empty, empty, np.empty((0, 2), np.int64))
    assert cover(graph).tolist() == [-1] * count
