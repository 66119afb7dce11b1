"""Vectors on disk and the search over them; the catalog decides what counts, this package never asks it.

``rows`` is the store of embeddings, ``building`` makes index files from it, ``files`` writes and maps them, those of
``segments`` with their checksums, ``rule`` holds the numbers, ``snapshot`` searches, ``sealed`` reads the inverted
lists one by one.
"""

from photofind.core.vectors.snapshot import IndexSnapshot, SnapshotState

__all__ = ["IndexSnapshot", "SnapshotState"]
