"""Installing and removing model packs.

::

    URL ─fetching─▶ zip ─┐
    zip ─────────────────┼─archive, sources─▶ staging folder ─try every network─▶ rename into the user's models
    folder ──────────────┘

A pack is foreign: nothing of it is believed, only files that its ``pack.toml`` names are taken, and until all of it is
verified it lies in a staging folder of ``workshop``, which is swept whatever happens. Its networks and tokenizer are
tried in a process of their own, which may crash, hang or grow without harm.
"""

from photofind.core.packs.installing import install_pack
from photofind.core.packs.progress import InstallStopped, PackProgress
from photofind.core.packs.removing import remove_pack

__all__ = ["InstallStopped", "PackProgress", "install_pack", "remove_pack"]
