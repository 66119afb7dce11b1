"""How fast the grid answers with a million photos, and how much memory it takes.

Usage (about two minutes)::

    python -m tests.benchmarks.bench_grid [--rows 1000000] [--rounds 40]

Shows the real grid, with its date scrubber, on no screen, over made-up photo ids and a few hundred generated pictures
that are in memory at the size of a tile. Each row of the table is one thing that a user does; its time is from the
event until everything that it changed has been painted. *arrive* is sixteen tiles that become known; *grow* a list that
gains photos at its beginning, while the user's place stays, and a thousand selected photos, ten each in a hundred
places; *band* a move of a rubber band over half the window.

There are four windows: a common one, a 4K one, a 4K one with the smallest tiles (a thousand at once), and a common one
on a screen of two device pixels in a logical one, whose pictures are smaller than their boxes and have to be scaled.

The mark is one frame of a 60 Hz screen for the 95th percentile, in the common window; the others are for comparison. It
is put on the processor's time, because nothing here waits for anything but the processor, and other programs that are
at work would spoil the wall's. The wall's time is shown beside it. Memory is what the process has resident at the end,
Qt and pictures included.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import psutil
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from photofind.gui import theme
from photofind.gui.grid.model import PhotoGridModel
from photofind.gui.grid.scrubber import DateScrubber
from photofind.gui.grid.view import PhotoGridView
from tests.benchmarks.support import Mark, begin, conclude, table
from tests.gui.grid.support import PictureSource

_FRAME_MS = 16.0
_MEMORY_MARK = 400.0
_PICTURES = 300
_DAYS_FROM, _DAYS_TO = 12_000, 20_000


@dataclass(frozen=True)
class Screen:
    """A window to measure in."""

    name: str
    width: int
    height: int
    tile: int
    ratio: int = 1


_SCREENS = {
    "common": Screen("1400 by 900, tiles of 160", 1400, 900, 160),
    "dense": Screen("3840 by 2160, tiles of 80", 3840, 2160, 80),
    "4k": Screen("3840 by 2160, tiles of 160", 3840, 2160, 160),
    "fine": Screen("1400 by 900, tiles of 160, two device pixels", 1400, 900, 160, ratio=2),
}


class Bench:
    """The grid with its scrubber, and the things that are done to it."""

    def __init__(self, screen: Screen, rows: int) -> None:
        self._screen = screen
        self._random = np.random.default_rng(5)
        self._source = PictureSource(_PICTURES, min(screen.tile * screen.ratio, 256))
        self._window = QWidget()
        self._model = PhotoGridModel()
        self._grid = PhotoGridView(self._model, self._source, self._window)
        self._grid.set_tile_size(screen.tile)
        self._scrubber = DateScrubber(self._window)
        row = QHBoxLayout(self._window)
        row.addWidget(self._grid, 1)
        row.addWidget(self._scrubber)
        self._grid.visible_rows_changed.connect(self._scrubber.set_view)
        self._scrubber.row_requested.connect(self._grid.scroll_to_row)
        self._model.modelReset.connect(lambda: self._scrubber.set_days(self._model.days))
        self._window.resize(screen.width, screen.height)
        self._ids = self._random.permutation(rows).astype(np.int64)
        days = np.sort(self._random.integers(_DAYS_FROM, _DAYS_TO, rows).astype(np.int32))[::-1]
        self._days = np.ascontiguousarray(days)
        self._step = 0

    def prepare(self) -> None:
        """Have all rows, before the window is shown."""
        self._model.set_rows(self._ids, days=self._days)

    def show(self) -> None:
        """Show the window anew."""
        self._window.hide()
        self._window.show()

    def scroll(self) -> None:
        """Turn the wheel by one notch, mostly down."""
        self._step += 1
        notch = 120 if self._step % 8 == 0 else -120
        self._send_wheel(notch, Qt.KeyboardModifier.NoModifier)

    def jump(self) -> None:
        """Drag the scroll bar somewhere else."""
        bar = self._grid.verticalScrollBar()
        bar.setValue(int(self._random.integers(bar.maximum())))

    def page(self) -> None:
        """Move the current photo by a page, which selects it."""
        self._grid.scroll_to_row(int(self._random.integers(len(self._ids))))
        self._grid.set_current_id(self._model.photo_id(self._grid.visible_rows()[1]))

    def resize(self) -> None:
        """Change the width of the window."""
        self._step += 1
        self._window.resize(self._screen.width - self._step % 30 * 10, self._screen.height)

    def zoom(self) -> None:
        """Change the size of the tiles with the wheel."""
        self._step += 1
        self._send_wheel(120 if self._step // 4 % 2 else -120, Qt.KeyboardModifier.ControlModifier)

    def select_all(self) -> None:
        """Select all photos, then only one, in turn."""
        self._step += 1
        if self._step % 2:
            self._grid.selectAll()
        else:
            self._grid.set_current_id(self._model.photo_id(self._grid.visible_rows()[0]))

    def new_results(self) -> None:
        """Show 500 results, or all photos again, in turn."""
        self._step += 1
        if self._step % 2:
            scores = np.linspace(1.0, 0.3, 500, dtype=np.float32)
            self._model.set_rows(self._ids[self._step : self._step + 500].copy(), scores=scores, mark=0.6)
        else:
            self._model.set_rows(self._ids, days=self._days)

    def grow(self) -> None:
        """List all photos again, with new ones, and stay at the same place with a thousand selected."""
        if len(self._grid.selected_ids()) < 500:
            places = np.arange(1000) % 10 + np.arange(1000) // 10 * 1000
            self._grid.select_ids(self._ids[places + 50_000])
            self._grid.scroll_to_row(len(self._ids) // 2)
        self._step += 1
        state = self._grid.view_state()
        start = self._step % 2 * 32
        self._model.set_rows(self._ids[start:], days=self._days[start:])
        self._grid.restore_view_state(state)

    def arrive(self) -> None:
        """Have sixteen tiles that were not known."""
        first, _ = self._grid.visible_rows()
        self._source.learn(self._model.ids[first : first + 16].tolist())

    def band(self) -> None:
        """Move a rubber band; the button stays down."""
        self._step += 1
        if self._step == 1:
            self._grid.verticalScrollBar().setValue(0)
            self._send_mouse(QEvent.Type.MouseButtonPress, QPoint(1, 1))
        shift = self._step % 20 * 8
        self._send_mouse(
            QEvent.Type.MouseMove, QPoint(self._screen.width // 2 + shift, self._screen.height // 2 + shift)
        )

    def _send_wheel(self, notch: int, modifiers: Qt.KeyboardModifier) -> None:
        at = QPointF(self._screen.width / 2, self._screen.height / 2)
        turned = QWheelEvent(
            at, at, QPoint(), QPoint(0, notch), Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(self._grid.viewport(), turned)

    def _send_mouse(self, kind: QEvent.Type, at: QPoint) -> None:
        left = Qt.MouseButton.LeftButton
        place = QPointF(at)
        QApplication.sendEvent(
            self._grid.viewport(), QMouseEvent(kind, place, place, left, left, Qt.KeyboardModifier.NoModifier)
        )

    def timed(self, action: Callable[[], None], rounds: int) -> npt.NDArray[np.float64]:
        """Return the milliseconds of each round on the wall and on the processor, painting included."""
        self._step = 0
        self._grid.set_tile_size(self._screen.tile)
        taken = []
        for number in range(rounds + 3):
            start = time.perf_counter(), time.thread_time()
            action()
            QApplication.processEvents()
            QApplication.sendPostedEvents()
            if number >= 3:
                taken.append((time.perf_counter() - start[0], time.thread_time() - start[1]))
            # What was put off for a moment, such as finer scaling, is not the next action's time.
            until = time.perf_counter() + 0.05
            while time.perf_counter() < until:
                QApplication.processEvents()
        return np.array(taken).T * 1000.0


def measure(screen: Screen, rows: int, rounds: int, *, judged: bool) -> list[Mark]:
    """Print the table of one window; return its marks."""
    app = QApplication([])
    app.setStyle("Fusion")
    app.setPalette(theme.palette(dark=True))
    bench = Bench(screen, rows)
    bench.prepare()
    actions = {
        "show": bench.show,
        "scroll": bench.scroll,
        "jump": bench.jump,
        "page": bench.page,
        "resize": bench.resize,
        "zoom": bench.zoom,
        "select all": bench.select_all,
        "new result set": bench.new_results,
        "grow": bench.grow,
        "arrive": bench.arrive,
        "band": bench.band,
    }
    lines, marks = [], []
    for name, action in actions.items():
        wall, processor = bench.timed(action, rounds)
        p95 = float(np.percentile(processor, 95))
        cells = [np.median(processor), p95, np.median(wall), np.percentile(wall, 95)]
        lines.append((name, *(f"{cell:.1f}" for cell in cells)))
        marks.append(Mark(f"{name}, p95", p95, _FRAME_MS, " ms"))
    memory = psutil.Process().memory_info().rss / 1e6
    marks.append(Mark("resident memory", memory, _MEMORY_MARK, " MB"))
    print(f"{screen.name}: {rows:,} photos, {memory:.0f} MB resident\n")
    table(["action", "median, ms", "p95, ms", "median on the wall", "p95 on the wall"], lines)
    return marks if judged else []


def main() -> int:
    """Measure each window in a process of its own, since the pixel ratio is one of the process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--screen", choices=_SCREENS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if arguments.screen:
        screen = _SCREENS[arguments.screen]
        marks = measure(screen, arguments.rows, arguments.rounds, judged=arguments.screen == "common")
        return conclude(marks) if marks else 0
    begin("The grid over a million photos")
    failed = 0
    for name, screen in reversed(_SCREENS.items()):
        command = [sys.executable, "-m", "tests.benchmarks.bench_grid", *sys.argv[1:], "--screen", name]
        environment = {**os.environ, "QT_SCALE_FACTOR": str(screen.ratio)}
        failed |= subprocess.run(command, env=environment, check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
