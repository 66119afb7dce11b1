"""One photo in full, laid over the grid: the picture, its neighbours, what is known about it.

::

    PreviewPane ─┬─ tool row
                 ├─ ImageView ── Viewport (where the picture lies), RegionBand (a rectangle being drawn)
                 ├─ DetailsPanel
                 ├─ Filmstrip ── TileSource (thumbnails, already in memory)
                 └─ PictureLoader ── a thread with its own Library: record → picture → details → the neighbours

The pane decides which photo is current; everything else is told. Only the loader's thread reads the disk.
"""
