"""What a search is made of; ``photofind.core.search`` puts it together.

::

    image terms ──images──▶ unit vectors ─┐
    texts ──texts──▶ vectors, concepts,   ├─composing──▶ Composition ──ranking──▶ scored vids ──▶ hits
              colours, what is said ──────┘                                          ▲
    filters ──allowed──▶ photos and vids that may be hits ───────────────────────────┘
"""
