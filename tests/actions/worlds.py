"""Small generated trees of photos: copies, hard links, linked folders, names that are no text, and plans for them."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photofind.core.actions import Actor
from photofind.core.actions.freedesktop_trash import FreedesktopTrash
from photofind.core.catalog.journal import Journal
from photofind.core.plans import Action, Plan, PlannedFile, Step
from photofind.core.records import FileStamp

_NAMES = (
    b"IMG_1.jpg",
    b"img_1.jpg",
    b"IMG_2.JPG",
    b"\xff\xfe caf\xe9.jpg",
    "ä ö.heic".encode(),
    b"no suffix",
    b"a%b\n.png",
)
_FOLDERS = ("a", "b", "c/d", "c")
OWN_NAMES = ".photofind-"


def digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=32).digest()


def planned(path: str | Path) -> PlannedFile:
    """A file as a plan that is made now would name it."""
    status = os.stat(path)
    with open(path, "rb") as file:
        content = file.read()
    return PlannedFile(str(path), FileStamp(status.st_size, status.st_mtime_ns, status.st_ino), digest(content))


def plan_for(
    *pairs: tuple[str | Path, str | Path],
    action: Action = Action.TRASH,
    target: str | Path | None = None,
    name: str = "p",
) -> Plan:
    """A plan that takes the first of each pair away and keeps the second."""
    steps = tuple(Step(planned(file), planned(kept), "same file", "shorter path") for file, kept in pairs)
    return Plan(name, "2026-01-02T03:04:05+00:00", action, steps, None if target is None else str(target))


def contents(top: Path, *, own: bool = True) -> dict[bytes, list[str]]:
    """Where each content is that can be read below a folder; without ``own``, not in names of photofind's own."""
    found: dict[bytes, list[str]] = {}
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            if Path(path).is_symlink() or name.endswith(".trashinfo") or not (own or OWN_NAMES not in name):
                continue
            content = Path(path).read_bytes()
            if content:  # an empty file may hold the place for another one
                found.setdefault(content, []).append(path)
    return found


def _entry(path: str) -> str:
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


class World:
    """A tree below ``top``: ``photos``, a folder to move to, and a home with a trash; the journal lies apart."""

    def __init__(self, top: Path, random_: random.Random) -> None:
        self.top = top
        self.random = random_
        self.photos = top / "photos"
        self.target = top / "moved"
        self.data = top / "data"
        self.apart = top.parent / f"{top.name}-journal"
        self._fresh = 0
        for folder in (*_FOLDERS, "protected"):
            (self.photos / folder).mkdir(parents=True, exist_ok=True)
        self.target.mkdir()
        self.data.mkdir()
        self.apart.mkdir()
        self._fill()

    def fresh(self, size: int | None = None) -> bytes:
        """A content that was never there."""
        self._fresh += 1
        mark = f"content {self._fresh} ".encode()
        return mark + self.random.randbytes(max(0, (size or self.random.randint(20, 200)) - len(mark)))

    def files(self) -> list[str]:
        """All that can be read as a file below the photos, by every path but those of linked folders."""
        return [path for path in self._entries() if os.path.isfile(path)]

    def plan(self, action: Action) -> Plan:
        """A plan, mostly sensible: some steps name one file twice, hard links, or a kept file that goes itself."""
        paths = self.files()
        aliases = [str(self.photos / "link" / os.path.basename(p)) for p in paths if os.path.dirname(p).endswith("/a")]
        groups: dict[bytes, list[str]] = {}
        for path in [*paths, *aliases]:
            groups.setdefault(Path(path).read_bytes(), []).append(path)
        pairs = []
        for group in groups.values():
            kept, *others = self.random.sample(group, len(group))
            pairs += [(other, kept if self.random.random() < 0.9 else others[0]) for other in others]
        for _ in range(self.random.randint(0, 2)):  # copies that are not the same bytes
            if len(paths) > 1:
                first, second = self.random.sample(paths, 2)
                pairs.append((first, second))
        self.random.shuffle(pairs)
        if self.random.random() < 0.6:  # a sound plan, as the review makes it
            kept_ones = {_entry(kept) for _, kept in pairs}
            pairs = list({_entry(file): (file, kept) for file, kept in pairs if _entry(file) not in kept_ones}.values())
        target = self.target if action == Action.MOVE else None
        return plan_for(*pairs, action=action, target=target, name=f"plan {self.random.getrandbits(40):x}")

    @contextmanager
    def actor(self, protected: tuple[str, ...] = ()) -> Iterator[Actor]:
        """An actor with a journal opened anew, as after a restart."""
        with Actor(
            Journal.open(self.apart / "journal.db"), FreedesktopTrash(), protected, lock=self.apart / "lock"
        ) as actor:
            yield actor

    def journal(self) -> Journal:
        return Journal.open(self.apart / "journal.db")

    def _entries(self) -> list[str]:
        return sorted(
            os.path.join(folder, name)
            for folder, _, names in os.walk(self.photos)
            for name in names
            if OWN_NAMES not in name
        )

    def _fill(self) -> None:
        for number in range(self.random.randint(2, 4)):
            content = self.fresh(100 if number < 2 else None)  # two of one size
            for _ in range(self.random.randint(1, 4)):
                self._put(content)
        for _ in range(self.random.randint(0, 2)):
            source = self.random.choice(self.files())
            path = self._free_name()
            if path is not None:
                (os.link if self.random.random() < 0.7 else os.symlink)(source, path)
        (self.photos / "link").symlink_to(self.photos / "a")
        if self.random.random() < 0.3:
            (self.target / "IMG_1.jpg").write_bytes(self.fresh())

    def _put(self, content: bytes) -> None:
        path = self._free_name()
        if path is not None:
            Path(path).write_bytes(content)
            os.utime(path, ns=(1, self.random.randint(10**17, 10**18)))

    def _free_name(self) -> str | None:
        folder = self.photos / self.random.choice((*_FOLDERS, *_FOLDERS, "protected"))
        path = os.path.join(folder, os.fsdecode(self.random.choice(_NAMES)))
        return None if os.path.lexists(path) else path
