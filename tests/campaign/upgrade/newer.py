"""A library, or one file of it, of a version that this program does not know: refused, and not touched.

A newer catalog is refused by every command and by the window. Of the files beside it, the user's own are refused by
whatever needs them; those that only spare work may be made anew, for which the file is set aside.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photofind.core.catalog.decision_file import DECISIONS_VERSION
from photofind.core.catalog.journal import JOURNAL_VERSION
from photofind.core.catalog.pair_file import PAIRS_VERSION
from photofind.core.catalog.schema import MIGRATIONS
from photofind.core.catalog.thumbnails import _VERSION as THUMBNAILS_VERSION
from tests.campaign.libraries.stored import Stored
from tests.campaign.rot.programs import Ended, Programs
from tests.campaign.running import Campaign

_UNSTABLE: Final = (".lock", ".pid", ".log", "-shm", "-wal")
_WORDS: Final = ("newer", "pdate photofind")
_NEWEST: Final = {
    "library.db": len(MIGRATIONS),
    "decisions.db": DECISIONS_VERSION,
    "journal.db": JOURNAL_VERSION,
    "duplicates.db": PAIRS_VERSION,
    "thumbnails.db": THUMBNAILS_VERSION,
}
_FEW: Final = 2
"""So many commands are tried beside those that must refuse, in the short form."""


@dataclass(frozen=True)
class _Companion:
    """A file beside the catalog; ``refusing`` are the commands that cannot do without it."""

    name: str
    age: Callable[[Path], None]
    refusing: tuple[tuple[str, ...], ...] = ()
    is_cache: bool = False
    is_remade: bool = False  # by a command that is asked for just that


def refuse_newer(campaign: Campaign, stored: Stored, programs: Programs) -> None:
    """Let the catalog, and then each file beside it, be of a newer version."""
    _Newer(campaign, stored, programs).catalog()
    for companion in _COMPANIONS:
        _Newer(campaign, stored, programs).companion(companion)


class _Newer:
    """A copy of a library of which something is too new."""

    def __init__(self, campaign: Campaign, stored: Stored, programs: Programs) -> None:
        self._campaign, self._stored, self._programs = campaign, stored, programs
        self._library = stored.place / "newer"
        shutil.rmtree(self._library, ignore_errors=True)
        shutil.copytree(stored.library, self._library)

    def catalog(self) -> None:
        """Every entry point refuses a newer catalog with a sentence, and leaves all files alone."""
        _age_database(self._library / "library.db")
        before = self._content()
        for arguments in self._commands():
            ended = self._run(*arguments)
            self._judge(ended, "library.db")
        ended = self._programs.call("tests.campaign.rot.window:visit", self._library)
        self._judge(ended, "library.db")
        self._campaign.count("newer files refused")
        changed = _changed(before, self._content())
        if changed:
            self._campaign.find(f"a newer catalog: {', '.join(changed)} changed")

    def companion(self, companion: _Companion) -> None:
        """The commands that need a newer file say so; the others go on, and the file stays as it is."""
        path = self._library / companion.name
        companion.age(path)
        content = path.read_bytes()
        for arguments in companion.refusing:
            self._judge(self._run(*(argument.format(place=self._stored.place) for argument in arguments)), path.name)
        commands = self._commands()
        if self._campaign.short:
            commands = self._campaign.chances(path.name).sample(commands, _FEW)
        for arguments in commands:
            ended = self._run(*arguments)
            if ended.trouble():
                self._campaign.find(f"newer {path.name}: {ended.trouble()}")
        if not self._campaign.short:
            ended = self._programs.call("tests.campaign.rot.window:visit", self._library)
            if ended.trouble() or "trouble" in ended.out:
                self._campaign.find(f"newer {path.name}: {ended.trouble()} {ended.out}")
        self._campaign.count("newer files refused")
        kept = [each for each in self._library.glob(f"{companion.name}*") if each.is_file()]
        same = path.exists() and path.read_bytes() == content
        if (
            not same
            and not companion.is_remade
            and not (companion.is_cache and any(each.read_bytes() == content for each in kept))
        ):
            self._campaign.find(f"newer {path.name}: it was changed")

    def _commands(self) -> list[tuple[str, ...]]:
        place, probe = self._stored.place, str(self._stored.probes[0])
        return [
            ("status",),
            ("status", "--health"),
            ("search", "--image", probe),
            ("search", "temple"),
            ("doctor", "--check"),
            ("doctor",),
            ("index", str(self._stored.photos)),
            ("duplicates",),
            ("duplicates", "--plan", str(place / "plan-of-newer.json")),
            ("evaluate",),
            ("model", "use", "swatches"),
            ("worker",),
        ]

    def _run(self, command: str, *arguments: str) -> Ended:
        more = arguments[:1] if command == "model" else ()
        self._campaign.count("commands")
        return self._programs.run(command, *more, "--library", self._library, *arguments[len(more) :])

    def _judge(self, ended: Ended, name: str) -> None:
        what = f"newer {name}, {' '.join(ended.arguments)}"
        if ended.trouble():
            self._campaign.find(f"{what}: {ended.trouble()}")
        elif ended.arguments[0].startswith("tests.") and "trouble" in ended.out:
            self._campaign.find(f"{what}: {ended.out}")
        elif not all(word in ended.said for word in _WORDS):
            self._campaign.find(f"{what}: it is not refused, but says {ended.said[:300]!r}")
        elif not ended.arguments[0].startswith("tests.") and ended.status != 1:
            self._campaign.find(f"{what}: refused with status {ended.status}")

    def _content(self) -> dict[str, bytes]:
        files = (path for path in self._library.rglob("*") if path.is_file() and not path.name.endswith(_UNSTABLE))
        return {str(path.relative_to(self._library)): path.read_bytes() for path in files}


def _changed(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _age_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {_NEWEST[path.name] + 1}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _age_json(path: Path) -> None:
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "version": 99}))


_COMPANIONS: Final = (
    _Companion(
        "decisions.db",
        _age_database,
        (("duplicates", "--not-duplicates", "{place}/photos/home/IMG_0025.jpg", "{place}/photos/home/IMG_0026.jpg"),),
    ),
    _Companion("journal.db", _age_database, (("duplicates", "--history"),)),
    _Companion("duplicates.db", _age_database, is_cache=True),
    _Companion("thumbnails.db", _age_database, is_cache=True),
    _Companion("searches.json", _age_json),
    _Companion("accuracy.json", _age_json, is_remade=True),
)
