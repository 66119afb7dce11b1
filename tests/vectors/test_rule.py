from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photofind.core.records import Segment
from photofind.core.settings import Settings
from photofind.core.vectors import rule
from photofind.core.vectors.building import spans_of


@pytest.mark.parametrize(
    ("vectors", "nlist"),
    [
        (0, 1),
        (10_000, 1),
        (10_001, 128),
        (20_000, 128),
        (20_001, 256),
        (50_000, 256),
        (50_001, 1024),
        (200_000, 1024),
        (200_001, 4096),
        (1_000_000, 4096),
        (1_000_001, 8192),
        (4_000_000, 8192),
        (4_000_001, 16_384),
        (100_000_000, 16_384),
    ],
)
def test_the_steps_of_nlist(vectors: int, nlist: int) -> None:
    assert rule.nlist_for(vectors) == nlist


@given(st.integers(0, 20_000_000))
def test_a_list_has_enough_vectors_to_be_trained(vectors: int) -> None:
    nlist = rule.nlist_for(vectors)
    assert nlist == 1 or vectors >= 39 * nlist
    assert rule.training_rows(nlist) >= 39 * nlist


@given(st.integers(0, 20_000_000))
def test_training_anew_never_asks_for_training_anew(vectors: int) -> None:
    """Or else every run would do nothing but train."""
    assert not rule.needs_recluster(rule.nlist_for(vectors), vectors, vectors)
    for fewer in (0, 1, vectors // 10, vectors // 2):
        assert not rule.needs_recluster(rule.nlist_for(vectors), vectors, fewer)


@given(st.integers(1, 20_000_000), st.integers(0, 20_000_000))
def test_an_index_that_is_kept_is_not_far_from_a_new_one(trained_on: int, vectors: int) -> None:
    nlist = rule.nlist_for(trained_on)
    if not rule.needs_recluster(nlist, trained_on, vectors):
        assert vectors <= rule.RECLUSTER_GROWTH * trained_on
        assert rule.nlist_for(int(vectors / rule.RECLUSTER_SLACK)) <= nlist


def test_the_default_probes_some_lists_and_never_more_than_there_are() -> None:
    for vectors in (0, 1, 1023, 10_001, 50_001, 1_000_000, 5_000_000):
        nlist = rule.nlist_for(vectors)
        assert 1 <= rule.default_nprobe(nlist, vectors) <= nlist
        assert rule.default_nprobe(16_384, vectors) <= 16_384  # a library that has shrunk


def test_spans_cover_everything_in_bounded_pieces() -> None:
    assert spans_of(7, 7) == []
    assert spans_of(0, rule.MAX_SEGMENT) == [(0, rule.MAX_SEGMENT)]
    spans = spans_of(5, 5 + 2 * rule.MAX_SEGMENT + 1)
    assert spans[0][0] == 5
    assert spans[-1] == (5 + 2 * rule.MAX_SEGMENT, 6 + 2 * rule.MAX_SEGMENT)
    assert all(left[1] == right[0] for left, right in pairwise(spans))


class _Tree:
    """Segments as upkeep treats them, with a count of how many vids were copied by merges."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.copied = 0

    def seal(self, size: int) -> None:
        first = self.segments[-1].end_vid if self.segments else 0
        self.segments += [Segment("", start, end, 0, 0, "") for start, end in spans_of(first, first + size)]
        while run := rule.plan_merge(self.segments):
            self.merge(run)

    def merge(self, run: list[Segment]) -> None:
        assert len(run) >= 2
        start = self.segments.index(run[0])
        assert self.segments[start : start + len(run)] == run
        merged = Segment("", run[0].first_vid, run[-1].end_vid, 0, 0, "")
        assert rule.span_of(merged) <= rule.MAX_SEGMENT
        self.segments[start : start + len(run)] = [merged]
        self.copied += rule.span_of(merged)


_CLASSES = 4
_SIZES = st.one_of(
    st.integers(rule.MIN_SEALED, 3 * rule.MIN_SEALED),
    st.integers(rule.MIN_SEALED, rule.MAX_DELTA + 300),
    st.integers(rule.MIN_SEALED, 2 * rule.MAX_SEGMENT),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(_SIZES, min_size=1, max_size=60))
def test_merging_copies_a_vector_at_most_once_a_class(sizes: list[int]) -> None:
    tree = _Tree()
    for size in sizes:
        tree.seal(size)
    assert [s.first_vid for s in tree.segments] == [0, *(s.end_vid for s in tree.segments[:-1])]
    assert tree.segments[-1].end_vid == sum(sizes)
    assert tree.copied <= _CLASSES * sum(sizes)


@settings(deadline=None, max_examples=50)
@given(st.lists(_SIZES, min_size=1, max_size=60))
def test_what_stays_unmerged_is_less_than_the_next_class(sizes: list[int]) -> None:
    tree = _Tree()
    for size in sizes:
        tree.seal(size)
    for limit in (4 * rule.MIN_SEALED, 16 * rule.MIN_SEALED, 64 * rule.MIN_SEALED, rule.MAX_SEGMENT // 2):
        run = 0
        for segment in tree.segments:
            run = run + rule.span_of(segment) if rule.span_of(segment) < limit else 0
            assert run < limit


@pytest.mark.parametrize("size", [rule.MIN_SEALED, 1_500, rule.MAX_DELTA, rule.MAX_DELTA + 255, 100_000])
def test_a_library_that_grows_evenly_stays_in_few_segments(size: int) -> None:
    tree = _Tree()
    for _ in range(2_000_000 // size):
        tree.seal(size)
        vids = tree.segments[-1].end_vid
        assert len(tree.segments) <= vids / (rule.MAX_SEGMENT // 2) + 3 * _CLASSES


ROOT_RULES = ["4-sqrt-n", "8-sqrt-n", "16-sqrt-n"]


@pytest.mark.parametrize(
    ("vectors", "chosen", "nlist"),
    [
        (10_000, "16-sqrt-n", 1),
        (10_001, "16-sqrt-n", 256),  # no more can be trained
        (100_000, "4-sqrt-n", 1024),
        (100_000, "8-sqrt-n", 2048),
        (1_000_000, "4-sqrt-n", 4096),
        (1_000_000, "16-sqrt-n", 16_384),
        (1_000_000_000, "16-sqrt-n", 65_536),
    ],
)
def test_a_multiple_of_the_root_is_rounded_and_bounded(vectors: int, chosen: str, nlist: int) -> None:
    assert rule.nlist_for(vectors, chosen) == nlist


@given(st.integers(10_001, 50_000_000), st.sampled_from(ROOT_RULES), st.integers(39, 256))
def test_every_rule_leaves_lists_that_can_be_trained(vectors: int, chosen: str, per_list: int) -> None:
    nlist = rule.nlist_for(vectors, chosen)
    assert vectors >= 39 * nlist
    assert rule.training_rows(nlist, per_list) >= 39 * nlist
    assert rule.training_rows(nlist, per_list) <= max(10_000, 4096 * per_list, 40 * nlist)  # so much memory, no more


@given(st.integers(1, 20_000_000), st.sampled_from(["auto", *ROOT_RULES]), st.sampled_from(ROOT_RULES))
def test_another_rule_waits_until_the_library_has_grown(vectors: int, before: str, now: str) -> None:
    nlist = rule.nlist_for(vectors, before)
    for more in (vectors, vectors + 1, vectors + vectors // 5):
        assert not rule.needs_recluster(nlist, vectors, more, now)
    assert rule.needs_recluster(nlist, vectors, 4 * vectors + 1, now)


def test_training_takes_what_the_user_chose() -> None:
    assert [rule.training_rows(1024, each) for each in (39, 64, 256)] == [39 * 1024, 64 * 1024, 256 * 1024]
    assert rule.Tuning.of(Settings(nlist_rule="8-sqrt-n", training_vectors=100)) == rule.Tuning("8-sqrt-n", 100)
