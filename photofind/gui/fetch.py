"""Fetching one picture from an address that the user dropped and then confirmed; nothing else goes to the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply

MOST_BYTES = 64 << 20
_TIMEOUT_MS = 30_000


class PictureFetcher(QObject):
    """Fetches pictures one at a time; the network library is loaded when the first one is asked for."""

    fetched = Signal(str, bytes)
    """The address and the bytes that came."""

    failed = Signal(str)
    """A sentence for the user."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._manager: QNetworkAccessManager | None = None
        self._reply: QNetworkReply | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being fetched."""
        return self._reply is None

    def fetch(self, address: str) -> None:
        """Start to fetch a picture the user has confirmed; an earlier one that is under way is given up."""
        try:
            from PySide6.QtNetwork import QNetworkAccessManager, QNetworkRequest
        except ImportError as error:
            self.failed.emit(self.tr("The network library cannot be loaded ({}).").format(error))
            return
        self.cancel()
        if self._manager is None:
            self._manager = QNetworkAccessManager(self)
        request = QNetworkRequest(QUrl(address))
        request.setTransferTimeout(_TIMEOUT_MS)
        request.setAttribute(
            QNetworkRequest.Attribute.RedirectPolicyAttribute, QNetworkRequest.RedirectPolicy.NoLessSafeRedirectPolicy
        )
        self._reply = self._manager.get(request)
        self._reply.downloadProgress.connect(self._on_progressed)
        self._reply.finished.connect(self._on_finished)

    def cancel(self) -> None:
        """Give up what is under way."""
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.abort()
            reply.deleteLater()

    def _on_progressed(self, received: int, total: int) -> None:
        if max(received, total) > MOST_BYTES:
            self.cancel()
            self.failed.emit(self.tr("The picture is larger than {} MB and was not fetched.").format(MOST_BYTES >> 20))

    def _on_finished(self) -> None:
        from PySide6.QtNetwork import QNetworkReply

        reply, self._reply = self._reply, None
        if reply is None:
            return
        reply.deleteLater()
        if reply.error() != QNetworkReply.NetworkError.NoError:
            self.failed.emit(self.tr("The picture could not be fetched: {}.").format(reply.errorString()))
            return
        self.fetched.emit(reply.url().toString(), bytes(reply.readAll().data()))
