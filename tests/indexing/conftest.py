from __future__ import annotations

from pathlib import Path

import pytest

from photofind.core.settings import Settings
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty folder of photos and no library yet; one decoder process."""
    return World(tmp_path, Settings(workers=1))
