"""Libraries and photos at every kind of path, named in every way that reaches them."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from typing import Final

from tests.campaign import checking
from tests.campaign.concurrency.programs import Ended
from tests.campaign.concurrency.stage import Stage
from tests.campaign.photos import write_photos

_NAMES: Final = (
    *(
        "with spaces ",
        " leading",
        "Fotos, Süden 🌊",
        "日本語",
        "new\nline",
        "per%20cent%",
        "what?mode=memory",
        "#frag",
    ),
    *(
        "quote's",
        'double"quote',
        "back\\slash",
        "*star*",
        "[brackets]",
        "-dash",
        "--library",
        "~",
        "$HOME",
        ";;",
        "a:b",
    ),
    *("tab\there", "e\u0301 decomposed", "\u202eright to left", "file:uri?x=1#y", ".hidden", "x" * 255, "ü" * 127),
    *("caf\udce9", "bell\a", "(x)&|<>", "library.db", "CON", "trailing.", "{}", "%s%d%n"),
)
_COMMANDS: Final = (
    ("search", "--id", "1", "--json"),
    ("status", "--json"),
    ("doctor",),
    ("duplicates", "--json"),
    ("doctor", "--recluster", "--compact"),
    ("evaluate", "--json"),
)


def names(stage: Stage, chances: random.Random) -> None:
    """Index and ask with the library and the photos at odd paths."""
    for name in chances.sample(_NAMES, stage.many(full=6, short=2)):
        top = stage.name("paths")
        try:
            (top / name).mkdir(parents=True)
        except OSError:
            continue
        photos, library = top / name / "photos", top / name / "library"
        write_photos(photos, range(5))
        stage.campaign.count("odd paths")
        if not _index(stage, library, photos, name):
            continue
        for command in chances.sample(_COMMANDS, stage.many(full=4, short=1)):
            _judge(stage, stage.lender.run(*command, "--library", library), name)
        image = sorted(photos.iterdir())[0]
        _judge(stage, stage.lender.run("search", "--image", image, "--library", library, "--folder", photos), name)
        stage.found += [f"{name!r}: {each}" for each in checking.problems_of(library, stage.world.settings)]
        shutil.rmtree(top)


def _index(stage: Stage, library: Path, photos: Path, name: str) -> bool:
    worker = stage.lender.worker(library)
    worker.send(command="index", folders=[str(photos)])
    worker.until("finished")
    told = worker.events("finished")
    worker.close()
    _judge(stage, worker.wait(), name)
    photos_found = told[-1]["photos"] if told else -1
    return stage.check(photos_found == 5, f"{name!r}: {photos_found} of 5 photos are indexed {worker.out[-300:]}")


def _judge(stage: Stage, ended: Ended, name: str) -> None:
    stage.campaign.count(f"programs: {ended.name}")
    stage.found += [f"{name!r}: {each}" for each in ended.trouble(may_refuse=False)]


def long_paths(stage: Stage, chances: random.Random) -> None:
    """Let paths be longer than most programs expect, up to what the system takes and beyond it."""
    length = chances.choice([300, 1000, 3000, 3900, 4000, 4060, 4080, 4090])
    top = stage.name("long")
    path = top
    while len(os.fsencode(path)) < length - 1:
        path = path / ("d" * max(1, min(255, length - len(os.fsencode(path)) - 1)))
    _make_deep(path)
    stage.campaign.count(f"paths of {length} bytes")
    here = top / "library"
    try:
        deep = write_photos(top / "photos", range(3))
        worker = stage.lender.worker(path / "library" if chances.random() < 0.5 else here)
        for image in deep:
            _put_deep(path, image)
        worker.send(command="index", folders=[str(top)])
        worker.until("finished")
        worker.close()
        stage.judge(worker.wait())
        for library in (path / "library", here):
            for command in chances.sample(_COMMANDS, 2):
                stage.judge(stage.lender.run(*command, "--library", library))
    finally:
        _remove_deep(top)


def _make_deep(path: Path) -> None:
    """Make a folder whose path may be longer than a call takes."""
    before = Path.cwd()
    try:
        os.chdir("/")
        for part in path.parts[1:]:
            Path(part).mkdir(exist_ok=True)
            os.chdir(part)
    finally:
        os.chdir(before)


def _put_deep(path: Path, image: Path) -> None:
    before = Path.cwd()
    content = image.read_bytes()
    try:
        os.chdir("/")
        for part in path.parts[1:]:
            os.chdir(part)
        Path(image.name).write_bytes(content)
    finally:
        os.chdir(before)


def _remove_deep(top: Path) -> None:
    shutil.rmtree(top)  # it goes down by descriptors, and knows no longest path


def spellings(stage: Stage, chances: random.Random) -> None:
    """Reach one library by a relative path, through a link, with a slash at its end, and in other letters."""
    stage.world.begin("plain")
    link = stage.name("link")
    link.symlink_to(stage.library)
    linked = stage.name("linked photos")
    linked.symlink_to(stage.photos)
    ways = [
        ("library", stage.library.parent),
        ("./library/", stage.library.parent),
        (f"{stage.library}/", Path("/")),
        (str(link), Path("/")),
        (f"../{stage.library.parent.name}/library/../library", stage.library.parent),
        (".", stage.library),
    ]
    worker = stage.worker()
    for way, here in chances.sample(ways, stage.many(full=6, short=2)):
        ended = stage.judge(stage.lender.run("search", "--id", "1", "--library", way, cwd=str(here)), may_refuse=False)
        stage.check(ended.out, f"nothing is found in {way}")
        rival = stage.judge(stage.lender.run("doctor", "--compact", "--library", way, cwd=str(here)))
        stage.check(rival.is_busy, f"two write one library, the second as {way}: {rival.err} {rival.out}")
        stage.campaign.count("spellings of a library's path")
    other = str(stage.library).upper()
    if not Path(other).exists():
        refused = stage.judge(stage.lender.run("search", "--id", "1", "--library", other))
        stage.check(refused.status == 1, f"{other} is taken for {stage.library}")
    for folder in (stage.photos, linked, f"{stage.photos}/", stage.photos / "old 1" / ".."):
        before = len(worker.events("finished"))
        worker.send(command="index", folders=[str(folder)])
        done = worker.until("finished", before + 1)
        stage.check(done and done["photos"] == 60, f"{folder} gives {done and done['photos']} photos, not 60: {done}")
    stage.end(worker)
    stage.sound()
