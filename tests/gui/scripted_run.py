"""One walk through the real window, as its user would take it, with a picture of each station.

Usage: ``python -m tests.gui.scripted_run PHOTOS OUT [--dark]``, on any screen Qt knows (under Xvfb, say, or with
``QT_QPA_PLATFORM=offscreen``; ``QT_SCALE_FACTOR=2`` for a dense one).

Nothing is there at first: the folder ``PHOTOS`` is dropped, indexed by the real writer process, looked through,
searched and previewed. The pictures are for looking at; the walk itself fails when a station is not reached.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QWidget

from photofind.gui import theme
from photofind.gui.app import Windows, make_application
from photofind.gui.hub import ExceptionHub
from photofind.gui.main_window import MainWindow
from photofind.gui.preferences import Preferences
from photofind.gui.settings_dialog import SettingsDialog
from tests.support.windows import drop_on

_WAIT_MS = 60_000
_SETTLE_MS = 400


class LostError(Exception):
    """A station was not reached."""


class Walk:
    """The window, the stations so far, and how to wait."""

    def __init__(self, window: MainWindow, out: Path, *, stations: int = 0) -> None:
        self.window = window
        self._out = out
        self._stations = stations

    def until(self, condition: Callable[[], object], what: str, *, wait_ms: int = _WAIT_MS) -> None:
        """Let the window live until something is true; exit with what was not reached."""
        loop = QEventLoop()
        look, end = QTimer(interval=20), QTimer(singleShot=True, interval=wait_ms)
        look.timeout.connect(lambda: loop.quit() if condition() else None)
        end.timeout.connect(loop.quit)
        look.start()
        end.start()
        if not condition():
            loop.exec()
        if not condition():
            raise LostError(f"not reached: {what}")

    def station(self, name: str, *, of: QWidget | None = None) -> None:
        """Take a picture once the window has come to rest."""
        loop = QEventLoop()
        QTimer.singleShot(_SETTLE_MS, loop.quit)
        loop.exec()
        self._stations += 1
        path = self._out / f"{self._stations:02}-{name}.png"
        if not (of or self.window).grab().save(str(path)):
            raise LostError(f"cannot write {path}")

    def do(self, key: str) -> None:
        """Trigger an action."""
        self.window.action_set[key].trigger()

    def click(self, row: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Click on the photo of a row."""
        grid = self.window.grid
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, modifiers, grid.card(row).center())

    def tiles_painted(self) -> bool:
        """Tell whether every visible photo shows its thumbnail."""
        grid = self.window.grid
        first, last = grid.visible_rows()
        tiles = [grid.source.tile(int(photo_id)) for photo_id in self.window.model.ids[first : last + 1]]
        return all(tile is not None and tile.pixmap is not None for tile in tiles)

    def search(self, act: Callable[[], object]) -> None:
        """Do something that asks the library, and wait for its answer with its pictures."""
        answers: list[object] = []
        connection = self.window.browser.results_shown.connect(lambda result, _: answers.append(result))
        act()
        self.until(lambda: answers and self.tiles_painted(), "the answer to a query")
        self.window.browser.results_shown.disconnect(connection)


def walk(walk: Walk, photos: Path) -> None:
    """Take the walk; the window is closed at its end."""
    window = walk.window
    walk.until(lambda: window.pages.currentWidget() is window.empty_state, "the invitation")
    walk.station("empty")
    drop_on(window, _files(photos))
    walk.station("folder-offered")
    button(window.notices, "Add").click()
    walk.until(lambda: len(window.model.ids) > 0, "the first photos")
    walk.station("indexing")
    total = sum(path.suffix == ".jpg" for path in photos.rglob("*"))
    walk.until(lambda: len(window.model.ids) >= total - 5 and walk.tiles_painted(), "all photos")
    walk.station("all-photos")
    window.grid.scroll_to_row(len(window.model.ids) // 2)
    walk.until(walk.tiles_painted, "thumbnails after a jump")
    walk.station("scrolled")
    row = window.grid.visible_rows()[0] + 2
    walk.search(lambda: walk.click(row))
    walk.station("similar")
    walk.search(lambda: walk.click(3))
    walk.station("similar-again")
    window.speed.set_exact(exact=True)
    walk.station("exact")
    probe = next(path for path in sorted(photos.rglob("*.jpg")))
    walk.search(lambda: drop_on(window, _files(probe)))
    walk.station("dropped")
    walk.click(1, Qt.KeyboardModifier.ControlModifier)
    walk.click(4, Qt.KeyboardModifier.ControlModifier)
    walk.station("selected")
    walk.search(lambda: walk.do("find_similar"))
    walk.station("two-photos")
    _compose(walk)
    QTest.keyClick(window.grid, Qt.Key.Key_Home)
    QTest.keyClick(window.grid, Qt.Key.Key_Space)
    walk.until(lambda: window.preview.current_image() is not None, "the preview")
    walk.do("details_panel")
    walk.station("preview")
    QTest.keyClick(window.preview, Qt.Key.Key_Right)
    walk.until(lambda: window.preview.current_image() is not None, "the next photo")
    QTest.keyClick(window.preview, Qt.Key.Key_R)
    view = window.preview.view
    start, end = QPoint(view.width() // 3, view.height() // 3), QPoint(view.width() * 3 // 5, view.height() * 3 // 5)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 11):
        QTest.mouseMove(view, start + (end - start) * step / 10)
    walk.station("region")
    walk.search(lambda: QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end))
    walk.station("region-found")
    walk.do("back")
    walk.do("folders_panel")
    walk.do("errors_panel")
    walk.station("panels")
    for key in ("folders_panel", "errors_panel", "home", "filters"):
        walk.do(key)
    QTest.keyClicks(window.filter_control.panel.until, "2100")
    walk.until(lambda: window.filter_chips.chips and len(window.model.ids) > 0, "filtered photos")
    walk.station("filters")
    walk.do("save_search")
    QTest.keyClick(window.saved.name, Qt.Key.Key_Return)
    walk.until(lambda: window.saved.list.count() == 1, "the saved search")
    walk.station("saved")
    for key in ("shortcuts", "index_health", "settings"):
        walk.do(key)
        dialog = next((shown for shown in window.findChildren(QDialog) if shown.isVisible()), None)
        if dialog is None:
            raise LostError(f"no dialog: {key}")
        walk.station(key, of=dialog)
        if isinstance(dialog, SettingsDialog):
            dialog.show_page(dialog.packs)
            walk.station("models", of=dialog)
        dialog.close()


def _compose(walk: Walk) -> None:
    """Ask by words alone, by words with photos, and by words that mean nothing."""
    window = walk.window
    walk.do("home")
    walk.until(lambda: window.browser.query is None and len(window.model.ids) > 0, "all photos again")
    walk.do("words")
    walk.search(lambda: _type(walk, "a cup of coffee"))
    walk.station("words")
    walk.click(2, Qt.KeyboardModifier.ControlModifier)
    walk.search(lambda: walk.do("more_like"))
    walk.click(len(window.model.ids) // 2, Qt.KeyboardModifier.ControlModifier)
    walk.search(lambda: walk.do("less_like"))
    first = window.query_bar.chips[0]
    walk.search(lambda: first.replaced.emit(first.part, first.part.weighted(2.0)))
    walk.station("composed")
    walk.do("home")
    walk.until(lambda: window.browser.query is None and len(window.model.ids) > 0, "all photos again")
    walk.do("words")
    walk.search(lambda: _type(walk, "blorf wibble"))
    walk.until(window.placeholder.isVisible, "the page for unknown words")
    walk.station("nothing-known")
    walk.do("home")
    walk.until(lambda: len(window.model.ids) > 0 and walk.tiles_painted(), "all photos once more")
    walk.search(lambda: walk.click(0))


def _type(walk: Walk, text: str) -> None:
    QTest.keyClicks(walk.window.words, text)


class Outing:
    """The application of one walk, which remembers what went wrong on it."""

    def __init__(self, *, dark: bool) -> None:
        self.app = make_application()
        self.app.setPalette(theme.palette(dark=dark))
        self.hub = ExceptionHub()
        self.hub.install()
        self._troubles: list[str] = []
        self.hub.reported.connect(lambda _, details: self._troubles.append(details))

    def take(self, walk: Callable[[], None], close: Callable[[], object]) -> int:
        """Take a walk that ends the application by closing its window; say what went wrong, return the exit status."""

        def go() -> None:
            try:
                walk()
            except LostError as error:
                self._troubles.append(str(error))
            finally:
                close()

        QTimer.singleShot(0, go)
        status = self.app.exec()
        self.hub.uninstall()
        sys.stderr.writelines(f"{trouble}\n" for trouble in self._troubles)
        return status or bool(self._troubles)


def button(parent: QWidget, text: str) -> QAbstractButton:
    """Return the button with a text."""
    return next(found for found in parent.findChildren(QAbstractButton) if found.text() == text)


def _files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def main() -> int:
    """Take the walk on an empty library; return the exit status of the application."""
    parser = argparse.ArgumentParser(description="Walk through the window and take pictures.")
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--dark", action="store_true")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    outing = Outing(dark=arguments.dark)
    with tempfile.TemporaryDirectory(prefix="photofind-walk-") as place:
        windows = Windows(outing.app, Preferences(Path(place) / "window.ini"), outing.hub)
        window = windows.open(Path(place) / "library")
        return outing.take(lambda: walk(Walk(window, arguments.out), arguments.photos), windows.close)


if __name__ == "__main__":
    sys.exit(main())
