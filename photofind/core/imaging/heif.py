"""HEIC and HEIF, the format of phones, through libheif."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from photofind.core.imaging.exif import parse_exif, read_exif
from photofind.core.imaging.limits import DecodeLimits, check_pixels
from photofind.core.imaging.loaded import Header, Loaded

if TYPE_CHECKING:
    from pi_heif.heif import HeifFile

_IN_PLACE_OF_NO_TEXT = bytes(code if code < 128 else ord("?") for code in range(256))
_ITEM_TEXTS = {0: 12, 1: 12, 2: 12, 3: 14}
"""Where, behind its name, the texts of an item's box begin, by the box's version (ISO/IEC 14496-12, ``infe``)."""


def load_heif(file: BinaryIO, limits: DecodeLimits) -> Loaded:
    """Decode the primary picture of a HEIF file; its rotation and mirroring are applied by libheif.

    Raises
    ------
    PhotoError
        When the picture is larger than the limits.
    Exception
        Whatever pi_heif raises on a damaged file.
    """
    container = _opened(file)
    check_pixels(container.size, limits)
    exif = read_exif(container.info.get("exif"))
    image = container.to_pillow()
    # The EXIF block repeats the orientation that the container's own properties have already brought about.
    return Loaded(image, "HEIF", image.size, replace(exif, orientation=1))


def heif_header(file: BinaryIO) -> Header:
    """Read what a HEIF file says of its primary picture; raises whatever pi_heif raises on a damaged file."""
    container = _opened(file)
    return Header.of("HEIF", container.size, parse_exif(container.info.get("exif")), is_turned=True)


def _opened(file: BinaryIO) -> HeifFile:
    from pi_heif import options
    from pi_heif.heif import open_heif

    # Nobody asks for these pictures beside the picture, and what is not parsed does no harm.
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    file.seek(0)
    return open_heif(with_readable_texts(file.read()), convert_hdr_to_8bit=True)


def with_readable_texts(content: bytes) -> bytes:
    """Return a HEIF file in which the types and names of its items are texts; other bytes become question marks.

    pi_heif takes them for UTF-8 without looking, and a single byte that is none crashes the process. Nothing moves,
    so that all offsets remain right, and the picture is not lost.
    """
    start, end = _meta_box(content)
    mended: bytearray | None = None
    at = content.find(b"infe", start, end)
    while at >= 0:
        (length,) = struct.unpack_from(">I", content, at - 4)
        box_end = at - 4 + length if length >= 8 else end
        texts = slice(at + _ITEM_TEXTS.get(content[at + 4] if at + 4 < end else 0, 12), min(box_end, end))
        if not _is_text(content[texts]):
            mended = mended or bytearray(content)
            mended[texts] = content[texts].translate(_IN_PLACE_OF_NO_TEXT)
        at = content.find(b"infe", at + 4, end)
    return content if mended is None else bytes(mended)


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _meta_box(content: bytes) -> tuple[int, int]:
    """Return where the box that describes the items begins and ends; an empty place when there is none."""
    at = 0
    while at + 16 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if length == 1:
            (length,) = struct.unpack_from(">Q", content, at + 8)
        end = len(content) if length == 0 else min(at + length, len(content))
        if name == b"meta":
            return at + 8, end
        if (length < 8 and length != 0) or end == len(content):
            break
        at += length
    return 0, 0
