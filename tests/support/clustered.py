"""Small libraries whose index has many inverted lists, which the product makes only of large ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from photofind.core.catalog import Catalog, Pack
from photofind.core.vectors import building
from photofind.core.vectors.rows import RowReader, row_file
from tests.support.handmade import Handmade, no_check


def cluster(library: Handmade, nlist: int) -> None:
    """Train the library's index anew with so many lists, whatever its size; all vectors are sealed."""
    cluster_pack(library.folder, library.catalog, library.pack, nlist)


def cluster_pack(folder: Path, catalog: Catalog, pack: Pack, nlist: int) -> None:
    """Train the index of a pack anew, as :func:`cluster` does."""
    dead = np.zeros(pack.next_vid, np.bool_)
    dead[catalog.vectors.dead(pack.id)] = True
    with RowReader(row_file(folder, pack.key), pack.dimension, pack.next_vid) as rows:
        epoch = building.train_epoch(folder, rows, np.flatnonzero(~dead), nlist, no_check)
        spans = building.spans_of(0, pack.next_vid)
        segments = building.build_segments(folder, epoch, rows, spans, dead, no_check)
    with catalog.transaction():
        catalog.vectors.set_epoch(pack.id, epoch, segments)
