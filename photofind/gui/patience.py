"""Questions to a disk whose answer the window's thread cannot go on without: asked in a thread, for a moment only.

Whatever can be told later goes through :class:`~photofind.gui.errands.Errands` or a reader thread; this is for
what has to be known at once, such as which files a drag offers. A disk that does not answer costs that moment, not the
window.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

_Answer = TypeVar("_Answer")
MOMENT_SECONDS = 0.5
"""How long the window may stand still for a disk."""


class Look(Generic[_Answer]):
    """Something that is looked up again and again; as long as a look does not come back, what was known holds.

    Parameters
    ----------
    look
        What asks the disk; called in a thread.
    otherwise
        What is taken to be so until the first look comes back.
    """

    def __init__(self, look: Callable[[], _Answer], otherwise: _Answer, seconds: float = MOMENT_SECONDS) -> None:
        self._look = look
        self._known = otherwise
        self._seconds = seconds
        self._thread: threading.Thread | None = None

    def answer(self) -> _Answer:
        """Return what is there, or what was known before when the disk does not say within a moment."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="photofind-look", daemon=True)
            self._thread.start()
            self._thread.join(self._seconds)
        return self._known

    def _run(self) -> None:
        self._known = self._look()


def within_a_moment(look: Callable[[], _Answer], otherwise: _Answer, seconds: float = MOMENT_SECONDS) -> _Answer:
    """Return what ``look`` returns, or ``otherwise`` when it takes longer than a moment; it must not raise."""
    return Look(look, otherwise, seconds).answer()
