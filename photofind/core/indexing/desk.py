"""The writer's desk: which files are out with the decoders, which contents are being embedded, what is settled.

Every content is embedded once, even when several copies of it are under way at the same time: the first one that asks
embeds it, the others wait here for what becomes of it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from photofind.core.catalog import Catalog, PendingFile
from photofind.core.indexing.messages import CRASH, Embedded, Failed, Lost, Outcome, Question, Skipped, Task
from photofind.core.indexing.results import Result, Settled
from photofind.core.records import PhotoId


@dataclass(slots=True)
class _Owner:
    photo_id: PhotoId
    waiting: list[Result]


class Desk:
    """Turns outcomes of decoders into results to commit."""

    def __init__(self, catalog: Catalog, pack_id: int) -> None:
        self._catalog = catalog
        self._pack_id = pack_id
        self._out: dict[PhotoId, PendingFile | None] = {}
        self._owners: dict[bytes, _Owner] = {}
        self._asked: dict[PhotoId, bytes] = {}
        self._done: dict[bytes, Settled] = {}
        self._tried: set[PhotoId] = set()
        self.suspects: deque[Task] = deque()
        self.settled: list[Result] = []

    def hand_out(self, task: Task, before: PendingFile | None) -> None:
        """Note that a file goes to a decoder."""
        self._out[task.photo_id] = before

    def decide(self, task: Task, question: Question) -> bool:
        """Tell a decoder whether to embed the content that it has hashed."""
        digest = question.digest
        owner = self._owners.get(digest)
        if owner is not None:
            return owner.photo_id == task.photo_id
        if digest in self._done or self._has_vector(digest):
            return False
        self._owners[digest] = _Owner(task.photo_id, [])
        self._asked[task.photo_id] = digest
        return True

    def take_back(self, task: Task, outcome: Outcome) -> None:
        """Settle an outcome, or put the file aside to be tried once more, alone, if it took its decoder down."""
        if isinstance(outcome, Lost):
            if task.photo_id not in self._tried:
                self._tried.add(task.photo_id)
                self.suspects.append(task)
                return
            outcome = Failed(CRASH, f"{outcome.reason}, twice; it is left alone until it changes")
        result = Result(task, self._out.pop(task.photo_id), outcome)
        if isinstance(outcome, Skipped):
            self._settle_copy(result, outcome)
        else:
            self._settle(result)

    def clear(self) -> list[Result]:
        """Return the settled results and forget them: they are about to be committed."""
        results, self.settled = self.settled, []
        self._done = {digest: done for digest, done in self._done.items() if isinstance(done, Failed)}
        return results

    def _settle_copy(self, result: Result, skipped: Skipped) -> None:
        owner = self._owners.get(skipped.digest)
        if owner is not None:
            owner.waiting.append(result)
            return
        done = self._done.get(skipped.digest)
        self.settled.append(Result(result.task, result.before, done) if isinstance(done, Failed) else result)

    def _settle(self, result: Result) -> None:
        self.settled.append(result)
        digest = self._asked.pop(result.task.photo_id, None)
        if digest is None:
            return
        assert isinstance(result.outcome, Embedded | Failed)
        self._done[digest] = result.outcome
        for copy in self._owners.pop(digest).waiting:
            failed = isinstance(result.outcome, Failed)
            self.settled.append(Result(copy.task, copy.before, result.outcome) if failed else copy)

    def _has_vector(self, digest: bytes) -> bool:
        content = self._catalog.contents.by_hash(digest)
        return content is not None and self._catalog.vectors.vid_of(self._pack_id, content) is not None
