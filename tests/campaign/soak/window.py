"""A window of photofind in a process of its own, used by somebody who never rests.

``python -m tests.campaign.soak.window LIBRARY OTHER PROBES EXTRA STACKS SEED [ACTION …]``; lines on the standard
input say what to do, lines of JSON on the standard output what came of it.

::

    play N ──▶ SoakUser acts at random, N times ──▶ "played"; or for ever with 0
    measure ──▶ "measured" with what the window holds
    rest ──▶ back to all photos, all folders read, nothing new ──▶ "rested" with the last report
    close ──▶ the window closes, and the process ends as the program would ──▶ "closed"
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import json
import logging
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication

from photofind.gui.allocator import give_back
from photofind.gui.app import Windows, make_application
from photofind.gui.hub import ExceptionHub
from photofind.gui.main_window import MainWindow
from photofind.gui.preferences import CACHE_MEGABYTES, Preferences
from photofind.gui.threads import leave
from tests.campaign.soak.heart import Heart
from tests.campaign.soak.user import Places, SoakUser

_CHANGES = ("added", "changed", "removed", "moved", "embedded")
_LEAST_COUNTED = 300
"""Types with fewer objects than that are not reported."""

_MOST_RUNS = 20
"""So often all folders are read, at the most, until nothing is new."""


class Reins(QObject):
    """Does what the lines on the standard input say."""

    def __init__(self, app: QApplication, windows: Windows, user: SoakUser, heart: Heart) -> None:
        super().__init__(app)
        self._windows, self._user, self._heart = windows, user, heart
        self.troubles: list[str] = []
        self._rest = Rest(user, windows, self)
        self._unread = b""
        self._notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)

    def _on_readable(self) -> None:
        news = os.read(sys.stdin.fileno(), 4096)
        if not news:  # whoever started this is gone
            self._notifier.setEnabled(False)
            self._close()
            return
        *lines, self._unread = (self._unread + news).split(b"\n")
        for line in lines:
            order, *numbers = line.decode().split()
            self._obey(order, [int(number) for number in numbers])

    def _obey(self, order: str, numbers: list[int]) -> None:
        acts: dict[str, Callable[[], object]] = {
            "play": lambda: self._user.play(*numbers),
            "measure": self._measure,
            "rest": self._rest.begin,
            "close": self._close,
        }
        acts[order]()

    def _measure(self) -> None:
        self._heart.stop()  # to count all objects takes a while
        _tell("measured", {**_counts(), **self._heart.counts(), **self._user.counts(), "troubles": self.troubles})
        self._heart.start()

    def _close(self) -> None:
        self._user.stop()
        self._heart.stop()
        self._windows.close()


class Rest(QObject):
    """Brings the window back to all photos, and the library up to date with what is on the disk."""

    def __init__(self, user: SoakUser, windows: Windows, parent: QObject) -> None:
        super().__init__(parent)
        self._user, self._windows = user, windows
        self._window: MainWindow | None = None
        self._quiet = self._runs = 0

    def begin(self) -> None:
        """Begin; again and again until the window is on its library."""
        self._user.stop()
        window = self._windows.window
        if window is None or not self._user.is_at_home(window) or not window.session.worker._thread.isRunning():
            QTimer.singleShot(1000, self, self.begin)
            return
        self._window = window
        self._user.come_to_rest(window)
        window.session.worker.finished.connect(self._on_finished)
        window.background.add_folders([str(self._user.places.extra)])

    def _on_finished(self, report: dict[str, object]) -> None:
        assert self._window is not None
        changed = report.get("stopped") or any(report.get(kind) for kind in _CHANGES)
        self._quiet = 0 if changed else self._quiet + 1
        self._runs += 1
        if self._quiet < 2 and self._runs < _MOST_RUNS:
            self._window.background.rescan()
            return
        self._window.session.worker.finished.disconnect(self._on_finished)
        _tell(
            "rested",
            {"settled": self._quiet == 2, "report": {key: value for key, value in report.items() if key != "errors"}},
        )


def _counts() -> dict[str, object]:
    gc.collect()
    objects = gc.get_objects()
    types = Counter(type(each).__name__ for each in objects)
    pictures = _picture_megabytes(objects)
    del objects
    give_back()  # as happens twice a minute anyway: what is measured is not how long ago that was
    return {
        "objects": sum(types.values()),
        "types": {name: count for name, count in types.items() if count >= _LEAST_COUNTED},
        "widgets": len(QApplication.allWidgets()),
        "top_levels": len(QApplication.topLevelWidgets()),
        "qt_objects": sum(len(each.findChildren(QObject)) for each in QApplication.topLevelWidgets()),
        "allocated_megabytes": _allocated_megabytes(),
        "picture_megabytes": pictures,
        "python_threads": sorted(thread.name for thread in threading.enumerate()),
    }


def _picture_megabytes(objects: list[object]) -> float:
    """Return what the pictures take that Python objects hold, most of them in bounded caches; shared ones once."""
    found = {}
    for each in objects:
        if isinstance(each, QPixmap | QImage) and shiboken6.isValid(each):
            found[each.cacheKey()] = each.width() * each.height() * each.depth() // 8
    return round(sum(found.values()) / 1e6, 1)


_MALLINFO = ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")


class _Mallinfo(ctypes.Structure):
    """glibc's ``struct mallinfo2``, see mallinfo(3)."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in _MALLINFO)


def _allocated_megabytes() -> float:
    """Return what the C library has handed out, which is not what it keeps free; 0 where it does not say."""
    mallinfo = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if mallinfo is None:
        return 0.0
    mallinfo.restype = _Mallinfo
    found = mallinfo()
    return float(round((found.uordblks + found.hblkhd) / 1e6, 1))


def _tell(event: str, values: dict[str, object]) -> None:
    sys.stdout.write(json.dumps({"event": event, **values}) + "\n")
    sys.stdout.flush()


def _is_worth_logging(record: logging.LogRecord) -> bool:
    """Leave out what the offscreen screen says thousands of times, or else the log holds nothing else."""
    return "This plugin does not support" not in record.getMessage()


def main() -> int:
    """Open the window; return the exit status of the application."""
    library, other, probes, extra, stacks = map(Path, sys.argv[1:6])
    faulthandler.enable()
    app = make_application()
    preferences = Preferences.of_user()
    preferences.cache_megabytes = CACHE_MEGABYTES[0]  # full after some minutes: only then is growth a leak
    hub = ExceptionHub()
    hub.install()
    logging.getLogger("photofind.qt").addFilter(_is_worth_logging)
    with stacks.open("a", encoding="utf-8") as file:
        heart = Heart(file)
        windows = Windows(app, preferences, hub)
        user = SoakUser(windows, Places(library, other, probes, extra), seed=sys.argv[6], only=sys.argv[7:])
        reins = Reins(app, windows, user, heart)
        hub.reported.connect(lambda _, details: reins.troubles.append(details))
        user.played.connect(lambda: _tell("played", {}))
        windows.open(library).resize(1000, 700)  # who keeps it would keep its pictures when another has followed it
        heart.start()
        _tell("opened", {})
        status = app.exec()
        app.clipboard().clear()  # this platform's has no other owner, and lets go only when there is no Python any more
        heart.end()
        _tell("closed", {"troubles": reins.troubles, "children": sorted(t.name for t in threading.enumerate())})
    hub.uninstall()
    return leave(status)


if __name__ == "__main__":
    sys.exit(main())
