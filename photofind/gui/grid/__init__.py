"""The grid of photos: a million cells by arithmetic, painted without delegates.

::

    PhotoGridModel (row → photo id, score, day)          TileSource (photo id → pixmap, from memory)
            │                                                     ▲ want(visible ids)   │ tiles_changed
            ▼                                                     │                     ▼
    PhotoGridView ── CellLayout (row ↔ rectangle) ── Selector, Pointer, keyboard ── TilePainter

The view is a ``QListView``, so that assistive technology sees a list, but nothing of Qt's own layout runs: every
geometry question is answered from ``CellLayout``. ``DateScrubber`` stands beside the scroll bar. No code here loops
over rows in Python except over the visible ones.
"""
