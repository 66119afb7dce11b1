"""Queries of several parts: words, images, what is not wanted, names and dates, and why each hit is there.

Two packs: a tiny one whose towers agree on red, green and blue, and the one that comes with the program with its words.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photofind.core import paths
from photofind.core.errors import QueryError
from photofind.core.library import Library
from photofind.core.queries import MAX_TEXTS, MAX_WORDS, Filters, Query, SearchResult, Term, Words
from photofind.core.settings import Settings
from tests.support.packs import write_pack
from tests.support.photos import put
from tests.support.world import World

RED, GREEN, BLUE = (250, 10, 10), (10, 250, 10), (10, 10, 250)
VIOLET, YELLOW, WHITE = (200, 10, 200), (200, 200, 10), (250, 250, 250)
_SHADES = np.linspace(60, 200, 54, dtype=np.int64)[:, None] + np.random.default_rng(1).integers(-4, 5, (54, 3))
"""Greys to the eye: with fewer photos, how widely scores scatter hangs on single ones."""
PLACES: dict[str, tuple[tuple[int, ...], str]] = {
    "Kyoto/one.png": (RED, "2019-04-05"),
    "Kyoto/two.png": (GREEN, "2019-04-06"),
    "Oslo/three.png": (BLUE, "2019-08-01"),
    "Oslo/four.png": (VIOLET, "2021-08-02"),
    "Oslo/2018/five.png": (YELLOW, "2021-08-03"),
    "six.png": (WHITE, "2022-01-01"),
    **{f"more/{number}.png": (tuple(shade), "2010-01-01") for number, shade in enumerate(_SHADES.tolist())},
}


@contextmanager
def _as_a_user(home: Path) -> Iterator[None]:
    """Give the block a home in which the pack of the three colours is installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(home))
        write_pack(paths.user_models() / "colours")
        yield


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A library of plain colours in folders and of days, by the pack that knows the three words."""
    with _as_a_user(tmp_path_factory.mktemp("home")):
        world = World(tmp_path_factory.mktemp("colours"), Settings(model="colours", workers=1))
        for name, (colour, day) in PLACES.items():
            path = world.photos / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (48, 32), colour).save(path)
            noon = datetime.datetime.fromisoformat(f"{day}T12:00:00").timestamp()
            os.utime(path, (noon, noon))
        report = world.update()
    assert report.tally.added == len(PLACES)
    return world


@pytest.fixture(scope="module")
def library(colours: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The library of colours with both networks of its pack open; each test has another home."""
    with Library(colours.library, colours.settings) as opened:
        with _as_a_user(tmp_path_factory.mktemp("home")):
            opened.search(Query(images=(str(colours.probe),), words=("red",)))
        yield opened


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Real photos by the pack that comes with the program: an astronaut, a cat, a cup of coffee, a rocket, tissue."""
    world = World(tmp_path_factory.mktemp("photos"), Settings(workers=1))
    for number, name in enumerate(["a", "b", "c", "Quillendorf/d", "e", "dog/f", "Quillendorf/g"]):
        world.put(f"{name}.jpg", number)
    world.update()
    return world


ASTRONAUT, CAT, COFFEE, OTHER_CAT = "a.jpg", "b.jpg", "c.jpg", "g.jpg"
CATS = {CAT, OTHER_CAT}


@pytest.fixture(scope="module")
def real(photos: World) -> Iterator[Library]:
    with Library(photos.library, photos.settings) as opened:
        yield opened


def names(result: SearchResult) -> list[str]:
    return [os.path.basename(hit.path).removesuffix(".png") for hit in result.hits]


def words(*texts: str, minus: tuple[str, ...] = (), limit: int = 50, filters: Filters | None = None) -> Query:
    others = tuple(Term(Words(text), -1.0) for text in minus)
    return Query(words=texts, others=others, limit=limit, filters=filters or Filters())


def path_of(world: World, name: str) -> str:
    return str(world.photos / next(each for each in PLACES if each.endswith(f"{name}.png")))


# Terms and weights


@pytest.mark.parametrize(("text", "first"), [("red", "one"), ("green", "two"), ("blue", "three"), ("a red car", "one")])
def test_words_find_their_pictures(text: str, first: str, library: Library) -> None:
    result = library.search(words(text))
    assert names(result)[0] == first
    assert len(result.hits) == 50
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] <= 1.001


def test_several_texts_meet_in_one_picture(library: Library) -> None:
    assert names(library.search(words("red", "blue")))[0] == "four", "violet"
    assert names(library.search(words("red", "green")))[0] == "five", "yellow"


@pytest.mark.parametrize(("red", "blue", "first"), [(3.0, 0.5, "one"), (1.0, 1.0, "four"), (0.5, 3.0, "three")])
def test_weights_move_the_query(red: float, blue: float, first: str, library: Library) -> None:
    others = (Term(Words("red"), red), Term(Words("blue"), blue))
    assert names(library.search(Query(others=others)))[0] == first


def test_an_image_and_words_together(library: Library, colours: World) -> None:
    query = Query(images=(path_of(colours, "one"),), words=("blue",))
    assert names(library.search(query))[0] == "four"
    from_outside = Path(colours.place / "red.png")
    Image.new("RGB", (20, 20), RED).save(from_outside)
    assert names(library.search(Query(images=(str(from_outside),), words=("green",))))[0] == "five"


def test_what_is_not_wanted_comes_later(library: Library, colours: World) -> None:
    violet = path_of(colours, "four")
    plain = names(library.search(Query(images=(violet,), limit=99)))
    assert plain[0] == "four"
    by_words = names(library.search(Query(images=(violet,), others=(Term(Words("blue"), -1.0),), limit=99)))
    by_image = names(library.search(Query(images=(violet,), others=(Term(path_of(colours, "three"), -1.0),), limit=99)))
    for found in (by_words, by_image):
        assert found.index("one") < plain.index("one")
        assert found.index("three") > plain.index("three")
    heavier = Query(images=(violet,), others=(Term(Words("blue"), -5.0),))
    assert names(library.search(heavier))[0] == "one", "all that was not blue"


def test_a_minus_alone_finds_what_is_least_like_it(library: Library) -> None:
    found = names(library.search(Query(others=(Term(Words("red"), -1.0),), limit=99)))
    assert found[-1] == "one"
    assert set(found[:2]) == {"two", "three"}


@pytest.mark.parametrize("text", ["red -blue", "red without blue", "red, no blue"])
def test_what_is_not_wanted_may_be_said_in_the_text(text: str, library: Library) -> None:
    in_text = library.search(words(text))
    apart = library.search(words("red", minus=("blue",)))
    assert names(in_text) == names(apart)
    assert in_text.understood == "red · not blue"


@pytest.mark.parametrize("exact", [False, True])
def test_terms_are_summed_as_vectors(exact: bool, library: Library, colours: World) -> None:
    """Images only: the score is the cosine with the weighted sum, a minus taken half."""
    pictures = {name: np.array(colour) / np.linalg.norm(colour) for name, (colour, _) in PLACES.items()}
    asked = {"one": 2.0, "three": 0.7, "six": -1.0}
    query = sum(
        pictures[os.path.relpath(path_of(colours, name), colours.photos)] * (weight if weight > 0 else weight / 2)
        for name, weight in asked.items()
    )
    query = query / np.linalg.norm(query)
    expected = sorted((float(picture @ query) for picture in pictures.values()), reverse=True)
    others = tuple(Term(path_of(colours, name), weight) for name, weight in asked.items())
    result = library.search(Query(others=others, exact=exact, limit=99))
    assert [hit.score for hit in result.hits] == pytest.approx(expected, abs=2e-3)


def test_expansion_moves_towards_the_best_hits(library: Library, colours: World) -> None:
    red = path_of(colours, "one")
    once, twice = (library.search(Query(images=(red,), expand=expand, limit=99)) for expand in (False, True))
    assert names(once)[0] == "one"
    assert once.hits[0].score > max(hit.score for hit in twice.hits if hit.path == once.hits[0].path)
    assert names(twice).index("six") < names(once).index("six"), "what the other best hits share draws the query"
    assert library.search(words("red", limit=3)).hits != []
    assert library.search(Query(words=("red",), expand=True)).understood == "red"


# Contradictions


def test_parts_that_cancel_each_other_out(library: Library, colours: World) -> None:
    red = path_of(colours, "one")
    for query in (
        Query(images=(red,), others=(Term(red, -2.0),)),
        Query(words=("red",), others=(Term(Words("red"), -2.0),)),
    ):
        with pytest.raises(QueryError, match="cancel each other out"):
            library.search(query)


def test_the_same_words_wanted_and_not_wanted(library: Library, real: Library) -> None:
    """A minus takes half: so the wish stays, weaker, or is refused with a sentence; never a traceback or noise."""
    assert names(library.search(words("red", minus=("red",))))[0] == "one"
    result = real.search(words("cat", minus=("cat",)))
    assert names(result)[0] in CATS
    assert result.understood == "cat · not cat"
    with pytest.raises(QueryError, match="cancel each other out"):
        real.search(Query(words=("cat",), others=(Term(Words("cat"), -2.0),)))


# What photos say of themselves


@pytest.mark.parametrize(
    ("text", "first", "why"),
    [
        ("2019", {"one", "two", "three"}, "date: 2019"),
        ("april 2019", {"one", "two"}, "date: april 2019"),
        ("2018", {"five"}, "date: 2018"),
        ("four", {"four"}, "name: four"),
        ("oslo", {"three", "four", "five"}, "folder: oslo"),
    ],
)
def test_dates_and_names_alone(text: str, first: set[str], why: str, library: Library) -> None:
    result = library.search(words(text))
    said = [hit for hit in result.hits if why in hit.why]
    assert {os.path.basename(hit.path).removesuffix(".png") for hit in said} == first
    assert set(names(result)[: len(first)]) == first
    assert result.unknown == ()


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_dates_alone_are_answered_newest_first(limit: int, library: Library) -> None:
    assert names(library.search(Query(words=("2019",), limit=limit))) == ["three", "two", "one"][:limit]


def test_a_date_of_no_photo(library: Library) -> None:
    result = library.search(words("christmas 1987"))
    assert (result.hits, result.understood, result.unknown) == ([], "christmas 1987", ())
    assert names(library.search(words("red 1987")))[0] == "one"


def test_what_is_said_and_what_is_seen_add_up(library: Library) -> None:
    result = library.search(words("red 2019 kyoto"))
    assert names(result)[0] == "one"
    assert set(result.hits[0].why) >= {"date: 2019", "folder: kyoto"}
    assert "2019" in result.understood
    assert names(library.search(words("blue 2019")))[0] == "three"
    assert set(names(library.search(words("2021", minus=("oslo",))))[:2]) == {"four", "five"}


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_an_unwanted_name_makes_way_however_few_hits_are_wanted(limit: int, library: Library) -> None:
    """The red picture lies in Kyoto; the next best, which are lifted by nothing, are looked at as well."""
    others = (Term(Words("kyoto"), -10.0),)
    for text in ("red", "red 2019", "2019"):
        result = library.search(Query(words=(text,), others=others, limit=limit))
        assert result.hits
        assert not any("Kyoto" in hit.path for hit in result.hits[:2])
    assert names(result)[0] == "three", "of 2019 and elsewhere"


def test_words_inside_filters(library: Library, colours: World) -> None:
    oslo = Filters(folders=(str(colours.photos / "Oslo"),))
    result = library.search(words("red", filters=oslo))
    assert names(result)[0] == "four"
    assert set(names(result)) == {"three", "four", "five"}
    assert (result.matching, result.exact) == (3, True)
    assert set(names(library.search(words("folder:oslo date:2021 red")))) == {"four", "five"}


# The words that come with the program


@pytest.mark.parametrize(
    ("text", "first"), [("cat", CATS), ("an animal", CATS), ("espresso", {COFFEE}), ("a cup of coffee", {COFFEE})]
)
def test_the_program_brings_words_of_its_own(text: str, first: set[str], real: Library) -> None:
    result = real.search(words(text))
    assert set(names(result)[: len(first)]) == first
    assert result.understood
    assert result.unknown == ()


def test_a_reason_is_given_once(library: Library) -> None:
    result = library.search(Query(words=("kyoto 2019 kyoto", "2019", "kyoto"), limit=2))
    assert [hit.why for hit in result.hits] == [("folder: kyoto", "date: 2019")] * 2


def test_a_named_thing_is_a_reason(real: Library) -> None:
    result = real.search(words("cat"))
    assert result.hits[0].why == ("looks like: cat",)
    assert all(hit.why == () for hit in result.hits if os.path.basename(hit.path) in {ASTRONAUT, COFFEE})


def test_a_likeness_beyond_chance_is_a_reason_where_no_thing_is_named(library: Library) -> None:
    result = library.search(words("red", minus=("green",)))
    assert result.hits[0].why == ("looks like: red", "colour: red")
    assert not any(hit.why for hit in result.hits[-20:])
    unwanted = library.search(Query(photo_ids=(result.hits[0].photo_id,), others=(Term(Words("blue"), -1.0),)))
    assert not any(hit.why for hit in unwanted.hits)


def test_a_folder_called_like_what_is_wanted(real: Library) -> None:
    """The only dog is one by the name of its folder."""
    result = real.search(words("dog"))
    assert names(result)[0] == "f.jpg"
    assert "folder: dog" in result.hits[0].why


def test_a_photo_of_which_all_is_true_comes_first(real: Library) -> None:
    """Two cats, one of them in a folder with a name that no dictionary has, and another photo in that folder."""
    result = real.search(words("Quillendorf cat"))
    assert names(result)[0] == OTHER_CAT
    assert set(names(result)[1:3]) == {CAT, "d.jpg"}
    assert result.hits[0].why == ("looks like: cat", "folder: Quillendorf")
    assert (result.understood, result.unknown) == ("cat · Quillendorf (folder)", ())
    alone = real.search(words("Quillendorf"))
    assert set(names(alone)[:2]) == {OTHER_CAT, "d.jpg"}


def test_words_of_which_nothing_is_known(real: Library) -> None:
    result = real.search(words("qwxyzzy frblgrmpf"))
    assert result.hits == []
    assert result.unknown == ("qwxyzzy", "frblgrmpf")
    assert result.understood == ""
    in_part = real.search(words("cat qwxyzzy"))
    assert names(in_part)[0] in CATS
    assert in_part.unknown == ("qwxyzzy",)
    with_image = real.search(Query(photo_ids=(1,), words=("qwxyzzy",)))
    assert with_image.hits[0].photo_id == 1
    assert with_image.unknown == ("qwxyzzy",)


def test_unknown_words_do_not_turn_a_filter_into_an_answer(real: Library) -> None:
    result = real.search(words("qwxyzzy", filters=Filters(names=("a",))))
    assert (result.hits, result.unknown) == ([], ("qwxyzzy",))


# Odd texts


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "...", "-", '""', "-" * 500, "\ud800"])
def test_a_text_without_words_is_refused(text: str, real: Library) -> None:
    with pytest.raises(QueryError, match=r"^There is nothing to search for|^Name words"):
        real.search(words(text))
    with_image = real.search(Query(photo_ids=(1,), words=(text,)))
    assert with_image.hits[0].photo_id == 1


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("\u202ecat\u202c \u2067dog\u2069", "cat · dog"),
        ("a\0b", "b"),
        ("'; DROP TABLE files; --", "drop · table · file"),
        ('NEAR("a" "b") OR * AND NOT (', "b"),
    ],
)
def test_odd_signs_do_not_hide_words(text: str, understood: str, real: Library) -> None:
    result = real.search(words(text))
    assert (result.understood, result.unknown, result.problems) == (understood, (), ())
    assert sorted(names(result)) == [f"{name}.jpg" for name in "abcdefg"]
    assert all(np.isfinite(hit.score) for hit in result.hits)


@pytest.mark.parametrize(
    "text",
    [
        "\N{DOG FACE}",
        "\N{FAMILY}\N{ZERO WIDTH JOINER}\N{DOG FACE}\N{VARIATION SELECTOR-16}",
        "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
        "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
        "\u732b",
    ],
)
def test_words_that_nobody_knows_are_named_and_find_nothing(text: str, real: Library) -> None:
    result = real.search(words(text))
    assert (result.hits, result.understood, result.problems) == ([], "", ())
    assert result.unknown == tuple(text.split())


@pytest.mark.parametrize(
    ("text", "problem"),
    [("name:", "Nothing stands behind name:; write "), ("date:31.13.2019", "date:31.13.2019 is not a date; write ")],
)
def test_a_condition_that_says_nothing_finds_nothing_and_is_explained(text: str, problem: str, real: Library) -> None:
    result = real.search(words(text))
    assert (result.hits, result.understood, result.unknown) == ([], "", ())
    assert [said.startswith(problem) for said in result.problems] == [True]


@pytest.mark.parametrize("text", ["cat " * (MAX_WORDS // 4), "x" * MAX_WORDS, "\N{DOG FACE}" * MAX_WORDS])
def test_a_text_of_ten_thousand_characters(text: str, real: Library) -> None:
    result = real.search(words(text))
    assert (names(result)[0] in CATS) if text.startswith("cat") else (result.hits == [])
    with pytest.raises(QueryError, match="shorten it"):
        real.search(words(text + "s"))


def test_as_many_texts_as_are_allowed(library: Library) -> None:
    assert names(library.search(words(*["red"] * MAX_TEXTS)))[0] == "one"
    with pytest.raises(QueryError, match="more than 100 texts"):
        library.search(words(*["red"] * (MAX_TEXTS + 1)))


@pytest.mark.parametrize("weight", [0.0, float("nan"), float("inf"), 11.0, -11.0])
def test_weights_out_of_range_are_refused(weight: float, library: Library) -> None:
    with pytest.raises(QueryError, match="weight"):
        library.search(Query(others=(Term(Words("red"), weight),)))


def test_a_term_that_cannot_be_read(library: Library, colours: World) -> None:
    bad = put(colours.place / "bad.png", b"no picture")
    for path in (str(bad), "/nowhere.png", ""):
        with pytest.raises(QueryError):
            library.search(Query(words=("red",), others=(Term(path, -1.0),)))


def test_a_colour_is_understood_without_a_model_for_words(colours: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(colours.library / "nowhere"))  # where the pack is not installed
    with Library(colours.library, colours.settings) as opened:
        result = opened.search(words("red quux"))
    assert (result.understood, result.unknown) == ("red", ("quux",))
    assert result.problems == ("The library's model is not installed, so only names, places and dates are searched.",)
    assert names(result)[0] == "one"
