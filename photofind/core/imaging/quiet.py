"""Pillow's process-wide switches, set while photos are decoded and put back afterwards."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

_lock = threading.Lock()
_inside = 0
_filters: warnings.catch_warnings[None] | None = None
_bound: int | None = None


@contextmanager
def quiet_pillow(pixels: int) -> Iterator[None]:
    """Run a block in which Pillow warns of nothing and refuses pictures of more than twice ``pixels``.

    Pillow knows one pixel bound for the whole process, and some of its plugins check it while they load; at its
    default, a 200-megapixel phone photo is refused whatever our own limit says. Its warnings (odd metadata, large
    pictures) would reach the user's terminal. Both are global, so threads share one change: the first to enter
    makes it, the last to leave undoes it. Were each thread to save and restore on its own, their order could leave
    the change in place for good.
    """
    global _inside, _filters, _bound
    with _lock:
        if _inside == 0:
            _filters = warnings.catch_warnings()
            _filters.__enter__()
            warnings.simplefilter("ignore")
            _bound = Image.MAX_IMAGE_PIXELS
        Image.MAX_IMAGE_PIXELS = pixels
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0 and _filters is not None:
                Image.MAX_IMAGE_PIXELS = _bound
                _filters.__exit__(None, None, None)
                _filters = None
