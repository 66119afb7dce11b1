"""The assembly line of a run: a feed of files, the decoders, the desk and the committer, moved on step by step."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from photofind.core.catalog import Catalog, Pack, ThumbnailStore
from photofind.core.imaging import DecodeLimits
from photofind.core.indexing.commit import Committer
from photofind.core.indexing.desk import Desk
from photofind.core.indexing.feeds import Feed
from photofind.core.indexing.member import PoolLimits
from photofind.core.indexing.messages import DecoderConfig, Failed
from photofind.core.indexing.pool import DecoderPool
from photofind.core.indexing.reconcile import Tally
from photofind.core.settings import Settings
from photofind.core.vectors.rows import RowWriter

_COMMIT_RESULTS = 256
_COMMIT_SECONDS = 2.0


class Line:
    """Reads what ``feed`` hands out and commits it; leave it with :meth:`flush` unless a disk refused."""

    def __init__(
        self,
        catalog: Catalog,
        pack: Pack,
        rows: RowWriter,
        thumbnails: ThumbnailStore,
        feed: Feed,
        settings: Settings,
        tally: Tally,
    ) -> None:
        self._feed = feed
        self._desk = Desk(catalog, pack.id)
        self.committer = Committer(catalog, pack, rows, thumbnails, tally)
        limits = DecodeLimits.of(megapixels=settings.photo_megapixels, megabytes=settings.photo_megabytes)
        self._pool = DecoderPool(
            DecoderConfig(pack.spec, limits, low_priority=settings.priority == "low"),
            PoolLimits(settings.workers, settings.photo_seconds, settings.worker_megabytes << 20),
            self._desk.decide,
        )
        self._rows = rows
        self._dry = False
        self._last_commit = time.monotonic()
        self._committed = 0
        self.errors = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()
        self._rows.close()

    @property
    def idle(self) -> bool:
        """Whether the feed had nothing when last asked, nothing is under way and nothing waits to be tried again."""
        return self._dry and self._pool.idle and not self._desk.suspects

    @property
    def done(self) -> int:
        """Number of files read so far."""
        return self._committed + len(self._desk.settled)

    def step(self, timeout: float) -> bool:
        """Hand out what there is room for, take back what is done; tell whether something was committed."""
        self._hand_out()
        for task, outcome in self._pool.poll(0.0 if self._pool.idle else timeout):
            self._desk.take_back(task, outcome)
        waited = time.monotonic() - self._last_commit
        if len(self._desk.settled) >= _COMMIT_RESULTS or (self._desk.settled and waited > _COMMIT_SECONDS):
            self.flush()
            return True
        return False

    def flush(self) -> None:
        """Commit what is settled."""
        settled = self._desk.clear()
        self._committed += len(settled)
        self.errors += sum(isinstance(result.outcome, Failed) for result in settled)
        results = self._feed.sift(settled)
        if results:
            self.committer.commit(results)
        self._last_commit = time.monotonic()

    def resume(self) -> None:
        """Go on after a pause."""
        self._pool.forgive()

    def _hand_out(self) -> None:
        self._dry = False
        for _ in range(self._pool.room()):
            order = self._feed.next()
            if order is None:
                self._dry = True
                break
            self._desk.hand_out(*order)
            self._pool.submit(order[0])
        if self._pool.idle and self._desk.suspects:
            self._pool.submit(self._desk.suspects.popleft())
