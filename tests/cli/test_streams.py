"""Streams that nobody gave the program: what is printed goes nowhere, and nothing else goes where they would be."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.photos import put_many
from tests.support.program import Ended, photofind
from tests.support.world import World

pytestmark = pytest.mark.skipif(os.name != "posix", reason="streams closed by a shell")


def without(closed: str, *arguments: str | Path) -> Ended:
    """Run the program with streams that a shell closed."""
    return photofind(*arguments, prefix=["sh", "-c", f'exec "$@" {closed}', "sh"])


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_search_without_stdout(form: tuple[str, ...], indexed: World) -> None:
    ended = without(">&-", "search", "red", "--library", indexed.library, *form)
    assert (ended.status, ended.out) == (0, "")
    assert "Traceback" not in ended.err
    assert "photofind: " not in ended.err


def test_an_error_without_stderr_is_not_printed_among_the_results(indexed: World, tmp_path: Path) -> None:
    ended = without("2>&-", "search", "--library", tmp_path / "none", "dog")
    assert (ended.status, ended.out, ended.err) == (1, "", "")
    assert json.loads(without("2>&-", "search", "--library", indexed.library, "red", "--json").out)["results"]


@pytest.mark.parametrize("closed", ["2>&-", "<&-", ">&- 2>&- <&-"])
def test_an_update_without_streams_is_one_all_the_same(closed: str, world: World) -> None:
    put_many(world.photos, range(2))
    assert without(closed, "index", world.photos, "--library", world.library).status == 0
    assert photofind("status", "--library", world.library, "--json").json["photos"] == 2


def test_names_of_files_do_not_draw_on_the_terminal(tmp_path: Path) -> None:
    for command in (("status",), ("model", "list"), ("duplicates", "--kind", "all"), ()):
        ended = photofind(*command, "--\x1b[2J\nphotofind: \u202egpj.exe", cwd=tmp_path)
        assert ended.status == 2
        assert "\x1b" not in ended.err
        assert "\u202e" not in ended.err
        assert ended.err.splitlines()[-1].count(r"--\x1b[2J\nphotofind: \u202egpj.exe") == 1, ended.err


@pytest.mark.parametrize("most", [6, 7, 8])
def test_where_no_more_files_may_be_open_one_sentence_says_so(most: int, indexed: World) -> None:
    limited = ["sh", "-c", f'ulimit -n {most}; exec "$@"', "sh"]
    ended = photofind("index", indexed.photos, "--library", indexed.library, prefix=limited)
    ended.assert_fails("Too many files are open", "ulimit -n")


def test_queries_from_a_stdin_that_is_not_there(indexed: World) -> None:
    ended = without("<&-", "search", "--batch", "-", "--library", indexed.library)
    assert (ended.status, ended.out, ended.err) == (0, "", "")
