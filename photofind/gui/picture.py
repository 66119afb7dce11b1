"""Pixels of photos and files for the clipboard and for chips; to be called in a reader thread."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from photofind.core.errors import PhotoError, QueryError
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.pictures import Pictures
from photofind.core.library import Library
from photofind.core.queries import Region
from photofind.gui.preview.picture import Picture, picture_of
from photofind.gui.query import QueryPart

_CLIPBOARD_PIXELS = 12_000_000
_CHIP_PIXELS = 256 * 256


def picture_of_photo(library: Library, photo_id: int, limits: DecodeLimits) -> QImage:
    """Return a photo of the library as pixels for the clipboard.

    Raises
    ------
    QueryError
        When it is not in the library any more, or cannot be read.
    """
    record = library.photo(photo_id)
    if record is None:
        raise QueryError("This photo is not in the library any more.")
    return _decoded(library.pictures, record.path, limits, _CLIPBOARD_PIXELS).levels[0]


def chip_picture(pictures: Pictures, part: QueryPart, limits: DecodeLimits, height: int) -> QImage:
    """Return a small picture of a file, or of a region of one, at least ``height`` pixels high if it has as many.

    Raises
    ------
    QueryError
        When the file cannot be read.
    """
    assert part.path is not None
    picture = _decoded(pictures, part.path, limits, _CHIP_PIXELS, part.region)
    return next((level for level in reversed(picture.levels) if level.height() >= height), picture.levels[0])


def _decoded(pictures: Pictures, path: str, limits: DecodeLimits, area: int, region: Region | None = None) -> Picture:
    part = None if region is None else region.part()
    try:
        image = pictures.decode(path, limits=limits, working_area=area, part=part).image
    except (OSError, PhotoError) as error:
        raise QueryError(f"The picture cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    return picture_of(image, QSize(image.width, image.height), complete=True)
