"""What a run leaves behind: files where nobody looks for them, and words, names or cameras where they do not belong."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.campaign.privacy.commands import CAMERA, NAME, WORD, User
from tests.campaign.privacy.trees import files_below
from tests.campaign.running import Campaign

_LARGEST_LOGS = 4 << 20
_LOGS = ("photofind.log*", "decoders.log*", "window.log*")
_OWN = ("data/photofind/", "config/photofind/", "state/photofind/", "cache/photofind/")
_KEPT = ("journal.db", "decisions.db")
_TRASH = "data/Trash/"
"""Where the user has told photofind to put files."""


def strange_files(user: User, known: set[str]) -> list[str]:
    """Return the files outside of photofind's own folders and the trash, as paths below the user's place."""
    found = []
    for text in sorted(files_below([user.home, user.temp]) - known):
        path = Path(text)
        if path.is_dir():
            continue
        below_home = path.relative_to(user.home).as_posix() if path.is_relative_to(user.home) else ""
        if not below_home.startswith((*_OWN, _TRASH)):
            found.append(path.relative_to(user.place).as_posix())
    return found


def check_left(campaign: Campaign, user: User, known: set[str]) -> None:
    """Report files that a run has left elsewhere than in photofind's own folders."""
    for name in strange_files(user, known):
        campaign.find(f"{name} was left behind")
    campaign.count("files looked at", len(files_below([user.home, user.temp])))


def check_logs(campaign: Campaign, user: User) -> None:
    """Report logs that are too large or hold what was typed, read from a header, or the name of a photo."""
    logs = [path for top in (user.home, user.temp) for pattern in _LOGS for path in top.rglob(pattern)]
    campaign.count("logs read", len(logs))
    for path in logs:
        content = path.read_bytes()
        if len(content) > _LARGEST_LOGS:
            campaign.find(f"{path.name} has {len(content)} bytes")
        for what, text in (("a typed word", WORD), ("the name of a camera", CAMERA), ("a path of a photo", NAME)):
            if text.encode() in content:
                campaign.find(f"{path.name} holds {what}: {_line(content, text)}")


def still_known(library: Path, texts: Sequence[str], pictures: Sequence[bytes]) -> list[str]:
    """Return where in a library's files some texts or pictures can still be found, in whatever page.

    What was done to files is kept on purpose, with their names: or else it could not be taken back.
    """
    found = []
    for path in sorted(library.rglob("*")):
        if path.is_file() and path.name not in _KEPT:
            content = path.read_bytes()
            found += [f"{path.name} holds {text}" for text in texts if text.encode() in content]
            found += [f"{path.name} holds a thumbnail" for picture in pictures if picture in content]
    return found


def thumbnails(library: Path) -> list[bytes]:
    """Return a part of each thumbnail that tells it from others, as stored."""
    with closing(sqlite3.connect(f"file:{library / 'thumbnails.db'}?mode=ro", uri=True)) as store:
        stored = [row[0] for row in store.execute("SELECT jpeg FROM thumbnails")]
    # From the middle: what stands in front is alike in all of them. Short, for a page of SQLite holds it whole.
    return [jpeg[len(jpeg) // 2 : len(jpeg) // 2 + 64] for jpeg in stored]


def _line(content: bytes, text: str) -> str:
    lines = io.StringIO(content.decode(errors="replace"))
    return next((line.strip()[:200] for line in lines if text in line), "")
