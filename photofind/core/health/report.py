"""What an examination of the index found, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from photofind.core.accuracy import Accuracy


class Unindexed(StrEnum):
    """Why there is no index: no vectors, too few to need one, or the next update makes it."""

    EMPTY = "empty"
    FEW = "few"
    WAITING = "waiting"


class Reason(StrEnum):
    """Why the index should be trained anew.

    ``DAMAGED``: files of it are. ``NEW``: there is none yet. ``GROWN``, ``SHRUNK``: the library has, far beyond what
    it was trained on. ``RULE``: the user has chosen another number of lists. ``IMBALANCE``: some lists are much longer
    than others. ``DRIFT``: photos that came since are of another kind.
    """

    DAMAGED = "damaged"
    NEW = "new"
    GROWN = "grown"
    SHRUNK = "shrunk"
    RULE = "rule"
    IMBALANCE = "imbalance"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class SegmentHealth:
    """A segment of the index: ``vectors`` are in its lists, ``dead`` of them belong to no photo any more."""

    id: str
    first_vid: int
    end_vid: int
    vectors: int
    dead: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ListSizes:
    """Vectors in the inverted lists, over all segments; ``empty`` is a number of lists.

    ``histogram`` says how many lists have so many vectors: each entry stands for ``step`` sizes, the first from 0 on.
    """

    shortest: int
    median: float
    longest: int
    empty: int
    step: int = 1
    histogram: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """How well the index fits the photos now, and how well it fitted when it was trained.

    ``sampled`` vectors were looked at: of those that came after the training when ``newcomers``, else of all.
    ``distance`` is their mean distance to the nearest centroid, 0 to 2, ``clipped`` the share, 0 to 1, of their
    components outside the trained range. ``…_then`` is the same of vectors kept out of the training, None if unknown.
    """

    sampled: int
    newcomers: bool
    distance: float
    clipped: float
    distance_then: float | None = None
    clipped_then: float | None = None


@dataclass(frozen=True, slots=True)
class Compaction:
    """What compacting the index would do: ``dead`` vectors leave the lists, segments are merged.

    ``seconds`` is a rough estimate; ``worth`` means that searches would notice.
    """

    segments_before: int = 0
    segments_after: int = 0
    dead: int = 0
    bytes_freed: int = 0
    seconds: float = 0.0
    worth: bool = False


@dataclass(frozen=True, slots=True)
class Reclustering:
    """What training the index anew would do; ``seconds`` is a rough estimate, and without a reason it is not worth it.

    ``nlist_after`` is 0 when there are too few vectors for an index, and the one there is would be dropped.
    """

    nlist_before: int = 0
    nlist_after: int = 0
    reason: Reason | None = None
    seconds: float = 0.0

    @property
    def worth(self) -> bool:
        """Whether it should be done."""
        return self.reason is not None


@dataclass(frozen=True, slots=True)
class IndexHealth:
    """The active pack's index.

    ``vectors`` are live; ``dead`` rows belong to no photo any more and keep ``dead_row_bytes`` of the row store, whose
    rows are never moved; ``delta`` rows are in no segment yet and are compared one by one. ``row_bytes`` and
    ``index_bytes`` are on disk. ``nlist`` is 0 without an index, ``unindexed`` says why there is none. ``lists``,
    ``imbalance`` and ``drift`` are None without an index, or where ``problems`` say that its files are damaged.

    ``imbalance`` is faiss' factor: the time that lists as long as these cost, over that of equal ones; 1 is best.
    ``newcomers`` live vectors came after the training, None when unknown. ``trained_at`` is seconds since 1970,
    ``trained_on`` the number of live vectors then.
    """

    photos: int
    vectors: int
    dead: int
    delta: int
    nlist: int
    segments: tuple[SegmentHealth, ...]
    row_bytes: int
    dead_row_bytes: int
    index_bytes: int
    lists: ListSizes | None
    imbalance: float | None
    drift: Drift | None
    newcomers: int | None
    trained_at: float | None
    trained_on: int
    compaction: Compaction
    reclustering: Reclustering
    unindexed: Unindexed | None = None
    problems: tuple[str, ...] = ()
    accuracy: Accuracy | None = None
