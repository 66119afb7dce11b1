"""Where the files to read come from: those that wait in the catalog, or those that lack another pack's embedding."""

from __future__ import annotations

from collections import deque
from typing import Protocol

from photofind.core.catalog import Catalog, PendingFile, Source, ThumbnailStore
from photofind.core.indexing.annotate import note_colours
from photofind.core.indexing.messages import UNREADABLE, Failed, Task
from photofind.core.indexing.results import Result
from photofind.core.records import ContentId, PhotoId
from photofind.core.scan import is_away

_FETCH = 256

Order = tuple[Task, PendingFile | None]
"""A task with the catalog's row of its file, None for a re-embedding."""


class Feed(Protocol):
    """Hands out files one at a time and hears what became of them."""

    def next(self) -> Order | None:
        """Return a file to read, None when there is none right now."""
        ...

    def sift(self, results: list[Result]) -> list[Result]:
        """Return the results that should be committed, and forget the files of all of them."""
        ...


class PendingFeed:
    """The files of some roots that are pending in the catalog, old and new ones as they come in.

    When a root vanishes in the middle of a run (an unplugged drive), its files are neither errors nor removed: they
    stay pending, and the root is noted in ``away``.
    """

    def __init__(self, catalog: Catalog, roots: dict[int, str]) -> None:
        self._catalog = catalog
        self._roots = roots
        self._waiting: deque[PendingFile] = deque()
        self._held: set[PhotoId] = set()
        self._cursor = 0
        self._exhausted = False
        self.away: set[int] = set()

    def next(self) -> Order | None:
        """Return a file to read, None when there is none right now."""
        if not self._waiting:
            self._fetch()
        if not self._waiting:
            return None
        file = self._waiting.popleft()
        self._held.add(file.id)
        return Task(file.id, file.path, file.root_id), file

    def sift(self, results: list[Result]) -> list[Result]:
        """Drop what failed only because its root has vanished."""
        kept = []
        for result in results:
            if self._is_stranded(result):
                continue  # stays held, so that this run does not hand it out again
            kept.append(result)
            self._held.discard(result.task.photo_id)
        return kept

    def wake(self) -> None:
        """Look again from the beginning: files became pending, and those that changed have lower ids than new ones."""
        self._cursor = 0
        self._exhausted = False

    def _is_stranded(self, result: Result) -> bool:
        if not isinstance(result.outcome, Failed) or result.outcome.kind != UNREADABLE:
            return False
        root_id = result.task.root_id
        if root_id not in self.away and is_away(self._roots[root_id]):
            self.away.add(root_id)
            self._waiting = deque(file for file in self._waiting if file.root_id != root_id)
        return root_id in self.away

    def _fetch(self) -> None:
        roots = [root_id for root_id in self._roots if root_id not in self.away]
        while not self._waiting and not self._exhausted:
            found = self._catalog.files.pending(roots, self._cursor, _FETCH)
            self._waiting.extend(file for file in found if file.id not in self._held)
            self._cursor = found[-1].id if found else self._cursor
            self._exhausted = not found


class MissingFeed:
    """The contents that lack an embedding of a pack, each through one of its files."""

    def __init__(self, catalog: Catalog, pack_id: int) -> None:
        self._catalog = catalog
        self._pack_id = pack_id
        self._waiting: deque[Task] = deque()
        self._cursor = ContentId(0)

    def next(self) -> Order | None:
        """Return a file to read, None when every content was handed out once."""
        if not self._waiting:
            for source in self._catalog.contents.missing_embeddings(self._pack_id, self._cursor, _FETCH):
                self._cursor = source.content_id
                self._waiting.append(_task(source))
        return (self._waiting.popleft(), None) if self._waiting else None

    def sift(self, results: list[Result]) -> list[Result]:
        """Keep the embeddings only: a file that changed or vanished meanwhile is the next scan's business."""
        return [result for result in results if result.embedded is not None]


class ThumbnailFeed:
    """The contents whose thumbnails are missing, each through one of its files."""

    def __init__(self, catalog: Catalog, thumbnails: ThumbnailStore) -> None:
        self._catalog = catalog
        self._thumbnails = thumbnails
        self._missing = sorted(set(catalog.contents.referenced()) - set(thumbnails.content_ids()), reverse=True)
        self.total = len(self._missing)
        self.unreachable = 0

    def next(self) -> Order | None:
        """Return a file to read, None when every content was handed out once; counts those without one at hand."""
        while self._missing:
            source = self._catalog.contents.source_of(self._missing.pop())
            if source is not None:
                return _task(source), None
            self.unreachable += 1
        return None

    def sift(self, results: list[Result]) -> list[Result]:
        """Store the thumbnails, and the colours, which may have been missing too; nothing else is news."""
        made = [
            (result.task.known_content, result.embedded)
            for result in results
            if result.embedded is not None and result.task.known_content is not None
        ]
        self._thumbnails.put_many((content, embedded.thumbnail) for content, embedded in made)
        with self._catalog.transaction():
            note_colours(self._catalog, ((content, embedded.colours) for content, embedded in made))
        return []


def _task(source: Source) -> Task:
    return Task(source.photo_id, source.path, source.root_id, source.content_id, source.hash)
