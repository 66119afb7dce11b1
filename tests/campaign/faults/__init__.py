"""Disks that are full, read-only or failing: every way in which the program writes, with a fault at every call.

::

    scene, undisturbed ──▶ so many calls ──▶ for call N: the scene with a fault there ──▶ how did it end?
        ──▶ is the library sound, is all there that was committed, are the user's files whole?
        ──▶ the same once more on a sound disk, an update ──▶ as if nothing had been?

``--set scene=NAME`` plays one scene only, ``--set round=N`` one round of those that the seed gives.
"""
