"""Make a stored library with the program of an older version; run by hand, see ``README.md``.

It runs inside of that older program (``PYTHONPATH`` names its checkout), so that it may use only what every version
has, and asks for what a version does not have yet by trying. Everything lies below one fixed folder, whose name the
tests replace. The number of vectors from which an index is built is lowered: 60 photos would have none otherwise.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

PLACE = Path("/tmp/photofind-of-old")
"""What the stored libraries' paths begin with."""
SMALLEST_INDEX = 24
MODIFIED = 1_600_000_000
"""When every photo was last modified, seconds since 1970."""
LATE = ("IMG_0055.jpg", "IMG_0056.jpg", "IMG_0057.jpg", "IMG_0058.jpg", "IMG_0059.jpg")
"""Indexed in a second run: they stay outside of the index file."""
REMOVED = "IMG_0033.jpg"
"""Its vector is dead."""
SEARCH = ("Temples", {"format": 1, "terms": [{"of": {"words": "temple"}, "weight": 1}]})


def main(common: str, out: str) -> None:
    """Make the library, and pack it."""
    shutil.rmtree(PLACE, ignore_errors=True)
    with zipfile.ZipFile(common) as archive:
        archive.extractall(PLACE)
    _settle()
    library, photos = PLACE / "library", PLACE / "photos"
    kept = _index(library, photos)
    did = {"paths": kept, **_companions(library, photos)}
    _checkpoint(library)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(library.rglob("*")):
            if path.is_file() and path.suffix not in {".lock", ".pid", ".log"}:
                archive.write(path, f"library/{path.relative_to(library)}")
        archive.writestr("made.json", json.dumps(did, indent=1, sort_keys=True))


def _settle() -> None:
    home = PLACE / "home"
    (home / "data" / "photofind").mkdir(parents=True)
    (home / "config" / "photofind").mkdir(parents=True)
    shutil.move(PLACE / "models", home / "data" / "photofind" / "models")
    (home / "config" / "photofind" / "settings.toml").write_text('workers = 1\nmodel = "swatches"\n')
    names = {"HOME": "", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "XDG_CACHE_HOME": "cache"}
    os.environ.update({variable: str(home / name) for variable, name in names.items()})
    for path in (PLACE / "photos").rglob("*.jpg"):
        os.utime(path, (MODIFIED, MODIFIED))


def _index(library: Path, photos: Path) -> list[str]:
    importlib.import_module("photofind.core.vectors.rule").MIN_SEALED = SMALLEST_INDEX  # type: ignore[attr-defined]
    settings = importlib.import_module("photofind.core.settings").Settings(workers=1, model="swatches")
    late = PLACE / "late"
    late.mkdir()
    for name in LATE:
        shutil.move(photos / "home" / name, late / name)
    _update(library, settings, photos)
    for name in LATE:
        shutil.move(late / name, photos / "home" / name)
    (photos / "home" / REMOVED).unlink()
    _update(library, settings, photos)
    return sorted(str(path.relative_to(PLACE)) for path in photos.rglob("*.jpg"))


def _update(library: Path, settings: Any, photos: Path) -> None:
    with _writer_class()(library, settings) as writer:
        for _ in writer.update([str(photos)]):
            pass


def _writer_class() -> Callable[..., Any]:
    try:
        module = importlib.import_module("photofind.core.library_writer")
    except ImportError:  # it was in another module before
        module = importlib.import_module("photofind.core.library")
    writer: Callable[..., Any] = module.LibraryWriter
    return writer


def _companions(library: Path, photos: Path) -> dict[str, Any]:
    """Let the program leave what it can beside the catalog; return what that was."""
    did: dict[str, Any] = {}
    try:
        saved = importlib.import_module("photofind.core.saved").SavedSearches(library)
        saved.save(*SEARCH)
        did["search"] = SEARCH[0]
    except ImportError:
        pass
    home, plan = photos / "home", PLACE / "plan.json"
    if _run("duplicates", "--kind", "exact") == 0:
        rejected = [str(home / "IMG_0021.jpg"), str(home / "21 saved again.jpg")]
        assert _run("duplicates", "--not-duplicates", *rejected) == 0
        assert (
            _run("duplicates", "--kind", "exact", "--plan", str(plan), "--action", "move", "--to", str(PLACE / "away"))
            == 0
        )
        assert _run("duplicates", "--apply", str(plan)) == 0
        assert _run("index", str(photos)) == 0
        moved = [str(path.relative_to(PLACE)) for path in (PLACE / "away").rglob("*.jpg")]
        did["rejected"], did["moved"] = [str(Path(path).relative_to(PLACE)) for path in rejected], moved
    did["measured"] = _run("evaluate", "--calibrate") == 0 or _run("evaluate") == 0
    return did


def _run(*arguments: str) -> int:
    command = [sys.executable, "-m", "photofind", arguments[0], "--library", str(PLACE / "library"), *arguments[1:]]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    sys.stderr.write(f"{' '.join(arguments)}: {ended.returncode} {ended.stdout[-300:]} {ended.stderr[-300:]}\n")
    return ended.returncode


def _checkpoint(library: Path) -> None:
    for path in library.glob("*.db"):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            sys.stderr.write(f"{path.name}: version {connection.execute('PRAGMA user_version').fetchone()[0]}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
