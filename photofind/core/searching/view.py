"""The newest view of a library's index: opened once, and again only after the catalog says that something changed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from photofind.core.catalog import Catalog, Pack
from photofind.core.errors import DamagedIndexError, DamagedRowsError, LibraryDamagedError
from photofind.core.vectors import IndexSnapshot, SnapshotState
from photofind.core.vectors.rows import RowReader, row_file

LOG = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """A view of the index, the pack whose vectors it holds, and what was read of the catalog in the same commit."""

    snapshot: IndexSnapshot
    rows: RowReader
    pack: Pack
    read: T


class IndexView:
    """Opens the active pack's index as the catalog names it; use it from one thread.

    ``candidates_per_hit`` is that of the snapshots. Whoever measures or compares wants to know of each damaged row;
    where the view is ``forgiving``, it does without them, and its snapshots say which these are.
    """

    def __init__(
        self, library: Path, catalog: Catalog, candidates_per_hit: int = 2, *, forgiving: bool = False
    ) -> None:
        self._library = library
        self._catalog = catalog
        self._per_hit = candidates_per_hit
        self._forgiving = forgiving
        self._pack: Pack | None = None
        self._snapshot: IndexSnapshot | None = None
        self._rows: RowReader | None = None

    def close(self) -> None:
        """Let the index's files go."""
        self._snapshot = None
        if self._rows is not None:
            self._rows.close()

    def look(self, read: Callable[[Pack], T]) -> Seen[T] | None:
        """Return the newest view, None while there are no vectors, with what ``read`` returns in the same commit.

        Raises
        ------
        LibraryDamagedError
            When the rows themselves cannot be read; a damaged index is done without.
        """
        failed: Pack | None = None
        while True:
            with self._catalog.snapshot():
                pack = self._catalog.active_pack()
                if pack is None or not pack.next_vid:
                    self._snapshot = None
                    return None
                known = read(pack)
                state = None if self._snapshot is not None and pack == self._pack else self._state(pack)
            try:
                if state is not None:
                    self._open(pack, state, use_index=failed != pack)
            except DamagedRowsError:
                raise  # another index would not help
            except (FileNotFoundError, LibraryDamagedError) as error:
                # Either the writer swapped the files after our look at the catalog, and a second look will differ, or
                # they are damaged: then every row is compared. Without its rows nothing can be answered.
                if failed == pack:
                    raise
                LOG.warning("the index cannot be opened: %s", error)
                failed = pack
            else:
                assert self._snapshot is not None
                assert self._rows is not None
                return Seen(self._snapshot, self._rows, pack, known)

    def leave_out(self, error: DamagedRowsError) -> None:
        """Do without the damaged rows of the newest view that somebody came upon; the next look returns one without.

        Raises
        ------
        LibraryDamagedError
            When too many rows are damaged, or those of the error are left out already: who asks for one is told.
        """
        rows, snapshot = self._rows, self._snapshot
        assert rows is not None
        assert snapshot is not None
        known = len(rows.left_out)
        rows.leave_out(error.vids)
        if len(rows.left_out) == known:
            raise error
        LOG.info("%s (%d embeddings are left out)", error, len(rows.left_out))
        self._snapshot = None  # it would take what is left out for rows
        self._snapshot = snapshot.anew()

    def do_without_index(self, error: DamagedIndexError) -> None:
        """Compare every row until something is committed: the index of the newest view is damaged."""
        assert self._snapshot is not None
        LOG.warning("the index is damaged: %s", error)
        self._snapshot = self._snapshot.anew(use_index=False)

    def _state(self, pack: Pack) -> SnapshotState:
        epoch = self._catalog.vectors.epoch(pack)
        segments = self._catalog.vectors.segments(epoch.id) if epoch else []
        return SnapshotState(pack.next_vid, tuple(self._catalog.vectors.dead(pack.id)), epoch, tuple(segments))

    def _open(self, pack: Pack, state: SnapshotState, *, use_index: bool) -> None:
        crcs = partial(self._catalog.vectors.crcs_of, pack.id)
        rows = RowReader(row_file(self._library, pack.key), pack.dimension, state.next_vid, crcs)
        try:
            snapshot = self._view_of(rows, state, use_index=use_index)
        except BaseException:
            rows.close()
            raise
        if self._rows is not None:
            self._rows.close()
        self._rows, self._snapshot, self._pack = rows, snapshot, pack

    def _view_of(self, rows: RowReader, state: SnapshotState, *, use_index: bool) -> IndexSnapshot:
        while True:
            try:
                return IndexSnapshot(
                    self._library,
                    rows,
                    state,
                    use_index=use_index,
                    previous=self._snapshot,
                    candidates_per_hit=self._per_hit,
                )
            except DamagedRowsError as error:
                if not self._forgiving:
                    raise
                rows.leave_out(error.vids)  # more each time
                LOG.info("%s (%d embeddings are left out)", error, len(rows.left_out))
