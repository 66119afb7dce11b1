"""What decoders raise, and what that means for the user."""

from __future__ import annotations

import errno
import struct
import zlib

from PIL import Image

from photofind.core.errors import DamagedPhotoError, OversizedPhotoError, PhotoError, UnreadablePhotoError
from photofind.core.imaging.limits import DecodeLimits, too_many_pixels

JUNK_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    struct.error,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What Pillow's parsers have been seen to raise on damaged input, for places where the damage does no harm."""

# A damaged file sends its reader to offsets that do not exist; the system then complains about the request.
_OUR_REQUEST = frozenset({errno.EINVAL, errno.EOVERFLOW})
_CUT_SHORT = ("truncated", "end of file", "not enough data", "unexpected end", "premature end", "eof")


def as_photo_error(error: Exception, limits: DecodeLimits) -> PhotoError:
    """Return the row of the error list that stands for whatever a decoder has raised."""
    if isinstance(error, PhotoError):
        return error
    refused = _system_error(error)
    if refused is not None:
        return UnreadablePhotoError(f"the file cannot be read: {refused.strerror or refused}")
    if isinstance(error, MemoryError):
        return OversizedPhotoError("decoding it takes more memory than there is")
    if isinstance(error, Image.DecompressionBombError):
        return too_many_pixels("a frame of many pixels", limits)
    text = str(error)
    if "MAX_TEXT" in text:
        return OversizedPhotoError("the texts inside the picture are larger than any real ones")
    if isinstance(error, EOFError) or any(sign in text.lower() for sign in _CUT_SHORT):
        return DamagedPhotoError("the picture is cut short")
    return DamagedPhotoError("the picture is damaged")


def _system_error(error: BaseException) -> OSError | None:
    """Return the system's refusal behind ``error``, if there is one.

    Pillow raises OSError for damaged data too, but only the system's own errors carry a number. Plugins wrap what
    the file raises, so the whole chain is searched.
    """
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, OSError) and link.errno is not None and link.errno not in _OUR_REQUEST:
            return link
        link = link.__cause__ or link.__context__
    return None
