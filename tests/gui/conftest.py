"""Libraries for tests of the window, and a window on one."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofind.gui.garbage import CycleCollector
from photofind.gui.preferences import Preferences
from tests.support.gallery import PHOTOS, Gallery, copy_gallery, make_gallery
from tests.support.windows import Opened


@pytest.fixture(autouse=True)
def _collector(qapp: QApplication) -> Iterator[None]:
    """Collect cycles in this thread only, as the application does: other threads would take widgets apart."""
    collector = CycleCollector(qapp)
    yield
    gc.collect(1)
    collector.stop()
    collector.deleteLater()


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """A small library that all tests share and none may change."""
    with pytest.MonkeyPatch.context() as environment:  # each test's own empty home is not there yet
        for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            environment.setenv(variable, str(tmp_path_factory.mktemp("home")))
        return make_gallery(tmp_path_factory.mktemp("gallery"))


@pytest.fixture
def fresh_gallery(gallery: Gallery, tmp_path: Path) -> Gallery:
    """A copy of the small library for a test that changes it."""
    return copy_gallery(gallery, tmp_path / "fresh")


@pytest.fixture
def opened(qtbot: QtBot, gallery: Gallery, tmp_path: Path) -> Iterator[Opened]:
    """A window on the small library that all tests share; it has the keyboard."""
    window = Opened(qtbot, gallery.library, gallery.settings, Preferences(tmp_path / "window.ini"))
    window.start(PHOTOS)
    with qtbot.waitActive(window.window):
        window.window.activateWindow()
    yield window
    window.close()
