"""Real photos' copies, plans for them and what carries the plans out, for tests of what acts on files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from photofind.core.actions.acting import Actor
from photofind.core.actions.freedesktop_trash import FreedesktopTrash
from photofind.core.actions.trash import Trash
from photofind.core.catalog.journal import JOURNAL_FILE, Journal
from photofind.core.evidence import DuplicateGroup, Evidence, GroupKind, Member, Verdict
from photofind.core.records import ContentId, FileStamp, PhotoFacts, PhotoId


class Copies:
    """Groups of byte-identical files below a folder, and a journal beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.library = folder / "library"
        self.library.mkdir(parents=True)
        self.bytes: dict[str, bytes] = {}

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.library / JOURNAL_FILE

    def groups(self, count: int, copies: int = 2) -> list[DuplicateGroup]:
        """Make so many groups of ``copies`` files each: the first is in the folder ``kept``."""
        made = []
        for number in range(count):
            content = f"photo {number} ".encode() * 100
            paths = [self._path("kept", f"{number:03}.jpg")]
            paths += [self._path(f"copies {copy}", f"{number:03}.jpg") for copy in range(1, copies)]
            for path in paths:
                path.write_bytes(content)
                self.bytes[str(path)] = content
            made.append(_group(number, paths, content))
        return made

    def opener(
        self, trash: Trash | None = None, *, protected: Sequence[str] = ()
    ) -> Callable[[], AbstractContextManager[Actor]]:
        """Return what opens an actor, as a thread of the window does it."""

        @contextmanager
        def open_actor() -> Iterator[Actor]:
            journal = Journal.open(self.journal)
            with Actor(journal, trash or FreedesktopTrash(), protected, lock=self.library / "acting.lock") as actor:
                yield actor

        return open_actor

    def there(self) -> dict[str, bytes]:
        """Return the photos that are at their places, with their bytes."""
        return {path: Path(path).read_bytes() for path in self.bytes if Path(path).exists()}

    def _path(self, folder: str, name: str) -> Path:
        (self.folder / folder).mkdir(exist_ok=True)
        return self.folder / folder / name


def to_remove(groups: Iterable[DuplicateGroup]) -> set[str]:
    """Return the paths of all members but the first of each group."""
    return {member.path for group in groups for member in group.members[1:]}


def _group(number: int, paths: Sequence[Path], content: bytes) -> DuplicateGroup:
    digest = hashlib.blake2b(content, digest_size=32).digest()
    members = []
    for place, path in enumerate(paths):
        status = path.stat()
        members.append(
            Member(
                PhotoId(100 * number + place + 1),
                ContentId(number + 1),
                str(path),
                FileStamp(status.st_size, status.st_mtime_ns, status.st_ino),
                digest,
                PhotoFacts("jpeg", 40, 30),
                metadata=0,
                offline=False,
                evidence=Evidence(Verdict.SAME_FILE, 1.0) if place else None,
            )
        )
    return DuplicateGroup(f"group {number}", GroupKind.EXACT, tuple(members))
