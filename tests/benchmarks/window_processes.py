"""The processes of ``bench_window``: the product's own window, opened as a user opens it and driven from inside.

``python -m tests.benchmarks.window_processes start|use|click|busy LIBRARY SPAWNED …`` prints one JSON document; SPAWNED
is what the clock of the machine (``time.monotonic``) showed when the process was spawned. Nothing of the product is
imported before the product itself imports it. What is measured ends with the turn of the event loop in which the grid
was painted.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from photofind.gui.main_window import MainWindow
    from tests.benchmarks.window_watching import Watch

_BORN = time.monotonic()

_INDEXING_PATIENCE = 1200.0
_CLICK_REST_MS = 400
_AFTER_START_MS = 1500
_SIZES = ((1000, 700), (1200, 800), (1400, 900), (1100, 760))

Script = Callable[["Watch"], dict[str, Any]]


def open_window(library: Path, script: Script) -> dict[str, Any]:
    """Run the command line that opens the window, and the script in it; return its answer and the moments of start."""
    from photofind.cli.main import run

    moments = {"born": _BORN}
    answers: list[dict[str, Any]] = []

    def open_it(path: Path | None) -> int:
        from photofind.gui import app

        moments["imported"] = time.monotonic()

        class Watched(app.Windows):
            def open(self, library: Path) -> MainWindow:
                moments["application"] = time.monotonic()
                window = super().open(library)
                moments["shown"] = time.monotonic()
                from tests.benchmarks.window_watching import Watch

                watch = Watch(window)
                watch.soon(lambda: self.drive(watch))
                return window

            def drive(self, watch: Watch) -> None:
                try:
                    answers.append(script(watch))
                except BaseException:  # noqa: BLE001 - nobody else would end this process
                    traceback.print_exc()
                    os._exit(1)
                moments["closing"] = time.monotonic()
                self.close()

        app.__dict__["Windows"] = Watched
        return app.run_window(path)

    run(["--library", str(library)], open_it)
    moments["closed"] = time.monotonic()
    return {**answers[0], "moments": moments}


def start(watch: Watch) -> dict[str, Any]:
    """Wait for the first thumbnails, and then for the whole listing."""
    ticker = watch.ticker()
    watch.until(lambda: watch.completed_at > 0)
    memory = watch.memory()
    ticker.lateness.clear()
    begun = time.monotonic()
    watch.until(lambda: watch.is_listed)
    listed = time.monotonic()
    watch.rest(_AFTER_START_MS)
    return {
        "complete": watch.completed_at,
        "tiles": watch.tiles,
        "listing_s": max(listed - begun, 0.0),
        "lateness": ticker.lateness,
        "memory_before": memory,
        "memory_after": watch.memory(),
    }


def use(watch: Watch) -> dict[str, Any]:
    """Do what a user does to the grid, and take the time of each until it is painted."""
    watch.settle()
    listed = watch.memory()
    rng = random.Random(1)
    ticker = watch.ticker()
    times = {
        "scroll by wheel": [watch.timed(partial(watch.wheel, -1)) for _ in range(150)],
        "scroll by pages": [watch.timed(watch.page_down) for _ in range(60)],
        "jump to a random row": [watch.timed(partial(watch.jump, rng.random())) for _ in range(60)],
        "resize": [watch.timed(partial(watch.resize, *size)) for size in _SIZES * 10],
        "select all": [watch.timed(watch.select_all, before=watch.select_none) for _ in range(20)],
        "select none": [watch.timed(watch.select_none, before=watch.select_all) for _ in range(20)],
        "swap: the whole listing": [watch.timed(swap) for swap in watch.listing_swaps(20)],
        "swap: results of a query": [watch.timed(swap) for swap in watch.result_swaps(20)],
    }
    return {
        "times": times,
        "lateness": ticker.lateness,
        "memory_listed": listed,
        "memory": watch.memory(),
        "rows": len(watch.window.model.ids),
    }


def click(watch: Watch, clicks: int) -> dict[str, Any]:
    """Click on photos, each time on one that is seen; take the time until all neighbours are painted."""
    watch.settle()
    watch.rest(2000)  # the index is being opened in the background
    rng = random.Random(2)
    rows = []
    for number in range(clicks):
        if number % 5 == 0:
            watch.home()
            watch.jump(rng.random())
            watch.until(lambda: watch.is_complete())
            watch.rest(_CLICK_REST_MS)
        rows.append(watch.click(rng.random()))
        watch.rest(_CLICK_REST_MS)
    return {"clicks": rows, "memory": watch.memory()}


def busy(watch: Watch, folder: str) -> dict[str, Any]:
    """Index a folder with the grid in view, and note how late the window's own ticks come meanwhile."""
    watch.until(lambda: watch.runs > 0)
    watch.window.background.add_folders([folder])
    watch.until(lambda: len(watch.window.model.ids) > 0)
    ticker = watch.ticker()
    begun, photos = time.monotonic(), watch.done
    watch.until(lambda: watch.runs > 1, patience=_INDEXING_PATIENCE)
    seconds, photos = time.monotonic() - begun, watch.photos - photos
    return {
        "lateness": ticker.lateness,
        "seconds": seconds,
        "photos": photos,
        "memory": watch.memory(),
        "rows": len(watch.window.model.ids),
    }


def main() -> None:
    """Do what the command line says and print the result."""
    what, library, spawned, *rest = sys.argv[1:]
    scripts: dict[str, Script] = {
        "start": start,
        "use": use,
        "click": lambda watch: click(watch, int(rest[0])),
        "busy": lambda watch: busy(watch, rest[0]),
    }
    with _own_stdout() as stdout:
        answer = open_window(Path(library), scripts[what])
        answer["spawned"] = float(spawned)
        os.write(stdout, json.dumps(answer).encode())


@contextmanager
def _own_stdout() -> Iterator[int]:
    """Keep standard output for the answer; what the product prints goes to standard error."""
    kept = os.dup(1)
    os.dup2(2, 1)
    yield kept
    os.close(kept)


if __name__ == "__main__":
    main()
