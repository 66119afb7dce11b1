"""A small library whose index has inverted lists, so that a fast search misses something; and calibrations by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photofind.core.accuracy import Accuracy, OperatingPoint
from photofind.core.encoders import resolve
from photofind.core.indexing.messages import Embedded
from photofind.core.library import Library
from photofind.core.settings import Settings
from photofind.core.vectors import rule
from tests.benchmarks.synthetic_ingest import made_up, synthetic_writer
from tests.support.gallery import photo

LISTED, NLIST = 1_500, 32
_DIFFERENT = 20


def make_listed(library: Path) -> None:
    """Fill a library with photos that do not exist, whose embeddings have no order: nprobe 1 finds few neighbours.

    Real libraries of this size have one list; the numbers of the rule are others while it is made.
    """
    vectors = np.random.default_rng(3).normal(size=(LISTED, resolve("").pack.dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    thumbnails = [photo(number) for number in range(_DIFFERENT)]

    def embed(number: int) -> Embedded:
        return made_up(number, vectors[number], thumbnails[number % _DIFFERENT])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rule, "_NLIST_STEPS", ((100, 1), (1_000_000, NLIST)))
        with synthetic_writer(library) as writer:
            writer.invent(0, LISTED)
            answers = map(embed, range(LISTED))
            writer.ingest(lambda _: next(answers))
    with Library(library, Settings()) as made:
        assert made.index_shape().nlist == NLIST


def accuracy(nlist: int = NLIST, *, scale: float = 1.0) -> Accuracy:
    """Return a calibration of powers of two: half of the neighbours are found in one list, and all in all lists."""
    powers = range(nlist.bit_length())
    points = tuple(
        OperatingPoint(
            nprobe=2**power,
            recall_at_1=1 - 0.4 * 0.5**power,
            recall_at_10=1.0 if 2**power == nlist else 1 - 0.5 * 0.5**power,
            recall_at_100=1 - 0.6 * 0.5**power,
            error_at_10=0.004,
            ms_median=scale * (0.2 + 0.11 * 2**power),
            ms_p95=scale * (0.4 + 0.2 * 2**power),
        )
        for power in powers
    )
    return Accuracy("pack", "epoch", LISTED, 200, Settings().rerank_candidates, 1_700_000_000.0, scale * 12.5, points)
