"""The real window without a screen: it opens a library, has one task done by its writer, and closes."""

from __future__ import annotations

import sys
from pathlib import Path

from photofind.core.paths import settings_file
from photofind.core.settings import load_settings
from photofind.gui.app import make_application
from photofind.gui.main_window import MainWindow
from photofind.gui.preferences import Preferences


def run_window(library: Path, task: str, folders: list[str]) -> int:
    """Open the window, do ``index``, ``compact``, ``recluster`` or ``find_duplicates``, and return when it is closed.

    Every line on stdout is something that happened: ``ready``, ``restarted``, ``done``.
    """
    app = make_application()
    window = MainWindow(library, load_settings(settings_file()), Preferences(library.parent / "window.ini"))
    worker = window.session.worker

    def done(*_: object) -> None:
        _tell("done")
        window.close()

    def gave_up(words: str) -> None:
        _tell(f"gave up: {words}")
        window.close()

    def begin() -> None:
        if task == "index":
            worker.finished.connect(done)
            worker.index(folders)
        elif task == "find_duplicates":
            worker.duplicates_found.connect(done)
            worker.find_duplicates()
        else:
            worker.maintained.connect(done)
            worker.maintain(task)

    worker.ready.connect(lambda: _tell("ready"))
    worker.restarted.connect(lambda _: _tell("restarted"))
    worker.failed.connect(lambda message, _: _tell(f"failed: {message}"))
    worker.gave_up.connect(gave_up)
    window.closed.connect(app.quit)
    window.show()
    window.start_reading()
    worker.start()
    begin()
    return app.exec()


def _tell(what: str) -> None:
    sys.stdout.write(what + "\n")
    sys.stdout.flush()
