"""Committing outcomes: rows first, forced to the disk, then one transaction that names them.

A crash at any moment costs at most the outcomes that were not committed yet; what it leaves in the vector file or the
thumbnails is overwritten by the next commit.
"""

from __future__ import annotations

import numpy as np

from photofind.core.catalog import Catalog, Pack, ThumbnailStore
from photofind.core.indexing.annotate import note_colours, note_places
from photofind.core.indexing.messages import Embedded, Failed, Ignored, Skipped
from photofind.core.indexing.reconcile import Tally
from photofind.core.indexing.results import Result
from photofind.core.records import ContentId, Embedding, PhotoId, VectorId
from photofind.core.vectors.rows import RowWriter, row_crcs


class Committer:
    """Writes results to the row store, the thumbnails and the catalog, in this order of durability."""

    def __init__(self, catalog: Catalog, pack: Pack, rows: RowWriter, thumbnails: ThumbnailStore, tally: Tally) -> None:
        self._catalog = catalog
        self._pack = pack
        self._rows = rows
        self._thumbnails = thumbnails
        self._tally = tally
        self.next_vid = pack.next_vid
        self.added: set[PhotoId] = set()

    def commit(self, results: list[Result]) -> None:
        """Make the results durable, all or none of them.

        Raises
        ------
        StorageError
            When a disk refuses; the library is then as before.
        """
        embedded = [r.embedded for r in results if r.embedded is not None]
        revived = self._revived(results)
        crcs = self._append([*(e.embedding for e in embedded), *(stored for _, stored in revived.values())])
        try:
            with self._catalog.transaction():
                contents = self._put_contents(embedded)
                note_colours(self._catalog, ((contents[e.digest], e.colours) for e in embedded))
                note_places(self._catalog, len(embedded))
                self._catalog.vectors.lose(self._pack.id, (vid for vid, _ in revived.values()))
                if any(self._thumbnails.get(content) is None for content in revived):
                    self._catalog.set_thumbnails_wanted(wanted=True)
                named = [*(contents[e.digest] for e in embedded), *revived]
                if named:
                    self._catalog.vectors.append(self._pack.id, self.next_vid, list(zip(named, crcs, strict=True)))
                settled = [self._settle(result) for result in results]
                self._catalog.vectors.refresh_live({c for pair in settled for c in pair if c is not None})
                self._thumbnails.put_many((contents[e.digest], e.thumbnail) for e in embedded)
        except BaseException:
            self._rows.rewind(self.next_vid)
            raise
        self.next_vid += len(crcs)
        for result, (old, new) in zip(results, settled, strict=True):
            self._count(result, old, new)

    def _revived(self, results: list[Result]) -> dict[ContentId, tuple[VectorId, Embedding]]:
        """Return the contents that come back to life, with the vectors they had and the rows of these.

        Segments may have dropped a dead vector, so it cannot simply be declared alive: its row is appended anew, unless
        it is damaged; then the content is left to be embedded again.
        """
        found = {}
        for result in results:
            content = (
                self._catalog.contents.by_hash(result.outcome.digest) if isinstance(result.outcome, Skipped) else None
            )
            known = self._catalog.vectors.vid_of(self._pack.id, content) if content is not None else None
            if content is not None and known is not None and not known[1]:
                found[content] = known[0]
        if not found:
            return {}
        with self._rows.reader(self.next_vid) as reader:
            rows = reader.get(list(found.values()))
        intact = [crc == self._crc_of(vid) for vid, crc in zip(found.values(), row_crcs(rows), strict=True)]
        pairs = zip(found.items(), rows.astype(np.float32), intact, strict=True)
        return {content: (vid, row) for (content, vid), row, sound in pairs if sound}

    def _crc_of(self, vid: VectorId) -> int:
        return self._catalog.vectors.crcs(self._pack.id, vid, vid + 1)[0][1]

    def _append(self, vectors: list[Embedding]) -> list[int]:
        return row_crcs(self._rows.append(np.stack(vectors))) if vectors else []

    def _put_contents(self, embedded: list[Embedded]) -> dict[bytes, ContentId]:
        contents = self._catalog.contents
        return {e.digest: contents.by_hash(e.digest) or contents.add(e.digest, e.stamp.size, e.facts) for e in embedded}

    def _settle(self, result: Result) -> tuple[ContentId | None, ContentId | None]:
        """Write the file's row; return the content that it had and the one that it has."""
        files, task, outcome = self._catalog.files, result.task, result.outcome
        if result.before is None:
            return None, task.known_content
        old = result.before.content_id
        if isinstance(outcome, Failed):
            files.set_error(task.photo_id, outcome.reason, outcome.kind)
            return old, None
        if isinstance(outcome, Ignored):
            files.set_ignored(task.photo_id)
            return old, None
        content = self._catalog.contents.by_hash(outcome.digest)
        assert content is not None
        files.set_photo(task.photo_id, content, outcome.stamp)
        return old, content

    def _count(self, result: Result, old: ContentId | None, new: ContentId | None) -> None:
        self._tally.embedded += result.embedded is not None
        if result.before is None:
            return
        if new is None:
            self._tally.removed += old is not None
        elif old is None:
            self._tally.added += 1
            self.added.add(result.task.photo_id)
        else:
            self._tally.changed += old != new
            self._tally.unchanged += old == new
