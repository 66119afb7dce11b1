"""What may happen to a program that acts on files, at any of its calls to the system: faults, refusals, sudden death.

Every call that changes or opens something below a world, and every commit of the journal, is a *moment*. Before one,
the user may do something to the files, the system may refuse it, or the process may die before or after it. A dead
process does nothing more: all calls raise until :meth:`Weather.restart`.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from photofind.core.actions import renaming
from photofind.core.catalog.journal import Change, Journal
from photofind.core.plans import Plan
from tests.actions.worlds import OWN_NAMES, World, contents

_REFUSALS = (errno.EIO, errno.EACCES, errno.ENOSPC, errno.EROFS, errno.EBUSY)


class SuddenDeathError(BaseException):
    """The process was killed."""


class Weather:
    """Makes a world's files, its system calls and the life of the process uncertain; checks that no content is lost.

    ``expected`` are the contents that must be there: all that ever were, but those that the user himself destroyed.
    ``touched`` are the paths to which the user did something.
    """

    def __init__(self, world: World, random_: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world = world
        self.random = random_
        self.expected = set(contents(world.top))
        self.touched: set[str] = set()
        self.protected_changes = 0
        self.events: list[str] = []
        self.moment = 0
        self.is_dead = False
        self.is_split = False
        self.has_exchange = True
        self.has_rename_flags = True
        self.has_copies_under_way = False
        self.victims: Sequence[str] = ()
        self.inodes: dict[str, int] = {}
        self._busy = False
        self._plan: dict[int, str] = {}
        self._patch(monkeypatch)

    def forecast(self, kinds: Sequence[str], moments: int, count: int) -> None:
        """Let some of these kinds of events happen within the next moments."""
        self._plan = {self.moment + self.random.randrange(moments): self.random.choice(kinds) for _ in range(count)}

    def clear(self) -> None:
        self._plan = {}

    def restart(self) -> None:
        """Begin a new process."""
        self.is_dead = False
        self.clear()

    def check(self) -> None:
        """Every content that the user has not destroyed can be read somewhere."""
        self._quietly(self._check)

    def user_acts(self) -> None:
        """Let the user do something now."""
        self._quietly(self._user_acts)

    def newcomer_at(self, path: str) -> None:
        """Let the user put something where a file was taken away."""
        if not os.path.lexists(path) and os.path.isdir(os.path.dirname(path)):
            self._touch(path)
            _newcomer(self, path)
            self.expected |= set(contents(self.world.top))

    # Moments

    def _happens(self, name: str, call: Callable[..., Any], *arguments: Any) -> Any:
        if self.is_dead:
            raise SuddenDeathError
        if self._busy:
            return call(*arguments)
        event = self._plan.get(self.moment)
        self.moment += 1
        if event is None:
            return call(*arguments)
        self.events.append(f"{self.moment}: {event} at {name}{arguments!r}")
        if event == "user":
            calm = self.has_copies_under_way
            # What he overwrites in the instant before a second copy of it goes is lost to him, not to the program.
            self.has_copies_under_way |= name == "unlink" and OWN_NAMES in str(arguments)
            self._quietly(self._user_acts)
            self.has_copies_under_way = calm
        elif event == "refusal" and name != "journal":
            code = self.random.choice(_REFUSALS)
            raise OSError(code, os.strerror(code))
        elif event == "death before":
            self._die()
        result = call(*arguments)
        if event == "death after":
            self._die()
        return result

    def _die(self) -> None:
        self.check()
        self.is_dead = True
        raise SuddenDeathError

    def _quietly(self, act: Callable[[], None]) -> None:
        self._busy, before = True, self._busy
        try:
            act()
        finally:
            self._busy = before

    def _check(self) -> None:
        missing = self.expected - set(contents(self.world.top))
        assert not missing, (missing, self.events)

    # What the user does

    def _user_acts(self) -> None:
        before = set(contents(self.world.top))
        assert self.expected <= before, (self.expected - before, self.events)
        shown = set(contents(self.world.top, own=False))
        path = self._victim()
        if path is None:
            return
        act = self.random.choice(_ACTS)
        self.events.append(f"   user: {act.__name__} {path!r}")
        self._touch(path)
        with suppress(FileExistsError, FileNotFoundError, NotADirectoryError, IsADirectoryError, shutil.SameFileError):
            act(self, path)
        after = set(contents(self.world.top))
        if self.has_copies_under_way:  # what he overwrites is lost, though a copy of it was just being made
            after -= shown - set(contents(self.world.top, own=False))
        self.expected = (self.expected - (before - after)) | after

    def _victim(self) -> str | None:
        candidates = [*self.victims, *self.victims, *self.world.files()]
        return self.random.choice(candidates) if candidates else None

    def _touch(self, path: str) -> None:
        """Note all paths that have to do with one: its hard links, its other spellings, what lies below its folder."""
        real = os.path.realpath(path)
        inode = os.stat(real).st_ino if os.path.lexists(real) and Path(real).exists() else self.inodes.get(real)
        self.touched.update(other for other, number in self.inodes.items() if number == inode)
        self.touched.update({path, real, os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))})
        with suppress(OSError):
            for other in [*self.world.files(), *self.victims]:
                if Path(path).exists() and Path(other).exists() and os.path.samefile(other, path):
                    self.touched.update({other, os.path.realpath(other)})

    # The patches

    def _patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("link", "replace", "unlink", "open", "fsync", "utime", "mkdir", "chmod"):
            monkeypatch.setattr(os, name, self._watched(name, getattr(os, name)))
        rename = renaming._renameat2
        monkeypatch.setattr(renaming, "_renameat2", lambda *call: self._rename(rename, *call))
        write, begin = Journal.write, Journal.begin

        def write_(journal: Journal, changes: Sequence[Change]) -> None:
            self._happens("journal", write, journal, changes)

        def begin_(journal: Journal, plan: Plan, token: str, started_at: str) -> int:
            run: int = self._happens("journal", begin, journal, plan, token, started_at)
            return run

        monkeypatch.setattr(Journal, "write", write_)
        monkeypatch.setattr(Journal, "begin", begin_)

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **options: Any) -> Any:
            if not self._concerns(arguments):
                return call(*arguments, **options)
            if (
                name in ("replace", "link")
                and self.is_split
                and not self._busy
                and len(set(map(self._volume, map(str, arguments)))) > 1
            ):
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            return self._happens(name, lambda *_: call(*arguments, **options), *arguments)

        return watched

    def _rename(self, rename: Callable[..., bool], first: str, second: str, flags: int) -> bool:
        if self.is_split and self._volume(first) != self._volume(second):
            rename = self._refuse_across
        if not (self.has_exchange if flags == renaming._EXCHANGE else self.has_rename_flags):
            return False
        result: bool = self._happens("rename", rename, first, second, flags)
        return result

    def _refuse_across(self, first: str, second: str, _: int) -> bool:
        os.lstat(first)
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), first, None, second)

    def _volume(self, path: str) -> bool:
        return path.startswith(str(self.world.target))

    def _concerns(self, arguments: Sequence[Any]) -> bool:
        top = str(self.world.top) + os.sep
        return any(isinstance(value, str | Path) and str(value).startswith(top) for value in arguments) or (
            bool(arguments) and type(arguments[0]) is int
        )


def _save(weather: Weather, path: str) -> None:
    new = path + ".new"
    Path(new).write_bytes(weather.world.fresh())
    Path(new).replace(path)


def _write_in_place(weather: Weather, path: str) -> None:
    size = os.stat(path).st_size
    Path(path).write_bytes(weather.world.fresh(size))


def _write_in_secret(weather: Weather, path: str) -> None:
    status = os.stat(path)
    Path(path).write_bytes(weather.world.fresh(status.st_size))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _remove(_: Weather, path: str) -> None:
    Path(path).unlink()


def _replace_by_symlink(weather: Weather, path: str) -> None:
    other = weather.random.choice(weather.world.files())
    if os.path.realpath(other) != os.path.realpath(path):
        Path(path).unlink()
        Path(path).symlink_to(other)


def _replace_by_hard_link(weather: Weather, path: str) -> None:
    other = weather.random.choice([*weather.world.files(), *weather.victims])
    if os.path.isfile(other) and not Path(other).is_symlink() and not os.path.samefile(other, path):
        Path(path).unlink()
        os.link(other, path)


def _replace_by_copy(weather: Weather, path: str) -> None:
    other = weather.random.choice(weather.world.files())
    content = Path(other).read_bytes()
    Path(path).unlink()
    Path(path).write_bytes(content)


def _replace_by_folder(_: Weather, path: str) -> None:
    Path(path).unlink()
    Path(path).mkdir()


def _touch_time(weather: Weather, path: str) -> None:
    os.utime(path, ns=(1, weather.random.randint(10**17, 10**18)))


def _newcomer(weather: Weather, path: str) -> None:
    with open(path, "xb") as file:
        file.write(weather.world.fresh())


def _move_folder(weather: Weather, path: str) -> None:
    folder = Path(path).parent
    if (
        folder in (weather.world.photos, weather.world.photos / "protected")
        or weather.world.photos not in folder.parents
    ):
        return
    for entry in [*weather.world.files(), *weather.victims]:
        if entry.startswith(str(folder) + os.sep) or "/link/" in entry:
            weather._touch(entry)
    folder.rename(folder.with_name(f"{folder.name} moved {weather.moment}"))


_ACTS = (
    _save,
    _write_in_place,
    _write_in_secret,
    _remove,
    _replace_by_symlink,
    _replace_by_hard_link,
    _replace_by_copy,
    _replace_by_folder,
    _touch_time,
    _newcomer,
    _newcomer,
    _move_folder,
)
