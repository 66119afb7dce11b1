"""Folders and files that change while they are scanned and read; the next update finds what is there."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.campaign.concurrency.programs import Program, until
from tests.campaign.concurrency.stage import Stage
from tests.campaign.photos import small_jpeg, write_photos

_FIRST: Final = 20_000


def removal(stage: Stage, chances: random.Random) -> None:
    """Forget a folder while it is scanned: by the writer that scans it, or by others, who are told to wait."""
    stage.world.begin("plain")
    more = stage.photos.parent / "more photos"
    write_photos(more, range(_FIRST, _FIRST + chances.randint(20, 80)))
    worker = stage.worker()
    worker.send(command="index", folders=[str(more)])
    worker.until("progress", chances.randint(1, 3))
    if chances.random() < 0.5:
        worker.send(command="stop")
    worker.send(command="remove", folder=str(more))
    stage.check(worker.until("removed"), f"the folder is not removed: {worker.out[-500:]}")
    worker.send(command="remove", folder=str(more))
    stage.check(worker.until("refused"), "a folder is removed twice")
    stage.end(worker)
    left = stage.run("search", "--folder", more, "--json", "--id", "1")
    stage.check(not left.status and not left.json["results"], f"photos of a removed folder are found: {left.out[:300]}")
    stage.complete()


def while_scanned(stage: Stage, chances: random.Random) -> None:
    """Delete, rename and replace folders, and change files, while the writer scans and reads them."""
    stage.world.begin(chances.choice(["new", "plain"]))
    for folder in range(6):
        write_photos(stage.photos / f"deep {folder}" / "below", range(_FIRST + 50 * folder, _FIRST + 50 * folder + 12))
    worker = stage.worker()
    worker.send(command="index", folders=[str(stage.photos)])
    for turn in range(stage.many(full=chances.randint(4, 10), short=4)):
        worker.until("progress", turn + 1, 20)
        change = chances.choice(_CHANGES)
        stage.campaign.count(f"changed while read: {change.__name__.strip('_')}")
        change(stage, chances)
    _finished(stage, worker)
    worker.send(command="index", folders=[])
    stage.check(worker.until("finished", 2), f"the update after it has no end: {worker.out[-500:]}")
    stage.end(worker)
    stage.complete(always=True)


def _finished(stage: Stage, worker: Program) -> None:
    until(lambda: worker.events("finished") or worker.events("failed") or worker.events("refused"))
    stage.check(worker.events("finished"), f"the update has no end: {worker.out[-600:]}")


def _some_folder(stage: Stage, chances: random.Random) -> Path:
    folders = sorted(path for path in stage.photos.iterdir() if path.is_dir())
    return chances.choice(folders) if folders else stage.photos / "none"


def _deleted(stage: Stage, chances: random.Random) -> None:
    shutil.rmtree(_some_folder(stage, chances), ignore_errors=True)


def _renamed(stage: Stage, chances: random.Random) -> None:
    folder = _some_folder(stage, chances)
    if folder.exists():
        folder.rename(folder.with_name(f"renamed {chances.randrange(10**6)}"))


def _replaced(stage: Stage, chances: random.Random) -> None:
    folder = _some_folder(stage, chances)
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_bytes(small_jpeg(chances.randrange(30_000, 10**9)))


def _linked(stage: Stage, chances: random.Random) -> None:
    folder = _some_folder(stage, chances)
    shutil.rmtree(folder, ignore_errors=True)
    folder.symlink_to(stage.photos if chances.random() < 0.5 else folder)


def _rewritten(stage: Stage, chances: random.Random) -> None:
    """Write files anew in place, half of them first, as a slow copy does."""
    for path in chances.sample(sorted(stage.photos.rglob("*.jpg")), 5):
        if not path.is_file():
            continue
        content = small_jpeg(chances.randrange(30_000, 10**9))
        path.unlink()
        path.write_bytes(content[: len(content) // 2])
        with path.open("ab") as file:
            file.write(content[len(content) // 2 :])


def _emptied(stage: Stage, chances: random.Random) -> None:
    for path in chances.sample(sorted(stage.photos.rglob("*.jpg")), 4):
        if path.is_file():
            path.unlink()
            path.touch() if chances.random() < 0.5 else path.mkdir()


_CHANGES: Final[tuple[Callable[[Stage, random.Random], None], ...]] = (
    *(_deleted, _renamed, _replaced, _rewritten, _rewritten, _emptied),
    _linked,
)


def gone(stage: Stage, chances: random.Random) -> None:
    """Take away the whole folder while it is scanned: away, or a file, or empty; its photos stay known or go."""
    stage.world.begin("plain")
    write_photos(stage.photos / "more", range(_FIRST, _FIRST + 40))
    worker = stage.worker()
    worker.send(command="index", folders=[str(stage.photos)])
    worker.until("progress", chances.randint(1, 3), 20)
    aside = stage.photos.with_name("put aside")
    stage.photos.rename(aside)
    kind = chances.choice(["nothing", "file", "empty", "link"])
    stage.campaign.count(f"folders gone while scanned: {kind} in their place")
    if kind == "file":
        stage.photos.write_text("not a folder", encoding="utf-8")
    elif kind == "empty":
        stage.photos.mkdir()
    elif kind == "link":
        stage.photos.symlink_to(stage.photos)
    until(lambda: worker.events("finished") or worker.events("failed") or worker.events("refused"))
    stage.end(worker)
    stage.sound()
    stage.run("index", stage.photos) if not stage.campaign.short else None
    if kind == "empty":
        stage.photos.rmdir()
    else:
        stage.photos.unlink(missing_ok=True)
    aside.rename(stage.photos)
    stage.complete()
