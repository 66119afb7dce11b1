"""Examining a library and repairing it.

The catalog is the truth and the row store the only copy of the embeddings; everything else is rebuilt from them when in
doubt: index files from the rows, thumbnails and damaged rows by reading the photo again at the next update. Of the
files beside the catalog, those that are the user's own are only looked at (``doctor_companions.py``).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from photofind.core.catalog import Catalog, Pack, ThumbnailStore
from photofind.core.catalog.connection import storage_errors
from photofind.core.catalog.thumbnails import is_unmade
from photofind.core.doctor_companions import discard_pairs, examine_companions
from photofind.core.doctor_places import misplaced_names
from photofind.core.errors import LibraryDamagedError, UserError
from photofind.core.indexing.upkeep import IndexUpkeep, garbage
from photofind.core.ownership import WRITER_LOCK
from photofind.core.private_files import PRIVATE_FILE, open_private
from photofind.core.records import ContentId, Epoch, Segment
from photofind.core.vectors.files import file_sha256, segment_file, trained_file
from photofind.core.vectors.rows import RowReader, row_crcs, row_file
from photofind.core.vectors.segments import MappedSegment
from photofind.core.whole_files import left_overs

_BLOCK = 16_384


@dataclass(slots=True)
class Diagnosis:
    """What is wrong, in sentences, with what a repair needs to know.

    ``beyond_repair`` are problems of the catalog itself. ``awaited`` are those of the ``problems`` that the next update
    mends by itself. ``damaged_rows`` maps pack ids to vids. ``thumbnails_damaged`` is said of their file,
    ``damaged_thumbnails`` are single ones in a file that is sound.
    """

    problems: list[str] = field(default_factory=list)
    awaited: list[str] = field(default_factory=list)
    beyond_repair: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    damaged_rows: dict[int, list[int]] = field(default_factory=dict)
    damaged_indexes: list[str] = field(default_factory=list)
    orphan_files: list[Path] = field(default_factory=list)
    thumbnails_damaged: bool = False
    damaged_thumbnails: list[ContentId] = field(default_factory=list)
    pairs_damaged: bool = False

    @property
    def healthy(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.problems and not self.beyond_repair

    @property
    def unmended(self) -> list[str]:
        """What is wrong and stays so unless somebody does something about it."""
        return self.beyond_repair + [problem for problem in self.problems if problem not in self.awaited]


def examine(library: Path, catalog: Catalog, thumbnails: Path) -> Diagnosis:
    """Verify checksums, counts and orphans; change nothing. Damage of the catalog itself ends the examination."""
    diagnosis = Diagnosis(problems=misplaced_names(library))
    try:
        diagnosis.beyond_repair += [f"library.db: {problem}" for problem in catalog.problems()]
    except LibraryDamagedError as error:
        return unreadable(error)
    except UserError as error:
        diagnosis.beyond_repair.append(str(error))
    if diagnosis.beyond_repair:
        return diagnosis  # what a damaged catalog says of the other files cannot be trusted
    for pack in catalog.vectors.packs():
        _examine_rows(library, catalog, pack, diagnosis)
        _examine_index(library, catalog, pack, diagnosis)
    _examine_files(library, catalog, diagnosis)
    _examine_thumbnails(catalog, thumbnails, diagnosis)
    _examine_companions(library, diagnosis)
    return diagnosis


def unreadable(error: LibraryDamagedError) -> Diagnosis:
    """Return the diagnosis of a library whose catalog cannot even be opened; the error itself says: ask the doctor."""
    return Diagnosis(beyond_repair=[f"library.db: {error.__cause__ or error}"])


def treated(first: Diagnosis, second: Diagnosis) -> Diagnosis:
    """Return what was found and what was mended, when a writer was opened between the examinations and then repaired.

    A writer clears away left-over files, and sets damaged thumbnails aside, as soon as it is opened.
    """
    both = Diagnosis(
        problems=list(dict.fromkeys(first.problems + second.problems)),
        beyond_repair=list(dict.fromkeys(first.beyond_repair + second.beyond_repair)),
    )
    gone = [path for path in first.orphan_files if path not in second.orphan_files and not path.exists()]
    if gone:
        both.repaired.append(f"{len(gone)} left-over files were removed")
    if first.thumbnails_damaged and not second.thumbnails_damaged:
        both.repaired.append("the damaged thumbnails were set aside")
    both.repaired += second.repaired
    both.repaired[:0] = first.repaired
    return both


def after_pages(first: Diagnosis, second: Diagnosis, mended: list[str]) -> Diagnosis:
    """Return the second diagnosis with what the first had found before pages of databases were put right."""
    known = second.problems + second.beyond_repair
    gone = [problem for problem in first.beyond_repair + first.problems if problem not in known]
    return replace(second, problems=gone + second.problems, repaired=mended + second.repaired)


def back_ups(library: Path) -> list[Path]:
    """Return the back-ups of the catalog that were made before it was migrated, the newest first."""
    found = library.glob("library.db.v*.bak")
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def is_being_written(library: Path) -> bool:
    """Tell whether a writer has the library at this moment: then files may be there that it has not named yet."""
    path = library / WRITER_LOCK
    if not os.path.isfile(path):  # it never raises, whatever the path is like
        return False
    try:
        with FileLock(path, timeout=0, mode=PRIVATE_FILE):
            return False
    except Timeout:
        return True
    except OSError:  # a disk that is only read
        return False


def repair(
    diagnosis: Diagnosis, library: Path, catalog: Catalog, thumbnails: Path, upkeep_of: Callable[[str], IndexUpkeep]
) -> None:
    """Mend what the diagnosis found, as far as it can be rebuilt; note it in ``repaired``.

    Nothing is touched when the catalog itself is damaged.
    """
    if diagnosis.beyond_repair:
        return
    for pack in catalog.vectors.packs():
        damaged = diagnosis.damaged_rows.get(pack.id)
        if damaged is not None:
            _give_up_rows(library, catalog, pack, damaged)
            diagnosis.repaired.append(f"{len(damaged)} embeddings will be made again at the next `photofind index`")
        if damaged or pack.key in diagnosis.damaged_indexes:
            upkeep_of(pack.key).rebuild()
            diagnosis.repaired.append("the index was rebuilt from the stored embeddings")
    with catalog.transaction():
        if catalog.texts.mend():  # only who may write can ask SQLite whether it is sound
            diagnosis.problems.append("library.db: the index of words is damaged")
            diagnosis.repaired.append("the index of words was rebuilt")
    if diagnosis.orphan_files:
        removed = [path for path in upkeep_of("").collect_garbage() if path in diagnosis.orphan_files]
        diagnosis.repaired.append(f"{len(removed)} left-over files were removed")
    _repair_thumbnails(diagnosis, catalog, thumbnails)
    if diagnosis.pairs_damaged and discard_pairs(library):
        diagnosis.repaired.append("the pairs of duplicates were set aside; the next search finds them again")


# Rows


def _examine_rows(library: Path, catalog: Catalog, pack: Pack, diagnosis: Diagnosis) -> None:
    path = row_file(library, pack.key)
    stored = path.stat().st_size // (pack.dimension * 2) if path.is_file() else 0
    whole = min(stored, pack.next_vid)
    damaged = [vid for vid, _ in catalog.vectors.crcs(pack.id, whole, pack.next_vid)]
    with RowReader(path, pack.dimension, whole) as rows:
        for first in range(0, whole, _BLOCK):
            known = catalog.vectors.crcs(pack.id, first, min(first + _BLOCK, whole))
            damaged += _damaged_rows(rows, first, min(first + _BLOCK, whole), known)
    if damaged or whole < pack.next_vid:  # the latter also where no photo has one of those that are gone
        diagnosis.damaged_rows[pack.id] = sorted(damaged)
        diagnosis.problems.append(f"{path.name}: {len(damaged)} of {pack.next_vid} embeddings are damaged or missing")


def _damaged_rows(rows: RowReader, first: int, end: int, known: list[tuple[int, int]]) -> list[int]:
    try:
        found = row_crcs(rows.span(first, end))
    except UserError:  # a disk that fails: what can still be read is found row by row
        return [vid for vid, crc in known if end - first == 1 or _damaged_rows(rows, vid, vid + 1, [(vid, crc)])]
    return [vid for vid, crc in known if found[vid - first] != crc]


def _give_up_rows(library: Path, catalog: Catalog, pack: Pack, damaged: list[int]) -> None:
    path = row_file(library, pack.key)
    needed = pack.next_vid * pack.dimension * 2
    with storage_errors(path):
        if os.path.lexists(path) and not path.is_file():  # somebody else's: out of the way, and kept
            path.replace(_free_name(path))
        with open(path, "ab", opener=open_private) as file:
            if file.tell() < needed:
                file.truncate(needed)  # vids are row numbers: what is lost stays a gap
    with catalog.transaction():
        catalog.vectors.lose(pack.id, damaged)


def _free_name(path: Path) -> Path:
    names = (f"{path.name}.damaged{number or ''}" for number in itertools.count())
    return next(found for name in names if not os.path.lexists(found := path.with_name(name)))


# Index files


def _examine_index(library: Path, catalog: Catalog, pack: Pack, diagnosis: Diagnosis) -> None:
    epoch = catalog.vectors.epoch(pack)
    if epoch is None:
        return
    segments = catalog.vectors.segments(epoch.id)
    problems = []
    files = [(trained_file(library, epoch.id), epoch.sha256)]
    files += [(segment_file(library, epoch.id, segment.id), segment.sha256) for segment in segments]
    problems += [problem for path, sha256 in files if (problem := _file_problem(path, sha256))]
    expected = 0
    for segment in segments:
        if segment.first_vid != expected:
            problems.append(f"segment {segment.id} begins at vector {segment.first_vid} instead of {expected}")
        expected = segment.end_vid
    if expected > pack.next_vid:
        problems.append(f"the segments end at vector {expected} instead of {pack.next_vid}")
    if not problems:
        dead = catalog.vectors.dead(pack.id)
        problems += [problem for segment in segments if (problem := _content_problem(library, epoch, segment, dead))]
    if problems:
        diagnosis.damaged_indexes.append(pack.key)
        diagnosis.problems += problems


def _content_problem(library: Path, epoch: Epoch, segment: Segment, dead: list[int]) -> str | None:
    try:
        vids = MappedSegment(library, epoch, segment).vids()
    except (UserError, OSError) as error:
        return str(error)
    if len(vids) != segment.count:
        return f"segment {segment.id} holds {len(vids)} vectors instead of {segment.count}"
    # A live vector that is in no list would never be found, and no checksum would be wrong.
    wanted = np.setdiff1d(np.arange(segment.first_vid, segment.end_vid), np.asarray(dead, np.int64))
    lacking = len(np.setdiff1d(wanted, vids))
    return f"segment {segment.id} lacks {lacking} vectors" if lacking else None


def _file_problem(path: Path, sha256: str) -> str | None:
    try:
        found = file_sha256(path)
    except OSError as error:
        return f"{path.name}: {error.strerror or error}"
    return None if found == sha256 else f"{path.name}: its checksum is wrong"


def _examine_files(library: Path, catalog: Catalog, diagnosis: Diagnosis) -> None:
    diagnosis.orphan_files = garbage(library, catalog) + left_overs(library)
    diagnosis.problems += [f"{path.name}: left over, named by nothing" for path in diagnosis.orphan_files]


# What is kept beside the catalog


def _examine_companions(library: Path, diagnosis: Diagnosis) -> None:
    found = examine_companions(library)
    diagnosis.problems += found.problems
    diagnosis.pairs_damaged = found.pairs_damaged


# Thumbnails


def _examine_thumbnails(catalog: Catalog, path: Path, diagnosis: Diagnosis) -> None:
    wanted = set(catalog.contents.referenced())
    try:
        if not wanted and is_unmade(path):
            return  # its writer ended, or the disk was full, when the library was made: the next one goes on from here
        with contextlib.closing(ThumbnailStore.open(path, writable=False)) as store:
            problems = store.check()
            present = set() if problems else store.content_ids()
            damaged = [] if problems else store.damaged()
    except UserError as error:  # missing, damaged or of a newer photofind: they can always be made anew
        problems, present, damaged = [str(error)], set(), []
    if problems:
        diagnosis.thumbnails_damaged = True
        diagnosis.problems += [f"thumbnails.db: {problem}" for problem in problems]
    if damaged:
        diagnosis.damaged_thumbnails = damaged
        diagnosis.problems.append(f"thumbnails.db: {len(damaged)} thumbnails are damaged")
    missing = len(wanted - present)
    if missing:
        problem = f"thumbnails.db: {missing} thumbnails are missing"
        diagnosis.problems.append(problem)
        if catalog.thumbnails_wanted():
            diagnosis.awaited.append(problem)


def _repair_thumbnails(diagnosis: Diagnosis, catalog: Catalog, path: Path) -> None:
    if diagnosis.thumbnails_damaged:
        set_aside(path)
        diagnosis.repaired.append("the damaged thumbnails were set aside")
    with contextlib.closing(ThumbnailStore.open(path, writable=True)) as store:
        if diagnosis.damaged_thumbnails:
            store.delete_many(diagnosis.damaged_thumbnails)
            diagnosis.repaired.append(f"{len(diagnosis.damaged_thumbnails)} damaged thumbnails were removed")
        wanted = set(catalog.contents.referenced())
        present = set(store.content_ids())
        store.delete_many(present - wanted)  # of photos that are gone: no harm, but no use either
    if wanted - present:
        with catalog.transaction():
            catalog.set_thumbnails_wanted(wanted=True)
        diagnosis.repaired.append(f"{len(wanted - present)} thumbnails will be made at the next `photofind index`")


def set_aside(path: Path) -> None:
    """Rename a damaged database, with what SQLite keeps beside it, so that a new one can take its place.

    Raises StorageError when the disk refuses.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S")
    with storage_errors(path):
        for suffix in ("-journal", "-wal", "-shm", ""):  # a journal left behind would be rolled back into the new file
            part = path.with_name(path.name + suffix)
            if os.path.lexists(part):
                part.rename(part.with_name(f"{part.name}.damaged-{stamp}"))
