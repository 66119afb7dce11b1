"""A search of a library whose index is damaged where nobody has looked before compares every photo."""

from __future__ import annotations

import pytest

from photofind.core.queries import Query
from photofind.core.search import Searcher
from photofind.core.vectors import segments
from photofind.core.vectors.files import segment_file
from tests.support.handmade import Handmade, flip_bit, pictures

SIZE = 1300
SEALED = 1200
QUERY = Query(photo_ids=(1,), limit=20)


def test_every_photo_is_compared_until_there_is_another_index(
    library: Handmade, searcher: Searcher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(segments, "VERIFIED_WHOLE", 0)
    photos = pictures(SIZE)
    library.add(photos[:SEALED])
    library.upkeep.run()
    epoch, (segment,) = library.state().epoch, library.state().segments
    assert epoch is not None
    path = segment_file(library.folder, epoch.id, segment.id)
    flip_bit(path, path.stat().st_size - 2 * 4 - 16 - 8 * SEALED - 1000)
    wanted = searcher.search(Query(photo_ids=(1,), limit=20, exact=True))
    assert "checksum" not in caplog.text
    for _ in range(2):
        found = searcher.search(QUERY)
        assert found.exact
        assert [(hit.photo_id, hit.score) for hit in found.hits] == [(hit.photo_id, hit.score) for hit in wanted.hits]
    assert caplog.text.count(f"The checksum of {path} is wrong") == 1
    library.add(photos[SEALED:])
    assert len(searcher.search(QUERY).hits) == 20
    assert caplog.text.count(f"The checksum of {path} is wrong") == 2
