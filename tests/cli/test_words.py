"""``search`` with words, minus parts, folders and dates as processes; most questions share one process, a batch."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import Any

import pytest

from photofind.core.settings import Settings
from tests.support.photos import put
from tests.support.program import Ended, photofind
from tests.support.world import World

CATS = {"Kyoto/0001.jpg", "0006.jpg"}
DAYS = {
    "Kyoto/0001.jpg": "2019-05-01",
    "0002.jpg": "2019-05-31",
    "Oslo/0003.jpg": "2020-01-01",
    "0006.jpg": "2021-07-09",
}


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two cats, a cup of coffee and a rocket, of four days; only to be read."""
    world = World(tmp_path_factory.mktemp("words"), Settings(workers=1))
    for name, day in DAYS.items():
        path = world.put(name, int(Path(name).stem))
        noon = datetime.datetime.fromisoformat(f"{day}T12:00:00").timestamp()
        os.utime(path, (noon, noon))
    world.update()
    return world


def _search(world: World, *arguments: str | Path, **options: Any) -> Ended:
    return photofind("search", "--library", world.library, *arguments, **options)


def _names(world: World, answer: dict[str, Any]) -> list[str]:
    return [os.path.relpath(result["path"], world.photos) for result in answer["results"]]


def _batch(world: World, *queries: dict[str, Any]) -> list[dict[str, Any]]:
    ended = _search(world, "--batch", "-", stdin="\n".join(map(json.dumps, queries)))
    assert (ended.status, ended.err) == (0, "")
    return ended.lines


def test_words_as_arguments(photos: World) -> None:
    """A document has the same names as for images, and says how the words were taken."""
    ended = _search(photos, "a", "cat", "--json", "--limit", "3")
    assert (ended.status, ended.err) == (0, "")
    answer = ended.json
    assert answer.keys() == {"query", "nprobe", "exact", "elapsed_ms", "understood", "results"}
    assert answer["query"] == {"images": [], "ids": [], "limit": 3, "words": "a cat"}
    assert answer["understood"] == "cat"
    assert set(_names(photos, answer)[:2]) == CATS
    assert answer["results"][0].keys() == {"path", "id", "score", "why"}
    assert answer["results"][0]["why"] == ["looks like: cat"]


def test_words_for_people(photos: World) -> None:
    ended = _search(
        photos, "cat qwxyzzy 2019", "--minus", "coffee", "--folder", photos.photos / "Kyoto", "--limit", "1"
    )
    assert ended.status == 0
    assert ended.err.splitlines() == ["Understood: cat · 2019 · not coffee", "Nothing is known of: qwxyzzy"]
    assert ended.out.endswith(f"{photos.photos}/Kyoto/0001.jpg  [looks like: cat; date: 2019]\n")


def test_words_of_which_nothing_is_known(photos: World) -> None:
    ended = _search(photos, "qwxyzzy")
    assert (ended.status, ended.out) == (0, "")
    assert ended.err.splitlines() == [
        "Nothing is known of: qwxyzzy",
        "Nothing found: try other words, or search by an image.",
    ]


def test_every_option_of_a_composed_query(photos: World, tmp_path: Path) -> None:
    rocket = put(tmp_path / "rocket.jpg", 3)
    ended = _search(
        photos,
        *("cat", "--image", photos.photos / "0006.jpg", "--minus", "a cup of coffee", "--minus-image", rocket),
        *(
            "--folder",
            "Kyoto",
            "--folder",
            ".",
            "--since",
            "2019",
            "--until",
            "2021-07",
            "--expand",
            "--exact",
            "--json",
        ),
        cwd=photos.photos,
    )
    assert (ended.status, ended.err) == (0, "")
    answer = ended.json
    assert answer["query"] == {
        "images": [str(photos.photos / "0006.jpg")],
        "ids": [],
        "limit": 50,
        "words": "cat",
        "minus_words": ["a cup of coffee"],
        "minus_images": [str(rocket)],
        "folders": [str(photos.photos / "Kyoto"), str(photos.photos)],
        "since": "2019-01-01",
        "until": "2021-07-31",
        "expand": True,
    }
    assert (answer["exact"], answer["matching"]) == (True, 4)
    assert set(_names(photos, answer)[:2]) == CATS


def test_a_date_that_cannot_be_read(photos: World) -> None:
    _search(photos, "cat", "--since", "soon").assert_fails("'soon' is not a date", "2019-05-01")


def test_a_folder_without_a_name_is_not_the_current_one(photos: World) -> None:
    ended = _search(photos, "cat", "--folder", "")
    assert (ended.status, ended.out) == (1, "")
    assert "name the folder" in ended.err


def test_a_batch_of_words_and_filters(photos: World) -> None:
    kyoto = str(photos.photos / "Kyoto")
    known, listed, minus, image, folder, span, day, filters, expanded, unknown, emoji = _batch(
        photos,
        {"id": "w", "words": "cat", "limit": 2},
        {"words": ["cat", "coffee"]},
        {"words": "cat", "minus_words": "Kyoto"},
        {"words": "cat", "minus_images": [str(photos.photos / "0006.jpg")]},
        {"words": "coffee", "folder": kyoto},
        {"words": "cat", "since": "2019-05-31", "until": "2020"},
        {"since": "2019-05-01", "until": "2019-05-01"},
        {"folder": [str(photos.photos)], "limit": 3},
        {"words": "cat", "expand": True, "exact": True},
        {"words": "qwxyzzy"},
        {"words": "\N{DOG FACE}"},
    )
    assert known.keys() == {"id", "results", "elapsed_ms", "understood"}
    assert set(_names(photos, known)) == CATS
    assert set(_names(photos, listed)[:3]) == CATS | {"0002.jpg"}
    assert _names(photos, minus)[0] == "0006.jpg"
    assert minus["understood"] == "cat · not kyoto"
    assert _names(photos, image)[0] == "Kyoto/0001.jpg"
    assert (_names(photos, folder), folder["matching"]) == (["Kyoto/0001.jpg"], 1)
    assert set(_names(photos, span)) == {"0002.jpg", "Oslo/0003.jpg"}
    assert _names(photos, day) == ["Kyoto/0001.jpg"]
    assert _names(photos, filters) == ["0006.jpg", "Oslo/0003.jpg", "0002.jpg"], "newest first"
    assert set(_names(photos, expanded)[:2]) == CATS
    for answer in (unknown, emoji):
        assert answer["results"] == []
        assert answer["unknown"]


def test_bad_lines_with_words_cost_only_themselves(photos: World) -> None:
    bad: list[dict[str, Any]] = [
        {"words": 5},
        {"words": ["cat", 5]},
        {"words": "x" * 10_001},
        {"words": ["cat"] * 101},
        {"words": "cat", "since": "yesterdayish"},
        {"words": "cat", "since": 2019},
        {"words": "cat", "until": "03/04/2020"},
        {"words": "cat", "folder": 7},
        {"words": "cat", "minus_images": ["/nowhere.jpg"]},
        {"words": "cat", "minus_words": {"dog": 1}},
        {"words": "..."},
        {"words": ""},
        {"words": "cat", "camera": "Canon"},
    ]
    good = {"words": "cat", "limit": 1}
    answers = _batch(photos, *(line for each in bad for line in (each, good)))
    for asked, answer in zip(bad, answers[::2], strict=True):
        assert answer.keys() == {"error"}, asked
        assert answer["error"].endswith(".")
        assert "\n" not in answer["error"]
    assert all(len(answer["results"]) == 1 for answer in answers[1::2])


def test_a_batch_stands_alone(photos: World) -> None:
    ended = _search(photos, "cat", "--batch", "-", stdin="")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.count("\n") == 1
    assert "--batch" in ended.err
