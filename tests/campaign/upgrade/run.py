"""Each stored library migrated, and looked at before and after."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from photofind.core.catalog import Catalog
from photofind.core.catalog.connection import connect
from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.catalog.journal import JOURNAL_FILE, Journal
from photofind.core.catalog.schema import MIGRATIONS, migrate, version_of
from photofind.core.errors import LibraryVersionError, UserError
from photofind.core.library import DATABASE, Library
from photofind.core.queries import Query
from photofind.core.saved import SavedSearches
from tests.campaign.checking import differences, examined, index, problems_of
from tests.campaign.libraries.make_common import COPY
from tests.campaign.libraries.stored import Stored, unpack, versions
from tests.campaign.rot.programs import Programs
from tests.campaign.running import Campaign
from tests.campaign.upgrade.newer import refuse_newer

NEWEST = len(MIGRATIONS)
_WORDS = ("name:temple", "camera:nikon", "2019", "name:IMG_0025", "folder:home", "place:kyoto")
_PROBES = ("0.jpg", "1.jpg", "2.jpg")
_Wanted = dict[tuple[str, bool], list[tuple[str, float]]]
"""What a new library answers to each question, asked exactly and through the index."""
_STEPS = 4_000
"""A migration of a stored library takes about so many steps of SQLite's machine."""


def run(campaign: Campaign) -> None:
    """Try every stored library, then the newest one as if a newer program had made it."""
    chosen = campaign.options.get("version")
    wanted = _fresh_answers(campaign)
    for version in [int(chosen)] if chosen else versions():
        _Upgrade(campaign, version, wanted).play()
    home = Path(os.environ["HOME"])
    stored = unpack(versions()[-1], campaign.place / "newer", home)
    with Programs(home) as programs:
        refuse_newer(campaign, stored, programs)


class _Upgrade:
    """One stored library on its way to the present version."""

    def __init__(self, campaign: Campaign, version: int, wanted: _Wanted) -> None:
        self._campaign = campaign
        self._wanted = wanted
        self._version = version
        self._stored = unpack(version, campaign.place / f"v{version}", Path(os.environ["HOME"]))

    def play(self) -> None:
        """Check all that has to hold on the way and afterwards."""
        self._campaign.count("stored libraries")
        stored, database = self._stored, self._stored.library / DATABASE
        before = _dump(database)
        if self._version < NEWEST:
            self._is_refused_by_readers()
            for number in range(self._campaign.length(full=60, short=4)):
                self._interrupt(number, before)
        kept = _own_files(stored)
        self._expect(_own_files(stored) == kept, "reading changed what is the user's own")
        self._found(problems_of(stored.library, stored.settings))
        for version in range(self._version, NEWEST):
            self._is_backed_up(version, before if version == self._version else None)
        self._expect(_own_files(stored) == kept, "the migration changed decisions, journal or searches")
        self._nothing_is_done_again()
        self._answers()
        self._found(_lost(stored))

    def _expect(self, holds: bool, otherwise: str) -> None:
        self._campaign.count("checks")
        if not holds:
            self._campaign.find(f"version {self._version}: {otherwise}")

    def _found(self, problems: Sequence[str]) -> None:
        self._campaign.count("checks")
        for problem in problems:
            self._campaign.find(f"version {self._version}: {problem}")

    def _is_refused_by_readers(self) -> None:
        content = (self._stored.library / DATABASE).read_bytes()
        try:
            Library(self._stored.library, self._stored.settings).close()
            self._expect(holds=False, otherwise="a reader opens it before it was migrated")
        except LibraryVersionError as error:
            self._expect("photofind index" in str(error), f"a reader says {error}")
        self._expect(content == (self._stored.library / DATABASE).read_bytes(), "a reader changed the catalog")

    # A migration that does not come to its end

    def _interrupt(self, number: int, before: list[str]) -> None:
        """Let a migration of a copy fail, or be killed, somewhere on the way; the copy has to stay usable."""
        chances = self._campaign.chances(self._version, number)
        kind, stop = chances.choice(_INTERRUPTIONS)
        path = self._stored.place / "interrupted" / DATABASE
        path.parent.mkdir(exist_ok=True)
        for part in path.parent.iterdir():
            part.unlink()
        with closing(sqlite3.connect(self._stored.library / DATABASE)) as old, closing(sqlite3.connect(path)) as copy:
            old.backup(copy)
        stop(path, chances)
        self._campaign.count(f"migrations {kind}")
        what = f"round {number}, {kind}"
        with closing(connect(path, writable=True)) as connection:
            stage = version_of(connection)
            self._expect(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",), f"{what}: damaged")
        if stage == self._version:
            self._expect(_dump(path) == before, f"{what}: the library of the old version was changed")
        try:
            with Catalog.open_writer(path) as catalog:
                self._expect(not catalog.problems(), f"{what}: the catalog is not sound afterwards")
        except UserError as error:
            self._expect(holds=False, otherwise=f"{what}: cannot be migrated afterwards: {error}")
        backup = path.with_name(f"{DATABASE}.v{self._version}.bak")
        self._expect(backup.exists() and _dump(backup) == before, f"{what}: the back-up is not the old library")

    # What has become of it

    def _is_backed_up(self, version: int, content: list[str] | None) -> None:
        path = self._stored.library / f"{DATABASE}.v{version}.bak"
        self._expect(path.exists(), f"there is no back-up of version {version}")
        if not path.exists():
            return
        with closing(sqlite3.connect(path)) as connection:
            self._expect(version_of(connection) == version, f"{path.name} is of version {version_of(connection)}")
            self._expect(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",), f"{path.name} is damaged")
        self._expect(content is None or _dump(path) == content, f"{path.name} is not what was there before")
        self._expect(path.stat().st_mode & 0o077 == 0 or os.name != "posix", f"{path.name} is readable for others")

    def _nothing_is_done_again(self) -> None:
        stored = self._stored
        done = index(stored.library, [stored.photos], stored.settings)
        again = {what: count for what, count in done.items() if what != "unchanged"}
        self._expect(not again, f"the first update after the migration did {again}")
        with Library(stored.library, stored.settings) as library:
            listed = {tile.path for tile in library.tiles(library.list_photos().photo_ids.tolist())}
        self._expect(listed == stored.paths, f"photos differ: {sorted(listed ^ stored.paths)[:5]}")
        unmended = examined(stored.library, stored.settings).unmended
        self._expect(not unmended, f"the doctor says {unmended}")

    def _answers(self) -> None:
        for (question, exact), wanted in self._wanted.items():
            found = _answered(self._stored, self._stored.library, question, exact=exact)
            self._found([f"exactly {exact}: {each}" for each in differences({question: found}, {question: wanted})])


def _fresh_answers(campaign: Campaign) -> _Wanted:
    """Index the photos into a new library, and return what it answers."""
    stored = unpack(versions()[-1], campaign.place / "fresh", Path(os.environ["HOME"]))
    index(stored.place / "new", [stored.photos], stored.settings)
    questions = [(probe, exact) for probe in _PROBES for exact in (True, False)]
    questions += [(words, False) for words in _WORDS]
    return {(each, exact): _answered(stored, stored.place / "new", each, exact=exact) for each, exact in questions}


def _answered(stored: Stored, library: Path, question: str, *, exact: bool) -> list[tuple[str, float]]:
    """Return the photos that are found, below the place of the library, with their scores.

    Which of them are there differs between the stored libraries by one copy, which is left out.
    """
    probe = str(stored.place / "probes" / question)
    asked = Query(images=(probe,)) if question in _PROBES else Query(words=(question,))
    with Library(library, stored.settings) as opened:
        hits = opened.search(replace(asked, limit=1000, exact=exact, nprobe=None if exact else 1)).hits
    found = [(f"{os.path.relpath(hit.path, stored.place)} {hit.why}", hit.score) for hit in hits]
    return [(path, score) for path, score in found if COPY not in path]


def _own_files(stored: Stored) -> dict[str, bytes]:
    names = ("decisions.db", "journal.db", "searches.json", "accuracy.json")
    return {name: (stored.library / name).read_bytes() for name in names if (stored.library / name).exists()}


def _lost(stored: Stored) -> list[str]:
    """Return what the old program kept beside the catalog and this one does not know any more."""
    lost, made = [], stored.made
    searches = [search.name for search in SavedSearches(stored.library).list().searches]
    if made.get("search") not in (None, *searches):
        lost.append(f"the saved search {made['search']} is lost")
    if "rejected" in made:
        with DecisionStore.open(stored.library / DECISIONS_FILE) as decisions:
            if len(decisions.rejected_pairs()) != 1:
                lost.append("what is no copy is not known any more")
    if made.get("moved"):
        with Journal.open(stored.library / JOURNAL_FILE) as journal:
            if [record.done for record in journal.history()] != [len(made["moved"])]:
                lost.append("the journal does not know what was done")
    if made.get("measured"):
        with Library(stored.library, stored.settings) as library:
            if library.accuracy() is None:
                lost.append("the calibration is lost")
    return lost


def _dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [*connection.iterdump(), str(version_of(connection))]


# Ways in which a migration ends too soon


def _disk_full(path: Path, chances: random.Random) -> None:
    """Let the database have a few more pages only: SQLite says of it what it says of a full disk."""
    with closing(connect(path, writable=True)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + chances.randrange(0, 8)}")
        _migrate_in_vain(connection, path, MIGRATIONS)


def _statement_fails(path: Path, chances: random.Random) -> None:
    """Let a statement that cannot work stand somewhere in the scripts that are due."""
    scripts = list(MIGRATIONS)
    with closing(connect(path, writable=True)) as connection:
        due = chances.randrange(version_of(connection), NEWEST)
        lines = scripts[due].splitlines(keepends=True)
        ends = [number + 1 for number, line in enumerate(lines) if line.rstrip().endswith(";") and line[:1] != " "]
        lines.insert(chances.choice([0, *ends]), "INSERT INTO no_such_table VALUES (1);\n")
        scripts[due] = "".join(lines)
        _migrate_in_vain(connection, path, tuple(scripts))


def _migrate_in_vain(connection: sqlite3.Connection, path: Path, scripts: tuple[str, ...]) -> None:
    try:
        migrate(connection, path, scripts)
    except (UserError, sqlite3.Error):
        return


def _killed(path: Path, chances: random.Random) -> None:
    """Kill the process that migrates after some steps of SQLite's machine."""
    step = chances.randrange(1, _STEPS)
    child = os.fork()
    if child == 0:
        try:
            connection = connect(path, writable=True)
            connection.set_progress_handler(lambda: os.kill(os.getpid(), signal.SIGKILL), step)
            migrate(connection, path)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


_INTERRUPTIONS: tuple[tuple[str, Callable[[Path, random.Random], None]], ...] = (
    ("without space", _disk_full),
    ("that fail", _statement_fails),
    ("killed", _killed),
)
