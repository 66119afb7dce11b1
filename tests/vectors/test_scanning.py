"""Coarse search, looking through lists and merging them, each against the plain way to do it."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt
import pytest

from photofind.core.records import Epoch, Segment
from photofind.core.vectors import building
from photofind.core.vectors.coarse import CoarseSearch, in_steps
from photofind.core.vectors.files import MappedFile, epoch_folder, segment_file, trained_file, write_durably
from photofind.core.vectors.merging import merge_segments
from photofind.core.vectors.scanning import ListScanner
from photofind.core.vectors.segments import MappedSegment
from photofind.core.vectors.selection import Selection
from tests.support.handmade import Vectors, unit_vectors

_DIMENSION = 48
_NLIST = 1_024
_COUNT = 6_000
_EPOCH = "0" * 32


@pytest.fixture
def vectors() -> Vectors:
    """Clustered, so that lists differ in size."""
    centres = unit_vectors(200, 1, _DIMENSION)
    generator = np.random.default_rng(2)
    made = centres[generator.integers(0, 200, _COUNT) ** 2 // 200] + 0.1 * generator.standard_normal(
        (_COUNT, _DIMENSION)
    )
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made.astype(np.float32)


@pytest.fixture
def trained(tmp_path: Path, vectors: Vectors) -> tuple[Epoch, MappedFile]:
    """An epoch whose centroids are some of the vectors."""
    quantizer = faiss.IndexFlatIP(_DIMENSION)
    quantizer.add(vectors[:_NLIST])
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, _DIMENSION, _NLIST, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.train(vectors)
    epoch_folder(tmp_path, _EPOCH).mkdir()
    size, sha256 = write_durably(trained_file(tmp_path, _EPOCH), lambda w: faiss.write_index(index, w))
    epoch = Epoch(_EPOCH, _NLIST, _COUNT, size, sha256)
    return epoch, MappedFile.trained(tmp_path, epoch)


def _segments(library: Path, trained: MappedFile, vectors: Vectors, cuts: list[int]) -> list[Segment]:
    """Write a segment for what lies between two cuts each."""
    made = []
    for first, end in pairwise(cuts):
        name = f"{first:032}"
        index = _added(trained, vectors, first, end)
        path = segment_file(library, _EPOCH, name)
        size, sha256 = write_durably(path, partial(faiss.write_InvertedLists, index.invlists))
        made.append(Segment(name, first, end, end - first, size, sha256))
    return made


def _added(trained: MappedFile, vectors: Vectors, first: int, end: int) -> Any:
    index = faiss.clone_index(trained.content)
    index.add_with_ids(vectors[first:end], np.arange(first, end))
    return index


def test_the_nearest_lists_are_those_of_a_full_comparison(trained: tuple[Epoch, MappedFile]) -> None:
    coarse = CoarseSearch(trained[1])
    for query in unit_vectors(40, 9, _DIMENSION):
        for count in (1, 16, 100, 900, _NLIST):
            scores, lists = coarse.nearest(query, count)
            true_scores, true_lists = trained[1].content.quantizer.search(query[None], count)
            assert len(set(lists.tolist()) - set(true_lists[0].tolist())) <= count // 50
            assert np.allclose(scores, true_scores[0], atol=1e-3)
            assert (np.diff(scores) <= 0).all()


def test_weights_are_whole_numbers_of_steps() -> None:
    steps, step = in_steps(np.array([0.5, -0.25, 0.1], np.float32))
    assert steps.tolist() == [127, -64, 25]
    assert step == pytest.approx(0.5 / 127)
    assert in_steps(np.zeros(3, np.float32))[0].tolist() == [0, 0, 0]


def test_candidates_of_several_segments_are_the_best_by_their_codes(
    tmp_path: Path, vectors: Vectors, trained: tuple[Epoch, MappedFile]
) -> None:
    epoch, empty = trained
    segments = _segments(tmp_path, empty, vectors, [0, 1_000, 1_010, _COUNT])
    mapped = [MappedSegment(tmp_path, epoch, segment) for segment in segments]
    scanner = ListScanner(empty, CoarseSearch(empty), mapped)
    whole = _added(empty, vectors, 0, _COUNT)
    mask = np.random.default_rng(3).random(_COUNT) < 0.7
    selection = Selection(mask)
    agreed = wanted = 0
    for query in unit_vectors(40, 11, _DIMENSION):
        found = scanner.candidates(query, 40, 64, selection.selector)
        assert (np.diff(found) > 0).all()
        assert mask[found].all()
        parameters = faiss.SearchParametersIVF(nprobe=64, sel=selection.selector)
        best = whole.search(query[None], 10, params=parameters)[1][0]
        agreed += len(set(best.tolist()) & set(found.tolist()))
        wanted += int((best >= 0).sum())
    assert agreed >= 0.995 * wanted


def test_fewer_candidates_than_asked_for_are_all_there_are(
    tmp_path: Path, vectors: Vectors, trained: tuple[Epoch, MappedFile]
) -> None:
    epoch, empty = trained
    segments = _segments(tmp_path, empty, vectors, [0, 5])
    scanner = ListScanner(empty, CoarseSearch(empty), [MappedSegment(tmp_path, epoch, segments[0])])
    everything = Selection(np.ones(5, np.bool_))
    assert scanner.candidates(vectors[0], 40, _NLIST, everything.selector).tolist() == [0, 1, 2, 3, 4]
    nothing = Selection(np.zeros(5, np.bool_))
    assert scanner.candidates(vectors[0], 40, _NLIST, nothing.selector).tolist() == []


def test_a_merged_segment_is_what_faiss_would_have_written(
    tmp_path: Path, vectors: Vectors, trained: tuple[Epoch, MappedFile]
) -> None:
    epoch, empty = trained
    segments = _segments(tmp_path, empty, vectors, [0, 2_000, 2_100, _COUNT])
    dead = np.random.default_rng(4).random(_COUNT) < 0.3
    seen: list[int] = []
    merged = merge_segments(tmp_path, epoch, segments, dead, lambda: None, seen.append)
    assert (merged.first_vid, merged.end_vid, merged.count) == (0, _COUNT, int((~dead).sum()))
    assert sum(seen) == _COUNT
    whole = faiss.clone_index(empty.content)
    live: npt.NDArray[np.int64] = np.flatnonzero(~dead)
    whole.add_with_ids(vectors[live], live)
    mapped = MappedSegment(tmp_path, epoch, merged)
    mapped.verify()
    for number in range(_NLIST):
        size = whole.invlists.list_size(number)
        assert mapped.content.list_size(number) == size
        if size:
            for read, length in (("get_ids", size), ("get_codes", size * _DIMENSION)):
                ours = faiss.rev_swig_ptr(getattr(mapped.content, read)(number), length)
                others = faiss.rev_swig_ptr(getattr(whole.invlists, read)(number), length)
                assert np.array_equal(ours, others)
    write_durably(tmp_path / "again.faiss", lambda w: faiss.write_InvertedLists(whole.invlists, w))
    theirs = (tmp_path / "again.faiss").read_bytes()
    footer = 4 * (_NLIST + 1) + 16
    assert segment_file(tmp_path, _EPOCH, merged.id).read_bytes()[:-footer] == theirs


def test_neighbouring_lists_are_near_each_other() -> None:
    centroids = unit_vectors(300, 5, _DIMENSION)
    quantizer = faiss.IndexFlatIP(_DIMENSION)
    quantizer.add(centroids)
    ordered = building._neighbours_together(quantizer, lambda: None).reconstruct_n(0, 300)
    assert sorted(map(tuple, ordered.tolist())) == sorted(map(tuple, centroids.tolist()))

    def likeness(rows: Vectors) -> float:
        return float(np.einsum("ij,ij->i", rows[1:], rows[:-1]).mean())

    assert likeness(ordered) > likeness(centroids) + 0.2
