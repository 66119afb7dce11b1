"""Where photos of files are decoded for somebody who waits: in this process, or in one apart.

Whoever decodes for a user takes a :class:`Pictures`. A command that ends by itself decodes in its own process; a window
must outlive every file and takes :class:`photofind.core.imaging.apart.PictureReader`.
"""

from __future__ import annotations

from typing import Protocol

from photofind.core.imaging.decode import DecodedPhoto
from photofind.core.imaging.limits import DecodeLimits
from photofind.core.imaging.loaded import Header
from photofind.core.imaging.viewing import decode_file, decode_part, header_of_file
from photofind.core.progress import Control
from photofind.core.records import Part


class GivenUpError(Exception):
    """Nobody waits for the picture any more: its ``control`` was stopped."""


class Pictures(Protocol):
    """Decodes files, from any thread."""

    def decode(
        self,
        path: str,
        *,
        limits: DecodeLimits,
        working_area: int,
        part: Part | None = None,
        control: Control | None = None,
    ) -> DecodedPhoto:
        """Decode a photo or a part of it; see ``decode_file`` and ``decode_part`` for the parameters.

        Parameters
        ----------
        control
            Stopped when the picture is not wanted any more; whoever can, then ends the work early.

        Raises
        ------
        PhotoError
            When it cannot become a picture.
        OSError
            When the system refuses to open it.
        GivenUpError
            When ``control`` was stopped, never without one.
        """
        ...

    def header(self, path: str, *, limits: DecodeLimits, control: Control | None = None) -> Header:
        """Return what a photo's file says of it without being decoded; raises what :meth:`decode` does."""
        ...


class PicturesInPlace:
    """Decodes in this process and thread; what a file does to a decoder, it does to the caller."""

    def decode(
        self,
        path: str,
        *,
        limits: DecodeLimits,
        working_area: int,
        part: Part | None = None,
        control: Control | None = None,
    ) -> DecodedPhoto:
        """Decode a photo or a part of it; nothing can end that early."""
        del control
        if part is None:
            return decode_file(path, limits=limits, working_area=working_area)
        return decode_part(path, part, limits=limits, working_area=working_area)

    def header(self, path: str, *, limits: DecodeLimits, control: Control | None = None) -> Header:
        """Return what the file says."""
        del control
        return header_of_file(path, limits=limits)


IN_PLACE = PicturesInPlace()
"""The one that is used where nobody says otherwise."""
