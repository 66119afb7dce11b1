"""How much one file may ask for, checked before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from photofind.core.errors import OversizedPhotoError

_HEADER_FACTOR = 8
"""A picture that is decoded at a reduced scale may declare this many times the limit.

Its entropy-coded data is read in full even so; at eight times, that still ends within the time limit.
"""


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What one file may ask for: ``pixels`` that are decoded of it, ``file_bytes`` that it is long."""

    pixels: int
    file_bytes: int

    @classmethod
    def of(cls, *, megapixels: int, megabytes: int) -> Self:
        """Return the limits in the units that people set them in."""
        return cls(pixels=megapixels * 1_000_000, file_bytes=megabytes * 1_000_000)


def check_file_size(size: int, limits: DecodeLimits) -> None:
    """Raise OversizedPhotoError when a file of ``size`` bytes is longer than the limit."""
    if size > limits.file_bytes:
        raise OversizedPhotoError(
            f"the file has {_million(size)} MB, more than the limit of {_million(limits.file_bytes)} MB"
        )


def check_pixels(declared: tuple[int, int], limits: DecodeLimits, *, decoded: tuple[int, int] | None = None) -> None:
    """Raise OversizedPhotoError when a picture would fill more pixels than the limit.

    Parameters
    ----------
    declared
        Width and height in the header, in pixels.
    decoded
        Width and height that the decoder will really produce, if it scales while it decodes.
    """
    width, height = decoded or declared
    bound = limits.pixels * (1 if decoded is None else _HEADER_FACTOR)
    if width * height > limits.pixels or declared[0] * declared[1] > bound:
        raise too_many_pixels(f"{declared[0]} \N{MULTIPLICATION SIGN} {declared[1]} pixels", limits)


def too_many_pixels(found: str, limits: DecodeLimits) -> OversizedPhotoError:
    """Return the error for a picture with ``found`` pixels."""
    return OversizedPhotoError(f"{found}, more than the limit of {_million(limits.pixels)} megapixels")


def _million(amount: int) -> str:
    return f"{amount / 1e6:.3g}" if amount < 1e9 else f"{amount / 1e6:.0f}"
