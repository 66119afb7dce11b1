"""Photo files become pictures: sniffing, decoding at a useful size, colour, orientation, facts, making thumbnails."""

from photofind.core.imaging.decode import DecodedPhoto, decode_photo
from photofind.core.imaging.limits import DecodeLimits
from photofind.core.imaging.sniff import SNIFF_BYTES, sniff
from photofind.core.imaging.suffixes import OTHER_SUFFIXES, PHOTO_SUFFIXES
from photofind.core.imaging.thumbnails import make_thumbnail

__all__ = [
    "OTHER_SUFFIXES",
    "PHOTO_SUFFIXES",
    "SNIFF_BYTES",
    "DecodeLimits",
    "DecodedPhoto",
    "decode_photo",
    "make_thumbnail",
    "sniff",
]
