"""The application around the window: screen, style, language, errors, signals of the system, and which library to show.

::

    run_window ──▶ a screen? ──▶ QApplication ──▶ theme, language, hub ──▶ Windows ──▶ MainWindow on a library
                                                                             ▲               │ another library,
                                                                             └───────────────┘ or closed
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QObject, QSocketNotifier, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from photofind import __version__
from photofind.core.errors import SettingsError, UserError
from photofind.core.paths import default_library, settings_file
from photofind.core.settings import Settings, load_settings
from photofind.gui import theme
from photofind.gui.allocator import GivingBack, forget_sources, keep_heaps_small
from photofind.gui.garbage import CycleCollector
from photofind.gui.hub import ExceptionHub
from photofind.gui.language import install_translators
from photofind.gui.libraries import is_library, reason_not_to_open
from photofind.gui.main_window import MainWindow
from photofind.gui.preferences import Preferences, keep_dialogs_to_ourselves
from photofind.gui.threads import leave

_NO_SCREEN = (
    "There is no screen to open a window on ({}). `photofind index` and `photofind search` work without one; on Debian"
    " and Ubuntu, what Qt needs for windows comes with: sudo apt-get install libxcb-cursor0 libxcb-icccm4"
    " libxcb-keysyms1 libxkbcommon-x11-0 libxcb-shape0"
)
_PLATFORM = "qt.qpa"


class NoScreenError(UserError):
    """There is no display, or Qt cannot use it."""


def run_window(library: Path | None) -> int:
    """Open the window on a library, None for the one it had last; return the exit status when it is closed.

    Raises
    ------
    NoScreenError
        When there is no display.
    """
    app = make_application()
    preferences = Preferences.of_user()
    install_translators(app, preferences.language)
    hub = ExceptionHub()
    hub.install()
    try:
        windows = Windows(app, preferences, hub)
        with _SystemSignals(windows.close):  # from now on there are threads and a process to end
            windows.open_first(library)
            status = app.exec()
        return leave(status)
    finally:
        hub.uninstall()


def make_application() -> QApplication:
    """Return the application with its style; raise NoScreenError when there is no display to show it on."""
    _check_screen()
    keep_heaps_small()
    previous = qInstallMessageHandler(_EndInOneLine())
    try:
        app = QApplication([sys.argv[0]])
    finally:
        qInstallMessageHandler(previous)
    forget_sources()  # now, while what comes next can be made in their place
    CycleCollector(app)
    GivingBack(app)
    keep_dialogs_to_ourselves()
    app.setApplicationName("photofind")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("photofind")
    app.setQuitOnLastWindowClosed(False)  # the writer may still be committing when the window has gone
    theme.apply(app)
    app.setWindowIcon(theme.app_icon())
    return app


class Windows(QObject):
    """Keeps the one window that is open, and follows the user to another library."""

    def __init__(self, app: QApplication, preferences: Preferences, hub: ExceptionHub) -> None:
        super().__init__(app)
        self._app = app
        self._preferences = preferences
        self._hub = hub
        self._window: MainWindow | None = None
        self._next: Path | None = None

    @property
    def window(self) -> MainWindow | None:
        """The window that is open."""
        return self._window

    def open_first(self, library: Path | None) -> MainWindow:
        """Open a window on a library, None for the one that was open last if it is still there, or else the usual."""
        last = self._preferences.last_library
        if library is not None or last is None or last == default_library() or is_library(last):
            return self.open(library or last or default_library())
        # Its drive may be away. To open it all the same would make an empty library in its place.
        window = self.open(default_library())
        window.notices.show_notice(reason_not_to_open(last), kind="warning")
        return window

    def open(self, library: Path) -> MainWindow:
        """Open a window on a library."""
        settings, problem = _settings()
        window = MainWindow(library, settings, self._preferences)
        self._window = window
        self._preferences.remember_library(library)
        window.closed.connect(self._on_closed)
        window.library_wanted.connect(self._on_library_wanted)
        self._hub.reported.connect(window.dialogs.show_report)
        window.show()
        window.start()
        if problem:
            window.notices.show_notice(problem, kind="warning")
        return window

    def close(self) -> None:
        """Close the window, and with it the application."""
        self._next = None
        if self._window is not None:
            self._window.close()

    def _on_library_wanted(self, library: Path) -> None:
        if self._window is not None:
            self._next = library
            self._window.close()

    def _on_closed(self) -> None:
        window, self._window = self._window, None
        if window is not None:
            self._hub.reported.disconnect(window.dialogs.show_report)
            window.deleteLater()
        library, self._next = self._next, None
        if library is None:
            self._app.quit()
        else:
            self.open(library)


class _SystemSignals:
    """Lets Ctrl-C and a request to terminate close the window as its user would."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act

    def __enter__(self) -> None:
        # Python runs signal handlers between its own instructions only, and Qt may execute none for hours.
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_activated)
        self._previous = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._handlers = {number: signal.signal(number, _do_nothing) for number in (signal.SIGINT, signal.SIGTERM)}

    def __exit__(self, *_: object) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._previous)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _on_activated(self) -> None:
        self._reader.recv(64)
        self._act()


def _do_nothing(number: int, frame: object) -> None:
    """Stand in for a handler: the wake-up descriptor is what acts."""


def _settings() -> tuple[Settings, str]:
    """Return the engine's settings, or its defaults and what is wrong with the file."""
    try:
        return load_settings(settings_file()), ""
    except SettingsError as error:
        return Settings(), str(error)


def _check_screen() -> None:
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise NoScreenError(_NO_SCREEN.format("neither DISPLAY nor WAYLAND_DISPLAY is set"))


class _EndInOneLine:
    """Replaces what Qt says, and its abort, when it finds no display that works: nothing is open yet."""

    def __init__(self) -> None:
        self._reason = ""

    def __call__(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            reason = (self._reason or message).splitlines()[0].rstrip(". ")
            sys.stderr.write("photofind: " + _NO_SCREEN.format(reason) + "\n")
            sys.stderr.flush()
            os._exit(1)
        # The first complaint says what is wrong; the fatal one only that nothing can be done.
        if kind == QtMsgType.QtWarningMsg and (context.category or "").startswith(_PLATFORM):
            self._reason = self._reason or message.strip()
