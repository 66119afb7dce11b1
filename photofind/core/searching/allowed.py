"""Which photos a query's filters let through, as photos and as vectors; the last answer is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photofind.core.catalog import Catalog, Pack
from photofind.core.queries import Filters
from photofind.core.vectors import IndexSnapshot
from photofind.core.vectors.selection import Selection


@dataclass(frozen=True, slots=True, eq=False)
class Allowed:
    """Photos that may be hits, sorted ids, and the vectors that show at least one of them."""

    photo_ids: npt.NDArray[np.int64]
    selection: Selection

    def holds(self, photo_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Tell of each photo whether it may be a hit, shape (n,)."""
        return np.isin(photo_ids, self.photo_ids)


class FilterAnswers:
    """Asks the catalog what filters keep."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._key: tuple[object, ...] = ()
        self._answer: Allowed | None = None

    def allowed(self, filters: Sequence[Filters], snapshot: IndexSnapshot, pack: Pack) -> Allowed | None:
        """Return what all of the filters keep, None when there are none."""
        if not filters:
            return None
        key = (tuple(filters), pack, self._catalog.revision(), snapshot.left_out.tobytes())
        if self._answer is None or key != self._key:
            with self._catalog.snapshot():
                self._answer = self._ask(filters, snapshot, pack)
            self._key = key
        return self._answer

    def _ask(self, filters: Sequence[Filters], snapshot: IndexSnapshot, pack: Pack) -> Allowed:
        photo_ids, vids = self._catalog.filtering.kept(pack.id, filters[0])
        for other in filters[1:]:
            photo_ids = np.intersect1d(photo_ids, self._catalog.filtering.photo_ids(other))
        if len(filters) > 1:  # two copies of a picture may satisfy one filter each
            vids = self._catalog.filtering.vids_of(pack.id, photo_ids)
        return Allowed(photo_ids, snapshot.select(vids))
