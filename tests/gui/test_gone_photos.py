"""Commands on photos that left the library while they were still shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from photofind.gui.preferences import Preferences
from tests.support.gallery import PHOTOS, Gallery
from tests.support.windows import Opened

_GONE = 4711


@pytest.fixture
def opened(qtbot: QtBot, gallery: Gallery, tmp_path: Path) -> Iterator[Opened]:
    """A window on the small library that all tests share."""
    window = Opened(qtbot, gallery.library, gallery.settings, Preferences(tmp_path / "window.ini"))
    window.start(PHOTOS)
    yield window
    window.close()


@pytest.mark.parametrize("command", ["open_default", "show_in_manager", "copy_paths", "copy_image"])
def test_a_command_on_a_photo_that_is_gone_is_a_notice(opened: Opened, command: str) -> None:
    getattr(opened.window.commands, command)([_GONE])
    opened.until(lambda: "not in the library any more" in opened.window.notices.text)
