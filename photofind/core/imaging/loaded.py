"""What every decoder hands over: pixels as they came out of the file, and what the file says about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from PIL import Image

from photofind.core.imaging.exif import NO_EXIF, ExifFacts, exif_facts
from photofind.core.imaging.exposure import NO_EXPOSURE, Exposure, exposure_of
from photofind.core.imaging.geometry import upright_size


@dataclass(frozen=True, slots=True)
class Loaded:
    """A decoded but unfinished picture.

    ``image`` may have any mode, its ICC profile in ``info`` and a size below the full one. ``size`` is the full
    picture's, before ``exif.orientation``, which still has to be applied (1 if the decoder did).
    """

    image: Image.Image
    format: str
    size: tuple[int, int]
    exif: ExifFacts


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says without being decoded; ``size`` is the upright picture's, ``exif.orientation`` as it stands."""

    format: str
    size: tuple[int, int]
    exif: ExifFacts
    exposure: Exposure

    @classmethod
    def of(cls, name: str, size: tuple[int, int], exif: Image.Exif | None, *, is_turned: bool) -> Self:
        """Take the facts out of an EXIF structure; ``size`` is turned by its orientation unless it is so already."""
        if exif is None:
            return cls(name, size, NO_EXIF, NO_EXPOSURE)
        facts = exif_facts(exif)
        return cls(name, size if is_turned else upright_size(size, facts.orientation), facts, exposure_of(exif))
