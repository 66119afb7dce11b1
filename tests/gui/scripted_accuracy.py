"""The measured slider in the real window, with pictures: its words, its curve, what was missed, and the health page.

Usage: ``python -m tests.gui.scripted_accuracy OUT [--photos N] [--dark]``, on any screen; see ``scripted_run``.

The library is made up: embeddings as hard to index as real ones, thumbnails of the photos that come with scikit-image,
so that the pictures may be published. The index is measured by the product; nothing that is shown was typed in.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QDialog

from photofind.core.library import Library
from photofind.core.settings import Settings
from photofind.gui.main_window import MainWindow
from photofind.gui.preferences import Preferences
from tests.benchmarks.sample_photos import make_thumbnails
from tests.benchmarks.synthetic_window import fill
from tests.gui.scripted_run import Outing, Walk

_DIFFERENT = 120
_SIZE = 1280, 800


def make_measured(library: Path, photos: int) -> None:
    """Fill a library and measure its index."""
    fill(library, photos, make_thumbnails(_DIFFERENT, quality=85))
    with Library(library, Settings()) as opened:
        for _ in opened.calibrator().run():
            pass


def walk(walk: Walk, photos: int) -> None:
    """Search at the default and at the fastest position, and look at everything that tells how good that was."""
    window = walk.window
    window.start_reading()
    window.background.read_numbers()
    walk.until(lambda: len(window.model.ids) == photos and walk.tiles_painted(), "all photos")
    walk.until(lambda: window.speed.positions.accuracy is not None, "the measured slider")
    walk.search(lambda: walk.click(3))
    walk.until(lambda: window.missed.check is not None, "what the default missed")
    walk.station("slider")
    walk.search(lambda: window.speed.choose(0))
    walk.until(lambda: window.missed.check is not None, "what the fastest missed")
    walk.station("missed")
    window.query_bar.outcome.link.click()
    walk.until(walk.tiles_painted, "the missed photos")
    walk.station("missed-shown")
    walk.do("accuracy")
    walk.station("chart", of=window.accuracy.panel)
    window.accuracy.close()
    walk.do("index_health")
    dialog = next(shown for shown in window.findChildren(QDialog) if shown.isVisible())
    walk.station("health", of=dialog)
    dialog.close()


def main() -> int:
    """Make the library and take the walk; return the exit status."""
    parser = argparse.ArgumentParser(description="Take pictures of the measured slider and what belongs to it.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--dark", action="store_true")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    outing = Outing(dark=arguments.dark)
    with tempfile.TemporaryDirectory(prefix="photofind-accuracy-") as place:
        library = Path(place) / "library"
        make_measured(library, arguments.photos)
        window = MainWindow(library, Settings(), Preferences(Path(place) / "window.ini"))
        window.closed.connect(outing.app.quit)
        window.resize(*_SIZE)
        window.show()
        return outing.take(lambda: walk(Walk(window, arguments.out), arguments.photos), window.close)


if __name__ == "__main__":
    sys.exit(main())
