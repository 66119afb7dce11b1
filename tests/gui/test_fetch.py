"""Fetching a picture the user has confirmed, from a real server on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytestqt.qtbot import QtBot

from photofind.gui import fetch
from photofind.gui.fetch import PictureFetcher

_WAIT_MS = 20_000


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * 5000 if self.path == "/large" else b"picture")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_a_picture(qtbot: QtBot, server: str) -> None:
    fetcher = PictureFetcher()
    with qtbot.waitSignal(fetcher.fetched, timeout=_WAIT_MS) as got:
        fetcher.fetch(server + "/x.jpg")
    assert got.args == [server + "/x.jpg", b"picture"]


def test_what_is_not_there_is_a_sentence(qtbot: QtBot, server: str) -> None:
    fetcher = PictureFetcher()
    with qtbot.waitSignal(fetcher.failed, timeout=_WAIT_MS) as got:
        fetcher.fetch(server + "/missing")
    assert "could not be fetched" in got.args[0]


def test_too_much_is_given_up(qtbot: QtBot, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MOST_BYTES", 1000)
    fetcher = PictureFetcher()
    with qtbot.waitSignal(fetcher.failed, timeout=_WAIT_MS) as got:
        fetcher.fetch(server + "/large")
    assert "larger" in got.args[0]
