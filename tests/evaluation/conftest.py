from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.handmade import Handmade


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Handmade]:
    """An empty library open for writing."""
    made = Handmade(tmp_path / "library")
    yield made
    made.close()
