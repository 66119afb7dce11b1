from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog, Pack
from photofind.core.encoders import Encoder
from photofind.core.imaging import DecodeLimits
from photofind.core.search import Searcher
from tests.support.handmade import Handmade

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
