"""Copies of pictures: found, explained, grouped, and never acted on here.

::

    embeddings ──joining──┐
    thumbnails ──hashing──┴─▶ candidate pairs ──comparing──▶ evidence ──▶ duplicates.db ──grouping──▶ groups ──keeping──▶ suggestions

``finding`` is the left half: it writes what it finds into a cache beside the library, and only new photos are compared
with all others. ``reading`` is the right half: it makes groups of what was found, by the user's threshold and without
what the user has said to be no duplicates.
"""
