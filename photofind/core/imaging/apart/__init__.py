"""Photos decoded in processes apart, so that a file that crashes its decoder costs no more than a sentence.

::

    any thread ──decode──▶ PictureReader ──lends──▶ DecoderProcess ──ask──▶ serve (the child) ──▶ viewing
                                │                        ▲   ◀──begun, pixels in strips or an error──┘
                                └── watch (a thread): ends what hangs, grows, is given up, or was idle for minutes

What a child says comes through its pipe, and so do the pixels: measured beside shared memory, they are as fast in
strips of a megabyte, and nothing is left in the system when either side is killed.
"""

from photofind.core.imaging.apart.limits import ApartLimits
from photofind.core.imaging.apart.reader import PictureReader

__all__ = ["ApartLimits", "PictureReader"]
