"""Networks of foreign packs, run in processes apart: what they do to a process, they do to none that anybody misses.

::

    who searches ──encode──▶ ApartTextEncoder, ApartImageEncoder ──ask──▶ PackProcess ──▶ serve (the child) ──▶ network
                                                                              ▲ ◀─begun, then a vector or a sentence─┘
                                                                              └── ends a child that hangs or grows

A pack is tried when it is installed, but a network may be harmless to what it is tried on and hang, or fill the memory,
over a word that it waits for. So who searches runs in its own process only the networks that come with photofind. A
child is kept for the next query; one that was ended is followed by another.
"""

from photofind.core.encoders.apart.encoding import ApartImageEncoder, ApartTextEncoder
from photofind.core.encoders.apart.limits import PackLimits

__all__ = ["ApartImageEncoder", "ApartTextEncoder", "PackLimits"]
