"""Random-projection hash tables: near neighbours share a bucket in some table with high probability.

Charikar, "Similarity estimation techniques from rounding algorithms" (2002): a bit says on which side of a random
hyperplane a vector lies, and two vectors at the angle θ agree in it with probability 1 - θ/π. A table's key is so many
bits; more bits make smaller buckets, more tables give neighbours more chances to meet (Indyk and Motwani 1998).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from photofind.core.vectors.snapshot import scores_of

Vectors = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

MOST_BITS = 62


class HashTables:
    """Unit vectors, shape (n, d), in ``tables`` tables of keys of ``bits`` bits, at most :data:`MOST_BITS`."""

    def __init__(self, vectors: Vectors, bits: int, tables: int, seed: int = 1) -> None:
        generator = np.random.default_rng(seed)
        self._vectors = vectors
        self._bits = bits
        self._planes = generator.standard_normal((vectors.shape[1], tables * bits), np.float32)
        self._powers = np.int64(1) << np.arange(bits, dtype=np.int64)
        self._tables = [_buckets(keys) for keys in self.keys(vectors).T]

    def keys(self, vectors: Vectors) -> Ids:
        """Return the keys of vectors, shape (n, tables)."""
        sides = (vectors @ self._planes > 0).reshape(len(vectors), -1, self._bits)
        keys: Ids = sides @ self._powers
        return keys

    def matches(self, query: Vectors) -> Ids:
        """Return the rows that share a bucket with a vector, shape (d,), in any table; sorted."""
        keys = self.keys(query[None])[0].tolist()
        found = [
            bucket for table, key in zip(self._tables, keys, strict=True) if (bucket := table.get(key)) is not None
        ]
        if not found:
            return np.empty(0, np.int64)
        return found[0] if len(found) == 1 else np.unique(np.concatenate(found))

    def search(self, query: Vectors, k: int) -> tuple[Ids, int]:
        """Return the rows of the ``k`` best matches by cosine, best first, and how many matches there were."""
        found = self.matches(query)
        scores = scores_of(self._vectors[found], query)
        return found[np.lexsort((found, -scores))[:k]], len(found)


def _buckets(keys: Ids) -> dict[int, Ids]:
    """Return the rows of each key, sorted."""
    order = np.argsort(keys, kind="stable")
    distinct, first = np.unique(keys[order], return_index=True)
    return dict(zip(distinct.tolist(), np.split(order, first[1:]), strict=True))
