"""``duplicates --plan`` and ``--export`` write files that are named by hand: no slip costs a photo or the library."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from photofind.core.library import Library
from photofind.core.settings import Settings
from tests.cli.copied_photos import Copied, put_copies, run_here
from tests.support.program import Ended, photofind
from tests.support.world import World

POSIX = pytest.mark.skipif(os.name != "posix", reason="links, pipes and devices as POSIX has them")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Copied:
    """Copies of all kinds, indexed; nothing is done to them."""
    return put_copies(World(tmp_path_factory.mktemp("copied"), Settings(workers=1)))


@pytest.fixture
def ask(copied: Copied, capsys: pytest.CaptureFixture[str]) -> Ask:
    return Ask(copied, capsys)


class Ask:
    """Runs the command on the copies."""

    def __init__(self, copied: Copied, capsys: pytest.CaptureFixture[str]) -> None:
        self._copied = copied
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Ended:
        return run_here(self._capsys, self._copied.world.library, *arguments)


@pytest.mark.parametrize("option", ["--plan", "--export"])
def test_no_photo_is_written_over(option: str, copied: Copied, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "finder", None)  # it is told before anything is looked for
    before = copied.snapshot()
    misnamed = copied.world.photos.parent / "photo.json"
    misnamed.write_bytes(copied.path("cat.jpg").read_bytes())
    ask(option, misnamed).assert_fails("There is a picture at", str(misnamed), "choose another name")
    if option == "--plan":
        ask(option, copied.path("cat.jpg")).assert_fails("There is a picture at")
    assert misnamed.read_bytes() == copied.path("cat.jpg").read_bytes()
    assert copied.snapshot() == before


def test_nothing_is_written_into_the_library(copied: Copied, ask: Ask, tmp_path: Path) -> None:
    library = copied.world.library
    before = (library / "library.db").read_bytes()
    ask("--plan", library / "library.db").assert_fails("the library's own folder")
    ask("--plan", library / "plan.json").assert_fails("the library's own folder")
    ask("--export", library / "accuracy.json").assert_fails("the library's own folder")
    (tmp_path / "link.json").symlink_to(library / "saved.json")
    ask("--export", tmp_path / "link.json").assert_fails("the library's own folder")
    assert (library / "library.db").read_bytes() == before
    assert not {"plan.json", "accuracy.json", "saved.json"} & {path.name for path in library.iterdir()}


def test_only_an_earlier_file_of_its_kind_is_replaced(ask: Ask, tmp_path: Path) -> None:
    plan, groups, table = tmp_path / "plan.json", tmp_path / "groups.json", tmp_path / "groups.csv"
    for _ in range(2):
        assert ask("--plan", plan).status == 0
        assert ask("--export", groups).status == 0
        assert ask("--export", table).status == 0
    assert ask("--kind", "exact", "--threshold", "strict", "--export", groups).status == 0
    assert ask("--plan", groups).status == 1
    assert ask("--export", plan).status == 1
    plan.write_text(json.dumps(json.loads(plan.read_text()), indent=4))
    assert ask("--plan", plan).status == 0, "an editor may have laid it out anew"
    table.write_text("path,label\n")
    ask("--export", table).assert_fails("which is not an export of groups of photofind")
    assert table.read_text() == "path,label\n"


@POSIX
def test_a_link_stays_a_link(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "far" / "plan.json")
    assert ask("--plan", link).status == 0
    assert link.is_symlink()
    assert json.loads((tmp_path / "far" / "plan.json").read_text())["format"] == "photofind plan"


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is full is at hand on Linux")
def test_devices_and_pipes_stay_what_they_are(copied: Copied, ask: Ask, tmp_path: Path) -> None:
    full = tmp_path / "full.json"
    full.symlink_to("/dev/full")  # should the test fail, this is what is lost
    ask("--plan", full).assert_fails(f"Cannot write {full}: No space left")
    assert full.is_symlink()
    assert full.is_char_device()
    command = ("duplicates", "--library", copied.world.library, "--plan", "/dev/stdout")
    piped = photofind(*command)
    assert piped.json["format"] == "photofind plan", "nothing else is printed there"
    assert "4 files to be put into the trash" in piped.err
    assert "`photofind duplicates --apply PLAN.json` carries the plan out" in piped.err
    photofind(*command, prefix=["sh", "-c", f'exec "$@" > {tmp_path}/plan.json', "sh"])
    assert json.loads((tmp_path / "plan.json").read_text())["format"] == "photofind plan"
