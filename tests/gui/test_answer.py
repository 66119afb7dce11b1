"""What is said about answers."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from photofind.core.queries import Filters, Hit, SearchResult
from photofind.core.records import PhotoId
from photofind.gui.answer import AnswerWords
from photofind.gui.query import QueryPart, WindowQuery

pytestmark = pytest.mark.usefixtures("qapp")
BY_PHOTO = WindowQuery((QueryPart.of_photo(0, "/p/0.jpg"),))
BY_WORDS = WindowQuery((QueryPart.of_words("dog"),))
HITS = [Hit(PhotoId(n), f"{n}.jpg", 1 - n / 10, offline=False) for n in range(10)]
RESULT = SearchResult(HITS, 8, 64, exact=False, relevance=0.5, elapsed_ms=12.34)
NONE = replace(RESULT, hits=[], relevance=-1.0)


@pytest.mark.parametrize(
    ("relevance", "by_photo", "by_words"),
    [
        (-1.0, "Most alike first", "Best matches first"),
        (0.85, "1 photo looks alike", "2 photos fit well"),
        (0.95, "No photo looks much alike", "1 photo fits well"),
        (1.5, "No photo looks much alike", "No photo fits well"),
        (0.05, "More than 9 photos look alike", "More than 10 photos fit well"),
    ],
)
def test_how_many_fit_and_how_they_were_found(relevance: float, by_photo: str, by_words: str) -> None:
    words, result = AnswerWords(), replace(RESULT, relevance=relevance)
    assert words.summary(result, BY_PHOTO, 10) == f"{by_photo} · approximate · 12 ms"
    exact = replace(result, exact=True, elapsed_ms=1.26)
    assert words.summary(exact, BY_WORDS, 10) == f"{by_words} · exact · 1.3 ms"


def test_one_line_says_what_was_made_of_the_query() -> None:
    words = AnswerWords()
    assert words.line(RESULT) == words.kept(RESULT.matching, 812) == ""
    result = replace(
        RESULT, understood="dog · beach", unknown=("blorf",), problems=("“date:x” is no date.",), matching=3
    )
    assert words.line(result) == "Understood: dog · beach — Nothing known of “blorf” — “date:x” is no date"


def test_the_line_begins_with_what_was_not_compared() -> None:
    words = AnswerWords()
    lacking = "{} could not be compared: {} damaged; run `photofind doctor`"
    assert words.line(replace(RESULT, left_out=1)) == lacking.format("1 photo", "its embedding is")
    many = replace(RESULT, left_out=1200, understood="dog")
    assert words.line(many) == lacking.format("1,200 photos", "their embeddings are") + " — Understood: dog"


def test_how_many_photos_the_filters_keep() -> None:
    words = AnswerWords()
    assert words.kept(3, 812) == "3 of 812 photos match the filters"
    assert words.kept(1200, None) == "1,200 photos match the filters"
    assert words.kept(1, 0) == "1 photo matches the filters"


def test_words_that_mean_nothing_are_named_with_what_to_try() -> None:
    reason = AnswerWords().nothing(replace(NONE, unknown=("blorf", "wibble")), BY_WORDS)
    assert reason.headline == "photofind does not know “blorf”, “wibble”"
    assert len(reason.hints) == 3


def test_a_long_list_of_unknown_words_is_cut() -> None:
    reason = AnswerWords().nothing(replace(NONE, unknown=tuple("abcdefgh")), BY_WORDS)
    assert reason.headline.endswith("“e” …")


def test_no_answer_names_what_stands_in_the_way() -> None:
    words = AnswerWords()
    assert words.nothing(replace(NONE, matching=0), BY_WORDS).headline == "No photo matches the filters"
    assert words.nothing(NONE, BY_PHOTO).hints == ()
    assert len(words.nothing(NONE, replace(BY_WORDS, filters=Filters(has_gps=True))).hints) == 2


def test_filters_that_were_typed_are_not_to_be_looked_for_in_the_panel() -> None:
    words, none, filters = AnswerWords(), replace(NONE, matching=0), Filters(has_gps=True)
    typed = WindowQuery(
        (QueryPart.of_words("dog folder:kyoto size:>5mp"), QueryPart.of_words("is:portrait", weight=-1.0))
    )
    reason = words.nothing(none, typed)
    assert reason.headline == "No photo matches the words"
    (hint,) = reason.hints
    assert "folder" in hint
    assert "kyoto" in hint
    assert "portrait" not in hint, "what is not wanted leaves nothing out"
    both = words.nothing(none, replace(typed, filters=filters))
    assert both.headline == "No photo matches the filters and the words"
    assert both.hints == ("Change or clear the filters to see more.", hint)
    assert words.no_match(WindowQuery((), filters)).hints == both.hints[:1]


def test_what_is_no_unicode_can_be_said() -> None:
    odd = os.fsdecode(b"caf\xe9")
    words = AnswerWords()
    line = words.line(replace(RESULT, understood=odd, unknown=(odd,), problems=(odd,)))
    assert line.encode("utf-8")
