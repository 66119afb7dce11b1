"""The pictures that evidence looks at: thumbnails out of the library, and files where thumbnails cannot tell.

What was decoded last is remembered within a bound, because a photo is compared with several others in a row.
"""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

from photofind.core.catalog import Catalog, ThumbnailStore
from photofind.core.errors import LibraryDamagedError, PhotoError, StorageError
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.decode import DecodedPhoto
from photofind.core.imaging.pictures import IN_PLACE, Pictures
from photofind.core.imaging.thumbnails import read_thumbnail
from photofind.core.records import ContentId

LOG = logging.getLogger(__name__)
LARGE_SIDE = 1024
_MOST_SMALL = 2048
_MOST_LARGE = 48
_MOST_DIGESTS = 4096
_WHOLE = 1 << 62

Picture = npt.NDArray[np.uint8]
"""RGB, shape (height, width, 3), upright."""

T = TypeVar("T")


class CatalogLooks:
    """Pictures of a library's contents; use it from one thread.

    A file that is gone, changed its format or cannot be read counts as a picture that is out of reach: whoever asks
    goes by what the library has. Nothing here decides whether a file may be removed.
    """

    def __init__(
        self, catalog: Catalog, thumbnails: ThumbnailStore, limits: DecodeLimits, pictures: Pictures = IN_PLACE
    ) -> None:
        self._catalog = catalog
        self._thumbnails = thumbnails
        self._limits = limits
        self._pictures = pictures
        self._small: _Recent[Picture | None] = _Recent(_MOST_SMALL)
        self._large: _Recent[Picture | None] = _Recent(_MOST_LARGE)
        self._digests: _Recent[bytes | None] = _Recent(_MOST_DIGESTS)

    def small(self, content_id: ContentId) -> Picture | None:
        """Return the thumbnail, its longest side at most 256 pixels."""
        if content_id not in self._small:
            self._small.put(content_id, self._thumbnail(content_id))
        return self._small.get(content_id)

    def large(self, content_id: ContentId) -> Picture | None:
        """Return the picture decoded from its file, its longest side at most :data:`LARGE_SIDE`."""
        if content_id not in self._large:
            self._large.put(content_id, self._reduced(content_id))
        return self._large.get(content_id)

    def same_pixels(self, first: ContentId, second: ContentId) -> bool:
        """Tell whether two pictures, decoded in full, are equal in every pixel; False when one is out of reach."""
        digest = self._digest(first)
        return digest is not None and digest == self._digest(second)

    def _thumbnail(self, content_id: ContentId) -> Picture | None:
        try:
            jpeg = self._thumbnails.get(content_id)
        except (LibraryDamagedError, StorageError) as error:
            LOG.warning("%s", error)
            return None
        return decoded(jpeg) if jpeg is not None else None

    def _reduced(self, content_id: ContentId) -> Picture | None:
        photo = self._decode(content_id, LARGE_SIDE * LARGE_SIDE)
        if photo is None:
            return None
        image = photo.image
        image.thumbnail((LARGE_SIDE, LARGE_SIDE), Image.Resampling.BICUBIC, reducing_gap=3.0)
        return np.asarray(image)

    def _digest(self, content_id: ContentId) -> bytes | None:
        if content_id not in self._digests:
            photo = self._decode(content_id, _WHOLE)
            self._digests.put(content_id, None if photo is None else _pixel_digest(photo.image))
        return self._digests.get(content_id)

    def _decode(self, content_id: ContentId, working_area: int) -> DecodedPhoto | None:
        source = self._catalog.contents.source_of(content_id)
        if source is None:
            return None
        try:
            return self._pictures.decode(source.path, limits=self._limits, working_area=working_area)
        except (PhotoError, OSError, MemoryError) as error:
            LOG.info("a photo cannot be compared in full: %s", error)
            return None


def decoded(jpeg: bytes) -> Picture | None:
    """Return the picture of a thumbnail, None when it is damaged."""
    try:
        return np.asarray(read_thumbnail(jpeg))
    except PhotoError as error:
        LOG.warning("a thumbnail cannot be read: %s", error)
        return None


def _pixel_digest(image: Image.Image) -> bytes:
    digest = hashlib.blake2b(repr(image.size).encode("ascii"), digest_size=32)
    digest.update(image.tobytes())
    return digest.digest()


class _Recent(Generic[T]):
    """What was asked for last, at most ``most`` of it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: OrderedDict[int, T] = OrderedDict()

    def __contains__(self, key: int) -> bool:
        return key in self._items

    def get(self, key: int) -> T:
        self._items.move_to_end(key)
        return self._items[key]

    def put(self, key: int, item: T) -> None:
        self._items[key] = item
        if len(self._items) > self._most:
            self._items.popitem(last=False)
