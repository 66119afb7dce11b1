"""What an answer lacked: the exact one beside it, photo by photo."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from photofind.core.catalog import Catalog, Pack
from photofind.core.queries import Hit, Query

_NEAREST = 100
_TIE = 1e-6


def asked_exactly(query: Query) -> Query:
    """Return the query as it is asked of every photo: for the nearest 100 of it at most, and one more."""
    return replace(query, exact=True, nprobe=None, limit=min(_NEAREST, query.limit) + 1)


def missing(
    hits: Sequence[Hit], count: int, found: Collection[int], catalog: Catalog, pack: Pack
) -> tuple[int, tuple[Hit, ...]]:
    """Return how many of an exact answer's hits are the nearest, ``count`` at most, and those that were not found.

    Where the first that is not among the nearest is as near as the last that is, chance decides which of the equally
    near ones an answer shows: none of them is missed. Copies of a found photo are not missed either.
    """
    nearest = hits[:count]
    if len(hits) > count:
        nearest = [hit for hit in nearest if hit.score > hits[count].score + _TIE]
    shown = set(found)
    missed = [hit for hit in nearest if hit.photo_id not in shown]
    return min(count, len(hits)), tuple(hit for hit in missed if not shown & _copies(hit, catalog, pack))


def _copies(hit: Hit, catalog: Catalog, pack: Pack) -> set[int]:
    vid = catalog.vectors.of_photo(pack.id, hit.photo_id)
    return {int(place.photo_id) for place in catalog.vectors.places(pack.id, [vid])} if vid is not None else set()
