from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import skimage
from PIL import Image

from photofind.core.catalog import Catalog, Pack
from photofind.core.encoders import Encoder, open_encoder
from photofind.core.imaging import DecodeLimits
from photofind.core.records import FileStamp, PhotoFacts
from photofind.core.scan import stamp_of
from photofind.core.search import Searcher
from photofind.core.vectors.rows import RowWriter, row_crcs, row_file
from tests.support.handmade import Handmade

DATA = Path(skimage.__file__).parent / "data"
PHOTOS = ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"]

LIMITS = DecodeLimits(pixels=250_000_000, file_bytes=1 << 30)

OpenSearcher = Callable[[Callable[[Pack], Encoder]], Searcher]


def no_encoder(pack: Pack) -> Encoder:
    raise AssertionError(f"{pack.key} must not be opened")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Handmade]:
    """An empty library open for writing."""
    made = Handmade(tmp_path / "library")
    yield made
    made.close()


@pytest.fixture
def reader(library: Handmade) -> Iterator[Catalog]:
    """The library's catalog as another process would open it."""
    with Catalog.open_reader(library.folder / "library.db") as opened:
        yield opened


@pytest.fixture
def searcher(library: Handmade, reader: Catalog) -> Iterator[Searcher]:
    """A searcher that never needs to embed anything."""
    with closing(Searcher(library.folder, reader, no_encoder, LIMITS)) as opened:
        yield opened


# Real photos


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return open_encoder()


@dataclass(frozen=True)
class Place:
    library: Path
    photos: Path


@pytest.fixture
def place(tmp_path: Path, encoder: Encoder) -> Place:
    """A library of four photos that lie in a folder."""
    made = Place(tmp_path, tmp_path / "photos")
    made.photos.mkdir()
    embeddings = []
    with Catalog.open_writer(made.library / "library.db") as catalog, catalog.transaction():
        pack = catalog.vectors.put_pack(encoder.key, "", encoder.dimension)
        catalog.set_active_pack(pack.key)
        folder = catalog.files.put_folder(
            catalog.files.add_root(str(made.photos)), str(made.photos), is_mount=False, error=None
        )
        for name in PHOTOS:
            path = Path(shutil.copy(DATA / name, made.photos))
            with Image.open(path) as image:
                embeddings.append(encoder.encode(image.convert("RGB")))
            catalog.files.add_pending(folder, [(name, FileStamp(0, 0, 0))])
            known = catalog.files.find(str(made.photos), name)
            assert known is not None
            content = catalog.contents.add(name.encode(), 1, PhotoFacts("PNG", 1, 1))
            catalog.files.set_photo(known.id, content, stamp_of(path.stat()))
        rows = RowWriter(row_file(made.library, pack.key), encoder.dimension, 0)
        crcs = row_crcs(rows.append(np.stack(embeddings)))
        rows.close()
        catalog.vectors.append(pack.id, 0, [(content_id, crc) for content_id, crc in enumerate(crcs, 1)])  # type: ignore[misc]
    return made
