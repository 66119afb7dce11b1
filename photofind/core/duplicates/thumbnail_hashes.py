"""Perceptual hashes of many thumbnails, and the order in which hashes of the library are joined."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from photofind.core.catalog.numbers import Ids
from photofind.core.catalog.pair_rows import HashColumns
from photofind.core.duplicates.hashing import HASH_BYTES, Hashes, hash_thumbnail, is_plain
from photofind.core.errors import DamagedPhotoError

LOG = logging.getLogger(__name__)


def hash_thumbnails(content_ids: Ids, jpegs: Sequence[bytes | None], pool: Executor) -> HashColumns:
    """Return the hashes of contents from their thumbnails; a missing or damaged one counts as a plain picture."""
    pairs = np.stack(list(pool.map(_hash_pair, jpegs)))
    has_inner = ~is_plain(pairs[:, 1])
    return HashColumns(content_ids, pairs[:, 0], pairs[:, 1], has_inner, is_plain(pairs[:, 0]))


def _hash_pair(jpeg: bytes | None) -> Hashes:
    if jpeg is not None:
        try:
            return hash_thumbnail(jpeg)
        except DamagedPhotoError as error:
            LOG.warning("a thumbnail cannot be hashed: %s", error)
    return np.zeros((2, HASH_BYTES), np.uint8)


@dataclass(frozen=True, slots=True)
class JoinRows:
    """Hashes to be joined: those of whole pictures and of what frames surround, the new ones from ``since`` on.

    ``contents`` tells whose each of the ``hashes`` is, shape (n,).
    """

    hashes: Hashes
    contents: Ids
    since: int

    @classmethod
    def of(cls, columns: HashColumns, joined_content: int) -> JoinRows:
        """Order hashes that say something; contents up to ``joined_content`` were joined before."""
        parts = []
        for is_new in (False, True):
            here = (columns.ids > joined_content) == is_new
            for kept, hashes in ((~columns.plain, columns.hashes), (columns.has_inner, columns.inner)):
                chosen = np.flatnonzero(here & kept)
                parts.append((hashes[chosen], columns.ids[chosen]))
        since = len(parts[0][1]) + len(parts[1][1])
        return cls(np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts]), since)
