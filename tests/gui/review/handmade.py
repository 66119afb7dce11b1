"""Groups of duplicates that a test puts together from the photos of a gallery, and what the review reads them from."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.evidence import DuplicateGroup, Evidence, GroupKind, Member, Verdict
from photofind.core.library import Library
from photofind.core.records import ContentId, FileStamp
from photofind.gui.review.overview import KINDS, Overview


@dataclass(frozen=True)
class Step:
    """A place of the threshold."""

    name: str
    threshold: float
    precision: float
    recall: float


STEPS = (Step("strict", 0.99, 0.9996, 0.9), Step("usual", 0.9, 0.996, 0.97), Step("loose", 0.5, 0.9, 0.999))


@dataclass(frozen=True)
class Made:
    """A group of the photos at these paths, the reference first; a verdict for each of the others."""

    kind: GroupKind
    paths: tuple[str, ...]
    verdicts: tuple[Verdict, ...]


@dataclass
class Groups:
    """The groups of a library as tests change them; groups that were dismissed, and rejected pairs, are left out."""

    made: list[Made] = field(default_factory=list)
    thresholds: list[float] = field(default_factory=list)
    gate: threading.Event | None = None
    error: Exception | None = None
    was_searched: bool = True
    waiting: int = 0
    known: dict[int, dict[int, Evidence]] = field(default_factory=dict)

    def add(self, kind: GroupKind, paths: Sequence[str | Path], *verdicts: Verdict) -> None:
        """Make one more group."""
        assert len(verdicts) == len(paths) - 1
        self.made.append(Made(kind, tuple(map(str, paths)), verdicts))

    def open(self, library: Library) -> HandmadeSource:
        """Open what a thread of the review reads."""
        return HandmadeSource(self, library)


class HandmadeSource:
    """A source of the review over groups made by hand, and a real library."""

    def __init__(self, groups: Groups, library: Library) -> None:
        self._groups = groups
        self._library = library

    def steps(self) -> Sequence[Step]:
        return STEPS

    def usual_threshold(self) -> float:
        return 0.9

    def was_searched(self) -> bool:
        return self._groups.was_searched

    def count_waiting(self) -> int:
        return self._groups.waiting

    def overview(self, threshold: float) -> Overview:
        if self._groups.gate is not None:
            assert self._groups.gate.wait(30)
        if self._groups.error is not None:
            raise self._groups.error
        self._groups.thresholds.append(threshold)
        made = [made for each in self._groups.made if (made := self._left(each)) is not None]
        members = [self._members(each) for each in made]
        flat = [member for group in members for member in group]
        return Overview(
            made,
            np.array([KINDS.index(each.kind) for each in made], np.uint8),
            np.cumsum([0, *map(len, members)]).astype(np.int64),
            np.array([member.photo_id for member in flat], np.int64),
            np.array([member.stamp.size for member in flat], np.int64),
            np.array([member.stamp.mtime_ns // 86_400_000_000_000 for member in flat], np.int32),
        )

    def group(self, overview: Overview, number: int) -> DuplicateGroup:
        made: Made = overview.table[number]
        return DuplicateGroup(str(made.paths), made.kind, tuple(self._members(made)))

    def evidence_of(self, first: ContentId, others: Iterable[ContentId]) -> Mapping[ContentId, Evidence]:
        known = self._groups.known.get(int(first), {})
        return {other: known[int(other)] for other in others if int(other) in known}

    def close(self) -> None:
        pass

    def _left(self, made: Made) -> Made | None:
        members = self._members(made)
        with DecisionStore.open(self._library.folder / DECISIONS_FILE, writable=False) as store:
            if store.is_dismissed([member.content_hash for member in members]):
                return None
            rejected = set(store.rejected_pairs())
        first = members[0].content_hash
        pairs = [tuple(sorted((first, member.content_hash))) for member in members[1:]]
        kept = [place for place, pair in enumerate(pairs) if pair not in rejected]
        if not kept:
            return None
        paths = (made.paths[0], *(made.paths[place + 1] for place in kept))
        return Made(made.kind, paths, tuple(made.verdicts[place] for place in kept))

    def _members(self, made: Made) -> list[Member]:
        verdicts = (None, *made.verdicts)
        found = [self._member(path, verdict) for path, verdict in zip(made.paths, verdicts, strict=True)]
        return [member for member in found if member is not None]

    def _member(self, path: str, verdict: Verdict | None) -> Member | None:
        photo_id = self._library.photo_at(path)
        record = self._library.photo(photo_id) if photo_id is not None else None
        if record is None:
            return None
        return Member(
            record.photo_id,
            record.content_id,
            record.path,
            FileStamp(record.size, record.mtime_ns, 0),
            content_hash(path),
            record.facts,
            metadata=0,
            offline=record.offline,
            evidence=None if verdict is None else Evidence(verdict, 0.98, similarity=0.9),
        )


def content_hash(path: str | Path) -> bytes:
    """Return what decisions know a file's content by."""
    return hashlib.blake2b(Path(path).read_bytes(), digest_size=32).digest()


def decisions(library: Path) -> DecisionStore:
    """Open the decisions beside a library; the caller closes them."""
    return DecisionStore.open(library / DECISIONS_FILE)
