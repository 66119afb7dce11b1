"""Stored libraries of older versions, brought to the place where a campaign wants them.

::

    common.zip ──▶ photos, probes, model pack ┐
    vN.zip ──▶ library, made.json ────────────┴──▶ its paths and the stamps of its photos are made to fit ──▶ Stored
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from photofind.core.catalog.order import path_key
from photofind.core.paths import path_from_bytes
from photofind.core.settings import Settings
from tests.campaign.libraries.make_library import MODIFIED, PLACE, REMOVED

LIBRARIES: Final = Path(__file__).parent
PACK: Final = "swatches"
_RERANKED: Final = 4
"""The setting that was the default when the stored calibration was measured, and that it holds for."""


@dataclass(frozen=True)
class Stored:
    """A library of an older version with its photos, below ``place``; ``made`` is what the old program did to it."""

    place: Path
    version: int
    made: dict[str, Any]
    settings: Settings

    @property
    def library(self) -> Path:
        return self.place / "library"

    @property
    def photos(self) -> Path:
        return self.place / "photos"

    @property
    def probes(self) -> list[Path]:
        return sorted((self.place / "probes").iterdir())

    @property
    def paths(self) -> set[str]:
        """The paths of the photos that the library has."""
        gone = {"photos/home/broken.jpg", *self.made.get("moved_from", ())}
        return {str(self.place / path) for path in self.made["paths"]} - {str(self.place / path) for path in gone}


def versions() -> list[int]:
    """Return the versions of which there is a library."""
    return sorted(int(path.stem[1:]) for path in LIBRARIES.glob("v*.zip"))


def unpack(version: int, place: Path, home: Path) -> Stored:
    """Bring the library of a version to a new folder, and its model pack into a home; return it.

    ``home`` is a folder as the campaign and the tests make one: ``data`` and ``config`` below it.
    """
    with zipfile.ZipFile(LIBRARIES / "common.zip") as archive:
        archive.extractall(place)
    with zipfile.ZipFile(LIBRARIES / f"v{version}.zip") as archive:
        archive.extractall(place)
    _settle(place, home)
    made = json.loads((place / "made.json").read_text())
    for path in made.get("moved", ()):
        (place / path).parent.mkdir(exist_ok=True)
        name = Path(path).name
        made.setdefault("moved_from", []).append(f"photos/home/{name}")
        shutil.move(place / "photos" / "home" / name, place / path)
    (place / "photos" / "home" / REMOVED).unlink()
    for path in (place / "photos").rglob("*.jpg"):
        os.utime(path, (MODIFIED, MODIFIED))
    _relocate(place / "library" / "library.db", place)
    return Stored(place, version, made, Settings(workers=1, model=PACK, priority="normal", rerank_candidates=_RERANKED))


def _settle(place: Path, home: Path) -> None:
    models, settings = home / "data" / "photofind" / "models", home / "config" / "photofind" / "settings.toml"
    if not (models / PACK).exists():
        shutil.copytree(place / "models" / PACK, models / PACK)
    shutil.rmtree(place / "models")
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f'workers = 1\nmodel = "{PACK}"\npriority = "normal"\nrerank_candidates = {_RERANKED}\n')


def _relocate(database: Path, place: Path) -> None:
    """Let the library's paths begin with ``place``, and let it know the photos there by what the disk says of them."""
    old, new = os.fsencode(PLACE), os.fsencode(place)
    with closing(sqlite3.connect(database)) as connection, connection:
        for table in ("roots", "folders"):
            for number, path in connection.execute(f"SELECT id, path FROM {table}").fetchall():
                connection.execute(f"UPDATE {table} SET path = ? WHERE id = ?", (path.replace(old, new, 1), number))
        columns = {row[1] for row in connection.execute("PRAGMA table_info(folders)")}
        folders = connection.execute("SELECT id, path FROM folders").fetchall()
        if "path_key" in columns:
            keys = [(path_key(path_from_bytes(path)), number) for number, path in folders]
            connection.executemany("UPDATE folders SET path_key = ? WHERE id = ?", keys)
        for number, folder in folders:
            for file_id, name in connection.execute(
                "SELECT id, name FROM files WHERE folder_id = ?", (number,)
            ).fetchall():
                inode = os.stat(os.path.join(folder, name)).st_ino
                connection.execute("UPDATE files SET file_id = ? WHERE id = ?", (inode, file_id))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
