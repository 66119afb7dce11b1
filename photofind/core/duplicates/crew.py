"""Comparing candidates on several processors: each thread with pictures of its own, as databases belong to threads."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from photofind.core.catalog import Catalog, ThumbnailStore
from photofind.core.duplicates.calibration import Calibration
from photofind.core.duplicates.comparing import Comparer, Subject
from photofind.core.duplicates.looks import CatalogLooks
from photofind.core.evidence import Evidence
from photofind.core.imaging import DecodeLimits

_CHUNK = 32
_WAITING_CHUNKS = 4


@dataclass(frozen=True, slots=True)
class Question:
    """Two contents to be compared, and the cosine of their embeddings."""

    first: Subject
    second: Subject
    similarity: float


@dataclass(frozen=True, slots=True)
class Files:
    """Where the pictures are: the catalog, the thumbnails, and what a photo may ask for when it is decoded."""

    database: Path
    thumbnails: Path
    limits: DecodeLimits


class Crew:
    """Threads that compare pairs; answers come in the order of the questions."""

    def __init__(self, files: Files, calibration: Calibration, workers: int) -> None:
        self._files = files
        self._calibration = calibration
        self._workers = workers
        self._own = threading.local()
        self._opened: list[ExitStack] = []
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="photofind-compare")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        for stack in self._opened:
            stack.close()

    def answers(
        self, questions: Iterable[Question], check: Callable[[], None]
    ) -> Iterator[tuple[Question, Evidence | None]]:
        """Yield each question with what the pictures say; ``check`` is called now and then and may raise to stop."""
        waiting: deque[tuple[Sequence[Question], Future[list[Evidence | None]]]] = deque()
        for chunk in _chunks(questions):
            check()
            waiting.append((chunk, self._pool.submit(self._compare, chunk)))
            if len(waiting) >= _WAITING_CHUNKS * self._workers:
                yield from _settled(*waiting.popleft())
        while waiting:
            check()
            yield from _settled(*waiting.popleft())

    def _compare(self, chunk: Sequence[Question]) -> list[Evidence | None]:
        comparer = self._comparer()
        return [comparer.compare(each.first, each.second, each.similarity) for each in chunk]

    def _comparer(self) -> Comparer:
        if not hasattr(self._own, "comparer"):
            stack = ExitStack()
            self._opened.append(stack)
            catalog = stack.enter_context(Catalog.open_reader(self._files.database))
            thumbnails = stack.enter_context(ThumbnailStore.open(self._files.thumbnails, writable=False))
            self._own.comparer = Comparer(CatalogLooks(catalog, thumbnails, self._files.limits), self._calibration)
        comparer: Comparer = self._own.comparer
        return comparer


def _settled(
    chunk: Sequence[Question], future: Future[list[Evidence | None]]
) -> Iterator[tuple[Question, Evidence | None]]:
    return zip(chunk, future.result(), strict=True)


def _chunks(questions: Iterable[Question]) -> Iterator[list[Question]]:
    chunk: list[Question] = []
    for question in questions:
        chunk.append(question)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
