"""What is done while a disk fails: one scene for each way in which the program writes, and what they start from."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.campaign.faults.stage import Answer, Stage
from tests.campaign.photos import write_photos
from tests.campaign.quick_pack import OTHER
from tests.support.other_program import changed_by_hand
from tests.support.packs import network, pack_files, zip_pack

PHOTOS, COPIES, MORE = 40, 6, 14
_PAGE = 4096
_V4_COLUMNS = ("trained_at", "trained_until", "first_out", "distance", "clipped")

Do = Callable[[Stage], Answer]


@dataclass(frozen=True)
class Scene:
    """Something that writes.

    Parameters
    ----------
    start
        The template it begins with.
    act
        What runs while the disk fails; run once more afterwards it completes what was begun.
    before
        What runs first, on a sound disk.
    again
        The statuses with which ``act`` may end when it is run once more: what was done already may be refused.
    touches
        Whether it is to change the user's files.
    result
        Files below the stage that are there, and whole, whenever it ended with status 0.
    partly
        Whether a fault may cost a part of the work only, and the program goes on with the rest and ends with 0.
    is_damaged
        Whether the library is damaged to begin with.
    only_closes
        Whether it says ``ready`` once it has opened all, and then only closes, which a fault never makes fail.
    """

    name: str
    start: str
    act: Do
    before: Do | None = None
    again: tuple[int, ...] = (0,)
    touches: bool = False
    result: tuple[str, ...] = ()
    partly: bool = False
    is_damaged: bool = False
    only_closes: bool = False


def _work(command: str, **values: Any) -> Do:
    return lambda stage: stage.work({"command": command, **values})


def _run(*arguments: str) -> Do:
    return lambda stage: stage.run(*(part.replace("OUT", str(stage.out)) for part in arguments))


def _calls(name: str) -> Do:
    return lambda stage: stage.call(name)


def _plan(*wishes: str) -> Do:
    return _run("duplicates", "--plan", "OUT/plan.json", "--kind", "exact", *wishes)


def _all(*steps: Do) -> Do:
    def run(stage: Stage) -> Answer:
        for step in steps[:-1]:
            answer = step(stage)
            assert answer.status == 0, answer
        return steps[-1](stage)

    return run


def _forget(stage: Stage) -> Answer:
    return stage.work({"command": "remove", "folder": str(stage.photos)})


def _update(stage: Stage) -> Answer:
    return stage.update()


def _open_and_close(stage: Stage) -> Answer:
    return stage.work()


def _search(stage: Stage) -> Answer:
    return stage.run("search", "--image", str(min((stage.photos / "a").iterdir())))


def _reject(stage: Stage) -> Answer:
    first, second = sorted((stage.photos / "a").iterdir())[:2]
    return stage.run("duplicates", "--not-duplicates", str(first), str(second))


def _plan_far(stage: Stage) -> Answer:
    return _plan("--action", "move", "--to", str(stage.far))(stage)


_APPLY = _run("duplicates", "--apply", "OUT/plan.json")
_UNDO = _run("duplicates", "--undo")
_MOVE = _plan("--action", "move", "--to", "OUT/moved")
_LINK = _plan("--action", "hardlink")

SCENES = (
    Scene("first", "empty", _update, partly=True),
    Scene("update", "grown", _update, partly=True),
    Scene("compact", "segmented", _run("doctor", "--compact")),
    Scene("recluster", "segmented", _run("doctor", "--recluster")),
    Scene("migrate", "older", _update, partly=True),
    Scene("thumbnails", "bare", _update, partly=True, is_damaged=True),
    Scene("doctor", "damaged", _run("doctor"), partly=True, is_damaged=True),
    Scene("pages", "flipped", _run("doctor"), partly=True, is_damaged=True),
    Scene("calibrate", "segmented", _work("maintain", task="calibrate")),
    Scene("measure", "segmented", _run("evaluate")),
    Scene("find", "segmented", _run("duplicates", "--json")),
    Scene("plan", "segmented", _plan(), result=("out/plan.json",)),
    Scene("export", "segmented", _run("duplicates", "--export", "OUT/groups.csv"), result=("out/groups.csv",)),
    Scene("reject", "segmented", _reject),
    Scene("searches", "segmented", _calls("save_searches"), result=("library/searches.json",), again=(0, 1)),
    Scene("settings", "segmented", _calls("save_settings"), result=("home/config/photofind/settings.toml",)),
    Scene("window", "segmented", _calls("save_preferences")),
    Scene("install", "packs", _run("model", "install", "OUT/third.zip")),
    Scene("uninstall", "installed", _run("model", "remove", "third"), again=(0, 1)),
    Scene("use", "segmented", _run("model", "use", OTHER)),
    Scene("change", "segmented", _update, _run("model", "use", OTHER), partly=True),
    Scene("forget", "segmented", _forget, partly=True),
    Scene("trash", "segmented", _APPLY, _plan(), (0, 1), touches=True, partly=True),
    Scene("move", "segmented", _APPLY, _MOVE, (0, 1), touches=True, partly=True),
    Scene("far", "segmented", _APPLY, _plan_far, (0, 1), touches=True, partly=True),
    Scene("link", "segmented", _APPLY, _LINK, (0, 1), touches=True, partly=True),
    Scene("untrash", "segmented", _UNDO, _all(_plan(), _APPLY), (0, 1), touches=True, partly=True),
    Scene("unmove", "segmented", _UNDO, _all(_MOVE, _APPLY), (0, 1), touches=True, partly=True),
    Scene("unfar", "segmented", _UNDO, _all(_plan_far, _APPLY), (0, 1), touches=True, partly=True),
    Scene("unlink", "segmented", _UNDO, _all(_LINK, _APPLY), (0, 1), touches=True, partly=True),
    Scene("close", "segmented", _open_and_close, only_closes=True),
    Scene("stores", "segmented", _calls("close_stores"), only_closes=True),
    Scene("search", "segmented", _search),
)


def build(stage: Stage) -> None:
    """Make all templates."""
    zip_pack(stage.out / "third.zip", pack_files("third", image=network("sound"), text=b""))
    write_photos(stage.photos / "a", range(PHOTOS))
    copies = stage.photos / "copies"
    copies.mkdir()
    for path in sorted((stage.photos / "a").iterdir())[:COPIES]:
        shutil.copy2(path, copies / path.name)
    stage.keep("empty")
    stage.keep("packs")
    _sound(stage.update())
    stage.keep("indexed")
    _grow(stage.photos)
    stage.keep("grown")
    _sound(stage.update())
    _sound(stage.run("duplicates", "--json"))
    stage.keep("segmented")
    _make_older(stage.library)
    stage.keep("older")
    stage.put_up("segmented")
    (stage.library / "thumbnails.db").unlink()
    stage.keep("bare")
    stage.put_up("segmented")
    for path in stage.library.glob("epoch-*/seg-*.faiss"):
        path.write_bytes(path.read_bytes()[:-7])
    with (stage.library / "thumbnails.db").open("r+b") as file:
        file.write(b"no database at all")
    stage.keep("damaged")
    stage.put_up("segmented")
    _sound(_reject(stage))
    for name in ("library", "decisions", "duplicates"):
        _flip_bit(stage.library / f"{name}.db")
    stage.keep("flipped")
    stage.put_up("packs")
    _sound(stage.run("model", "install", str(stage.out / "third.zip")))
    stage.keep("installed")


def _grow(photos: Path) -> None:
    """Add, change, move and remove photos."""
    write_photos(photos / "b", range(PHOTOS, PHOTOS + MORE))
    old = sorted((photos / "a").iterdir())
    for number, path in enumerate(old[-3:]):
        path.write_bytes((write_photos(photos.parent / "spare", [1000 + number])[0]).read_bytes())
    shutil.rmtree(photos.parent / "spare")
    for path in old[20:24]:
        path.rename(photos / "b" / f"moved {path.name}")
    for path in old[12:18]:
        path.unlink()


def _flip_bit(database: Path) -> None:
    """Flip one bit in the midst of the last page but one."""
    with database.open("r+b") as file:
        file.seek(database.stat().st_size - _PAGE * 3 // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 4]))


def _make_older(library: Path) -> None:
    """Bring the catalog back to the schema before the newest."""
    with changed_by_hand(library / "library.db") as connection:
        for column in _V4_COLUMNS:
            connection.execute(f"ALTER TABLE epochs DROP COLUMN {column}")
        connection.execute("PRAGMA user_version = 3")


def _sound(answer: Answer) -> None:
    assert answer.status == 0, answer
