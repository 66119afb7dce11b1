"""A plan may come from anybody: it is about photos of the library, and moves them to where photos may lie."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from photofind.core.catalog.pairs import PAIRS_FILE
from photofind.core.settings import Settings
from tests.cli.copied_photos import Copied, put_copies, run_here
from tests.support.photos import put
from tests.support.program import Ended
from tests.support.world import World

TRASHES = pytest.mark.skipif(os.name != "posix", reason="the trash of Linux and BSD")

Ask = Callable[..., Ended]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Copied:
    """Copies of all kinds, indexed; nothing that a test does to them may succeed, or it takes it back."""
    return put_copies(World(tmp_path_factory.mktemp("copied"), Settings(workers=1)))


@pytest.fixture
def ask(copied: Copied, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run the command on the copies."""
    return lambda *arguments: run_here(capsys, copied.world.library, *arguments)


@pytest.fixture
def made(ask: Ask, tmp_path: Path) -> dict[str, Any]:
    """A plan that can be carried out, as a document."""
    path = tmp_path / "made.json"
    assert ask("--plan", path).status == 0
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def planned(path: Path) -> dict[str, Any]:
    """Return a file as somebody may write it into a plan: with its true hash."""
    status = path.stat()
    digest = hashlib.blake2b(path.read_bytes(), digest_size=32).hexdigest()
    return {
        "path": str(path),
        "size": status.st_size,
        "mtime_ns": status.st_mtime_ns,
        "file_id": status.st_ino,
        "hash": digest,
    }


def forged(tmp_path: Path, made: dict[str, Any], file: Path, kept: Path, **changes: object) -> Path:
    """Write a plan of one step."""
    step = {**made["steps"][0], "file": planned(file), "kept": planned(kept)}
    path = tmp_path / "forged.json"
    path.write_text(json.dumps({**made, "steps": [step], **changes}))
    return path


@pytest.mark.parametrize("name", [".config/autostart", ".ssh/keys", "data/applications"])
def test_nothing_is_moved_to_where_programs_start_from(
    name: str, home: Path, copied: Copied, ask: Ask, made: dict[str, Any], tmp_path: Path
) -> None:
    target = home / name
    plan = forged(tmp_path, made, copied.path("cat (1).jpg"), copied.path("cat.jpg"), action="move", target=str(target))
    for mode in (("--apply", plan), ("--apply", plan, "--dry-run")):
        ask(*mode).assert_fails(str(target), "hidden, or for programs", "choose another one")
    link = tmp_path / "harmless"
    link.symlink_to(home / name.partition("/")[0])
    (home / name.partition("/")[0]).mkdir(exist_ok=True)
    plan.write_text(plan.read_text().replace(str(target), str(link / "autostart")))
    ask("--apply", plan).assert_fails("hidden, or for programs")
    ask("--plan", tmp_path / "own.json", "--action", "move", "--to", target).assert_fails("hidden, or for programs")
    assert copied.path("cat (1).jpg").is_file()
    assert not target.exists()


def test_files_that_are_no_photos_stay(copied: Copied, ask: Ask, made: dict[str, Any], tmp_path: Path) -> None:
    photos, away = copied.world.photos, tmp_path / "away"
    files = [put(photos / folder / "evil.desktop", b"[Desktop Entry]\nExec=evil\n") for folder in "ab"]
    plan = forged(tmp_path, made, *files, action="move", target=str(away))
    ended = ask("--apply", plan)
    assert ended.status == 1
    assert f"Skipped: {files[0]}: The file is no photo of this library" in ended.err
    assert all(file.is_file() for file in files)
    assert not away.exists()
    for file in files:
        file.unlink()


@TRASHES
@pytest.mark.parametrize("content", [b"", b"Dear diary", None], ids=["empty", "text", "copy unknown"])
def test_what_is_kept_is_a_photo_too(
    content: bytes | None, copied: Copied, ask: Ask, made: dict[str, Any], tmp_path: Path
) -> None:
    file = copied.path("coffee.jpg")
    kept = put(copied.world.photos / "kept.jpg", file.read_bytes() if content is None else content)
    ended = ask("--apply", forged(tmp_path, made, file, kept))
    kept.unlink()
    assert ended.status == 1
    assert f"Skipped: {file}: The kept file is no photo of this library" in ended.err
    assert file.is_file()


@TRASHES
def test_photos_that_were_found_to_be_no_copies_are_not_taken_for_each_other(
    copied: Copied, ask: Ask, made: dict[str, Any], tmp_path: Path
) -> None:
    file = copied.path("coffee.jpg")
    ended = ask("--apply", forged(tmp_path, made, file, copied.path("cat.jpg")))
    assert ended.status == 1
    assert "they are no copies of each other" in ended.err
    assert file.is_file()


@TRASHES
def test_a_hash_that_the_library_does_not_know(copied: Copied, ask: Ask, made: dict[str, Any], tmp_path: Path) -> None:
    file = copied.path("coffee.jpg")
    before = file.read_bytes()
    put(file, copied.path("cat.jpg").read_bytes())  # no update has seen it yet
    ended = ask("--apply", forged(tmp_path, made, file, copied.path("cat.jpg")))
    assert ended.status == 1
    assert "The file has changed since the plan was made" in ended.err
    put(file, before)


@TRASHES
@pytest.mark.parametrize("state", ["searched", "gone", "damaged"])
def test_a_plan_of_ones_own_goes_on_to_work(
    state: str, copied: Copied, ask: Ask, made: dict[str, Any], tmp_path: Path
) -> None:
    """What was found of copies is a cache: a plan does not depend on it."""
    pairs, before = copied.world.library / PAIRS_FILE, copied.snapshot()
    if state != "searched":
        for path in copied.world.library.glob(f"{PAIRS_FILE}*"):
            path.unlink()
    if state == "damaged":
        pairs.write_bytes(b"no database" * 1000)
    plan = tmp_path / "mine.json"
    plan.write_text(json.dumps({**made, "steps": made["steps"][1:]}), encoding="ascii")  # one was taken out by hand
    ended = ask("--apply", plan)
    assert ended.status == 0, ended.err
    assert ended.out.startswith("3 files put into the trash")
    assert ask("--undo").status == 0
    assert copied.snapshot() == before
    if state == "damaged":
        pairs.unlink()


def test_what_a_plan_is_about_is_told_before(copied: Copied, ask: Ask, made: dict[str, Any], tmp_path: Path) -> None:
    plan = tmp_path / "moving.json"
    plan.write_text(json.dumps({**made, "action": "move", "target": str(tmp_path / "away")}))
    ended = ask("--apply", plan, "--dry-run")
    assert ended.status == 0, ended.err
    assert ended.err.startswith(f"The plan: 4 files to be moved to {tmp_path / 'away'} (")
    assert "; 3 of them are not the same, byte by byte, as the photo that stays." in ended.err
    assert not (tmp_path / "away").exists()
    assert copied.path("cat.jpg").is_file()
