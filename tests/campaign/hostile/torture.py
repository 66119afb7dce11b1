"""Folders full of what people and programs leave behind, indexed by the real program: every entry accounted for.

``Watched`` runs the program and samples its decoders meanwhile. ``folder_of_names`` makes names and things that are no
files; with ``--set eval=DIR``, DIR's ``torture`` and what its ``make_fs_cases.py`` makes are indexed as well.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from photofind.core.imaging import OTHER_SUFFIXES, PHOTO_SUFFIXES
from photofind.core.library import Library
from photofind.core.scan import IgnoreRules
from photofind.core.settings import Settings
from tests.campaign.checking import problems_of
from tests.campaign.running import Campaign
from tests.support.photos import jpeg, put
from tests.support.processes import decoders
from tests.support.program import PROGRAM

_SECONDS = 600
_SPARE_MEGABYTES = 300
"""What a decoder may grow between two looks of the pool, a quarter of a second apart."""

NAMES: tuple[bytes, ...] = (
    *(
        b"invalid \xff\xfe\xe9.jpg",
        b"caf\xe9/latin.jpg",
        b"new\nline.jpg",
        b"return\r.jpg",
        b"tab\t.jpg",
        b"bell\a\x1b[2J.jpg",
    ),
    *(b"a" * 251 + b".jpg", "é".encode() * 125 + b".jpg", b"/".join([b"d" * 60] * 14) + b"/deep.jpg"),
    *("cafe\u0301.jpg".encode(), "caf\u00e9.jpg".encode(), "\u202egpj.exe.jpg".encode(), "写真/日本 語.jpg".encode()),
    *(
        b"-rf.jpg",
        b" before.jpg",
        b"after .jpg",
        b"--library=x.jpg",
        b"%00.jpg",
        b"%s%n.jpg",
        b"back\\slash.jpg",
        b"CON.jpg",
    ),
    *(
        b"<b>bold</b>&amp;.jpg",
        b"';DROP TABLE files;--.jpg",
        b"$HOME `id` * ? [a-z].jpg",
        b".jpg.jpg",
        b"two.dots.jpeg",
    ),
    *(
        "\u2028line\u0085.jpg".encode(),
        "\ufeff\ufffe.jpg".encode(),
        b"no suffix",
        b"UPPER.JPG",
        "İSTANBUL.JPG".encode(),
    ),
)
"""Names that a photo may have: undecodable bytes, control characters, the longest, what means something elsewhere."""


@dataclass
class Watched:
    """A run of the program under watch: its end, and the most memory in MB that one of its decoders had."""

    status: int = -1
    out: bytes = b""
    err: bytes = b""
    megabytes: int = 0
    seen: set[int] = field(default_factory=set)


def watch(*arguments: str, prefix: tuple[str, ...] = ()) -> Watched:
    """Run the program to its end; it is killed, with status -9, when it takes ten minutes."""
    watched = Watched()
    end = time.monotonic() + _SECONDS
    # Files, not pipes: whatever it prints, nobody has to read along.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen([*prefix, *PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        while process.poll() is None:
            if time.monotonic() > end:
                process.kill()
            for decoder in _decoders(process.pid):
                watched.seen.add(decoder.pid)
                with suppress(psutil.Error):
                    watched.megabytes = max(watched.megabytes, decoder.memory_info().rss >> 20)
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        out.seek(0)
        err.seek(0)
        watched.status, watched.out, watched.err = process.returncode, out.read(), err.read()
    return watched


def _decoders(parent: int) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return decoders(parent)
    return []


def folder_of_names(folder: Path) -> None:
    """Fill a folder with photos of bad names and with things that have a photo's name and are none."""
    for number, name in enumerate(NAMES):
        with suppress(OSError):  # a file system that refuses the name
            put(os.path.join(os.fsencode(folder), name), number)
    _things(folder)


def _things(folder: Path) -> None:
    os.mkfifo(folder / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as made, suppress(OSError):  # a path too long for a socket
        made.bind(str(folder / "s.jpg"))
    for name, target in (
        ("dangling.jpg", "nowhere.jpg"),
        ("itself.jpg", "itself.jpg"),
        ("up", ".."),
        ("link.jpg", "UPPER.JPG"),
    ):
        (folder / name).symlink_to(target)
    (folder / "folder.jpg").mkdir()
    (folder / "folder.jpg" / "inside.jpg").write_bytes(jpeg(90))
    (folder / "zero.jpg").write_bytes(b"")
    (folder / "device.jpg").symlink_to("/dev/zero")
    (folder / "secret.jpg").write_bytes(jpeg(91))
    (folder / "secret.jpg").chmod(0)
    (folder / "IMG_1.jpg").write_bytes(jpeg(92))
    for name in ("IMG_1.xmp", "IMG_1.jpg.xmp", "IMG_1.json", "Thumbs.db", "._IMG_1.jpg", ".nomedia"):
        (folder / name).write_bytes(b"<x:xmpmeta>&bomb;" + bytes(range(256)))
    with (folder / "sparse.jpg").open("wb") as sparse:
        sparse.write(jpeg(93)[:100])
        sparse.truncate(6 << 30)
    for name, seconds in (("old.jpg", -2e9), ("future.jpg", 4.3e9), ("far future.jpg", 9e9)):
        (folder / name).write_bytes(jpeg(94))
        with suppress(OSError, OverflowError):
            os.utime(folder / name, (seconds, seconds))


def index_torture(campaign: Campaign, folder: Path, name: str, prefix: tuple[str, ...] = ()) -> None:
    """Index a folder twice with the real program and account for every entry below it."""
    library = campaign.place / f"library of {name}"
    settings = Settings()
    common = ("index", str(folder), "--library", str(library), "--json")
    first = watch(*common, prefix=prefix)
    report = _report(campaign, first, name)
    if report is None:
        return
    if first.megabytes > settings.worker_megabytes + _SPARE_MEGABYTES:
        campaign.find(f"{name}: a decoder had {first.megabytes} MB")
    campaign.note(
        f"{name}: {report['photos']} photos, {len(report['errors'])} errors, decoders up to {first.megabytes} MB"
    )
    before = _account(campaign, folder, library, settings, name)
    again = _report(campaign, watch(*common, prefix=prefix), f"{name}, again")
    if again is not None and any(again[key] for key in ("added", "changed", "removed", "moved", "embedded")):
        campaign.find(f"{name}: a second run, without a change, changed something: {again}")
    if before != _account(campaign, folder, library, settings, f"{name}, again"):
        campaign.find(f"{name}: a second run, without a change, has other photos or errors")
    for problem in problems_of(library, settings):
        campaign.find(f"{name}: {problem}")


def _report(campaign: Campaign, watched: Watched, name: str) -> dict[str, Any] | None:
    if watched.status != 0 or watched.err:
        campaign.find(f"{name}: ended with {watched.status} and said {watched.err[-2000:]!r}")
    with suppress(ValueError):
        report: dict[str, Any] = json.loads(watched.out)
        return report
    campaign.find(f"{name}: its report is none: {watched.out[-500:]!r}")
    return None


def _account(
    campaign: Campaign, folder: Path, library: Path, settings: Settings, name: str
) -> tuple[set[str], set[str]]:
    """Compare what is in the folder with what the library has; return its photos and errors."""
    with Library(library, settings) as opened:
        photos = {tile.path for tile in opened.tiles(opened.list_photos().photo_ids.tolist())}
        errors = {error.path: error.reason for error in opened.errors()}
    promised, possible = set[str](), set[str]()
    for path in entries(folder):
        campaign.count(f"entries of {name}")
        (promised if os.path.splitext(path)[1].lower() in PHOTO_SUFFIXES else possible).add(path)
    for path in sorted(promised - photos - errors.keys()):
        campaign.find(f"{name}: {path!r} is neither a photo nor an error")
    for path in sorted((photos | errors.keys()) - promised - possible):
        if not os.path.isdir(path):  # a folder that cannot be read is an error too
            campaign.find(f"{name}: {path!r} is in the library and should not be")
    for path in sorted(photos & errors.keys()):
        campaign.find(f"{name}: {path!r} is both a photo and an error")
    campaign.find(f"{name}: bugs: {bugs}") if (
        bugs := [text for text in errors.values() if "please report" in text]
    ) else None
    campaign.count(f"photos of {name}", len(photos))
    campaign.count(f"errors of {name}", len(errors))
    return photos, set(errors)


def entries(folder: Path) -> Iterator[str]:
    """Yield the regular files below a folder that the rules admit: an account apart from the product's walk."""
    rules = IgnoreRules()
    for place, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if not rules.skips_folder(each)]
        for file in files:
            path = os.path.join(place, file)
            hidden = file.startswith(".") or os.path.splitext(file)[1].lower() in OTHER_SUFFIXES
            if not hidden and stat.S_ISREG(os.lstat(path).st_mode):
                yield path


def fs_cases(script: Path, folder: Path, photo: Path) -> None:
    """Let the script of the photos from elsewhere make its cases."""
    subprocess.run([sys.executable, str(script), str(photo), str(folder)], check=True, stdout=subprocess.DEVNULL)


def without_rights(campaign: Campaign) -> tuple[str, ...]:
    """Return a command's prefix under which file permissions bind even the super-user, if there is one."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        campaign.note("no setpriv: the super-user reads what nobody may read")
        return ()
    return (setpriv, "--bounding-set=-dac_override,-dac_read_search")


def search_by(campaign: Campaign, folder: Path, library: Path) -> None:
    """Search by each file of a folder: photos are found or refused with one line, and nothing else is said."""
    for path in entries(folder):
        searched = watch("search", "--image", path, "--library", str(library), "--limit", "3")
        campaign.count(f"searches that ended with {searched.status}")
        lines = searched.err.splitlines()
        if searched.status not in (0, 1) or len(lines) > 1 or (lines and not lines[0].startswith(b"photofind: ")):
            campaign.find(f"a search by {path!r} ended with {searched.status} and said {searched.err[-1000:]!r}")
