"""One indexing run: scan → decode → encode → commit → keep the index in shape, as a generator of progress.

The scan thread lists folders; the catalog remembers what is pending; decoder processes read; results are committed in
batches. Everything that a run has found out is in the catalog, so one that was stopped or killed goes on where it was.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from photofind.core.catalog import Catalog, KnownFile, Pack, Root, ThumbnailStore
from photofind.core.indexing.annotate import catch_up
from photofind.core.indexing.feeds import Feed, MissingFeed, PendingFeed, ThumbnailFeed
from photofind.core.indexing.line import Line
from photofind.core.indexing.reconcile import Reconciler, Scope, Tally, settle_missing
from photofind.core.indexing.scanning import ScanThread
from photofind.core.indexing.upkeep import IndexUpkeep
from photofind.core.paths import is_within
from photofind.core.progress import Control, Progress, RateMeter
from photofind.core.records import ContentId, PhotoId
from photofind.core.scan import IgnoreRules, is_away
from photofind.core.settings import Settings
from photofind.core.vectors import rule
from photofind.core.vectors.rows import RowWriter, row_file

_PROGRESS_SECONDS = 0.1
_SCAN_SLICE_SECONDS = 0.05
_POLL_SECONDS = 0.05


class Stopped(Exception):  # noqa: N818 - not an error: the user asked for it
    """Ends a long step because the run should stop."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a run works with."""

    library: Path
    catalog: Catalog
    thumbnails: ThumbnailStore
    settings: Settings
    control: Control


@dataclass(slots=True)
class IndexReport:
    """What a run did; numbers of photos."""

    tally: Tally = field(default_factory=Tally)
    offline: list[str] = field(default_factory=list)
    stopped: bool = False
    seconds: float = 0.0


class IndexRun:
    """Brings the library up to date with some folders: ``places`` are (root, folder in it) pairs."""

    def __init__(self, bench: Bench, places: Sequence[tuple[Root, str]]) -> None:
        self._bench = bench
        self._catalog = bench.catalog
        self._control = bench.control
        self.report = IndexReport()
        self._tally = self.report.tally
        self._reconciler = Reconciler(bench.catalog, self._tally)
        self._places = [place for place in places if self._is_present(place[0])]
        self._scopes: list[Scope] = []
        self._meter = RateMeter()
        self._next_progress = 0.0

    def run(self, pack: Pack) -> Iterator[Progress]:
        """Scan and read everything new into ``pack``; yields about ten times a second."""
        try:
            yield from self._read_new(pack)
            yield from self._read_missing(pack)
            yield from self._read_thumbnails(pack)
            yield from self._keep_index(pack)
            catch_up(self._catalog, self._bench.thumbnails, self._check)
        except Stopped:
            self.report.stopped = True

    def reembed(self, pack: Pack) -> Iterator[Progress]:
        """Embed every reachable content for another pack and index it; the current one goes on to serve."""
        try:
            yield from self._read_missing(pack)
            yield from self._keep_index(pack)
        except Stopped:
            self.report.stopped = True

    # Reading

    def _read_new(self, pack: Pack) -> Iterator[Progress]:
        self._scopes = [self._reconciler.open_scope(root, top) for root, top in self._places]
        roots = {root.id: root.path for root, _ in self._places}
        with self._catalog.transaction():
            self._catalog.files.begin_moves(roots)
        feed = PendingFeed(self._catalog, roots)
        waiting = self._catalog.files.count_pending(list(roots))
        rules = IgnoreRules(self._bench.settings.ignore)
        scan = ScanThread([top for _, top in self._places], rules, self._bench.library)
        scan.start()
        try:
            with self._line(pack, feed) as line:
                while not (scan.finished and line.idle):
                    self._take_listings(scan, feed, wait=line.idle)
                    yield from self._advance(line, pack)
                    total = waiting + self._reconciler.queued
                    yield from self._tell("embed" if scan.finished else "scan", line, total)
                line.flush()
                self._settle(line.committer.added, feed.away)
        finally:
            scan.close()

    def _read_missing(self, pack: Pack) -> Iterator[Progress]:
        total = self._catalog.contents.count_missing_embeddings(pack.id, reachable=True)
        if not total:
            return
        yield from self._read_all(pack, MissingFeed(self._catalog, pack.id), total)

    def _read_thumbnails(self, pack: Pack) -> Iterator[Progress]:
        if not self._catalog.thumbnails_wanted():
            return
        feed = ThumbnailFeed(self._catalog, self._bench.thumbnails)
        yield from self._read_all(pack, feed, feed.total)
        with self._catalog.transaction():
            self._catalog.set_thumbnails_wanted(wanted=feed.unreachable > 0)

    def _read_all(self, pack: Pack, feed: Feed, total: int) -> Iterator[Progress]:
        self._meter = RateMeter()
        with self._line(pack, feed) as line:
            while not line.idle:
                yield from self._advance(line, pack)
                yield from self._tell("embed", line, total)
            line.flush()

    def _line(self, pack: Pack, feed: Feed) -> Line:
        current = self._catalog.vectors.pack(pack.key)
        assert current is not None
        bench = self._bench
        rows = RowWriter(row_file(bench.library, pack.key), pack.dimension, current.next_vid)
        return Line(bench.catalog, current, rows, bench.thumbnails, feed, bench.settings, self._tally)

    def _take_listings(self, scan: ScanThread, feed: PendingFeed, *, wait: bool) -> None:
        listings = scan.take(_SCAN_SLICE_SECONDS, _POLL_SECONDS if wait else 0.0)
        if not listings:
            return
        queued = self._reconciler.queued
        with self._catalog.transaction():
            for number, listing in listings:
                if listing is None:
                    self._reconciler.close_scope(self._scopes[number])
                else:
                    self._reconciler.take(self._scopes[number], listing)
        if self._reconciler.queued > queued:
            feed.wake()

    def _advance(self, line: Line, pack: Pack) -> Iterator[Progress]:
        if self._control.stopping:
            line.flush()
            raise Stopped
        if self._control.paused:
            line.flush()
            yield self._progress("paused", line.done, line.done, line.errors)
            self._control.wait_while_paused()
            line.resume()
        if line.step(_POLL_SECONDS) and self._upkeep(pack).delta_size() >= rule.MAX_DELTA:
            yield self._progress("index", line.done, line.done, line.errors)
            self._upkeep(pack).run()
            line.resume()

    # Ending

    def _settle(self, added: set[PhotoId], away: set[int]) -> None:
        files = self._catalog.files
        with self._catalog.transaction():
            missing = self._reconciler.missing
            new = {photo: content for photo, content in files.newcomers().items() if photo not in missing}
            missing.update(self._gone_elsewhere(new))
            settle_missing(self._catalog, missing, new, self._tally, added)
            files.end_moves(scope.root_id for scope in self._scopes)
            files.drop_empty_folders(self._reconciler.gone_folders)
            for scope in self._scopes:
                if scope.root_id in away or (scope.is_root and scope.is_away):
                    self._set_offline(scope.root_id, scope.top)

    def _gone_elsewhere(self, new: dict[PhotoId, ContentId]) -> dict[PhotoId, KnownFile]:
        """Return older copies of new photos that lay outside the scanned folders and are gone: they moved here."""
        gone = {}
        for content_id in set(new.values()):
            for copy in self._catalog.files.copies(content_id):
                outside = not any(is_within(copy.path, scope.top) for scope in self._scopes)
                if copy.id not in new and outside and not copy.offline and _is_gone(copy.path):
                    gone[copy.id] = copy.known
        return gone

    def _keep_index(self, pack: Pack) -> Iterator[Progress]:
        yield self._progress("index", 0, 0, 0)
        self._upkeep(pack).run()

    def _upkeep(self, pack: Pack) -> IndexUpkeep:
        bench = self._bench
        tuning = rule.Tuning.of(bench.settings)
        return IndexUpkeep(bench.library, bench.catalog, pack.key, bench.settings.workers, self._check, tuning)

    def _check(self) -> None:
        self._control.wait_while_paused()
        if self._control.stopping:
            raise Stopped

    # Places and progress

    def _is_present(self, root: Root) -> bool:
        files = self._catalog.files
        # An empty folder is the mount point of a volume that is away, unless nothing was ever found there.
        away = is_away(root.path) and (bool(files.folders(root.id)) or not os.path.lexists(root.path))
        with self._catalog.transaction():
            if away:
                self._set_offline(root.id, root.path)
            elif root.offline:
                files.set_root_offline(root.id, offline=False)
        return not away

    def _set_offline(self, root_id: int, top: str) -> None:
        self._catalog.files.set_root_offline(root_id, offline=True)
        self.report.offline.append(top)

    def _tell(self, phase: str, line: Line, total: int) -> Iterator[Progress]:
        now = time.monotonic()
        if now >= self._next_progress:
            self._next_progress = now + _PROGRESS_SECONDS
            yield self._progress(phase, line.done, total, line.errors)

    def _progress(self, phase: str, done: int, total: int, errors: int) -> Progress:
        self._meter.mark(done)
        left = total - done
        eta = self._meter.eta(left) if phase == "embed" and left else None
        return Progress(phase, done, total, errors, self._meter.rate(), eta)


def _is_gone(path: str) -> bool:
    # Its folder must still be there: a folder that is gone may be a volume that is away.
    return os.path.isdir(os.path.dirname(path)) and not os.path.lexists(path)
