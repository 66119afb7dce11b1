"""What is said of a content beyond its file's own words: the colours of its picture, the name of the place.

New contents get both with the commit that brings them. Those of a library that an older photofind made catch up at the
end of runs, the newest first, from their thumbnails and stored positions: no photo is read again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable

import numpy as np

from photofind.core.catalog import Catalog, ThumbnailStore
from photofind.core.errors import DamagedPhotoError
from photofind.core.gazetteer import Gazetteer
from photofind.core.imaging.colours import colour_facts
from photofind.core.imaging.thumbnails import read_thumbnail
from photofind.core.records import ContentId

LOG = logging.getLogger(__name__)
_BATCH = 256
_CATCH_UP_SECONDS = 60.0
"""How long new photos may wait for old ones; what is left is caught up on by the runs that follow."""
_DECODED = 96


def note_colours(catalog: Catalog, found: Iterable[tuple[ContentId, bytes | None]]) -> None:
    """Store the colours of contents as far as they are known; to be called within a transaction."""
    catalog.colours.put((content, colours) for content, colours in found if colours is not None)


def note_places(catalog: Catalog, limit: int) -> int:
    """Name the places of up to ``limit`` contents of which is known where; return of how many.

    To be called within a transaction.
    """
    waiting = catalog.contents.unplaced(limit) if limit else []
    if waiting:
        ids, latitudes, longitudes = zip(*waiting, strict=True)
        places = Gazetteer.load().nearest_of(np.array(latitudes), np.array(longitudes))
        catalog.contents.set_places(
            (content, str(place) if place else "", place.other_names if place else "")
            for content, place in zip(ids, places, strict=True)
        )
    return len(waiting)


def catch_up(
    catalog: Catalog, thumbnails: ThumbnailStore, check: Callable[[], None], seconds: float = _CATCH_UP_SECONDS
) -> None:
    """Do, in batches and no longer than ``seconds``, what is missing of contents of before.

    ``check`` is called between batches and may raise to cancel. Readers are told of new places once, at the end: what
    they remember would not live long if every batch made them ask again.
    """
    end = time.monotonic() + seconds
    has_placed = False
    try:
        while time.monotonic() < end:
            check()
            with catalog.transaction():
                placed = note_places(catalog, _BATCH)
            has_placed |= placed > 0
            if not placed and not _look_at_some(catalog, thumbnails):
                return
    finally:
        if has_placed:
            with catalog.transaction():
                catalog.raise_revision()


def _look_at_some(catalog: Catalog, thumbnails: ThumbnailStore) -> bool:
    """Look at the colours of a batch of thumbnails; tell whether there were any."""
    waiting = catalog.colours.unseen(_BATCH)
    found = [(content, _colours(thumbnails.get(content))) for content in waiting]
    with catalog.transaction():
        note_colours(catalog, found)
        catalog.colours.settle(waiting[-1] if waiting else None)
    return bool(waiting)


def _colours(jpeg: bytes | None) -> bytes | None:
    if jpeg is None:
        return None  # it is made when the thumbnail is
    try:
        return colour_facts(read_thumbnail(jpeg, side=_DECODED)).packed()
    except DamagedPhotoError as error:
        LOG.warning("the colours of a thumbnail cannot be told: %s", error)
        return None
