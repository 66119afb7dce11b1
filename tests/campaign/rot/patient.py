"""The library that is damaged: made once, copied for every round, and what it answers when it is healthy."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from photofind.core.catalog import Catalog
from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.catalog.journal import JOURNAL_FILE, Change, Journal
from photofind.core.catalog.page_sums import damaged_pages, sums_file
from photofind.core.encoders.sums import write_sums
from photofind.core.library_writer import LibraryWriter
from photofind.core.saved import SavedSearches
from tests.campaign.libraries.stored import PACK, Stored, unpack, versions
from tests.campaign.rot.programs import Programs
from tests.campaign.rot.reading import ANSWERS, LEFT_OUT

KINDS = (
    *("library.db", "library.db-wal", "thumbnails.db", "duplicates.db", "decisions.db", "journal.db"),
    *("searches.json", "vectors", "trained", "segment", "accuracy.json", "settings.toml", "window.ini"),
    *("sums", "locks", "log", "pack.toml", "SHA256SUMS", "image.onnx", "plan.json"),
)
"""What is damaged, by the names of the files or what stands for several."""

_MODEL = f"home-of-rounds/data/photofind/models/{PACK}"
_CONFIG = "home-of-rounds/config/photofind"
_PATTERNS = {
    "vectors": "library/vectors-*.f16",
    "trained": "library/epoch-*/trained.faiss",
    "segment": "library/epoch-*/seg-*.faiss",
    "settings.toml": f"{_CONFIG}/settings.toml",
    "window.ini": f"{_CONFIG}/window.ini",
    "sums": "library/*.sums",
    "locks": "library/*.lock",
    "log": "library/photofind.log",
    "pack.toml": f"{_MODEL}/pack.toml",
    "SHA256SUMS": f"{_MODEL}/SHA256SUMS",
    "image.onnx": f"{_MODEL}/image.onnx",
    "plan.json": "plan.json",
}
OPTIONAL = ("duplicates.db", "decisions.db", "journal.db", "searches.json")
"""Files that a library need not have: one that was removed is missed by nobody."""
_IGNORED = {"doctor"}
SIGNED = ("library.db", "duplicates.db", "decisions.db", "journal.db")
"""Databases of which the sums of the pages are kept."""


@dataclass
class Patient:
    """A healthy library below ``whole`` which becomes ``round`` for each round; the paths in it are those of the round.

    All of it has checksums, as what this program writes. ``hot`` is the same catalog with its last commits still in the
    log (-wal), as a killed writer leaves it.
    """

    place: Path
    whole: Path
    hot: dict[str, bytes]
    others: Path
    healthy: dict[str, Any] = field(default_factory=dict)
    bereft: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What it answers without each of the files that nothing else names, and that need not be there."""

    @classmethod
    def made(cls, place: Path, home: Path) -> Patient:
        """Make it out of the newest stored library."""
        stored = unpack(versions()[-1], place / "round", home)
        _renew(stored)
        (stored.library / "photofind.log").write_text("2026-01-01 something was said\n" * 50)
        (stored.library / "writer.pid").write_text("1")
        hot = _hot(stored)
        shutil.copytree(home, place / "home-of-rounds", dirs_exist_ok=True)
        write_sums(place / _MODEL)  # as its installation does
        (place / _CONFIG).mkdir(parents=True, exist_ok=True)
        (place / _CONFIG / "window.ini").write_text("[view]\ntile_size=160\n[window]\ngeometry=abc\n")
        other = unpack(versions()[-2], place / "others", home)
        with LibraryWriter(other.library, other.settings):
            pass
        whole = place / "whole"
        shutil.copytree(place / "round", whole / "round", symlinks=True, copy_function=shutil.copy2)
        shutil.move(place / "home-of-rounds", whole / "home-of-rounds")
        return cls(place, whole, hot, other.place)

    def learn(self, programs: Programs) -> None:
        """Measure the healthy library, find its duplicates, and ask it everything."""
        self.fresh()
        measured = programs.run("evaluate", "--library", self.library)
        assert measured.status == 0, measured
        ended = programs.run("duplicates", "--library", self.library, "--plan", self.place / "plan.json")
        assert (self.place / "plan.json").exists(), ended
        shutil.move(self.place / "plan.json", self.whole / "plan.json")
        for name in ("library", "home-of-rounds"):  # what that wrote belongs to the healthy library
            top = Path("round") if name == "library" else Path()
            shutil.rmtree(self.whole / top / name)
            shutil.copytree(self.place / top / name, self.whole / top / name, copy_function=shutil.copy2)
        self.healthy = self._asked(programs)
        unsigned = [name for name in SIGNED if not self._is_signed(self.library / name)]
        assert not unsigned, unsigned
        wrong = {
            question: answer
            for question, answer in self.healthy.items()
            if isinstance(answer, str) or any(line.startswith(LEFT_OUT) for line in answer) or answer == ["None"]
        }
        assert not wrong, wrong

        for name in OPTIONAL:
            self.fresh()
            (self.library / name).unlink()
            self.bereft[name] = self._asked(programs)

    def _asked(self, programs: Programs) -> dict[str, Any]:
        found = answers(programs, self.library)
        return {question: answer for question, answer in found.items() if question not in _IGNORED}

    def _is_signed(self, database: Path) -> bool:
        """Tell whether a flipped bit in a page of a healthy database would be noticed."""
        copy = self.place / database.name
        for path in (database, sums_file(database)):
            shutil.copyfile(path, copy.with_name(path.name))
        content = bytearray(copy.read_bytes())
        content[-1] ^= 1
        copy.write_bytes(content)
        is_noticed = bool(damaged_pages(copy))
        copy.unlink()
        sums_file(copy).unlink()
        return is_noticed

    @property
    def library(self) -> Path:
        return self.place / "round" / "library"

    @property
    def photos(self) -> Path:
        return self.place / "round" / "photos"

    def fresh(self) -> None:
        """Put the healthy library in the place of what a round has left."""
        for name in ("round/library", "home-of-rounds"):
            _remove(self.place / name)
            shutil.copytree(self.whole / name, self.place / name, copy_function=shutil.copy2)
        if (self.whole / "plan.json").exists():
            _remove(self.place / "plan.json")
            shutil.copy2(self.whole / "plan.json", self.place / "plan.json")

    def target(self, kind: str, number: int) -> tuple[Path, Path]:
        """Return the file of a kind that a round damages, and another one of its kind."""
        if kind == "library.db-wal":
            for name, content in self.hot.items():
                (self.library / name).write_bytes(content)
        pattern = _PATTERNS.get(kind, f"library/{kind}")
        top = self.place / "round" if pattern.startswith("library/") else self.place
        found = sorted(top.glob(pattern))
        path = found[number // len(KINDS) % len(found)]
        strange = sorted(self.others.glob(pattern)) if pattern.startswith("library/") else []
        return path, strange[0] if strange else self.library / "searches.json"


def answers(programs: Programs, library: Path) -> dict[str, Any]:
    """Ask a library everything; what the process said when it crashed, is the answer to the question ``process``."""
    file = library.parent / ANSWERS
    file.unlink(missing_ok=True)
    ended = programs.call("tests.campaign.rot.reading:read", library)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    found = {line["question"]: line["answer"] for line in lines}
    if ended.trouble():
        found["process"] = ended.trouble()
    return found


def _remove(path: Path) -> None:
    if path.is_dir():
        for each in path.rglob("*"):
            if not each.is_symlink():
                each.chmod(0o700)
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _renew(stored: Stored) -> None:
    """Bring a stored library up to date, and let all that has checksums today have them."""
    library = stored.library
    (library / "thumbnails.db").unlink()
    with LibraryWriter(library, stored.settings) as writer:
        for _ in writer.update([str(stored.photos)]):
            pass
    shelf = SavedSearches(library)
    for search in shelf.list().searches:
        shelf.save(search.name, search.query)
    with DecisionStore.open(library / DECISIONS_FILE) as decisions, Journal.open(library / JOURNAL_FILE) as journal:
        decisions.set_state("of the patient", "known")
        steps = [step for run in journal.history() for step in journal.steps(run.run)]
        journal.write([Change(step.run, step.number, step.state, step.note) for step in steps])


def _hot(stored: Stored) -> dict[str, bytes]:
    """Return the catalog, its checksums and its log after a commit that is in the log alone."""
    path = stored.library / "library.db"
    catalog = Catalog.open_writer(path)
    try:
        with catalog.transaction():
            catalog.raise_revision()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.execute("UPDATE contents SET camera = camera")
            connection.commit()
            names = ("library.db", "library.db-wal", "library.sums")
            return {name: (stored.library / name).read_bytes() for name in names}
    finally:
        catalog.close_signed()
