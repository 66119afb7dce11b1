"""A window on a library that may be damaged: opened as its users do, looked at until it has come to rest, and closed.

Runs in a process of its own, see ``programs``. What it returns begins with ``notice`` for what the window tells,
``listed`` for the number of photos that it shows, and ``trouble`` for what should not happen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer

from photofind.gui.app import Windows, make_application
from photofind.gui.hub import ExceptionHub
from photofind.gui.preferences import Preferences

_LOOK_MS: Final = 50
_QUIET_LOOKS: Final = 6
"""So many looks at which nothing had changed any more mean that the window has come to rest."""
_MOST_LOOKS: Final = 400


class _Visit(QObject):
    """Opens the window, looks at it again and again, and closes it."""

    def __init__(self, library: Path, preferences: Path) -> None:
        self._app = make_application()
        super().__init__(self._app)
        self.seen: list[str] = []
        self._hub = ExceptionHub(preferences.with_name("window.log"))
        self._hub.install()
        self._hub.reported.connect(lambda summary, details: self._note(f"trouble {summary} {details[-800:]}"))
        self._windows = Windows(self._app, Preferences(preferences), self._hub)
        self._windows.open_first(library)
        self._last: object = None
        self._quiet = self._looks = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK_MS)

    def run(self) -> list[str]:
        self._app.exec()
        self._hub.uninstall()
        return self.seen

    def _look(self) -> None:
        window = self._windows.window
        self._looks += 1
        if window is None:
            return
        self._note(f"notice {window.notices.text}" if window.notices.text else "")
        state = (len(window.model.ids), window.notices.text, window.progress.isVisible(), len(self.seen))
        waiting = not len(window.model.ids) and not window.notices.text
        self._quiet = self._quiet + 1 if state == self._last and not waiting else 0
        self._last = state
        if self._quiet >= _QUIET_LOOKS or self._looks >= _MOST_LOOKS:
            self._note(f"listed {len(window.model.ids)}")
            self._note("trouble the window neither lists photos nor says why" if waiting else "")
            self._timer.stop()
            self._windows.close()

    def _note(self, what: str) -> None:
        if what and what not in self.seen:
            self.seen.append(what.replace("\n", " "))


def visit(library: Path) -> list[str]:
    """Open the window on a library and close it; return what it told."""
    return _Visit(library, library.parent / "window.ini").run()
