"""What is taken for a right answer of a damaged library, and what is not."""

from __future__ import annotations

from typing import Final

import pytest

from tests.campaign.rot.judging import Verdict, verdict

_ALL: Final = ["0.900 /a.jpg", "0.800 /b.jpg", "0.700 /c.jpg", "0.600 /d.jpg", "0.500 /e.jpg"]
_BEST: Final = _ALL[:3]
_HEALTHY: Final = {
    "exactly 2.jpg": _ALL,
    "the best three": _BEST,
    "fast 0.jpg": _ALL,
    "thumbnails": ["1 ab", "2 cd", "3 ef"],
    "accuracy": ["measured"],
}


def _judged(question: str, found: object, *, told: bool = True) -> Verdict:
    return verdict(question, found, _HEALTHY, told=told)


def test_an_answer_is_right_as_a_whole_or_refused() -> None:
    assert _judged("exactly 2.jpg", list(_ALL), told=False) is Verdict.RIGHT
    assert _judged("accuracy", ["None"], told=False) is Verdict.RIGHT
    assert _judged("exactly 2.jpg", "refused: library.db is damaged", told=False) is Verdict.REFUSED
    assert _judged("exactly 2.jpg", ["refused: searches.json is damaged"], told=False) is Verdict.REFUSED
    assert _judged("exactly 2.jpg", _ALL[1:]) is Verdict.WRONG
    assert _judged("a question of which nobody knows the answer", ["x", "left out 1"]) is Verdict.WRONG


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("exactly 2.jpg", [*_ALL[1:], "left out 1"]),
        ("exactly 2.jpg", ["left out 5"]),
        ("fast 0.jpg", [*_ALL[:4], "left out 1"]),
        ("fast 0.jpg", [*_ALL, "left out 1"]),
        ("thumbnails", ["1 ab", "3 ef", "left out 1"]),
        ("the best three", [*_ALL[1:4], "left out 1"]),
        ("the best three", [_ALL[0], *_ALL[3:], "left out 2"]),
        ("the best three", [*_ALL[3:], "left out 3"]),
    ],
)
def test_what_lacks_damaged_rows_and_says_so_is_right(question: str, found: list[str]) -> None:
    assert _judged(question, found) is Verdict.WITHOUT
    assert _judged(question, found, told=False) is Verdict.WRONG
    silent = [line for line in found if not line.startswith("left out")]
    assert _judged(question, silent) is (Verdict.RIGHT if silent == _HEALTHY[question] else Verdict.WRONG)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("exactly 2.jpg", [*_ALL[2:], "left out 1"]),
        ("exactly 2.jpg", [*_ALL[1:], "left out 2"]),
        ("exactly 2.jpg", ["0.910 /a.jpg", *_ALL[2:], "left out 1"]),
        ("fast 0.jpg", [*_ALL[:3], "left out 1"]),
        ("thumbnails", ["1 ab", "3 cd", "left out 1"]),
        ("the best three", [*_ALL[2:5], "left out 1"]),
        ("the best three", [*_ALL[:2], _ALL[4], "left out 1"][1:]),
        ("the best three", [_ALL[0], _ALL[0], _ALL[1], "left out 1"]),
    ],
)
def test_what_lacks_more_or_says_another_thing_is_wrong(question: str, found: list[str]) -> None:
    assert _judged(question, found) is Verdict.WRONG
