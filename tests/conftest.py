"""What holds for every test: a screen of its own for Qt, and a home of its own for settings and data."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

# The same examples each time: a check that passed for one person passes for the next. To look for new ones, set
# PHOTOFIND_EXPLORE and run with different values of --hypothesis-seed.
hypothesis.settings.register_profile("same", derandomize=not os.environ.get("PHOTOFIND_EXPLORE"))
hypothesis.settings.load_profile("same")

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything loads Qt

_HOMES = {"HOME": "", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "XDG_CACHE_HOME": "cache"}


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder: no test sees, or touches, the settings and the library of whoever runs it."""
    folder = tmp_path_factory.mktemp("home")
    for variable, name in _HOMES.items():
        monkeypatch.setenv(variable, str(folder / name))
    return folder
