"""Sound files of every format that photofind reads, small and rich in metadata: what the fuzz run damages.

The pictures are those of ``tests.support.photos``. No encoder of HEVC is at hand: that container comes with AV1
inside, which exercises its parser, and with HEVC when a folder of other people's photos is given.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tifffile
from PIL import Image, ImageCms

from tests.campaign.hostile.metadata import XMP, exif_block
from tests.imaging.test_raw import make_dng
from tests.support.photos import picture

_LARGEST_EXTRA = 60_000  # bytes of a file that is not ours: larger ones make slow rounds
_ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
"""First row, first column and their steps of each pass of an interlaced PNG (PNG, section 8.2)."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A sound file: what it is, the suffix it is read under, and its bytes."""

    name: str
    suffix: str
    content: bytes


def seeds(others: Path | None = None) -> list[Seed]:
    """Return the corpus, always in the same order; ``others`` is a folder whose files are added to it."""
    found = [*_jpegs(), *_pngs(), *_tiffs(), *_modern(), *_plain(), *_raws()]
    return found + (_of_folder(others) if others is not None else [])


def _of_folder(folder: Path) -> list[Seed]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        Seed(f"other {path.relative_to(folder)}", path.suffix.lower(), path.read_bytes())
        for path in files
        if 0 < path.stat().st_size <= _LARGEST_EXTRA
    ]


def _small(number: int, side: int = 48) -> Image.Image:
    return picture(number).resize((side, side * 3 // 4), Image.Resampling.BOX)


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def _srgb() -> bytes:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return (
        made[:24] + struct.pack(">6H", 2021, 5, 6, 7, 8, 9) + made[36:]
    )  # not now: a seed names the same files for good


def _jpegs() -> Iterator[Seed]:
    rich: dict[str, Any] = {"exif": exif_block(), "icc_profile": _srgb(), "xmp": XMP, "comment": b"a comment"}
    yield Seed("jpeg", ".jpg", _saved(_small(1), "JPEG", quality=70))
    yield Seed("jpeg rich", ".jpg", _saved(_small(2), "JPEG", **rich))
    yield Seed("jpeg progressive", ".jpg", _saved(_small(3), "JPEG", progressive=True, exif=exif_block()))
    yield Seed("jpeg grey", ".jpeg", _saved(_small(4).convert("L"), "JPEG"))
    yield Seed("jpeg cmyk", ".jpg", _saved(_small(5).convert("CMYK"), "JPEG"))
    large = picture(6).resize((720, 540))
    yield Seed("jpeg restarts", ".jpg", _saved(large, "JPEG", quality=40, restart_marker_rows=4))
    yield Seed("jpeg large progressive", ".jpg", _saved(large, "JPEG", quality=40, progressive=True))
    yield Seed("mpo", ".mpo", _saved(_small(7), "MPO", save_all=True, append_images=[_small(8)]))


def _pngs() -> Iterator[Seed]:
    image = _small(11)
    deep = Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    palette = image.quantize(16)
    yield Seed("png", ".png", _saved(image, "PNG", exif=exif_block(), icc_profile=_srgb(), pnginfo=_texts()))
    yield Seed("png alpha", ".png", _saved(image.convert("RGBA"), "PNG"))
    yield Seed("png deep", ".png", _saved(deep, "PNG"))
    yield Seed("png palette", ".png", _saved(palette, "PNG", transparency=bytes(range(16))))
    yield Seed("png bits", ".png", _saved(image.convert("1"), "PNG"))
    yield Seed("png grey key", ".png", _saved(image.convert("L"), "PNG", transparency=7))
    yield Seed("png interlaced", ".png", interlaced_png(np.asarray(image)))
    frames = [_small(number) for number in range(12, 15)]
    yield Seed("apng", ".png", _saved(image, "PNG", save_all=True, append_images=frames, duration=50))


def _texts() -> Any:
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Comment", "words", zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=False)
    texts.add_text("Raw profile type exif", "\nexif\n8\n4578696600004d4d")
    return texts


def interlaced_png(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return pixels of shape (height, width, 3) as a PNG in seven passes, which Pillow cannot write."""
    height, width = pixels.shape[:2]
    rows = b"".join(
        b"\0" + row.tobytes() for top, left, down, right in _ADAM7 for row in pixels[top::down, left::right] if row.size
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def _tiffs() -> Iterator[Seed]:
    image = _small(21)
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "lzma", "zstd"):
        with suppress(OSError, ValueError):  # what this libtiff was built without
            yield Seed(f"tiff {compression}", ".tif", _saved(image, "TIFF", compression=compression, dpi=(72, 72)))
    yield Seed("tiff fax", ".tif", _saved(image.convert("1"), "TIFF", compression="group4"))
    yield Seed("tiff cmyk", ".tif", _saved(image.convert("CMYK"), "TIFF", icc_profile=_srgb()))
    yield Seed("tiff lab", ".tif", _saved(_lab(image), "TIFF"))
    yield Seed("tiff palette", ".tif", _saved(image.quantize(16), "TIFF"))
    yield Seed("tiff pages", ".tiff", _saved(image, "TIFF", save_all=True, append_images=[_small(22)]))
    pixels = np.asarray(image)
    values = np.asarray(image.convert("F"))
    yield Seed("tiff big", ".tif", _tiff(pixels, bigtiff=True))
    yield Seed("tiff motorola", ".tif", _tiff(pixels, byteorder=">"))
    yield Seed("tiff tiled", ".tif", _tiff(pixels, tile=(16, 16)))
    yield Seed("tiff planes", ".tif", _tiff(np.moveaxis(pixels, 2, 0).copy(), planarconfig="separate"))
    yield Seed("tiff deep", ".tif", _tiff(pixels.astype(np.uint16) * 257))
    yield Seed("tiff deep grey", ".tif", _tiff((values * 257).astype(np.uint16)))
    yield Seed("tiff float", ".tif", _tiff(values / 255))
    yield Seed("tiff zlib predicted", ".tif", _tiff(pixels, compression="zlib", predictor=2))


def _lab(image: Image.Image) -> Image.Image:
    transform = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    converted = ImageCms.applyTransform(image, transform)
    assert converted is not None
    del converted.info["icc_profile"]  # it has the time of day
    return converted


def _tiff(pixels: npt.NDArray[Any], *, compression: str | None = None, **options: Any) -> bytes:
    stream = io.BytesIO()
    layout = {key: options.pop(key) for key in ("bigtiff", "byteorder") if key in options}
    with suppress(ImportError), tifffile.TiffWriter(stream, **layout) as writer:
        shown = "rgb" if pixels.ndim == 3 else "minisblack"
        writer.write(pixels, photometric=shown, compression=compression, metadata=None, **options)
    return stream.getvalue()


def _modern() -> Iterator[Seed]:
    image, frames = _small(31, 64), [_small(number, 64) for number in range(32, 34)]
    rich: dict[str, Any] = {"exif": exif_block(), "icc_profile": _srgb(), "xmp": XMP}
    yield Seed("webp", ".webp", _saved(image, "WEBP", **rich))
    yield Seed("webp lossless", ".webp", _saved(image.convert("RGBA"), "WEBP", lossless=True))
    yield Seed("webp moving", ".webp", _saved(image, "WEBP", save_all=True, append_images=frames))
    yield Seed("jpeg 2000", ".jp2", _saved(image, "JPEG2000", quality_layers=[40, 10]))
    yield Seed("jpeg 2000 tiled", ".j2k", _saved(image, "JPEG2000", tile_size=(16, 16), no_jp2=True))
    yield Seed("jpeg 2000 large", ".jp2", _saved(picture(36).resize((640, 480)), "JPEG2000", quality_layers=[80]))
    with suppress(KeyError, OSError):  # a Pillow without AVIF
        still = _saved(image, "AVIF", speed=10, quality=50, **rich)
        yield Seed("avif", ".avif", still)
        yield Seed("avif alpha", ".avif", _saved(image.convert("RGBA"), "AVIF", speed=10, quality=50))
        moving = _saved(image, "AVIF", speed=10, save_all=True, append_images=frames)
        yield Seed("avif moving", ".avifs", _of_no_time(moving))
        yield Seed("heif", ".heic", still.replace(b"avif", b"heic", 1).replace(b"avif", b"mif1", 1))


def _of_no_time(content: bytes) -> bytes:
    """Return a film without the times of its making (ISO/IEC 14496-12, version 1 of its header boxes)."""
    timeless = bytearray(content)
    for name in (b"mvhd", b"tkhd", b"mdhd"):
        at = content.find(name)
        while at >= 0:
            timeless[at + 8 : at + 24] = bytes(16)
            at = content.find(name, at + 1)
    return bytes(timeless)


def _plain() -> Iterator[Seed]:
    image, frames = _small(41), [_small(number) for number in range(42, 45)]
    yield Seed("gif", ".gif", _saved(image.quantize(32), "GIF", comment=b"words"))
    yield Seed("gif moving", ".gif", _saved(image, "GIF", save_all=True, append_images=frames, duration=40))
    for mode in ("RGB", "P", "1", "RGBA", "L"):
        yield Seed(f"bmp {mode}", ".bmp", _saved(image.quantize(16) if mode == "P" else image.convert(mode), "BMP"))
    yield Seed("bmp runs", ".bmp", _run_lengths(image.quantize(16)))
    yield Seed("pbm", ".pbm", _saved(image.convert("1"), "PPM"))
    yield Seed("pgm", ".pgm", _saved(image.convert("L"), "PPM"))
    yield Seed("ppm", ".ppm", _saved(image, "PPM"))
    yield Seed("ppm in words", ".ppm", _in_words(image.resize((12, 9))))
    yield Seed("ico", ".ico", _saved(image, "ICO", sizes=[(32, 32)]))
    yield Seed("jxl", ".jxl", b"\xff\x0a" + bytes(range(200)))


def _run_lengths(image: Image.Image) -> bytes:
    """Return an 8-bit BMP whose rows are runs (BITMAPINFOHEADER, BI_RLE8)."""
    pixels = np.asarray(image)[::-1]
    rows = b"".join(b"".join(bytes((1, level)) for level in row.tolist()) + b"\0\0" for row in pixels) + b"\0\1"
    colours = bytes((image.getpalette() or [])[:48]).ljust(1024, b"\0")
    start = 14 + 40 + len(colours)
    header = struct.pack("<IiiHHIIiiII", 40, image.width, image.height, 1, 8, 1, len(rows), 2835, 2835, 256, 0)
    return struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start) + header + colours + rows


def _in_words(image: Image.Image) -> bytes:
    levels = " ".join(map(str, np.asarray(image).ravel().tolist()))
    return f"P3\n# made in words\n{image.width} {image.height}\n255\n{levels}\n".encode()


def _raws() -> Iterator[Seed]:
    image = picture(51).resize((96, 64))
    preview = _saved(picture(51).resize((320, 240)), "JPEG", exif=exif_block(), quality=40)
    yield Seed("raw", ".dng", make_dng(image))
    yield Seed("raw with preview", ".dng", make_dng(image, preview=preview))
    yield Seed("raw called otherwise", ".nef", make_dng(image, orientation=6))
    for magic in (b"FUJIFILMCCD-RAW 0201FF383501", b"IIRO", b"IIU\0", b"FOVb", b"\0MRM", b"II\x1a\0\0\0HEAPCCDR"):
        yield Seed(f"raw {magic[:4]!r}", ".raf", magic + preview[:2000] + bytes(range(256)) * 4)
