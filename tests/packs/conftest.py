"""The folder of installed packs, and a web server that can misbehave."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from photofind.core import paths
from photofind.core.encoders import ModelPack, verify_pack
from photofind.core.packs import installing


@pytest.fixture(autouse=True)
def tried_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let packs be tried in this process, which takes a tenth of the time, but for the tests about their own one."""

    def try_pack(pack: ModelPack, _: object) -> None:
        verify_pack(pack)

    if not request.module.__name__.endswith("test_trying"):
        monkeypatch.setattr(installing, "try_pack", try_pack)


@pytest.fixture
def models() -> Path:
    """Where packs are installed; not there yet."""
    return paths.user_models()


def left_behind() -> list[str]:
    """Return everything that lies in the folder of installed packs."""
    top = paths.user_models()
    return sorted(str(path.relative_to(top)) for path in top.rglob("*"))


@dataclass
class Server:
    """Files by path, and how to answer for them; ``asked`` is the Range of each request."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    ranges: bool = True
    lengths: bool = True
    cuts: list[int] = field(default_factory=list)
    """How many bytes each of the next answers gives before the connection is cut."""
    asked: list[str | None] = field(default_factory=list)
    parts: str = "bytes {start}-{end}/{size}"

    def url(self, path: str) -> str:
        return f"{self.address}{path}"


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

        def do_GET(self) -> None:
            server.asked.append(self.headers["Range"])
            if self.path in server.redirects:
                self.send_response(302)
                self.send_header("Location", server.redirects[self.path])
                self.end_headers()
            elif self.path in server.statuses or self.path not in server.files:
                self.send_error(server.statuses.get(self.path, 404))
            else:
                self.send(server.files[self.path])

        def send(self, content: bytes) -> None:
            match = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "") if server.ranges else None
            start = int(match[1]) if match else 0
            if match and start >= len(content):
                self.send_error(416)
                return
            self.send_response(206 if match else 200)
            if match:
                self.send_header(
                    "Content-Range", server.parts.format(start=start, end=len(content) - 1, size=len(content))
                )
            if server.lengths:
                self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            end = start + server.cuts.pop(0) if server.cuts else len(content)
            self.wfile.write(content[start:end])
            self.close_connection = True

    return Handler


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server on this machine; closed at the end."""
    monkeypatch.setenv("no_proxy", "*")
    server = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    server.address = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    http.shutdown()
    thread.join()
    http.server_close()
