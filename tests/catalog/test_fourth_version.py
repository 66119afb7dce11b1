"""What the fourth version of the schema makes of an index that an older photofind trained."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import astuple
from pathlib import Path

from photofind.core.catalog import Catalog
from photofind.core.catalog.schema import MIGRATIONS, migrate
from photofind.core.records import Epoch, Segment


def test_an_old_index_stays_and_says_nothing_of_its_training(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    old, segment = Epoch("old", 256, 20_000, 10, "aa"), Segment("s", 0, 5, 5, 9, "bb")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, path, MIGRATIONS[:3])
        connection.execute("INSERT INTO packs (key, spec, dimension) VALUES ('a', 'a', 4)")
        connection.execute(
            "INSERT INTO epochs (id, pack_id, nlist, trained_on, bytes, sha256) VALUES ('old', 1, 256, 20000, 10, 'aa')"
        )
        connection.execute("UPDATE packs SET epoch_id = 'old'")
        connection.execute("INSERT INTO segments VALUES ('s', 'old', 0, 5, 5, 9, 'bb')")
    with Catalog.open_writer(path) as catalog:
        assert catalog.problems() == []
        pack = catalog.vectors.pack("a")
        assert pack is not None
        assert catalog.vectors.epoch(pack) == old
        assert astuple(old)[5:] == (None, None, None, None, None)
        assert catalog.vectors.segments("old") == [segment]
        new = Epoch("new", 1, 7, 10, "cc", 1.7e9, 9, (1 << 53) - 1, 0.75, 0.001)
        with catalog.transaction():
            catalog.vectors.set_epoch(pack.id, new, [])
        pack = catalog.vectors.pack("a")
        assert pack is not None
        assert catalog.vectors.epoch(pack) == new
    assert path.with_name("library.db.v3.bak").exists()
