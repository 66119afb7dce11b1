"""Comparing candidates on several processors: each thread with pictures of its own, as databases belong to threads."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from photofind.core.catalog import Catalog, ThumbnailStore
from photofind.core.duplicates.calibration import Calibration
from photofind.core.duplicates.comparing import Comparer, Subject
from photofind.core.duplicates.looks import CatalogLooks
from photofind.core.evidence import Evidence
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.pictures import IN_PLACE, Pictures

_CHUNK = 8
_WAITING_CHUNKS = 4


class Question(NamedTuple):
    """Two contents to be compared, and the cosine of their embeddings."""

    first: Subject
    second: Subject
    similarity: float


@dataclass(frozen=True, slots=True)
class Files:
    """Where the pictures are: the catalog, the thumbnails, and by whom and with which limits a photo is decoded."""

    database: Path
    thumbnails: Path
    limits: DecodeLimits
    pictures: Pictures = IN_PLACE


class _Task(NamedTuple):
    questions: Sequence[Question]
    answers: Future[list[Evidence | None]]


class Crew:
    """Threads that compare pairs; answers come in the order of the questions."""

    def __init__(self, files: Files, calibration: Calibration, workers: int) -> None:
        self._files = files
        self._calibration = calibration
        self._inbox: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._serve, name="photofind-compare") for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        for _ in range(len(self._threads)):
            self._inbox.put(None)
        for thread in self._threads:
            thread.join()

    def answers(
        self, questions: Iterable[Question], check: Callable[[], None]
    ) -> Iterator[tuple[Question, Evidence | None]]:
        """Yield each question with what the pictures say; ``check`` is called now and then and may raise to stop."""
        waiting: deque[_Task] = deque()
        for chunk in _chunks(questions):
            check()
            waiting.append(_Task(chunk, Future()))
            self._inbox.put(waiting[-1])
            if len(waiting) >= _WAITING_CHUNKS * len(self._threads):
                yield from _settled(waiting.popleft())
        while waiting:
            check()
            yield from _settled(waiting.popleft())

    def _serve(self) -> None:
        comparer: Comparer | None = None
        with ExitStack() as stack:
            while (task := self._inbox.get()) is not None:
                try:
                    comparer = comparer or self._open(stack)
                    task.answers.set_result(list(self._compared(comparer, task.questions)))
                except Exception as error:  # noqa: BLE001 - whoever waits for the answers raises it
                    task.answers.set_exception(error)

    def _compared(self, comparer: Comparer, questions: Sequence[Question]) -> Iterator[Evidence | None]:
        for question in questions:
            if self._ended.is_set():
                return  # nobody waits for the answers any more
            yield comparer.compare(*question)

    def _open(self, stack: ExitStack) -> Comparer:
        catalog = stack.enter_context(Catalog.open_reader(self._files.database))
        thumbnails = stack.enter_context(ThumbnailStore.open(self._files.thumbnails, writable=False))
        looks = CatalogLooks(catalog, thumbnails, self._files.limits, self._files.pictures)
        return Comparer(looks, self._calibration)


def _settled(task: _Task) -> Iterator[tuple[Question, Evidence | None]]:
    return zip(task.questions, task.answers.result(), strict=True)


def _chunks(questions: Iterable[Question]) -> Iterator[list[Question]]:
    chunk: list[Question] = []
    for question in questions:
        chunk.append(question)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
