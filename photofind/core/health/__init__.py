"""The health of the index: what it is made of, how well it still fits the photos, and what could be done about it.

``examining.py`` reads it off the catalog and the index files, ``judging.py`` says what compaction and training anew
would do and whether that is worth it, ``report.py`` holds the records that both fill. Nothing is changed.
"""

from photofind.core.health.examining import examine_index
from photofind.core.health.report import (
    Compaction,
    Drift,
    IndexHealth,
    ListSizes,
    Reason,
    Reclustering,
    SegmentHealth,
    Unindexed,
)

__all__ = [
    "Compaction",
    "Drift",
    "IndexHealth",
    "ListSizes",
    "Reason",
    "Reclustering",
    "SegmentHealth",
    "Unindexed",
    "examine_index",
]
