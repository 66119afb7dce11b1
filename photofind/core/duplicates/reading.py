"""Groups of what was found, by the user's threshold and without what the user said to be no duplicates.

A reader only: it looks at ``library.db``, ``duplicates.db`` and ``decisions.db`` as they are at the moment, and holds
no lock. A table of groups is numbers only; the photos of one group are read when somebody looks at it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from photofind.core.catalog import Catalog, Pack
from photofind.core.catalog.copies import CopyRow
from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore, HashPair
from photofind.core.catalog.numbers import Ids
from photofind.core.catalog.pair_rows import PairColumns
from photofind.core.catalog.pairs import PAIRS_FILE, PairStore
from photofind.core.duplicates.calibration import Calibration
from photofind.core.duplicates.grouping import KINDS, DismissedGroups, GroupTable, joined, make_groups
from photofind.core.duplicates.nodes import Stock
from photofind.core.errors import CacheOutdatedError
from photofind.core.evidence import DuplicateGroup, Evidence, GroupKind, Member, Verdict
from photofind.core.records import ContentId, PhotoId

_SAME_FILE = Evidence(Verdict.SAME_FILE, 1.0, similarity=1.0, hash_distance=0)


class DuplicateReader:
    """Reads what a library knows of copies; use it from one thread.

    Raises
    ------
    LibraryVersionError, LibraryDamagedError, StorageError
        From every method, when a file cannot be read; see :class:`PairStore` and :class:`DecisionStore`.
    """

    def __init__(self, library: Path, catalog: Catalog, shipped: Calibration) -> None:
        self._library = library
        self._catalog = catalog
        self._shipped = shipped
        self._pairs = self._opened()

    def close(self) -> None:
        """Let the files go."""
        if self._pairs is not None:
            self._pairs.close()

    def was_searched(self) -> bool:
        """Tell whether anybody has looked for duplicates yet, in this library as it is."""
        if self._pairs is not None:
            return True
        pairs = self._opened()
        if pairs is not None:
            pairs.close()
        return pairs is not None

    def count_waiting(self) -> int:
        """Return how many photos a search for duplicates has not seen yet."""
        pack = self._catalog.active_pack()
        if pack is None:
            return 0
        _, contents = self._catalog.copies.live(pack.id)
        if self._pairs is None:
            return len(contents)
        return len(np.setdiff1d(contents, self._pairs.hashed())) + (self._pairs.count_pending(pack.key) > 0)

    def calibration(self) -> Calibration:
        """Return what scores mean: as shipped with the model, and by what the user said of pairs of this library."""
        with self._decisions() as decisions:
            labels = decisions.labels()
        return self._shipped.recalibrated([(label.score, label.is_copy) for label in labels])

    def groups(
        self, threshold: float, kinds: Collection[GroupKind] = frozenset(GroupKind), *, with_dismissed: bool = False
    ) -> GroupTable:
        """Return the groups of copies whose score is at least ``threshold``, and of similar shots."""
        with self._decisions() as decisions:
            rejected = decisions.rejected_pairs()
            dismissed = [] if with_dismissed else [group.hashes for group in decisions.dismissed_groups()]
        with self._catalog.snapshot():
            copies = self._catalog.copies
            stock = Stock(*copies.photos(), *copies.measures())
            pack = self._catalog.active_pack()
            known = copies.contents({each for group in [*rejected, *dismissed] for each in group})
        return make_groups(
            stock,
            self._columns(pack, threshold),
            threshold=threshold,
            kinds=kinds,
            rejected=_known_pairs(rejected, known),
            dismissed=DismissedGroups([known[each] for each in group if each in known] for group in dismissed),
        )

    def groups_to_review(self, threshold: float) -> GroupTable:
        """Return all exact groups, then those of edited copies and of similar shots.

        Exact copies are listed even where they are part of a group of edited ones, which lists them once more: they can
        be gone through without a look at any picture.
        """
        exact = self.groups(threshold, {GroupKind.EXACT})
        return joined([exact, self.groups(threshold, {GroupKind.NEAR, GroupKind.SIMILAR})])

    def group(self, table: GroupTable, number: int) -> DuplicateGroup:
        """Return a group with its photos and their evidence; photos that are gone by now are left out."""
        here = table.members(number)
        rows = self._catalog.copies.rows(table.photos[here].tolist())
        reference = ContentId(int(table.contents[here.start]))
        evidence = self._evidence(reference, {row.content_id for row in rows} - {reference})
        members = tuple(_member(row, place, reference, evidence) for place, row in enumerate(rows))
        return DuplicateGroup(group_key(table.contents[here]), KINDS[int(table.kinds[number])], members)

    def all_groups(self, table: GroupTable) -> Iterator[DuplicateGroup]:
        """Yield the groups of a table, without those of which fewer than two photos are left."""
        for number in range(len(table)):
            group = self.group(table, number)
            if len(group.members) > 1:
                yield group

    def sizes_and_days(self, table: GroupTable) -> tuple[Ids, Ids]:
        """Return the bytes and the days of a table's photos, shape (m,) each; 0 for those that are gone."""
        photo_ids, sizes, days = self._catalog.copies.sizes_and_days()
        if not len(photo_ids):
            return np.zeros(len(table.photos), np.int64), np.zeros(len(table.photos), np.int64)
        places = np.minimum(np.searchsorted(photo_ids, table.photos), len(photo_ids) - 1)
        known = photo_ids[places] == table.photos
        return np.where(known, sizes[places], 0), np.where(known, days[places], 0)

    def scored_pairs(self) -> PairColumns:
        """Return all pairs that evidence was found for."""
        return self._columns(self._catalog.active_pack(), 0.0)

    def members_of(self, contents: Sequence[int]) -> list[Member]:
        """Return one photo for each content, in their order, those that are at hand first; without evidence."""
        found = []
        for content in contents:
            copies = self._catalog.files.copies(ContentId(content))
            best = min(copies, key=lambda copy: (copy.offline, copy.id), default=None)
            if best is not None:
                found += [_member(row, 0, row.content_id, {}) for row in self._catalog.copies.rows([best.id])]
        return found

    def pair(self, first: ContentId, second: ContentId) -> Evidence | None:
        """Return what is known of a second content as a copy of a first one."""
        return self._evidence(first, {second}).get(second)

    def evidence_of(self, first: ContentId, others: Iterable[ContentId]) -> dict[ContentId, Evidence]:
        """Return what is known of other contents as copies of a first one; those not compared with it are left out."""
        return self._evidence(first, set(others) - {first})

    def _columns(self, pack: Pack | None, threshold: float) -> PairColumns:
        if pack is None or self._pairs is None:
            return PairColumns.of([])
        return self._pairs.columns(pack.key, minimum=threshold, always=(Verdict.SIMILAR, Verdict.SAME_PICTURE))

    def _evidence(self, reference: ContentId, others: Collection[ContentId]) -> dict[ContentId, Evidence]:
        pack = self._catalog.active_pack()
        if pack is None or self._pairs is None or not others:
            return {}
        return self._pairs.evidence_for(pack.key, reference, others)

    def _opened(self) -> PairStore | None:
        """Open what was found; None where nobody looked, or an older program, or in what a back-up has undone."""
        path = self._library / PAIRS_FILE
        if not (path.is_file() or path.is_dir()):  # a folder in its place: who opens it says so, nobody says "not yet"
            return None
        try:
            pairs = PairStore.open(path, writable=False)
        except CacheOutdatedError:
            return None
        try:
            moment = pairs.moment()
            is_true = moment is None or self._catalog.history.has(moment)
        except BaseException:
            pairs.close()
            raise
        if not is_true:
            pairs.close()
            return None
        return pairs

    def _decisions(self) -> DecisionStore:
        return DecisionStore.open(self._library / DECISIONS_FILE, writable=False)


def group_key(contents: Iterable[int]) -> str:
    """Return a name for a set of contents that another set does not have."""
    text = ",".join(map(str, sorted(int(content) for content in contents)))
    return hashlib.blake2b(text.encode("ascii"), digest_size=12).hexdigest()


def _known_pairs(pairs: Sequence[HashPair], known: dict[bytes, ContentId]) -> Ids:
    ids = [(known[first], known[second]) for first, second in pairs if first in known and second in known]
    return np.array(ids, np.int64).reshape(-1, 2)


def _member(row: CopyRow, place: int, reference: ContentId, evidence: dict[ContentId, Evidence]) -> Member:
    if place == 0:
        about = None
    elif row.content_id == reference:
        about = _SAME_FILE
    else:
        about = evidence.get(row.content_id)
    return Member(
        PhotoId(row.photo_id),
        row.content_id,
        row.path,
        row.stamp,
        row.content_hash,
        row.facts,
        row.metadata,
        row.offline,
        about,
    )
