from __future__ import annotations

import shutil
import threading
from pathlib import Path

from photofind.core import status
from photofind.core.catalog import Catalog
from photofind.core.status import read_status
from tests.support.handmade import FOLDER, Handmade, name_of, pictures


def test_an_empty_library_in_numbers(tmp_path: Path) -> None:
    with Catalog.open_writer(tmp_path / "library.db") as catalog:
        found = read_status(tmp_path, catalog)
    assert (found.photos, found.offline, found.pending, found.vectors, found.missing_vectors) == (0, 0, 0, 0, 0)
    assert (found.model, found.wanted_model, found.roots) == (None, None, [])
    assert (found.index.nlist, found.index.segments, found.index.bytes, found.index.delta) == (1, 0, 0, 0)
    assert found.bytes > 0


def test_a_library_in_numbers(tmp_path: Path) -> None:
    library = Handmade(tmp_path / "library")
    photos = pictures(1520)
    library.add(photos[:1500])
    library.upkeep.run()
    library.add(photos[1500:])
    library.put({"copy.jpg": photos[7]})
    library.remove([name_of(photo) for photo in photos[:5]])
    with library.catalog.transaction():
        library.catalog.vectors.lose(library.pack.id, [20])
        library.catalog.set_target_spec("other")
    found = read_status(library.folder, library.catalog)
    assert (found.photos, found.vectors, found.missing_vectors) == (1516, 1514, 1)
    assert (found.model, found.wanted_model) == (library.key, "other")
    assert (found.index.nlist, found.index.segments, found.index.delta, found.index.dead) == (1, 1, 20, 6)
    assert [(root.path, root.offline) for root in found.roots] == [(FOLDER, False)]
    files = [path for path in library.folder.rglob("*") if path.is_file()]
    assert found.bytes == sum(path.stat().st_size for path in files)
    assert 0 < found.index.bytes < found.bytes
    library.close()


def test_files_that_vanish_while_they_are_counted(tmp_path: Path) -> None:
    """The writer removes old index files at any time."""
    (tmp_path / "kept").write_bytes(b"123")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    assert status._size(tmp_path) == 3
    assert status._size(tmp_path / "nowhere") == 0
    done = threading.Event()

    def come_and_go() -> None:
        while not done.is_set():
            for number in range(10):
                (tmp_path / f"epoch-{number}").mkdir()
                (tmp_path / f"epoch-{number}" / "seg").touch()
            for number in range(10):
                shutil.rmtree(tmp_path / f"epoch-{number}")

    writer = threading.Thread(target=come_and_go)
    writer.start()
    try:
        assert {status._size(tmp_path) for _ in range(300)} == {3}
    finally:
        done.set()
        writer.join()
