"""Groups in numbers: orders, gains, states and sums, against plain Python."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np

from photofind.core.evidence import GroupKind
from photofind.gui.review import marks
from photofind.gui.review.group_model import GroupModel
from photofind.gui.review.marks import MarkBook
from photofind.gui.review.overview import KINDS, GroupOrder, Overview


def _random_overview(rng: random.Random, groups: int) -> Overview:
    counts = [rng.randint(2, 6) for _ in range(groups)]
    photos = [rng.randrange(1, 2 * sum(counts)) for _ in range(sum(counts))]
    return Overview(
        None,
        np.array([rng.randrange(3) for _ in counts], np.uint8),
        np.cumsum([0, *counts]).astype(np.int64),
        np.array(photos, np.int64),
        np.array([rng.randrange(1, 10_000) for _ in photos], np.int64),
        np.array([rng.randrange(20_000) for _ in photos], np.int32),
    )


def _members(overview: Overview, values: np.ndarray[Any, Any], group: int) -> list[int]:
    return [int(each) for each in values[overview.starts[group] : overview.starts[group + 1]]]


def test_orders_are_what_sorting_says() -> None:
    rng = random.Random(5)
    overview = _random_overview(rng, 300)
    keys: dict[GroupOrder, Callable[[int], int]] = {
        GroupOrder.BYTES: lambda g: sum(s := _members(overview, overview.sizes, g)) - max(s),
        GroupOrder.MEMBERS: lambda g: len(_members(overview, overview.sizes, g)),
        GroupOrder.NEWEST: lambda g: max(_members(overview, overview.days, g)),
    }
    for kind in GroupKind:
        groups = [g for g in range(300) if KINDS[int(overview.kinds[g])] is kind]
        assert overview.count_of(kind) == len(groups)
        for order, key in keys.items():
            expected = sorted(groups, key=lambda g: (-key(g), int(overview.members(g)[0])))
            assert overview.ordered(kind, order).tolist() == expected


def test_states_and_sums_follow_the_marks() -> None:
    rng = random.Random(6)
    overview = _random_overview(rng, 200)
    book = MarkBook(overview)
    known: dict[int, int] = {}
    for _ in range(30):
        ids = [rng.randrange(1, 2 * len(overview.photos)) for _ in range(20)]
        codes = [rng.randrange(4) for _ in ids]
        for photo_id, code in zip(ids, codes, strict=True):  # one by one, as a photo may come twice
            book.set([photo_id], code)
            known[photo_id] = code
        for group in range(200):
            assert book.of(group).tolist() == [known.get(int(p), 0) for p in overview.members(group)]
        assert book.states().tolist() == [_state(book.of(group).tolist()) for group in range(200)]
        removed = {int(p) for p in overview.photos if known.get(int(p)) == marks.REMOVE}
        progress = book.progress()
        assert progress.photos == len(removed)
        assert progress.groups == book.states().tolist().count(marks.DECIDED)
        assert book.removed_groups().tolist() == [g for g in range(200) if marks.REMOVE in book.of(g)]


def _state(codes: list[int]) -> int:
    if marks.REMOVE in codes or set(codes) == {marks.KEEP}:
        return marks.DECIDED
    return marks.SKIPPED if marks.SKIP in codes else marks.UNDECIDED


def test_marks_of_many_photos_at_once_equal_those_one_by_one() -> None:
    overview = _random_overview(random.Random(7), 100)
    ids = np.unique(overview.photos)
    codes = (ids % 4).astype(np.uint8)
    at_once, one_by_one = MarkBook(overview), MarkBook(overview)
    at_once.replace(ids, codes)
    for photo_id, code in zip(ids.tolist(), codes.tolist(), strict=True):
        one_by_one.set([photo_id], code)
    assert at_once.states().tolist() == one_by_one.states().tolist()
    assert [at_once.of(g).tolist() for g in range(100)] == [one_by_one.of(g).tolist() for g in range(100)]


def test_the_list_leaves_out_what_was_dismissed_and_finds_what_is_undecided() -> None:
    overview = _random_overview(random.Random(8), 60)
    book = MarkBook(overview)
    model = GroupModel()
    model.show(GroupKind.NEAR, GroupOrder.MEMBERS)
    model.set_groups(overview, book)
    groups = model.groups().tolist()
    assert model.next_undecided(2) == 3
    book.set(overview.members(groups[3]), marks.REMOVE)
    after = model.next_undecided(2)
    assert after > 3 or after < 0
    book.dismiss(groups[0], on=True)
    model.set_groups(overview, book)
    assert model.groups().tolist() == groups[1:]
    assert model.row_of(groups[0]) == -1
    assert model.row_of(groups[1]) == 0


def test_nothing_found_is_no_special_case() -> None:
    model = GroupModel()
    assert model.rowCount() == 0
    assert model.group(0) == -1
    assert model.next_undecided(-1) == -1
    assert model.book.progress() == marks.Progress(0, 0, 0)
    assert model.book.removed_groups().tolist() == []
