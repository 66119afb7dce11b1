from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

if TYPE_CHECKING:
    from tests.imaging.conftest import Decode, Difference, Encode

_GREY = (128, 128, 128)


# --- transparency -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF", "JPEG2000"])
def test_transparent_pixels_show_grey(kind: str, encode: Encode, decode: Decode) -> None:
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 255))
    image.paste((0, 255, 0, 0), (0, 0, 32, 64))
    image.paste((0, 0, 0, 128), (0, 48, 64, 64))
    options: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {"quality": 95} if kind == "AVIF" else {}
    found = decode(encode(image, kind, **options)).image
    assert np.allclose(np.asarray(found)[10, 10], _GREY, atol=2)
    assert np.allclose(np.asarray(found)[10, 50], (255, 0, 0), atol=6)
    assert np.allclose(np.asarray(found)[60, 50], (64, 64, 64), atol=3)


def test_hidden_colours_do_not_bleed_when_reduced(encode: Encode, decode: Decode) -> None:
    image = Image.new("RGBA", (1024, 1024), (0, 255, 0, 0))
    image.paste((255, 0, 0, 255), (513, 0, 1024, 1024))
    found = np.asarray(decode(encode(image, "PNG"), working_area=50_176).image).astype(int)
    assert found.shape == (256, 256, 3)
    assert (found[:, :, 1] <= 129).all()


def test_grey_with_alpha(encode: Encode, decode: Decode) -> None:
    image = Image.new("LA", (32, 32), (200, 255))
    image.paste((0, 0), (0, 0, 16, 32))
    found = decode(encode(image, "PNG")).image
    assert (found.getpixel((0, 0)), found.getpixel((31, 0))) == (_GREY, (200, 200, 200))


@pytest.mark.parametrize("mode", ["P", "L", "RGB", "1"])
def test_key_colours_are_transparent(mode: str, encode: Encode, decode: Decode) -> None:
    image = Image.new("RGB", (32, 32), "white")
    image.paste("black", (0, 0, 16, 32))
    keyed = image.convert(mode, palette=Image.Palette.ADAPTIVE) if mode == "P" else image.convert(mode)
    key = keyed.getpixel((0, 0))
    found = decode(encode(keyed, "PNG", transparency=key)).image
    assert (found.getpixel((0, 0)), found.getpixel((31, 0))) == (_GREY, (255, 255, 255))


def test_palettes_with_half_transparent_entries(encode: Encode, decode: Decode) -> None:
    image = Image.new("P", (32, 32), 0)
    image.putpalette([255, 255, 255, 0, 0, 0])
    image.paste(1, (0, 0, 16, 32))
    found = decode(encode(image, "PNG", transparency=b"\xff\x80")).image
    assert np.allclose(np.asarray(found)[0, 0], (64, 64, 64), atol=1)
    assert found.getpixel((31, 0)) == (255, 255, 255)


def test_sixteen_bit_key_values(decode: Decode, encode: Encode) -> None:
    values = np.full((8, 8), 30_000, np.uint16)
    values[:, :4] = 30_001  # the same level once it has 8 bits
    found = decode(_with_key(encode(Image.fromarray(values), "PNG"), struct.pack(">H", 30_001))).image
    assert found.getpixel((0, 0)) == _GREY
    assert found.getpixel((7, 0)) == (117, 117, 117)


# --- ink --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_ink_is_not_inverted(
    kind: str, small: Image.Image, encode: Encode, decode: Decode, difference: Difference
) -> None:
    # Pillow writes CMYK JPEGs as Adobe does: inverted, with a marker that says so.
    found = decode(encode(small.convert("CMYK"), kind)).image
    assert difference(found, small) < 5


def test_a_profile_for_ink_is_used(encode: Encode, decode: Decode) -> None:
    inks = ((120, 90, 60, 40), (10, 200, 90, 0))
    contents = [encode(Image.new("CMYK", (16, 16), ink), "JPEG", icc_profile=_pink_ink()) for ink in inks]
    one, other = (np.asarray(decode(content).image)[8, 8].astype(int) for content in contents)
    assert np.allclose(one, other, atol=2)
    # Which pink depends on how far the release of Little CMS trusts a profile without black.
    assert one[0] > one[2] + 25 > one[1] + 50


# --- profiles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_the_profile_decides_the_colours(kind: str, encode: Encode, decode: Decode) -> None:
    image = Image.new("RGB", (64, 64), (220, 20, 60))
    found = decode(encode(image, kind, icc_profile=_swapped(), quality=95)).image
    assert np.allclose(np.asarray(found)[32, 32], (20, 220, 60), atol=6)


def test_a_profile_applies_to_palettes_and_transparency(encode: Encode, decode: Decode) -> None:
    palette = Image.new("RGB", (64, 64), (220, 20, 60)).quantize(4)
    assert np.allclose(
        np.asarray(decode(encode(palette, "PNG", icc_profile=_swapped())).image)[9, 9], (20, 220, 60), atol=3
    )
    veiled = Image.new("RGBA", (64, 64), (220, 20, 60, 0))
    veiled.paste((220, 20, 60, 255), (32, 0, 64, 64))
    found = decode(encode(veiled, "PNG", icc_profile=_swapped())).image
    assert found.getpixel((0, 0)) == _GREY
    assert np.allclose(np.asarray(found)[0, 60], (20, 220, 60), atol=3)


def test_srgb_pixels_stay_as_they_are(
    small: Image.Image, encode: Encode, decode: Decode, difference: Difference
) -> None:
    assert difference(decode(encode(small, "PNG", icc_profile=_srgb())).image, small) == 0


def test_a_grey_profile(encode: Encode, decode: Decode) -> None:
    image = Image.new("L", (16, 16), 64)
    linear = decode(encode(image, "PNG", icc_profile=_linear_grey())).image
    assert np.allclose(np.asarray(linear)[0, 0], (137, 137, 137), atol=2)  # 64/255 of the light, in sRGB's curve


def test_a_grey_picture_with_a_colour_profile(encode: Encode, decode: Decode) -> None:
    image = Image.new("L", (16, 16), 64)
    found = decode(encode(image, "PNG", icc_profile=_srgb())).image
    assert np.allclose(np.asarray(found)[0, 0], (64, 64, 64), atol=2)


@pytest.mark.parametrize("spoil", ["text", "cut", "foreign"])
def test_a_useless_profile_is_ignored(
    spoil: str, small: Image.Image, encode: Encode, decode: Decode, difference: Difference
) -> None:
    profile = {"text": b"no profile" * 30, "cut": _swapped()[:200], "foreign": _pink_ink()}[spoil]
    assert difference(decode(encode(small, "PNG", icc_profile=profile)).image, small) == 0


def test_lab_tiff(decode: Decode) -> None:
    stream = io.BytesIO()
    lab = np.zeros((16, 16, 3), np.uint8)
    lab[..., 0] = 128  # half the lightness, no colour
    tifffile.imwrite(stream, lab, photometric="cielab")
    assert np.allclose(np.asarray(decode(stream.getvalue()).image)[0, 0], (119, 119, 119), atol=4)


# --- profiles made by hand (ICC.1:2022, clauses 7 to 10) ----------------------------------------------------------


def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _rename_tags(profile: bytes, names: dict[bytes, bytes]) -> bytes:
    result = bytearray(profile)
    for entry in range(struct.unpack_from(">I", profile, 128)[0]):
        at = 132 + 12 * entry
        name = bytes(profile[at : at + 4])
        result[at : at + 4] = names.get(name, name)
    return bytes(result)


def _swapped() -> bytes:
    """sRGB with red and green exchanged, so that nobody can ignore it unseen."""
    return _rename_tags(_srgb(), {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"})


def _profile(space: bytes, connection: bytes, kind: bytes, tags: dict[bytes, bytes]) -> bytes:
    at = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, value in tags.items():
        padded = value + b"\0" * (-len(value) % 4)
        table += struct.pack(">4sII", name, at + len(body), len(value))
        body += padded
    header = bytearray(_srgb()[:128])
    header[12:16], header[16:20], header[20:24] = kind, space, connection
    struct.pack_into(">I", header, 0, at + len(body))
    struct.pack_into(">I", header, 8, 0x02400000)
    return bytes(header) + table + body


def _linear_grey() -> bytes:
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    return _profile(b"GRAY", b"XYZ ", b"mntr", {b"wtpt": white, b"kTRC": b"curv\0\0\0\0" + struct.pack(">I", 0)})


def _pink_ink() -> bytes:
    """Ink of which any mixture is the same pink."""
    identity = struct.pack(">9i", *(0x10000 if row == column else 0 for row in range(3) for column in range(3)))
    ramp = bytes(range(256))
    lut = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + identity + ramp * 4 + bytes((150, 178, 128)) * 16 + ramp * 3
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    return _profile(b"CMYK", b"Lab ", b"prtr", {b"wtpt": white, b"A2B0": lut})


def _with_key(png: bytes, key: bytes) -> bytes:
    """Return a PNG with a tRNS chunk after its header."""
    from zlib import crc32

    chunk = b"tRNS" + key
    return png[:33] + struct.pack(">I", len(key)) + chunk + struct.pack(">I", crc32(chunk)) + png[33:]
