"""Any picture becomes 8-bit sRGB: depth, palette, transparency and colour profile are settled here."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

from photofind.core.imaging.depth import eight_bits
from photofind.core.imaging.geometry import largest_reduction

_BACKDROP = 128
"""Grey level behind transparent pixels: neither the black nor the white that pictures without content have."""

_SIXTEEN_BITS = frozenset({"I;16", "I;16B", "I;16L", "I;16N"})
_PROFILE_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
_INVISIBLE = 3
"""Levels of 256 by which a profile may differ from sRGB and still count as sRGB."""


def to_srgb(image: Image.Image, working_area: int) -> Image.Image:
    """Return ``image`` as 8-bit sRGB, reduced by a whole number as far as ``working_area`` pixels allow.

    The reduction averages blocks and comes as early as the mode permits, so that all colour work happens on the
    small picture. Transparent pixels are put over mid-grey. The image's own ``info`` supplies its ICC profile.

    Returns
    -------
    Image.Image
        Mode RGB, at least ``working_area`` pixels if the picture had them, at most about four times as many.
    """
    profile = image.info.get("icc_profile")
    small = _reduced(_averageable(image), working_area)
    small, alpha = _split_alpha(eight_bits(small))
    colour = _profiled(small, profile) if isinstance(profile, bytes) and profile else None
    if colour is None:
        colour = small if small.mode == "RGB" else small.convert("RGB")
    if alpha is not None:
        colour = Image.composite(colour, Image.new("RGB", colour.size, (_BACKDROP,) * 3), alpha)
    return _bare(colour)


def _averageable(image: Image.Image) -> Image.Image:
    """Return ``image`` in a mode whose neighbouring values may be averaged, transparency made a channel."""
    if image.mode in _SIXTEEN_BITS:
        return eight_bits(image)
    if image.mode in ("P", "PA", "1", "L", "RGB") and "transparency" in image.info:
        return _keyed(image)
    if image.mode == "PA":
        return image.convert("RGBA")
    if image.mode == "P":
        return image.convert("RGB")
    return image.convert("L") if image.mode == "1" else image


def _keyed(image: Image.Image) -> Image.Image:
    key = image.info["transparency"]
    if image.mode == "RGB" and isinstance(key, tuple):
        # A 16-bit PNG is decoded to its high bytes, its key colour is not.
        shift = 8 if max(key) > 255 else 0
        image.info["transparency"] = tuple(level >> shift for level in key)
    return image.convert("RGBA")


def _reduced(image: Image.Image, working_area: int) -> Image.Image:
    factor = largest_reduction(image.size, working_area)
    return image if factor == 1 else image.reduce(factor)


def _split_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    if image.mode in ("La", "RGBa"):  # premultiplied
        image = image.convert(image.mode[:-1] + "A")
    if image.mode in ("LA", "RGBA"):
        return image.convert(image.mode[:-1]), image.getchannel("A")
    return (image.convert("RGB") if image.mode in ("RGBX", "YCbCr", "HSV") else image), None


def _profiled(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Return ``image`` in sRGB according to its ICC ``profile``, or None when the profile has no say in it."""
    plan = _transform(profile, image.mode)
    if plan is None:
        return None
    mode, transform = plan
    return transform.apply(image if image.mode == mode else image.convert(mode))


@lru_cache(maxsize=8)
def _transform(profile: bytes, mode: str) -> tuple[str, ImageCms.ImageCmsTransform] | None:
    """Return the mode that a profile describes and its transform to sRGB; None when it is broken, foreign or sRGB.

    The photos of a camera share their profile, so the few last ones are kept. Whether a profile is sRGB is tried on
    sample colours, for names promise much: "sRGB" profiles with other curves are about.
    """
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        described = _PROFILE_MODES.get(source.profile.xcolor_space.strip())
        # A grey picture may carry an RGB profile; the other mismatches are mistakes of whoever wrote the file.
        if described is None or (described != mode and (described, mode) != ("RGB", "L")):
            return None
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), described, "RGB")
        samples = _samples(described)
        changed = transform.apply(samples)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None
    if described in ("RGB", "L") and _same(samples.convert("RGB"), changed):
        return None
    return described, transform


def _samples(mode: str) -> Image.Image:
    levels = np.linspace(0, 255, 6).astype(np.uint8)
    if mode == "L":
        return Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    if mode == "RGB":
        cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1)
        return Image.fromarray(cube.reshape(1, -1, 3))
    return Image.new(mode, (1, 1))


def _same(one: Image.Image, other: Image.Image) -> bool:
    difference = np.asarray(one, dtype=np.int16) - np.asarray(other, dtype=np.int16)
    return int(np.abs(difference).max()) <= _INVISIBLE


def _bare(image: Image.Image) -> Image.Image:
    """Return ``image`` as a plain picture, without the file, the profile and the texts that it came with."""
    plain = image.copy() if type(image) is not Image.Image else image
    plain.info.clear()
    return plain
