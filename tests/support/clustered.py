"""Small libraries whose index has many inverted lists, which the product makes only of large ones."""

from __future__ import annotations

import numpy as np

from photofind.core.vectors import building
from photofind.core.vectors.rows import RowReader
from tests.support.handmade import DIMENSION, Handmade, no_check


def cluster(library: Handmade, nlist: int) -> None:
    """Train the library's index anew with so many lists, whatever its size; all vectors are sealed."""
    state = library.state()
    dead = np.zeros(state.next_vid, np.bool_)
    dead[list(state.dead)] = True
    with RowReader(library.row_path, DIMENSION, state.next_vid) as rows:
        epoch = building.train_epoch(library.folder, rows, np.flatnonzero(~dead), nlist, no_check)
        spans = building.spans_of(0, state.next_vid)
        segments = building.build_segments(library.folder, epoch, rows, spans, dead, no_check)
    with library.catalog.transaction():
        library.catalog.vectors.set_epoch(library.pack.id, epoch, segments)
