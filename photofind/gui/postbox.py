"""The way from any thread to the thread of the window.

::

    thread ──post(call)──▶ Postbox ──▶ the one carrier ──a queued signal──▶ the window's thread calls it

A thread must not be the last to hold a Qt object: who lets go of the last reference destroys the object, there and
then, while the window's thread may be in the middle of it. So a postbox is not a Qt object itself, the one that carries
what is posted is never destroyed, and a thread either calls methods of others :func:`loosely` or gives what it was
given back when it has used it: it posts the ``clear`` of a list that alone holds it.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

Call = Callable[[], None]


class Postbox:
    """Runs calls from any thread in the thread of the window, in the order they were posted; make it there."""

    def __init__(self) -> None:
        self._closed = False
        self._carrier = _the_carrier()

    def post(self, call: Call) -> None:
        """Let ``call`` run soon."""
        if not self._closed:
            self._carrier.came.emit(self, call)

    def close(self) -> None:
        """Drop what is on its way and whatever comes later."""
        self._closed = True

    def deliver(self, call: Call) -> None:
        """Run what was posted; for the carrier."""
        if not self._closed:
            call()


def loosely(method: Callable[..., object]) -> Callable[..., None]:
    """Return what calls a method of a Qt object as long as that is there, and does not keep it.

    The method is one that was written in Python. To be made and called in the thread of the window; any thread may
    hold it meanwhile.
    """
    reference = weakref.WeakMethod(method)

    def call(*values: object) -> None:
        found = reference()
        if found is not None and shiboken6.isValid(getattr(found, "__self__", None)):
            found(*values)

    return call


class _Carrier(QObject):
    """Lives in the thread of the window to the end of the program."""

    came = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        application = QCoreApplication.instance()
        if application is not None:
            self.moveToThread(application.thread())
        self.came.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def _deliver(self, postbox: Postbox, call: Call) -> None:
        postbox.deliver(call)


_CARRIERS: list[_Carrier] = []


def _the_carrier() -> _Carrier:
    if not _CARRIERS:
        _CARRIERS.append(_Carrier())
    return _CARRIERS[0]
