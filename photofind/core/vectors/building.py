"""Making index files from the row store: train an epoch, encode rows into a segment, merge segments.

Long work calls ``check`` between its steps, so that the caller can raise to cancel; half-made files carry names that
the catalog never learnt and are collected as garbage.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from photofind.core.errors import LibraryDamagedError, StorageError
from photofind.core.private_files import PRIVATE_FOLDER
from photofind.core.records import Epoch, Segment
from photofind.core.vectors.drawing import draw
from photofind.core.vectors.drift import SAMPLE, fit_of
from photofind.core.vectors.files import (
    MappedFile,
    epoch_folder,
    sync_folder,
    trained_file,
    write_durably,
)
from photofind.core.vectors.rows import RowReader
from photofind.core.vectors.rule import FEWEST_A_LIST, MAX_SEGMENT, training_rows
from photofind.core.vectors.segments import write_segment

Check = Callable[[], None]

Note = Callable[[int], None]
"""Is told how many vectors a step went through."""

_KMEANS_ROUNDS = 10
_SEED = 20
_CHUNK = 4_096
_LOOK_EACH = 256
_WINDOW = 4_096
"""The next centroid is sought among so many: with 65,536 of them, seconds instead of minutes."""
_APART = 20
"""One of so many at least stays out of the training, up to as many as are looked at."""


def nothing(count: int) -> None:
    """Take note of nothing."""
    del count


def train_epoch(
    library: Path,
    rows: RowReader,
    live: npt.NDArray[np.int64],
    nlist: int,
    check: Check,
    per_list: int = 64,
    note: Note = nothing,
) -> Epoch:
    """Train the coarse quantizer and the SQ8 ranges on a sample of the live vids, ``per_list`` a list; write it.

    Others stay out, to tell how well it fits what it was not trained on: what drift is measured against later, and what
    recall is measured with.
    ``note`` is told how many vectors each step went through, see :func:`training_work`.
    """
    sample, apart, first_out = draw(live, training_size(len(live), nlist, per_list), SAMPLE)
    vectors = _finite(rows, sample)
    index = _empty_index(_centroids(vectors, nlist, check, note), rows.dimension, nlist)
    index.train(vectors)
    fit = fit_of(index, _finite(rows, apart))
    epoch_id = uuid.uuid4().hex
    _make_folder(epoch_folder(library, epoch_id))
    size, sha256 = write_durably(trained_file(library, epoch_id), lambda w: faiss.write_index(index, w))
    epoch = Epoch(epoch_id, nlist, len(live), size, sha256, time.time(), int(live[-1]) + 1, first_out)
    return replace(epoch, distance=fit.distance, clipped=fit.clipped) if fit is not None else epoch


def training_work(live: int, nlist: int, per_list: int) -> int:
    """Return how many vectors :func:`train_epoch` will go through, those of each round of k-means."""
    return _KMEANS_ROUNDS * training_size(live, nlist, per_list)


def training_size(live: int, nlist: int, per_list: int) -> int:
    """Return how many of the ``live`` vectors :func:`train_epoch` trains on: no more than half, if that will do.

    What has one list only is found wherever it lies: then a few that stay out are enough.
    """
    most = live - min(SAMPLE, live // _APART)
    enough = most if nlist == 1 else max(FEWEST_A_LIST * nlist, live // 2)
    return min(training_rows(nlist, per_list), enough, most)


def build_segments(
    library: Path,
    epoch: Epoch,
    rows: RowReader,
    spans: Sequence[tuple[int, int]],
    dead: npt.NDArray[np.bool_],
    check: Check,
    note: Note = nothing,
) -> list[Segment]:
    """Encode the live rows of each span of vids into a segment of the epoch.

    ``dead`` flags every vid of the row store, shape (count,). ``note`` is told of the rows that were read.
    """
    trained = MappedFile.trained(library, epoch)
    segments = []
    for first, end in spans:
        index = faiss.clone_index(trained.content)
        for start, block in rows.blocks(first, end, _CHUNK):
            check()
            vids = np.flatnonzero(~dead[start : start + len(block)])
            if vids.size:
                index.add_with_ids(block[vids].astype(np.float32), vids + start)
            note(len(block))
        segments.append(_write_segment(library, epoch, index.invlists, first, end))
    return segments


def spans_of(first: int, end: int) -> list[tuple[int, int]]:
    """Cut a range of vids into spans of at most :data:`MAX_SEGMENT`."""
    return [(start, min(start + MAX_SEGMENT, end)) for start in range(first, end, MAX_SEGMENT)]


def _centroids(vectors: npt.NDArray[np.float32], nlist: int, check: Check, note: Note) -> Any:
    dimension = vectors.shape[1]
    quantizer = faiss.IndexFlatIP(dimension)
    clustering = faiss.Clustering(dimension, nlist)
    clustering.niter = 1  # one round at a time, so that a stop is noticed; a round starts from the last one's result
    clustering.spherical = True
    clustering.seed = _SEED
    clustering.min_points_per_centroid = 1
    clustering.max_points_per_centroid = max(256, len(vectors) // nlist + 1)
    for _ in range(_KMEANS_ROUNDS):
        check()
        clustering.train(vectors, quantizer)
        note(len(vectors))
    return _neighbours_together(quantizer, check)


def _neighbours_together(quantizer: Any, check: Check) -> Any:
    """Return the centroids in an order in which each is followed by the nearest of those left.

    What a query probes then lies together in a segment: its search has a third fewer places to read, and as many fewer
    pages to map, which at a million photos takes a tenth of its time.
    """
    left = quantizer.reconstruct_n(0, quantizer.ntotal)
    for place in range(len(left) - 1):  # what is placed stands in front, what is left behind it
        if place % _LOOK_EACH == 0:
            check()
        nearest = place + 1 + int(np.argmax(left[place + 1 : place + 1 + _WINDOW] @ left[place]))
        left[[place + 1, nearest]] = left[[nearest, place + 1]]
    ordered = faiss.IndexFlatIP(quantizer.d)
    ordered.add(left)
    return ordered


def _finite(rows: RowReader, vids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    vectors = rows.get(vids).astype(np.float32)
    if not np.isfinite(vectors).all():
        raise LibraryDamagedError("Some stored embeddings are no numbers; run `photofind doctor` on this library.")
    return vectors


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(PRIVATE_FOLDER)
        sync_folder(folder.parent)
    except OSError as error:
        raise StorageError(
            f"Cannot make {folder}: {error.strerror or error}. Free some space or reconnect that disk."
        ) from error


def _empty_index(quantizer: Any, dimension: int, nlist: int) -> Any:
    return faiss.IndexIVFScalarQuantizer(
        quantizer, dimension, nlist, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )


def _write_segment(library: Path, epoch: Epoch, lists: Any, first: int, end: int) -> Segment:
    sizes = [lists.list_size(number) for number in range(lists.nlist)]
    parts = (_parts(lists, number, size) for number, size in enumerate(sizes))
    return write_segment(library, epoch, (first, end), lists.code_size, sizes, parts)


def _parts(lists: Any, number: int, size: int) -> Iterator[npt.NDArray[np.generic]]:
    if size:
        yield faiss.rev_swig_ptr(lists.get_codes(number), size * lists.code_size)
        yield faiss.rev_swig_ptr(lists.get_ids(number), size)
