"""What must hold after each kill, and again when the next update has completed what the killed one began."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from photofind.core.encoders import Encoder, open_encoder
from photofind.core.errors import UserError
from photofind.core.imaging import DecodeLimits, decode_photo
from photofind.core.library import DATABASE, Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.paths import sqlite_uri
from photofind.core.records import Embedding
from photofind.core.settings import Settings
from tests.campaign import checking
from tests.campaign.kills.world import World, digest_of

_LIMITS: Final = DecodeLimits.of(megapixels=10, megabytes=10)
_NAMED: Final = 3


@dataclass
class Before:
    """What was so before the processes were started, and at the moment of the kill.

    ``photos`` are the ids that the library had by path, ``files`` the digests of all photos on the disk by path,
    ``moved`` where files went that had been moved since the library was brought up to date.
    """

    photos: dict[str, int]
    files: dict[str, bytes]
    moved: Mapping[str, str] = field(default_factory=dict)
    committed: dict[str, int] = field(default_factory=dict)


def photos_of(library: Path, settings: Settings) -> dict[str, int]:
    """Return the ids of all photos that a library has, by path; nothing when it cannot be opened."""
    try:
        with Library(library, settings) as opened:
            tiles = opened.tiles(opened.list_photos().photo_ids.tolist())
    except UserError:
        return {}
    return {tile.path: int(tile.photo_id) for tile in tiles}


def after_the_kill(world: World, before: Before) -> list[str]:
    """Return what is wrong with the library and the photos right after the kill."""
    found = checking.problems_of(world.library, world.settings)
    here = photos_of(world.library, world.settings)
    kept = {path: photo for path, photo in before.committed.items() if path in before.files}
    found += _sentence("was committed and is lost", {path for path in kept if path not in here})
    older = set(before.photos.values())  # at the end of a run, one that moved takes the place of its newcomer
    others = {path for path in kept if here.get(path, kept[path]) != kept[path] and here[path] not in older}
    found += _sentence("was committed and has another id", others)
    return found + _files_problems(world, before)


def _files_problems(world: World, before: Before) -> list[str]:
    now = world.files()
    found = _sentence("a photo of the user is gone", before.files.keys() - now.keys())
    found += _sentence("a photo of the user has other bytes", {p for p in now if before.files.get(p, now[p]) != now[p]})
    strangers = {str(path) for path in world.photos.rglob("*") if path.is_file() and path.suffix != ".jpg"}
    return found + _sentence("is left over among the photos", strangers)


def repair(world: World) -> list[str]:
    """Let the doctor mend what was damaged before the kill, which no update does."""
    try:
        with LibraryWriter(world.library, world.settings) as writer:
            writer.repair()
    except UserError as error:
        return [f"the doctor fails after the kill: {error}"]
    return []


def complete(world: World, before: Before, chances: random.Random) -> list[str]:
    """Bring the library up to date, and return what does not hold then; raises nothing that it finds."""
    missing = _missing_embeddings(world)
    try:
        tally = world.index()
        found = _completed(world, before, chances)
    except UserError as error:
        return [f"the next update fails: {error}"]
    if tally.get("embedded", 0) != missing:
        found.append(f"the next update embedded {tally.get('embedded', 0)} photos where {missing} had no embedding")
    return found


def _completed(world: World, before: Before, chances: random.Random) -> list[str]:
    found = [f"after the next update: {each}" for each in checking.problems_of(world.library, world.settings)]
    diagnosis = checking.examined(world.library, world.settings)
    found += [f"the next update leaves this as it is: {problem}" for problem in diagnosis.problems]
    with Library(world.library, world.settings) as opened:
        found += [f"in the error list: {error.path}: {error.reason}" for error in opened.errors()]
    here, disk = photos_of(world.library, world.settings), world.files()
    found += _sentence("is not in the library after the next update", disk.keys() - here.keys())
    found += _sentence("is in the library and not there", here.keys() - disk.keys())
    found += _sentence("has another id than before", _other_ids(before, here))
    return found + _answer_problems(world, disk, chances)


def _other_ids(before: Before, here: Mapping[str, int]) -> set[str]:
    """Return the photos that did not keep their ids: those that stayed, and those that were moved and are alone."""
    digests = list(before.files.values())
    alone = {path for path, digest in before.files.items() if digests.count(digest) == 1}
    moved = {old: new for old, new in before.moved.items() if new in alone}
    wanted = {moved.get(path, path): photo for path, photo in before.photos.items() if path not in moved.values()}
    return {path for path, photo in wanted.items() if path in before.files and here.get(path, photo) != photo}


def _answer_problems(world: World, disk: Mapping[str, bytes], chances: random.Random) -> list[str]:
    probes = [Path(path) for path in chances.sample(sorted(disk), min(2, len(disk)))]
    spec = active_spec(world)
    wanted = {str(probe): _expected(probe, disk, spec) for probe in probes}
    found = []
    for name, exact in (("exactly", True), ("through the index", False)):
        answers = checking.answers(world.library, world.settings, probes, exact=exact)
        found += [f"{name} {each}" for each in checking.differences(answers, wanted)]
    return found


def _expected(probe: Path, disk: Mapping[str, bytes], spec: str) -> list[tuple[str, float]]:
    """Return what a library without any history answers: every photo with the product of the two embeddings."""
    asked = _embedding(digest_of(probe), str(probe), spec).astype(np.float16).astype(np.float32)
    return [
        (path, float(asked @ _embedding(digest, path, spec).astype(np.float16).astype(np.float32)))
        for path, digest in disk.items()
    ]


_KNOWN_EMBEDDINGS: dict[tuple[bytes, str], Embedding] = {}


def _embedding(digest: bytes, path: str, spec: str) -> Embedding:
    if (digest, spec) not in _KNOWN_EMBEDDINGS:
        encoder = _encoder(spec)
        with open(path, "rb") as file:
            photo = decode_photo(file, suffix=".jpg", limits=_LIMITS, working_area=encoder.working_area)
        _KNOWN_EMBEDDINGS[digest, spec] = encoder.encode(photo.image)
    return _KNOWN_EMBEDDINGS[digest, spec]


@lru_cache(maxsize=4)
def _encoder(spec: str) -> Encoder:
    return open_encoder(spec)


# What the catalog says, past the program's own reading of it


def _rows(world: World, sql: str, *values: object) -> list[tuple[Any, ...]]:
    path = world.library / DATABASE
    if not path.exists():
        return []
    with closing(sqlite3.connect(sqlite_uri(path, "mode=ro"), uri=True)) as connection:
        return connection.execute(sql, values).fetchall()


def active_spec(world: World) -> str:
    """Return the name of the pack that answers queries."""
    sql = "SELECT spec FROM packs WHERE key = (SELECT value FROM library WHERE key = 'active_pack')"
    return str(_rows(world, sql)[0][0])


def _missing_embeddings(world: World) -> int:
    """Return how many contents on the disk have no embedding yet, in the pack that serves and in the wanted one."""
    try:
        packs = dict(_rows(world, "SELECT spec, id FROM packs"))
        values = dict(_rows(world, "SELECT key, value FROM library"))
        specs = {active_spec(world)} if values.get("active_pack") else set()
    except sqlite3.OperationalError:  # it has no tables yet
        packs, values, specs = {}, {}, set()
    specs.add(str(values.get("target_pack") or f"{world.settings.model}:only"))
    contents = set(world.files().values())
    missing = 0
    for spec in specs:
        sql = "SELECT c.hash FROM vectors v JOIN contents c ON c.id = v.content_id WHERE v.pack_id = ?"
        known = {row[0] for row in _rows(world, sql, packs[spec])} if spec in packs else set()
        missing += len(contents - known)
    return missing


def _sentence(what: str, paths: set[str]) -> list[str]:
    if not paths:
        return []
    shown = ", ".join(sorted(paths)[:_NAMED])
    return [f"{what}: {shown}" + (f" and {len(paths) - _NAMED} others" if len(paths) > _NAMED else "")]
