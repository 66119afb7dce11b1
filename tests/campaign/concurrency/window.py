"""The real window in a process of its own, which is told what to do by lines and tells by lines what it shows.

::

    look                        ──▶ {"event": "seen", "photos": …, "notice": …, "problem": …, "trouble": […]}
    drop PATH, index, search, drag, page NAME, close
                                ──▶ {"event": "did"} as soon as the window's thread is through with it

A window that waits for a disk answers nothing: that is how it is found out.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QSocketNotifier, QTimer, QUrl

from photofind.gui.app import Windows, make_application
from photofind.gui.hub import ExceptionHub
from photofind.gui.main_window import MainWindow
from photofind.gui.preferences import Preferences
from photofind.gui.threads import leave
from tests.support.windows import drop_on


class _Reins(QObject):
    """Does what the lines on the standard input say."""

    def __init__(self, windows: Windows, hub: ExceptionHub, library: Path) -> None:
        super().__init__()
        self._windows, self._library = windows, library
        self._trouble: list[str] = []
        hub.reported.connect(lambda summary, details: self._trouble.append(f"{summary} {details[-600:]}"))
        self._told: list[str] = []
        self._last = ""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._note)
        self._timer.start(50)
        self._unread = b""
        self._notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)

    def open(self) -> None:
        window = self._windows.open_first(self._library)
        window.grid.run_drag = lambda _: None  # the pointer of nobody
        tell("opened")

    def _on_readable(self) -> None:
        news = os.read(sys.stdin.fileno(), 4096)
        if not news:
            self._notifier.setEnabled(False)
            self._windows.close()
            return
        *lines, self._unread = (self._unread + news).split(b"\n")
        for line in lines:
            order = json.loads(line)
            self._obey(order["do"], order.get("with", ""))

    def _obey(self, order: str, argument: str) -> None:
        window = self._windows.window
        if window is None:
            return
        acts: dict[str, Callable[[MainWindow, str], object]] = {
            "look": self._look,
            "drop": _drop,
            "index": lambda w, folder: w.background.add_folders([folder] if folder else []),
            "search": lambda w, _: w.queries.find_similar([int(photo) for photo in w.model.ids[:1]]),
            "type": lambda w, words: w.browser.type_words(words, finished=True),
            "drag": _drag,
            "home": lambda w, _: w.action_set["home"].trigger(),
            "preview": _preview,
            "duplicates": lambda w, _: w.action_set["duplicates"].trigger(),
            "libraries": lambda w, _: w.libraries_menu.aboutToShow.emit(),
            "words": lambda w, _: w.words.setFocus(),
        }
        if order == "close":
            self._windows.close()
        else:
            acts[order](window, argument)
        tell("did", order=order)

    def _note(self) -> None:
        window = self._windows.window
        text = window.notices.text if window is not None else ""
        if text and text != self._last:
            self._told.append(text)
        self._last = text

    def _look(self, window: MainWindow, _: str) -> None:
        self._note()
        tell("seen", photos=len(window.model.ids), notices=self._told, trouble=self._trouble)


def _drop(window: MainWindow, path: str) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path)])
    drop_on(window, mime)


def _drag(window: MainWindow, _: str) -> None:
    window.grid.selectAll()
    if window.grid.selected_ids().size:  # nobody can drag what is not listed yet
        window.grid._on_drag_started(0)


def _preview(window: MainWindow, _: str) -> None:
    for photo_id in window.model.ids[:1].tolist():
        window.show_preview(photo_id)


def tell(event: str, **values: object) -> None:
    """Write a line of JSON."""
    os.write(1, json.dumps({"event": event, **values}).encode() + b"\n")


def run(library: str, preferences: str) -> int:
    """Open the window on a library and do as told until it is closed; return the exit status."""
    app = make_application()
    hub = ExceptionHub(Path(preferences).with_suffix(".log"))
    hub.install()
    windows = Windows(app, Preferences(Path(preferences)), hub)
    reins = _Reins(windows, hub, Path(library))
    QTimer.singleShot(0, reins.open)
    status = app.exec()
    tell("closed")
    hub.uninstall()
    return leave(status)
