"""What a file is, told from its first bytes.

Half of the wrong suffixes in people's folders are harmless renames, so a name never overrules the content. It
only tells a TIFF from the RAW formats that are TIFF files with a maker's secrets inside.
"""

from __future__ import annotations

import re
import struct

from photofind.core.imaging.suffixes import RAW_SUFFIXES

SNIFF_BYTES = 4096
"""How much of a file `sniff` wants to see; 64 bytes are enough for all but a DNG without its suffix."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG2000"),
    (b"\xff\x4f\xff\x51", "JPEG2000"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JXL"),
    (b"\xff\x0a", "JXL"),
    (b"FUJIFILMCCD-RAW", "RAW"),
    (b"IIRO", "RAW"),  # Olympus
    (b"IIRS", "RAW"),
    (b"MMOR", "RAW"),
    (b"IIU\x00", "RAW"),  # Panasonic, Leica
    (b"FOVb", "RAW"),  # Sigma
    (b"\x00MRM", "RAW"),  # Minolta
    (b"II\x1a\x00\x00\x00HEAPCCDR", "RAW"),  # Canon CRW
)
_TIFF_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_PNM = re.compile(rb"P[1-6](?:\s|#[^\r\n]*[\r\n])+\d")
_BMP_HEADER_SIZES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1", b"heif"}
)
_DNG_VERSION = 50706


def sniff(head: bytes, suffix: str = "") -> str | None:
    """Return the name of the picture format that ``head`` starts, or None when it is no picture.

    Parameters
    ----------
    head
        The first bytes of the file, at best `SNIFF_BYTES` of them.
    suffix
        The file's suffix with its dot, in any case. It breaks the tie between TIFF and RAW, nothing else.

    Returns
    -------
    str or None
        JPEG, PNG, WEBP, GIF, TIFF, BMP, PNM, JPEG2000, AVIF, HEIF, RAW, or JXL (which is known but not decoded).
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head.startswith(_TIFF_MAGIC):
        return "RAW" if _is_tiff_raw(head, suffix) else "TIFF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if _PNM.match(head):
        return "PNM"
    if head[:2] == b"BM" and len(head) >= 18 and struct.unpack_from("<I", head, 14)[0] in _BMP_HEADER_SIZES:
        return "BMP"
    return None


def _iso_media(head: bytes) -> str | None:
    """Tell HEIF, AVIF and Canon CR3 from the videos that share their container (ISO/IEC 14496-12, ``ftyp``)."""
    end = min(struct.unpack_from(">I", head)[0], len(head))
    major = head[8:12]
    brands = {major} | {head[at : at + 4] for at in range(16, end - 3, 4)}
    if major == b"crx ":
        return "RAW"
    if major == b"jxl ":
        return "JXL"
    if major in _AVIF_BRANDS:
        return "AVIF"
    if major not in _HEIF_BRANDS and not brands & {b"mif1", b"heic", b"avif"}:
        return None
    # A generic major brand says only "a still picture"; the compatible brands name the codec.
    return "AVIF" if brands & _AVIF_BRANDS and b"heic" not in brands else "HEIF"


def _is_tiff_raw(head: bytes, suffix: str) -> bool:
    return suffix.lower() in RAW_SUFFIXES or head[8:10] == b"CR" or _DNG_VERSION in _first_tags(head)


def _first_tags(head: bytes) -> set[int]:
    """Return the tags of a classic TIFF's first directory, as far as ``head`` reaches (TIFF 6.0, section 2)."""
    order = "<" if head[:1] == b"I" else ">"
    if len(head) < 8:
        return set()
    start = struct.unpack_from(order + "I", head, 4)[0]
    if start + 2 > len(head):
        return set()
    count = struct.unpack_from(order + "H", head, start)[0]
    entries = range(start + 2, min(start + 2 + 12 * count, len(head) - 1), 12)
    return {struct.unpack_from(order + "H", head, at)[0] for at in entries}
