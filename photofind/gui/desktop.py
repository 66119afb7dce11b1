"""What the rest of the desktop does with a photo: open it, show it in its folder, take it from the clipboard.

Each function raises a UserError with a sentence when it does not work. How programs are started is a parameter, so that
tests start none.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from urllib.parse import quote

from PySide6.QtCore import QCoreApplication, QMimeData, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage

from photofind.core.errors import UserError
from photofind.gui.names import displayable

OpenUrl = Callable[[QUrl], bool]
RunCommand = Callable[[Sequence[str]], None]
ShowItems = Callable[[QUrl], bool]

_DBUS, _DBUS_ROOT = "org.freedesktop.DBus", "/org/freedesktop/DBus"
_DBUS_TIMEOUT_MS = 500
_FILE_MANAGER, _FILE_MANAGER_PATH = "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1"


def file_url(path: str) -> QUrl:
    """Return the URL of a file; bytes of its name that are no text are kept as percent escapes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return QUrl.fromEncoded(b"file://" + quote(os.fsencode(os.path.abspath(path))).encode())
    return QUrl.fromLocalFile(path)


def open_in_default_program(path: str, *, open_url: OpenUrl = QDesktopServices.openUrl) -> None:
    """Open a file in the program that the system has for it.

    Raises
    ------
    UserError
        When the file is gone, or there is no such program.
    """
    _check_there(path)
    if not open_url(file_url(path)):
        raise UserError(
            QCoreApplication.translate("Desktop", "No program opened this file: {}").format(displayable(path))
        )


def show_in_file_manager(
    path: str,
    *,
    run: RunCommand | None = None,
    show_items: ShowItems | None = None,
    open_url: OpenUrl = QDesktopServices.openUrl,
    platform: str = sys.platform,
) -> None:
    """Show a file, selected, in the system's file manager; where that cannot select, open its folder.

    Raises
    ------
    UserError
        When the file is gone, or no file manager answers.
    """
    _check_there(path)
    start = run or _start
    try:
        if platform == "win32":
            start(["explorer", f"/select,{os.path.normpath(path)}"])
            return
        if platform == "darwin":
            start(["open", "-R", path])
            return
    except OSError as error:
        raise _no_file_manager(path) from error
    if not (show_items or _show_items)(file_url(path)) and not open_url(file_url(os.path.dirname(path))):
        raise _no_file_manager(path)


def copy_paths(paths: Sequence[str]) -> None:
    """Put paths into the clipboard: as text, one a line, and as files for file managers to paste."""
    mime = QMimeData()
    mime.setText("\n".join(displayable(path) for path in paths))
    mime.setUrls([file_url(path) for path in paths])
    QGuiApplication.clipboard().setMimeData(mime)


def copy_image(image: QImage) -> None:
    """Put a picture into the clipboard.

    Raises
    ------
    UserError
        When there is no picture.
    """
    if image.isNull():
        raise UserError(QCoreApplication.translate("Desktop", "There is no picture to copy."))
    QGuiApplication.clipboard().setImage(image)


def _start(command: Sequence[str]) -> None:
    if sys.platform == "win32":
        # Explorer reads its command line itself: the quotes belong around the path, not around the whole argument.
        program, argument = command
        option, _, path = argument.partition(",")
        subprocess.Popen(f'{program} {option},"{path}"')  # noqa: S603 - a name in quotes cannot hold a quote there
        return
    subprocess.Popen(list(command), stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - no shell


def _show_items(url: QUrl) -> bool:
    """Ask the desktop's file manager over D-Bus; return False when there is none.

    Whether there is one, the bus itself answers at once. The file manager may have to start first, so nobody waits
    for its answer.
    """
    try:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage
    except ImportError:
        return False
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    known: set[str] = set()
    for method in ("ListNames", "ListActivatableNames"):
        question = QDBusMessage.createMethodCall(_DBUS, _DBUS_ROOT, _DBUS, method)
        answer = bus.call(question, timeout=_DBUS_TIMEOUT_MS)
        if answer.type() == QDBusMessage.MessageType.ReplyMessage:
            known.update(answer.arguments()[0])
    if _FILE_MANAGER not in known:
        return False
    call = QDBusMessage.createMethodCall(_FILE_MANAGER, _FILE_MANAGER_PATH, _FILE_MANAGER, "ShowItems")
    call.setArguments([[bytes(url.toEncoded().data()).decode()], ""])
    return bus.send(call)


def _check_there(path: str) -> None:
    if not os.path.lexists(path):
        raise UserError(
            QCoreApplication.translate(
                "Desktop", "This file is not there any more, or its drive is not connected: {}"
            ).format(displayable(path))
        )


def _no_file_manager(path: str) -> UserError:
    return UserError(
        QCoreApplication.translate("Desktop", "No file manager answered; the file lies in {}").format(
            displayable(os.path.dirname(path))
        )
    )
