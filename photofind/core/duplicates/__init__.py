"""Copies of pictures: found, explained, grouped, and never acted on here.

::

    embeddings ──joining──┐                                                     ┌─keeping──▶ suggestions
    thumbnails ──hashing──┴─▶ candidates ──comparing──▶ pairs ──grouping──▶ groups ─planning─▶ plan

``finding`` is the left half, up to the pairs: it writes them into a cache beside the library (``duplicates.db``), and
only new photos are compared with all others. ``reading`` makes groups of them, by the user's threshold and without what
the user has said to be no duplicates. ``calibration`` says what scores mean; ``exporting`` and ``wording`` put groups
and suggestions into text. What a plan does to files is the business of :mod:`photofind.core.actions`.
"""
