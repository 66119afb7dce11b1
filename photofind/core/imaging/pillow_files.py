"""The formats that Pillow decodes.

Each format's plugin is called directly. `Image.open` would try others as well, among them formats that start
programs or that nobody needs, and it would refuse a large JPEG before it can be decoded at a reduced scale.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from importlib import import_module
from typing import BinaryIO

from PIL import Image, ImageFile

from photofind.core.imaging.exif import NO_EXIF, ExifFacts, exif_facts, parse_exif
from photofind.core.imaging.geometry import suffices
from photofind.core.imaging.limits import DecodeLimits, check_pixels
from photofind.core.imaging.loaded import Header, Loaded

_PLUGINS: dict[str, tuple[str, str]] = {
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "TIFF": ("PIL.TiffImagePlugin", "TiffImageFile"),
    "BMP": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "PNM": ("PIL.PpmImagePlugin", "PpmImageFile"),
    "JPEG2000": ("PIL.Jpeg2KImagePlugin", "Jpeg2KImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
}
_SCALES = (8, 4, 2)

# What it logs of a damaged picture it raises as well; without a log of ours it would reach the terminal.
logging.getLogger("PIL").setLevel(logging.CRITICAL)


def load_with_pillow(file: BinaryIO, name: str, limits: DecodeLimits, working_area: int) -> Loaded:
    """Decode the first frame or page of a picture of the format ``name``.

    Raises
    ------
    PhotoError
        When the limits forbid it.
    Exception
        Whatever Pillow raises on a damaged file.
    """
    opened = _open(file, name)
    image: Image.Image = opened
    size = opened.size
    scale = next((by for by in _SCALES if suffices((size[0] // by, size[1] // by), working_area)), 1)
    if name == "JPEG":
        _load_jpeg(opened, scale, limits)
    elif name == "JPEG2000" and scale > 2:
        check_pixels(size, limits)
        image = _load_jpeg2000(opened, scale, file)
    else:
        check_pixels(size, limits)
        opened.load()
    return Loaded(image, name, size, _exif(opened, name))


def pillow_header(file: BinaryIO, name: str) -> Header:
    """Read what a file says before its pixels; raises whatever Pillow raises on a damaged file."""
    opened = _open(file, name)
    exif = _exif_structure(opened, name)
    return Header.of(name, opened.size, exif, is_turned=name == "TIFF")


def pillow_exif(file: BinaryIO, name: str) -> Image.Exif | None:
    """Return the EXIF structure in a file's header, None when it has none; ``file`` must stay open as long."""
    return _exif_structure(_open(file, name), name)


def _open(file: BinaryIO, name: str) -> ImageFile.ImageFile:
    file.seek(0)
    module, plugin = _PLUGINS[name]
    opener: type[ImageFile.ImageFile] = getattr(import_module(module), plugin)
    return opener(file)


def _load_jpeg(image: ImageFile.ImageFile, scale: int, limits: DecodeLimits) -> None:
    """Let libjpeg leave out what would be averaged away at once: an eighth of the scale takes a fifth of the time."""
    size = image.size
    in_full = "progressive" in image.info or _has_scans(image)
    if scale > 1:
        image.draft(None, (size[0] // scale, size[1] // scale))
    # All coefficients of a file with several scans are kept until its end, whatever the scale.
    check_pixels(size, limits, decoded=None if in_full else image.size)
    image.load()


def _has_scans(image: ImageFile.ImageFile) -> bool:
    """Tell whether the first scan of a JPEG, at whose data its file was left, lacks some of the components."""
    from PIL.JpegImagePlugin import JpegImageFile

    assert isinstance(image, JpegImageFile)
    assert image.fp is not None
    length = 6 + 2 * image.layers  # of the header of a scan of all components
    end = image.fp.tell()
    image.fp.seek(max(0, end - length - 2))
    header = image.fp.read(5)
    image.fp.seek(end)
    return header != b"\xff\xda" + bytes([0, length, image.layers])


def _load_jpeg2000(image: ImageFile.ImageFile, scale: int, file: BinaryIO) -> Image.Image:
    """Leave out all wavelet levels above the useful size but one; a file that has fewer is decoded in full.

    The last halving is left to plain averaging: what the wavelet alone makes of it is visibly jagged.
    """
    from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

    assert isinstance(image, Jpeg2KImageFile)
    try:
        image.reduce = scale.bit_length() - 2
        image.load()
    except OSError:
        image = _open(file, "JPEG2000")
        image.load()
    # The plugin's attribute would stand in for the method of that name.
    return image.copy()


def _exif(image: ImageFile.ImageFile, name: str) -> ExifFacts:
    exif = _exif_structure(image, name)
    facts = NO_EXIF if exif is None else exif_facts(exif)
    # Pillow has turned the pixels of a TIFF already.
    return replace(facts, orientation=1) if name == "TIFF" else facts


def _exif_structure(image: ImageFile.ImageFile, name: str) -> Image.Exif | None:
    if name == "TIFF":  # its directory itself is the EXIF block
        return image.getexif()
    block = image.info.get("exif")
    if block is None and name == "PNG":
        block = _hex_profile(image.info.get("Raw profile type exif"))
    return parse_exif(block if isinstance(block, bytes) else None)


def _hex_profile(text: object) -> bytes | None:
    """Return the EXIF block that ImageMagick writes into PNG texts: a name, a length and hexadecimal digits."""
    if not isinstance(text, str):
        return None
    try:
        return bytes.fromhex("".join(text.split("\n")[3:]))
    except ValueError:
        return None
