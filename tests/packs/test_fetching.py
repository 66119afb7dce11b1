"""Downloads from a real server: whole, in pieces, redirected, cut, stopped, and never the wrong thing."""

from __future__ import annotations

import hashlib
from functools import partial as bound
from pathlib import Path

import pytest

from photofind.core.encoders import find_pack
from photofind.core.errors import PackError
from photofind.core.packs import InstallStopped, PackProgress, fetching, install_pack
from photofind.core.packs.fetching import download
from photofind.core.packs.progress import Watch
from tests.packs.conftest import Server, left_behind
from tests.support.packs import zip_pack

PATH = "/colours.zip"


@pytest.fixture
def content(tmp_path: Path, server: Server) -> bytes:
    """The zip file that the server has."""
    server.files[PATH] = zip_pack(tmp_path / "pack.zip").read_bytes()
    return server.files[PATH]


def install(server: Server, content: bytes, path: str = PATH, **others: object) -> list[PackProgress]:
    """Install what the server has at ``path``, expecting ``content``; nobody waits between attempts."""
    seen: list[PackProgress] = []
    pauses: list[float] = []
    fetch = bound(download, pause=pauses.append)
    sha256 = hashlib.sha256(content).hexdigest()
    install_pack(server.url(path), sha256=sha256, report=seen.append, fetch=fetch, **others)  # type: ignore[arg-type]
    return seen


def partial_file(content: bytes) -> str:
    return f".staging/{hashlib.sha256(content).hexdigest()}.part"


def test_a_download_is_installed_and_gone(server: Server, content: bytes) -> None:
    seen = install(server, content)
    assert find_pack("colours").has_text
    assert left_behind()[0] == "colours"
    assert server.asked == [None]
    downloaded = [moment for moment in seen if moment.stage == "download"]
    assert downloaded[-1] == PackProgress("download", len(content), len(content))


def test_a_cut_connection_goes_on_where_it_was(server: Server, content: bytes) -> None:
    server.cuts = [1000, 500]
    install(server, content)
    assert server.asked == [None, "bytes=1000-", "bytes=1500-"]


def test_a_server_that_always_cuts(server: Server, content: bytes) -> None:
    server.cuts = [100] * 5
    with pytest.raises(PackError, match="install it again to go on") as caught:
        install(server, content)
    assert "127.0.0.1" in str(caught.value)
    assert left_behind() == [".staging", partial_file(content)]
    server.asked.clear()
    install(server, content)
    assert server.asked == ["bytes=500-"]
    assert left_behind()[0] == "colours"


def test_without_ranges_it_begins_again(server: Server, content: bytes) -> None:
    server.ranges, server.cuts = False, [1000]
    install(server, content)
    assert server.asked == [None, "bytes=1000-"]


def test_another_part_than_asked_for_is_not_taken(server: Server, content: bytes) -> None:
    server.cuts = [1000]
    server.parts = "bytes 0-{end}/{size}"
    with pytest.raises(PackError, match="another part"):
        install(server, content)


def test_without_lengths_the_checksum_tells(server: Server, content: bytes) -> None:
    server.lengths, server.cuts = False, [1000]
    with pytest.raises(PackError, match="expected checksum"):
        install(server, content)
    assert left_behind() == []
    install(server, content)


def test_a_stopped_download_goes_on_later(server: Server, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_BLOCK_BYTES", 500)
    seen: list[PackProgress] = []
    with pytest.raises(InstallStopped):
        install_pack(
            server.url(PATH),
            sha256=hashlib.sha256(content).hexdigest(),
            report=seen.append,
            cancelled=lambda: bool(seen) and seen[-1].done_bytes >= 1000,
        )
    assert left_behind() == [".staging", partial_file(content)]
    server.asked.clear()
    install(server, content)
    assert server.asked[0] is not None


def test_stopped_after_the_download_nothing_is_asked_for_twice(server: Server, content: bytes) -> None:
    seen: list[PackProgress] = []
    with pytest.raises(InstallStopped):
        install_pack(
            server.url(PATH),
            sha256=hashlib.sha256(content).hexdigest(),
            report=seen.append,
            cancelled=lambda: bool(seen) and seen[-1].stage == "unpack",
        )
    assert left_behind() == [".staging", partial_file(content)]
    install(server, content)
    assert server.asked == [None, f"bytes={len(content)}-"]
    assert left_behind()[0] == "colours"


@pytest.mark.parametrize("wrong", [b"something else", b"", b"x" * 100_000])
def test_a_wrong_checksum_leaves_nothing(server: Server, content: bytes, wrong: bytes) -> None:
    server.files[PATH] = wrong
    with pytest.raises(PackError, match="expected checksum"):
        install(server, content)
    assert left_behind() == []


def test_a_partial_file_of_something_else_is_found_out(server: Server, content: bytes, models: Path) -> None:
    (models / ".staging").mkdir(parents=True)
    (models / partial_file(content)).write_bytes(b"another beginning")
    with pytest.raises(PackError, match="expected checksum"):
        install(server, content)
    assert left_behind() == []


def test_a_good_checksum_does_not_make_a_good_pack(server: Server) -> None:
    server.files[PATH] = b"no zip"
    with pytest.raises(PackError, match="not a zip file"):
        install(server, b"no zip")
    assert left_behind() == []


def test_redirects_are_followed(server: Server, content: bytes) -> None:
    server.redirects = {"/a": "/b", "/b": server.url(PATH)}
    server.cuts = [1000]
    install(server, content, "/a")
    assert server.asked == [None, None, None, "bytes=1000-", "bytes=1000-", "bytes=1000-"]


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ("/loop", "302"),
        ("file:///etc/passwd", "302"),
        ("ftp://127.0.0.1/x", "not safe"),
        ("data:text/plain,x", "302"),
        (
            "http://localhost:9/model.zip",
            "leads to http://localhost:9/model.zip; if you trust that, install from there",
        ),
    ],
)
def test_redirects_that_are_not_followed(server: Server, content: bytes, target: str, complaint: str) -> None:
    server.redirects = {"/loop": target}
    with pytest.raises(PackError, match=complaint):
        install(server, content, "/loop")
    assert left_behind() == []
    assert len(server.asked) <= 11


def test_secure_addresses_lead_to_secure_ones_only() -> None:
    import http.client
    import io
    import urllib.request

    request = urllib.request.Request("https://example.org/a")
    redirects = fetching._Redirects()
    message = http.client.HTTPMessage()
    with pytest.raises(PackError, match="not safe"):
        redirects.redirect_request(request, io.BytesIO(), 302, "", message, "http://example.org/b")
    assert redirects.redirect_request(request, io.BytesIO(), 302, "", message, "https://example.org/b") is not None


@pytest.mark.parametrize(("status", "words"), [(404, "404 Not Found"), (403, "403"), (500, "500"), (503, "503")])
def test_a_server_that_refuses(server: Server, content: bytes, status: int, words: str) -> None:
    server.statuses[PATH] = status
    with pytest.raises(PackError, match=words):
        install(server, content)
    assert left_behind() == []


def test_no_server(server: Server, content: bytes) -> None:
    server.address = "http://127.0.0.1:9"
    with pytest.raises(PackError, match="could not be downloaded"):
        install(server, content)
    assert left_behind() == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x.zip",
        "file:///etc/passwd",
        "https://",
        "https:///x.zip",
        "http://[::1/x",
        "https://example.org/\n",
        "https://example.org/a b",
        "https://ex\u00e4mple.org/",
    ],
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(PackError, match="no address") as caught:
        install_pack(url, sha256="0" * 64)
    assert "\n" not in str(caught.value)
    assert left_behind() == []


def test_an_address_demands_a_checksum(server: Server) -> None:
    with pytest.raises(PackError, match="needs its SHA-256"):
        install_pack(server.url(PATH))
    assert server.asked == []
    assert left_behind() == []


def test_too_much(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.files[PATH] = bytes(2000)
    monkeypatch.setattr(fetching, "LARGEST_BYTES", 1000)
    with pytest.raises(PackError, match="too large"):
        download(server.url(PATH), tmp_path / "part", Watch(lambda _: None, lambda: False))
