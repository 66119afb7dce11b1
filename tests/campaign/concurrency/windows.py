"""Windows beside other programs, and on disks that stall or are pulled: they answer, say what is wrong, and end."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.campaign.concurrency.programs import SECONDS, Program, until
from tests.campaign.concurrency.stage import Stage
from tests.campaign.photos import write_photos

_READING: Final = ("open", "read", "stat", "list")
_ALL: Final = (*_READING, "create", "reopen", "write", "sync", "lock", "unlink", "rename")


class Window:
    """A window as the campaign sees it."""

    def __init__(self, stage: Stage, library: Path, name: str = "window") -> None:
        self._stage = stage
        self._name = name
        self._done = self._seen = 0
        place = stage.name("desk")
        place.mkdir()
        self.program: Program = stage.lender.call(
            "tests.campaign.concurrency.window:run", library, place / "window.ini", spoken=True
        )
        stage.campaign.count("windows")

    def opened(self) -> None:
        """Wait until it is there."""
        self._must(self.program.until("opened"), "does not open")

    def do(self, what: str, argument: str | Path = "") -> bool:
        """Let it do something; whether its thread came through with that."""
        self._done += 1
        self.program.send(do=what, **{"with": str(argument)})
        return self._must(self.program.until("did", self._done), f"stands still over “{what}”")

    def look(self) -> dict[str, Any]:
        """Return what it shows."""
        self._seen += 1
        self._done += 1
        self.program.send(do="look")
        seen = self.program.until("seen", self._seen)
        self._must(seen, "stands still")
        return seen or {"photos": -1, "notices": [], "trouble": []}

    def shows(self, photos: int) -> bool:
        """Wait until it lists so many photos."""
        return until(lambda: not self.program.is_running or self.look()["photos"] in (photos, -1))

    def says(self, *words: str) -> bool:
        """Wait until a notice has one of some words."""
        return until(lambda: not self.program.is_running or _has(self.look()["notices"], words), 60)

    def close(self, seconds: float = SECONDS) -> None:
        """Close it, and judge how it ends."""
        seen = self.look() if self.program.is_running else {"trouble": []}
        self._stage.check(not seen["trouble"], f"{self._name} has trouble: {seen['trouble']}")
        self.program.send(do="close")
        self._stage.judge(self.program.wait(seconds), may_refuse=False)

    def _must(self, holds: object, otherwise: str) -> bool:
        return self._stage.check(holds, f"{self._name} {otherwise}; {self.program.err[-1500:]}")


def _has(notices: list[str], words: tuple[str, ...]) -> bool:
    return any(word in notice for notice in notices for word in words)


def two_windows(stage: Stage, chances: random.Random) -> None:
    """Open a second window on a library: it reads, says so, and its writer takes over when the first one ends."""
    stage.world.begin("plain")
    first = Window(stage, stage.library, "the first window")
    first.opened()
    stage.check(first.shows(60), "the first window does not list the photos")
    until(lambda: _holder(stage) in {process.pid for process in first.program.processes()}, 60)
    second = Window(stage, stage.library, "the second window")
    second.opened()
    stage.check(second.shows(60), "the second window does not list the photos")
    stage.check(second.says("Another photofind"), f"the second window does not say that it only reads: {second.look()}")
    second.do("search")
    busy = stage.run("doctor", "--compact")
    stage.check(busy.is_busy, f"beside two windows the doctor says: {busy.err}")
    if chances.random() < 0.5:
        first.close()
    else:
        first.program.kill()
    stage.world.put("more/later.jpg", chances.randrange(30_000, 10**9))
    stage.check(second.shows(61), f"the second window does not take over: {second.look()}")
    second.close()
    stage.complete()


def _holder(stage: Stage) -> int:
    text = (stage.library / "writer.pid").read_text(encoding="ascii") if stage.library.exists() else ""
    return int(text) if text.isdigit() else 0


def beside_commands(stage: Stage, chances: random.Random) -> None:
    """Let the command line index, search and tend a library that a window has open."""
    stage.world.begin("plain")
    window = Window(stage, stage.library)
    window.opened()
    stage.check(window.shows(60), "the window does not list the photos")
    commands = [("index", str(stage.photos)), ("search", "--id", "1"), ("doctor", "--recluster"), ("status",)]
    begun = [stage.lender.begin(*command, "--library", stage.library) for command in commands]
    window.do("search")
    for number in range(20):
        stage.world.put(f"more/{number}.jpg", chances.randrange(30_000, 10**9))
    for each in begun:
        ended = stage.judge(each.wait())
        stage.check(ended.status == 0 or ended.is_busy, f"{ended.name} beside a window: {ended.err}")
    window.do("home")
    window.do("index")
    stage.check(window.shows(80), f"the window does not find what is new: {window.look()}")
    window.close()
    stage.complete()


# Disks


def stalled(stage: Stage, chances: random.Random) -> None:
    """Let the disk of the photos, or of the library, not answer: the window does, other libraries do, all can end."""
    if stage.shim is None:
        stage.campaign.note("no disk was stalled: there is no C compiler")
        return
    stage.world.begin("plain")
    elsewhere = stage.name("elsewhere")
    shutil.copytree(stage.library, elsewhere)
    which = chances.choice(["photos", "library", "photos"])
    kinds = chances.choice([_ALL, ("open",), ("stat",), ("read",), ("list", "stat")])
    stage.campaign.count(f"stalls of the {which}: {'all' if kinds == _ALL else ' '.join(kinds)}")
    window = Window(stage, stage.library)
    window.opened()
    stage.check(window.shows(60), "the window does not list the photos")
    other = stage.name("other photos")
    (asked,) = write_photos(other, [77])
    with _stall(stage, stage.photos if which == "photos" else stage.library, kinds):
        for number in range(stage.many(full=3, short=0)):
            stage.world.put(f"more/{number}.jpg", chances.randrange(30_000, 10**9))
        _use(window, stage, chances, asked)
        if stage.campaign.short:
            window.close()
            return
        answer = stage.lender.run("search", "--image", asked, "--library", elsewhere)
        stage.judge(answer, may_refuse=False)
        if chances.random() < 0.6:
            window.close()
            window = Window(stage, elsewhere)
            window.opened()
    window.close()
    stage.complete()


@contextmanager
def _stall(stage: Stage, folder: Path, kinds: tuple[str, ...]) -> Iterator[None]:
    assert stage.shim is not None
    stage.shim.reset()
    stage.shim.watch([folder], kinds)
    stage.shim.stall(kinds)
    try:
        yield
    finally:
        stage.shim.go_on()
        stage.shim.reset()
        stage.shim.watch([], ())


def _use(window: Window, stage: Stage, chances: random.Random, asked: Path) -> None:
    """Do in a window whatever might wait for a disk."""
    photo = sorted(stage.photos.rglob("*.jpg"))[0]
    acts: list[tuple[str, str | Path]] = [
        *(("drop", photo), ("drop", stage.photos), ("drop", asked), ("drag", ""), ("preview", ""), ("home", "")),
        *(("search", ""), ("type", "dog"), ("index", ""), ("libraries", ""), ("duplicates", ""), ("words", "")),
    ]
    if not stage.campaign.short:
        chances.shuffle(acts)
    for what, argument in acts[: stage.many(full=12, short=5)]:
        if not window.do(what, argument):
            return
        stage.campaign.count("acts on a stalled disk")
    window.look()


def pulled(stage: Stage, chances: random.Random) -> None:
    """Pull the disk of the library, or of the photos, while a window and its writer use it; then put it back."""
    stage.world.begin("plain")
    window = Window(stage, stage.library)
    window.opened()
    stage.check(window.shows(60), "the window does not list the photos")
    which = chances.choice(["library", "photos"])
    folder = stage.library if which == "library" else stage.photos
    aside = folder.with_name(f"pulled {which}")
    for number in range(20):
        stage.world.put(f"more/{number}.jpg", chances.randrange(30_000, 10**9))
    window.do("index")
    folder.rename(aside)
    stage.campaign.count(f"disks pulled: {which}")
    for what in chances.sample(["search", "home", "index", "type", "drag", "duplicates", "preview"], 4):
        window.do(what, "dog" if what == "type" else "")
    for command in (("search", "--id", "1"), ("status",), ("doctor", "--check")):
        stage.run(*command)
    if which == "library":
        _nothing_in_its_place(stage)
    aside.rename(folder)
    window.do("index")
    window.do("home")
    window.close()
    stage.complete()


def _nothing_in_its_place(stage: Stage) -> None:
    """Note a new library where one was pulled: who reads would find nothing in it, and say that all is lost."""
    left = sorted(path.name for path in stage.library.rglob("*")) if stage.library.exists() else []
    stage.check("library.db" not in left, f"an empty library was made where one was pulled: {left}")
    shutil.rmtree(stage.library, ignore_errors=True)


def unmounted(stage: Stage, chances: random.Random) -> None:
    """Unmount the file system of a library, lazily, while a writer and readers use it."""
    stage.world.begin("plain")
    mount = stage.name("mount")
    mount.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "none", mount], capture_output=True, check=False).returncode
    ):
        stage.campaign.note("nothing was unmounted: that needs root")
        return
    try:
        library = mount / "library"
        shutil.copytree(stage.library, library)
        worker = stage.lender.worker(library)
        worker.until("ready")
        for number in range(30):
            stage.world.put(f"more/{number}.jpg", chances.randrange(30_000, 10**9))
        worker.send(command="index", folders=[str(stage.photos)])
        worker.until("progress", chances.randint(1, 4), 20)
        subprocess.run(["umount", "-l", mount], check=False)
        stage.campaign.count("file systems unmounted")
        stage.judge(stage.lender.run("search", "--id", "1", "--library", library))
        until(lambda: worker.events("finished") or worker.events("failed") or not worker.is_running)
        worker.close()
        stage.judge(worker.wait())
    finally:
        subprocess.run(["umount", "-l", mount], capture_output=True, check=False)
