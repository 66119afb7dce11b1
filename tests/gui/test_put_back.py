"""A catalog that is put back from a back-up while a window shows what came after it."""

from __future__ import annotations

import shutil
from pathlib import Path

from pytestqt.qtbot import QtBot

from photofind.core.library_writer import LibraryWriter
from photofind.gui.preferences import Preferences
from tests.support.gallery import PHOTOS, Gallery
from tests.support.photos import put
from tests.support.windows import Opened


def test_the_window_says_so_and_shows_no_photo_of_the_other(
    fresh_gallery: Gallery, tmp_path: Path, qtbot: QtBot
) -> None:
    """The numbers of the photos that it lists are those of others there."""
    database = fresh_gallery.library / "library.db"
    early = shutil.copyfile(database, fresh_gallery.place / "early.db")

    def update(name: str, content: int) -> None:
        put(fresh_gallery.home / name, content)
        with LibraryWriter(fresh_gallery.library, fresh_gallery.settings) as writer:
            for _ in writer.update():
                pass

    update("undone.jpg", 77)
    opened = Opened(qtbot, fresh_gallery.library, fresh_gallery.settings, Preferences(tmp_path / "window.ini"))
    opened.start(PHOTOS + 1)
    early.rename(database)
    (fresh_gallery.home / "undone.jpg").unlink()
    update("other.jpg", 78)
    told: list[str] = []
    opened.window.browser.failed.connect(told.append)
    opened.click(0)
    opened.do("find_similar")
    opened.until(lambda: told, "a sentence instead of an answer")
    assert "moved or replaced while it was open" in told[0]
    assert opened.ids() == []
    opened.close()
