"""Whether the library bears out what a plan says: a plan is a file, and may come from anybody.

::

    step ──▶ photos of the library at both places, with these contents? ──▶ one content, or found to be copies?

A plan that this library made passes for as long as nothing has changed. What was found of copies is a cache: where it
is gone, or not complete, only the photos themselves are asked for.
"""

from __future__ import annotations

import logging
import os
from contextlib import closing
from functools import cached_property
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from photofind.core.catalog import Catalog
from photofind.core.catalog.copies import CopyRow
from photofind.core.catalog.pair_rows import PairColumns
from photofind.core.duplicates.reading import DuplicateReader
from photofind.core.errors import StepError, UserError
from photofind.core.library import Library
from photofind.core.ownership import DATABASE
from photofind.core.plans import PlannedFile, Step

LOG = logging.getLogger(__name__)


class Voucher:
    """What a library knows of the files that plans name; closed before the library, and belongs to one thread."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._catalog = Catalog.open_reader(library.folder / DATABASE)

    @cached_property
    def _kinship(self) -> Kinship | None:
        """What was found of all photos; None where not all were compared. It takes seconds, so not every plan asks."""
        try:
            with closing(self._library.duplicates()) as reader:
                return _of_all(reader)
        except UserError as error:
            LOG.warning("a plan is carried out without a look at what was found of copies: %s", error)
            return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._catalog.close()

    def check(self, step: Step) -> None:
        """Raise StepError when a file of a step is no photo of the library, or the two are known to be no copies."""
        file, kept = self._known("The file", step.file), self._known("The kept file", step.kept)
        if file.content_id == kept.content_id or self._kinship is None:
            return
        if not self._kinship.joins(file.content_id, kept.content_id):
            raise StepError("It was compared with the kept file, and they are no copies of each other.")

    def _known(self, name: str, planned: PlannedFile) -> CopyRow:
        photo_id = self._catalog.lists.photo_at(*os.path.split(planned.path))
        rows = self._catalog.copies.rows([photo_id]) if photo_id is not None else []
        if not rows:
            raise StepError(f"{name} is no photo of this library, or is none any more.")
        if rows[0].content_hash != planned.content_hash:
            raise StepError(f"{name} has changed since the plan was made.")
        return rows[0]


class Kinship:
    """Which contents were found to be copies of each other, or of others that were.

    Groups are made of such links, by whatever threshold, so that no plan of this library names two without any.
    """

    def __init__(self, pairs: PairColumns) -> None:
        self._contents, places = np.unique(np.concatenate([pairs.first, pairs.second]), return_inverse=True)
        self._families = _families(len(self._contents), *np.split(places, 2))

    def joins(self, first: int, second: int) -> bool:
        """Tell whether two contents are linked by pairs."""
        family = self._family(first)
        return family is not None and family == self._family(second)

    def _family(self, content: int) -> int | None:
        place = int(np.searchsorted(self._contents, content))
        is_there = place < len(self._contents) and self._contents[place] == content
        return int(self._families[place]) if is_there else None


def _families(count: int, first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the least node that each node is connected with, shape (count,)."""
    families = np.arange(count)
    while True:
        before = families.copy()
        least = np.minimum(families[first], families[second])
        for ends in (first, second):
            np.minimum.at(families, ends, least)
            np.minimum.at(families, before[ends], least)
        families = families[families]
        if np.array_equal(families, before):
            return families


def _of_all(reader: DuplicateReader) -> Kinship | None:
    if not reader.was_searched() or reader.count_waiting():
        return None
    pairs = reader.scored_pairs()
    return Kinship(pairs) if len(pairs) else None  # of another model than is used now, nothing may be known yet
