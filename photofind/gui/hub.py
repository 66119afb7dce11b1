"""The one place where unexpected errors arrive: from slots, from threads, and what Qt itself complains about.

::

    sys.excepthook ──────┐
    threading.excepthook ┼─▶ log file ─▶ seen a moment ago? ─▶ reported(summary, details), in the window's thread
    sys.unraisablehook ──┘
    Qt's messages ─────────▶ log file

An error that comes again and again (from a paint event, say) is logged and reported once in a few seconds, with the
number of times that it was left out.
"""

from __future__ import annotations

import logging
import platform
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, cast

import platformdirs
from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler, qVersion

from photofind import __version__
from photofind.core.errors import UserError
from photofind.core.log_files import PrivateFormatter, PrivateLogHandler
from photofind.core.private_files import make_private_folder

LOG = logging.getLogger(__name__)
_QT_LOG = logging.getLogger("photofind.qt")

_MOST_SEEN: Final = 200
_FORMER_LOGS: Final = 2
_LONGEST_SUMMARY: Final = 240
_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.DEBUG,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def default_log_file() -> Path:
    """Return the window's log file; it need not exist."""
    return platformdirs.user_log_path("photofind", appauthor=False) / "window.log"


@dataclass(slots=True)
class _Seen:
    at: float
    left_out: int = 0


class ExceptionHub(QObject):
    """Logs every unexpected error and reports it to the window.

    Parameters
    ----------
    log_file
        Where to log; None means the user's folder of logs.
    quiet_seconds
        How long the same error is only counted after it was reported.
    clock
        Seconds that only grow.
    """

    reported = Signal(str, str)
    """An error happened: what to show, and what helps to mend it. Emitted in the thread that made the hub."""

    _caught = Signal(str, str)

    def __init__(
        self,
        log_file: Path | None = None,
        parent: QObject | None = None,
        *,
        quiet_seconds: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.log_file = log_file or default_log_file()
        self._quiet_seconds = quiet_seconds
        self._clock = clock
        self._seen: dict[object, _Seen] = {}
        self._lock = threading.Lock()
        self._handler: logging.Handler | None = None
        self._restore: list[Callable[[], object]] = []
        # Queued also in the hub's own thread: an error in the middle of painting must not paint.
        self._caught.connect(self.reported, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch errors from now on, until :meth:`uninstall`."""
        if self._restore:
            return
        self._start_logging()
        hook, thread_hook, unraisable_hook = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self.on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable
        qt_handler = cast(
            "Callable[[QtMsgType, QMessageLogContext, str], object] | None",
            qInstallMessageHandler(self._on_qt_message),
        )
        self._restore = [
            lambda: setattr(sys, "excepthook", hook),
            lambda: setattr(threading, "excepthook", thread_hook),
            lambda: setattr(sys, "unraisablehook", unraisable_hook),
            lambda: qInstallMessageHandler(qt_handler),
        ]

    def uninstall(self) -> None:
        """Put back what was there before :meth:`install`."""
        while self._restore:
            self._restore.pop()()
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    # Hooks: called in any thread

    def on_exception(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Take an exception that nobody caught; has the form of ``sys.excepthook``."""
        if not issubclass(kind, Exception) or error is None:
            sys.__excepthook__(kind, error or kind(), trace)
            return
        left_out = self._left_out(error, trace)
        if left_out is None:
            return
        LOG.error("an error that nobody expected (%d more since the last one)", left_out, exc_info=(kind, error, trace))
        self._caught.emit(self._summary(error), _details(error, trace, left_out))

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if issubclass(arguments.exc_type, SystemExit):
            return
        self.on_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _on_unraisable(self, arguments: sys.UnraisableHookArgs) -> None:
        self.on_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        category = getattr(context, "category", None) or "default"
        _QT_LOG.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", category, message)

    def _left_out(self, error: BaseException, trace: TracebackType | None) -> int | None:
        """Return how often the error was left out since it was last reported; None to leave it out now as well."""
        frame = traceback.extract_tb(trace)[-1:] if trace else []
        place = (frame[0].filename, frame[0].lineno) if frame else None
        with self._lock:
            now = self._clock()
            seen = self._seen.get((type(error), place))
            if seen is not None and now - seen.at < self._quiet_seconds:
                seen.left_out += 1
                return None
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen[type(error), place] = _Seen(now)
            return seen.left_out if seen else 0

    def _summary(self, error: BaseException) -> str:
        words = (str(error).strip() or type(error).__name__).splitlines()[0]
        if len(words) > _LONGEST_SUMMARY:
            words = words[:_LONGEST_SUMMARY] + "…"
        return words if isinstance(error, UserError) else self.tr("Something went wrong: {}").format(words)

    def _start_logging(self) -> None:
        try:
            make_private_folder(self.log_file.parent)
            handler = PrivateLogHandler(self.log_file, _FORMER_LOGS)
        except OSError as error:
            LOG.warning("there will be no log: %s", error)
            return
        handler.setFormatter(PrivateFormatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
        logging.getLogger().addHandler(handler)
        self._handler = handler


def _details(error: BaseException, trace: TracebackType | None, left_out: int) -> str:
    """Return what a report of the error should hold."""
    versions = f"photofind {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    repeats = f"{left_out} more since the last report\n" if left_out else ""
    return f"{versions}\n{repeats}{''.join(traceback.format_exception(type(error), error, trace))}"
