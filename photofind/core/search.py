"""Answering queries: images become one vector, the index proposes, the catalog says which photos those are.

A query image that lies in the library costs no decoding: its stored embedding is used as long as the file is unchanged.
Scores are cosine similarities, 1 for the same picture.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from photofind.core.catalog import Catalog, Pack, Place
from photofind.core.encoders import Encoder
from photofind.core.errors import LibraryDamagedError, PhotoError, QueryError
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.viewing import Part, decode_file, decode_part
from photofind.core.queries import MAX_LIMIT, Hit, IndexShape, Query, Region, SearchResult
from photofind.core.records import Embedding, FileStamp, PhotoId, VectorId
from photofind.core.scan import stamp_of
from photofind.core.vectors import IndexSnapshot, SnapshotState
from photofind.core.vectors.relevance import CANNOT_TELL, relevance_mark
from photofind.core.vectors.rows import RowReader, row_file
from photofind.core.vectors.rule import default_nprobe
from photofind.core.vectors.snapshot import scores_of

__all__ = ["MAX_LIMIT", "Hit", "IndexShape", "Query", "Region", "SearchResult", "Searcher"]

LOG = logging.getLogger(__name__)
_SHORTEST = 1e-6
_REMEMBERED = 16
_SMALLEST_REGION = 16


@dataclass(frozen=True, slots=True)
class _Known:
    """The vectors of those query images, by path, and query photos that the library holds."""

    paths: dict[str, VectorId]
    ids: frozenset[VectorId]


@dataclass(frozen=True, slots=True)
class _QueryVector:
    embedding: Embedding
    own: frozenset[VectorId]
    is_single: bool
    path: str | None


class Searcher:
    """Searches a library while it may be growing; use it from one thread.

    ``open_encoder`` is called with the active pack when the first image from outside the library comes.
    """

    def __init__(
        self, library: Path, catalog: Catalog, open_encoder: Callable[[Pack], Encoder], limits: DecodeLimits
    ) -> None:
        self._library = library
        self._catalog = catalog
        self._open_encoder = open_encoder
        self._limits = limits
        self._encoder: Encoder | None = None
        self._embedded: dict[tuple[str, Part | None, FileStamp], Embedding] = {}
        self._pack: Pack | None = None
        self._snapshot: IndexSnapshot | None = None
        self._rows: RowReader | None = None

    def close(self) -> None:
        """Let the library's files go."""
        self._snapshot = None
        if self._rows is not None:
            self._rows.close()

    def search(self, query: Query) -> SearchResult:
        """Return the photos that look most like the query.

        Raises
        ------
        QueryError
            When an image cannot be read, a photo id is unknown, or a number is out of range.
        """
        started = time.perf_counter()
        query.check()
        found = self._look(query)
        if found is None:
            return SearchResult([], 1, 1, exact=True, relevance=CANNOT_TELL, elapsed_ms=_ms_since(started))
        snapshot, known = found
        vector = self._query_vector(query, snapshot, known)
        wanted = query.limit + (len(vector.own) if query.exclude_query else 0)
        nprobe = min(query.nprobe or default_nprobe(snapshot.nlist, snapshot.live), snapshot.nlist)
        exact = query.exact or snapshot.is_exact
        ranked = (
            snapshot.search_exactly(vector.embedding, wanted)
            if query.exact
            else snapshot.search(vector.embedding, wanted, nprobe)
        )
        if not np.isfinite(ranked[1]).all():
            raise self._damaged()
        scores = dict(zip(ranked[0].tolist(), ranked[1].tolist(), strict=True))
        if vector.is_single:  # among many equal embeddings its own may not be one of those that were asked for
            scores.update((vid, float(vector.embedding @ snapshot.rows([vid])[0])) for vid in vector.own)
        hits = self._hits(scores, vector, query)
        mark = relevance_mark(scores_of(snapshot.sample(), vector.embedding), snapshot.live)
        return SearchResult(hits, nprobe, snapshot.nlist, exact=exact, relevance=mark, elapsed_ms=_ms_since(started))

    def shape(self) -> IndexShape:
        """Return the shape of the newest view of the index; cheap as long as nothing was committed."""
        snapshot = self.refresh()
        if snapshot is None:
            return IndexShape(1, 1, 0)
        return IndexShape(snapshot.nlist, default_nprobe(snapshot.nlist, snapshot.live), snapshot.live)

    def refresh(self) -> IndexSnapshot | None:
        """Return the newest view of the index, None while the library has no vectors."""
        found = self._look(None)
        return found[0] if found else None

    # The index

    def _look(self, query: Query | None) -> tuple[IndexSnapshot, _Known] | None:
        """Return the newest view and which photos of the query it holds, all from one commit."""
        failed: Pack | None = None
        while True:
            with self._catalog.snapshot():
                pack = self._catalog.active_pack()
                if pack is None or not pack.next_vid:
                    self._snapshot = None
                    return None
                known = self._known(query, pack) if query is not None else _Known({}, frozenset())
                state = None if self._snapshot is not None and pack == self._pack else self._state(pack)
            try:
                if state is not None:
                    self._open(pack, state, use_index=failed != pack)
            except (FileNotFoundError, LibraryDamagedError) as error:
                # Either the writer swapped the files after our look at the catalog, and a second look will differ, or
                # they are damaged: then every row is compared. Without its rows nothing can be answered.
                if failed == pack:
                    raise
                LOG.warning("the index cannot be opened: %s", error)
                failed = pack
            else:
                assert self._snapshot is not None
                return self._snapshot, known

    def _known(self, query: Query, pack: Pack) -> _Known:
        paths = {path: vid for path in query.images if (vid := self._vid_of_path(path, pack)) is not None}
        return _Known(paths, frozenset(self._vid_of_photo(photo_id, pack) for photo_id in query.photo_ids))

    def _state(self, pack: Pack) -> SnapshotState:
        epoch = self._catalog.vectors.epoch(pack)
        segments = self._catalog.vectors.segments(epoch.id) if epoch else []
        return SnapshotState(pack.next_vid, tuple(self._catalog.vectors.dead(pack.id)), epoch, tuple(segments))

    def _open(self, pack: Pack, state: SnapshotState, *, use_index: bool) -> None:
        rows = RowReader(row_file(self._library, pack.key), pack.dimension, state.next_vid)
        try:
            snapshot = IndexSnapshot(self._library, rows, state, use_index=use_index, previous=self._snapshot)
        except BaseException:
            rows.close()
            raise
        if self._pack is None or self._pack.key != pack.key:
            self._encoder = None
        if self._rows is not None:
            self._rows.close()
        self._rows, self._snapshot, self._pack = rows, snapshot, pack

    # The query

    def _query_vector(self, query: Query, snapshot: IndexSnapshot, known: _Known) -> _QueryVector:
        embeddings = [self._embed(path) for path in query.images if path not in known.paths]
        embeddings += [self._embed(region.path, region.part()) for region in query.regions]
        own = known.ids.union(known.paths.values())
        if own:
            embeddings += list(snapshot.rows(sorted(own)))
        total = np.sum(embeddings, axis=0, dtype=np.float32)
        length = float(np.linalg.norm(total))
        if not np.isfinite(length):
            raise self._damaged()
        if length < _SHORTEST:
            raise QueryError("The query images cancel each other out; leave one of them away.")
        asked = os.path.abspath(query.images[0]) if len(query.images) == 1 else None
        unit = np.ascontiguousarray(total / length, np.float32)
        return _QueryVector(unit, own, len(embeddings) == 1, asked)

    def _vid_of_photo(self, photo_id: int, pack: Pack) -> VectorId:
        known = 0 < photo_id < 1 << 63  # or else SQLite would not even look
        vid = self._catalog.vectors.of_photo(pack.id, PhotoId(photo_id)) if known else None
        if vid is None:
            raise QueryError(f"There is no photo with the id {photo_id} in this library.")
        return vid

    def _vid_of_path(self, path: str, pack: Pack) -> VectorId | None:
        """Return the stored vector of an unchanged photo of the library."""
        folder, name = os.path.split(os.path.abspath(path))
        known = self._catalog.files.find(folder, name)
        if known is None or known.content_id is None or known.state != "photo":
            return None
        try:
            stamp = stamp_of(os.stat(path))
        except OSError:
            stamp = known.stamp  # offline: what the library has of it is all there is
        if stamp != known.stamp:
            return None
        return self._catalog.vectors.of_photo(pack.id, known.id)

    def _damaged(self) -> LibraryDamagedError:
        return LibraryDamagedError(
            f"Embeddings of {self._library} are damaged; run `photofind doctor` on this library."
        )

    def _embed(self, path: str, part: Part | None = None) -> Embedding:
        """Return the embedding of a picture; the last few are remembered, for queries that are asked in other ways."""
        assert self._pack is not None
        if self._encoder is None:
            self._encoder = self._open_encoder(self._pack)
            self._embedded.clear()
        try:
            key = (path, part, stamp_of(os.stat(path)))
            if key not in self._embedded:
                while len(self._embedded) >= _REMEMBERED:
                    del self._embedded[next(iter(self._embedded))]
                self._embedded[key] = self._encoder.encode(self._picture(path, part, self._encoder.working_area))
            return self._embedded[key]
        except OSError as error:
            raise QueryError(f"Cannot read the image {path}: {error.strerror or error}.") from error
        except PhotoError as error:
            raise QueryError(f"Cannot search by {path}: {error}.") from error

    def _picture(self, path: str, part: Part | None, working_area: int) -> Image.Image:
        if part is None:
            return decode_file(path, limits=self._limits, working_area=working_area).image
        photo = decode_part(path, part, limits=self._limits, working_area=working_area)
        left, top, right, bottom = part
        width, height = (right - left) * photo.facts.width, (bottom - top) * photo.facts.height
        if min(width, height) < _SMALLEST_REGION:
            size = f"{width:.0f} \N{MULTIPLICATION SIGN} {height:.0f} pixels"
            raise QueryError(f"The region of {path} has only {size}; draw a larger one.")
        return photo.image

    # The answer

    def _hits(self, scores: dict[int, float], vector: _QueryVector, query: Query) -> list[Hit]:
        assert self._pack is not None
        skipped = vector.own if query.exclude_query else frozenset[VectorId]()
        places = [p for p in self._catalog.vectors.places(self._pack.id, list(scores)) if p.vid not in skipped]

        def rank(place: Place) -> tuple[bool, bool, float, int]:
            # A photo of the library is its own first hit, even when another picture has the very same embedding.
            is_query = place.path == vector.path or place.photo_id in query.photo_ids
            own = vector.is_single and place.vid in vector.own
            return not own, not (own and is_query), -scores[place.vid], place.photo_id

        places.sort(key=rank)
        return [Hit(p.photo_id, p.path, scores[p.vid], p.offline) for p in places[: query.limit]]


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000.0
