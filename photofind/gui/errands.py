"""Calls that may take a moment, one after another in a thread of their own; answers come in the window's thread.

What asks a disk for something that is not in the library, such as the journal or whether a folder is there, goes this
way: the window never waits. A call at work when the window closes ends with the program.

Whom the answer is for stays in the window's thread; the other one knows a number of it.
"""

from __future__ import annotations

import itertools
import queue
import sys
import threading
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject

from photofind.core.errors import UserError
from photofind.gui.postbox import Postbox, loosely
from photofind.gui.threads import sentence

_Answer = TypeVar("_Answer")
_Receive = Callable[[Any], object]
_Work = Callable[[], None]


class Errands(QObject):
    """Does what it is told in a thread that begins with the first call and ends with :meth:`close`, or with this."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._postbox = Postbox()
        self._numbers = itertools.count()
        self._receivers: dict[int, tuple[_Receive, _Receive]] = {}
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        weakref.finalize(self, self._waiting.put, None).atexit = False

    def do(
        self,
        work: Callable[[], _Answer],
        receive: Callable[[_Answer], object],
        failed: Callable[[str], object] = lambda _: None,
    ) -> None:
        """Do ``work`` in the thread; then call ``receive`` with its answer here, or ``failed`` with a sentence.

        An answer to a method of a widget that is gone by then is dropped. ``work`` must hold no widget.
        """
        number = next(self._numbers)
        self._receivers[number] = (receive, failed)
        post, hand_over = self._postbox.post, loosely(self._hand_over)

        def run() -> None:
            try:
                answer = work()
            except Exception as error:  # noqa: BLE001 - the thread lives on; the sentence is told, bugs go to the hub
                if not isinstance(error, UserError):
                    sys.excepthook(type(error), error, error.__traceback__)
                post(partial(hand_over, number, 1, sentence(error)))
            else:
                post(partial(hand_over, number, 0, answer))

        self._waiting.put(run)
        if self._thread is None:
            self._thread = threading.Thread(target=partial(_serve, self._waiting), name=self._name, daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Say nothing any more, and end the thread after its present call."""
        self._postbox.close()
        self._receivers.clear()
        self._waiting.put(None)

    def _hand_over(self, number: int, outcome: int, answer: object) -> None:
        receiver = self._receivers.pop(number)[outcome]
        owner = getattr(receiver, "__self__", None)
        if not isinstance(owner, QObject) or shiboken6.isValid(owner):
            receiver(answer)


def _serve(waiting: queue.SimpleQueue[_Work | None]) -> None:
    while (work := waiting.get()) is not None:
        work()
        del work  # what it holds must not stay until the next one comes
