"""Installing and removing model packs behind the window: one at a time, in a thread of its own.

::

    install / remove ──▶ thread ──▶ core.packs ──progress, at most ten times a second──▶ signals

The jobs belong to the window, so an installation goes on when the settings are closed. When the window closes it is
asked to stop; what was downloaded by then is kept by the core, for the next attempt.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from photofind.core.errors import UserError
from photofind.gui.postbox import Postbox, loosely
from photofind.gui.threads import sentence

if TYPE_CHECKING:
    from photofind.core.packs import PackProgress

LOG = logging.getLogger(__name__)
_PROGRESS_SECONDS: Final = 0.1
_END_SECONDS: Final = 2.0


class PackJobs(QObject):
    """Does what the user wants with packs; signals come in the thread of the window."""

    running_changed = Signal(bool)
    """A job began or ended."""

    progressed = Signal(object)
    """A :class:`~photofind.core.packs.PackProgress` of the installation under way."""

    installed = Signal(str)
    """A pack was installed: its name."""

    removed = Signal(str)
    """A pack was removed: its name."""

    failed = Signal(str)
    """What was wanted could not be done: a sentence."""

    stopped = Signal()
    """The installation was stopped because the user wanted it; nothing was installed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._cancelled = threading.Event()
        self._postbox = Postbox()

    @property
    def is_running(self) -> bool:
        """Whether a job is under way."""
        return self._thread is not None

    def install(self, source: str, sha256: str | None) -> None:
        """Install a pack from a folder, a zip file or an address; nothing happens while another job is under way."""
        self._start(partial(_install, source, sha256, self._cancelled, self._progress_reporter()), self._on_installed)

    def remove(self, name: str, *, library: Path, preferred: str) -> None:
        """Remove an installed pack that neither the library nor the settings need."""
        self._start(partial(_remove, name, library, preferred), self._on_removed)

    def cancel(self) -> None:
        """Ask the installation under way to stop; :attr:`stopped` follows, or its end if that is near."""
        self._cancelled.set()

    def close(self) -> None:
        """Stop what is under way and say nothing any more; a thread that waits for a server ends with the program."""
        self._postbox.close()
        self._cancelled.set()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)

    def _start(self, work: Callable[[], str], receive: Callable[[str], None]) -> None:
        if self._thread is not None:
            return
        self._cancelled.clear()
        postbox, end, received = self._postbox, loosely(self._on_ended), loosely(receive)

        def run() -> None:
            try:
                name = work()
            except Exception as error:  # noqa: BLE001 - told in _on_ended, which hands bugs to the hub
                failure = error
                postbox.post(lambda: end(failure))
            else:
                postbox.post(partial(end, None))
                postbox.post(partial(received, name))

        self._thread = threading.Thread(target=run, name="photofind-packs", daemon=True)
        self._thread.start()
        self.running_changed.emit(True)

    def _progress_reporter(self) -> Callable[[PackProgress], None]:
        """Return what passes progress on: each new stage at once, and within one at most ten times a second."""
        postbox, tell = self._postbox, loosely(self._on_progress)
        last: list[tuple[str, float]] = []

        def report(progress: PackProgress) -> None:
            now = time.monotonic()
            if not last or last[0][0] != progress.stage or now - last[0][1] >= _PROGRESS_SECONDS:
                last[:] = [(progress.stage, now)]
                postbox.post(lambda: tell(progress))

        return report

    def _on_progress(self, progress: PackProgress) -> None:
        self.progressed.emit(progress)

    def _on_ended(self, error: Exception | None) -> None:
        self._thread = None
        self.running_changed.emit(False)
        if error is None:
            return
        from photofind.core.packs import InstallStopped

        if isinstance(error, InstallStopped):
            self.stopped.emit()
            return
        if not isinstance(error, UserError):
            sys.excepthook(type(error), error, error.__traceback__)
        self.failed.emit(sentence(error))

    def _on_installed(self, name: str) -> None:
        LOG.info("installed the model pack %s", name)
        self.installed.emit(name)

    def _on_removed(self, name: str) -> None:
        LOG.info("removed the model pack %s", name)
        self.removed.emit(name)


def _install(
    source: str, sha256: str | None, cancelled: threading.Event, report: Callable[[PackProgress], None]
) -> str:
    from photofind.core.packs import install_pack

    return install_pack(source, sha256=sha256, report=report, cancelled=cancelled.is_set).name


def _remove(name: str, library: Path, preferred: str) -> str:
    from photofind.core.packs import remove_pack

    remove_pack(name, library=library, preferred=preferred)
    return name
