"""What must hold of a library after whatever befell it: it opens, it is sound, and it answers as a fresh one does.

Nothing here raises for what it finds: it comes back as sentences, for a campaign to report.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from photofind.core.doctor import Diagnosis
from photofind.core.errors import LibraryVersionError, UserError
from photofind.core.library import DATABASE, Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.progress import Control
from photofind.core.queries import Query
from photofind.core.settings import Settings

Answers = dict[str, list[tuple[str, float]]]
"""For each probe's path, the photos that were found with their scores, best first; ties by their paths."""

SAME_SCORE: Final = 1e-3
"""Scores that differ by less are the same: embeddings are stored with 11 bits."""

_EVERYTHING: Final = 100_000
_ALL_LISTS: Final = 1 << 20
_PROBES: Final = 3
_SENTENCES: Final = 5

_KNOWN = re.compile(
    r"library\.db(-wal|-shm|\.v\d+\.bak)?|thumbnails\.db(-journal)?|(thumbnails|duplicates)\.db[-a-z]*\.damaged-[-\d]+"
    r"|(library|decisions|journal|duplicates)\.sums"
    r"|(decisions|journal|duplicates)\.db(-wal|-shm|-journal)?|(decisions|journal|duplicates|searches)\.lock"
    r"|searches\.json(\.damaged(-\d+)?)?|accuracy\.json|writer\.(lock|pid)|photofind\.log(\.1)?|decoders\.log"
    r"|vectors-[a-z0-9._-]+\.f16|epoch-[0-9a-f]{32}(/(trained|seg-[0-9a-f]{32})\.faiss)?"
)
"""All that has a business in a library's folder; index and vector files that nothing names, the doctor finds."""


def problems_of(library: Path, settings: Settings) -> list[str]:
    """Open a library as a reader and as a writer, and return what does not hold afterwards; nothing when it is sound.

    The writer migrates it and collects what was left over, as every update begins. What the doctor finds and the next
    update mends by itself is no problem, and neither is a library that is not there or holds nothing yet.
    """
    if not (library / DATABASE).exists():
        return _strangers(library)
    found = _opened_by_a_reader(library, settings)
    try:
        with LibraryWriter(library, settings):
            pass
    except UserError as error:
        return [*found, f"cannot be opened for writing: {error}"]
    try:
        with Library(library, settings) as opened:
            found += [f"the doctor says: {problem}" for problem in opened.examine().unmended]
    except UserError as error:
        found.append(f"cannot be opened after a writer had it: {error}")
    return found + _strangers(library)


def examined(library: Path, settings: Settings) -> Diagnosis:
    """Return what the doctor finds of a library, which is only read."""
    with Library(library, settings) as opened:
        return opened.examine()


def _opened_by_a_reader(library: Path, settings: Settings) -> list[str]:
    """Return what is wrong before any writer came: the files that nothing names are still there then."""
    try:
        diagnosis = examined(library, settings)
    except LibraryVersionError:
        return []  # empty, or of an older schema: a writer comes first
    except UserError as error:
        return [f"cannot be opened for reading: {error}"]
    left_over = {f"{path.name}: left over, named by nothing" for path in diagnosis.orphan_files}
    return [f"the doctor says at once: {problem}" for problem in diagnosis.unmended if problem not in left_over]


def _strangers(library: Path) -> list[str]:
    """Return what lies in the library's folder and has no business there."""
    names = sorted(path.relative_to(library).as_posix() for path in library.rglob("*"))
    return [f"{name} is left over in the library" for name in names if not _KNOWN.fullmatch(name)]


def answers(library: Path, settings: Settings, probes: Sequence[Path], *, exact: bool = True) -> Answers:
    """Ask for everything that looks like each of the probes; photos with equal scores are in the order of their paths.

    Not ``exact`` means through the index, all of its lists: then what is missing in a segment is missing here.
    """
    with Library(library, settings) as opened:
        return {str(probe): _answer(opened, probe, exact=exact) for probe in probes}


def _answer(library: Library, probe: Path, *, exact: bool) -> list[tuple[str, float]]:
    query = Query(images=(str(probe),), limit=_EVERYTHING, exact=exact, nprobe=None if exact else _ALL_LISTS)
    hits = [(hit.path, hit.score) for hit in library.search(query).hits]
    return sorted(hits, key=lambda hit: (-round(hit[1], 3), hit[0]))


def differences(found: Answers, wanted: Answers) -> list[str]:
    """Return how two sets of answers differ, as sentences: photos that only one has, and scores that differ."""
    sentences = []
    for probe, hits in wanted.items():
        mine, theirs = dict(found.get(probe, [])), dict(hits)
        name = Path(probe).name
        if len(mine) != len(found.get(probe, [])):
            sentences.append(f"asked for {name}, a photo was found twice")
        sentences += _listed(f"asked for {name}, not found", theirs.keys() - mine.keys())
        sentences += _listed(f"asked for {name}, found but not there", mine.keys() - theirs.keys())
        other = {path for path in mine.keys() & theirs.keys() if abs(mine[path] - theirs[path]) > SAME_SCORE}
        sentences += _listed(f"asked for {name}, another score", other)
    return sentences


def _listed(what: str, paths: set[str]) -> list[str]:
    if not paths:
        return []
    shown = ", ".join(sorted(paths)[:_SENTENCES])
    return [f"{what}: {shown}" + (f" and {len(paths) - _SENTENCES} others" if len(paths) > _SENTENCES else "")]


def compare_with_fresh(
    library: Path,
    photos: Sequence[Path],
    settings: Settings,
    place: Path,
    probes: Sequence[Path] | None = None,
) -> list[str]:
    """Index the same folders into a new library and return how the answers of the two differ, as sentences.

    Both are asked exactly and through the index. The comparison is by paths and scores.

    Parameters
    ----------
    photos
        The folders of photos that the library has; it must be up to date with them.
    place
        An existing folder, in which the new library is made and removed again.
    probes
        Images to ask for, by default three of the photos.
    """
    fresh = place / "fresh-library"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        index(fresh, photos, settings)
        chosen = list(probes) if probes is not None else _some(fresh, settings)
        wanted = answers(fresh, settings, chosen)
        found = [f"exactly {each}" for each in differences(answers(library, settings, chosen), wanted)]
        through = differences(answers(library, settings, chosen, exact=False), wanted)
        return found + [f"through the index {each}" for each in through]
    except UserError as error:
        return [f"cannot be compared with a fresh library: {error}"]
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def index(library: Path, folders: Sequence[Path], settings: Settings) -> Mapping[str, int]:
    """Bring a library up to date with folders, in this process; return the numbers of the run that are not zero."""
    with LibraryWriter(library, settings, Control()) as writer:
        for _ in writer.update([str(folder) for folder in folders]):
            pass
        tally = writer.report.tally
        return {name: count for name in tally.__slots__ if (count := getattr(tally, name))}


def _some(library: Path, settings: Settings) -> list[Path]:
    with Library(library, settings) as opened:
        ids = opened.list_photos().photo_ids.tolist()
        chosen = ids[:: max(1, len(ids) // _PROBES)][:_PROBES]
        return [Path(tile.path) for tile in opened.tiles(chosen)]
