"""Looking through inverted lists for candidates: all segments by one call of faiss, in whole numbers.

faiss unpacks each code to floats before it multiplies, which takes most of a query's time. The score of a vector with
codes c (8 bits a component, see ``ScalarQuantizer.cpp``: ``QT_8bit``) in a list whose centroid scores s is

    s + Σ q (low + width (c + ½) / 255)  =  s + Σ q (low + 128.5 width / 255) + Σ w (c - 128),  w = q width / 255

Only the last sum differs inside a list. Its weights w are rounded to whole numbers of -127 … 127 steps, and faiss'
``QT_8bit_direct_signed``, which reads a code as c - 128, does the rest by integer instructions. The rounding misplaces
a vector by less than the 8 bits of its code do: of a million vectors, the same of ten neighbours are found among 40
candidates, in two thirds of the time.

The lists of all segments stand behind each other as those of one index: number ``l`` of segment ``s`` is
``s * nlist + l``. A call per segment, each with its own heap, took 30 µs more for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from photofind.core.records import Embedding
from photofind.core.vectors.coarse import CoarseSearch, in_steps
from photofind.core.vectors.files import MappedFile
from photofind.core.vectors.segments import MappedSegment

_LEVELS = np.float32(255)
_MIDDLE = np.float32(128.5)


class ListScanner:
    """The inverted lists of some segments, of which there is at least one; ``trained`` is the epoch's empty index."""

    def __init__(self, trained: MappedFile, coarse: CoarseSearch, segments: Sequence[MappedSegment]) -> None:
        self._held = (trained, *segments)  # what the index below points into
        self._unverified = [segment for segment in segments if segment.is_verified_by_lists]
        index = trained.content
        ranges = faiss.vector_to_array(index.sq.trained)
        low, width = ranges[: index.d], ranges[index.d :]
        self._width = width / _LEVELS
        self._offsets = low + _MIDDLE * self._width
        self._coarse = coarse
        self._firsts = np.arange(len(segments), dtype=np.int64)[:, None] * index.nlist
        self._lists = faiss.InvertedListsPtrVector()
        for segment in segments:
            self._lists.push_back(segment.content)
        self._stacked = faiss.VStackInvertedLists(self._lists.size(), self._lists.data())
        self._index = faiss.IndexIVFScalarQuantizer(
            index.quantizer,
            index.d,
            len(segments) * index.nlist,
            faiss.ScalarQuantizer.QT_8bit_direct_signed,
            faiss.METRIC_INNER_PRODUCT,
        )
        self._index.own_fields = False
        self._index.is_trained = True
        self._index.replace_invlists(self._stacked, False)
        self._index.ntotal = sum(segment.content.compute_ntotal() for segment in segments)

    def candidates(self, query: Embedding, count: int, nprobe: int, selector: Any) -> npt.NDArray[np.int64]:
        """Return the best ``count`` vids in the ``nprobe`` nearest lists of each segment, sorted; fewer if there are.

        Parameters
        ----------
        query
            Unit vector, shape (dimension,).
        selector
            faiss' selector of the vids that count.

        Raises
        ------
        DamagedIndexError
            When one of these lists is not what was written.
        """
        faiss.omp_set_num_threads(1)  # per calling thread: a query is too short to be worth waking others
        centroid_scores, lists = self._coarse.nearest(query, nprobe)
        for segment in self._unverified:
            segment.verify_lists(lists)
        steps, step = in_steps(query * self._width)
        bases = (centroid_scores + np.dot(query, self._offsets)) / step
        return self._scan(steps, count, (lists + self._firsts).ravel(), np.tile(bases, len(self._firsts)), selector)

    def _scan(
        self,
        steps: npt.NDArray[np.float32],
        count: int,
        lists: npt.NDArray[np.int64],
        bases: npt.NDArray[np.float32],
        selector: Any,
    ) -> npt.NDArray[np.int64]:
        vids = np.empty(count, np.int64)
        scores = np.empty(count, np.float32)
        # The Python wrapper takes no parameters, so the selector has to go through the C call.
        self._index.search_preassigned_c(
            1,
            faiss.swig_ptr(steps),
            count,
            faiss.swig_ptr(lists),
            faiss.swig_ptr(bases),
            faiss.swig_ptr(scores),
            faiss.swig_ptr(vids),
            False,
            faiss.SearchParametersIVF(nprobe=len(lists), sel=selector),
        )
        # -1 where there are fewer; none twice, which only damaged lists could name
        found: npt.NDArray[np.int64] = np.unique(vids)
        return found[np.searchsorted(found, 0) :]
