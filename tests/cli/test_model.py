"""``model`` as a process: list, install, use and remove."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from photofind.core import paths
from tests.support.packs import network, pack_files, zip_pack
from tests.support.program import photofind
from tests.support.world import World


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A web server over the test's folder."""
    monkeypatch.setenv("no_proxy", "*")
    http = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(tmp_path)))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    thread.join()
    http.server_close()


def test_models(world: World) -> None:
    listed = photofind("model", "list", "--json").json
    assert listed["problems"] == []
    assert {"efficientnet-lite0:int8", "efficientnet-lite0:fp32"} <= {model["name"] for model in listed["models"]}
    assert "efficientnet-lite0:int8 (default)" in photofind("model", "list").out
    world.put("a.jpg", 1)
    world.update()
    used = photofind("model", "use", "efficientnet-lite0:fp32", "--library", world.library)
    assert used.status == 0
    as_json = photofind("model", "use", "efficientnet-lite0:fp32", "--library", world.library, "--json")
    assert (as_json.status, as_json.json) == (0, {"model": "efficientnet-lite0:fp32"})
    assert photofind("index", world.photos, "--library", world.library, "--json").json["embedded"] == 1
    assert world.status().model == "efficientnet-lite0:fp32"
    photofind("model", "use", "nope", "--library", world.library).assert_fails("no model pack nope")


def test_install_use_and_remove(tmp_path: Path) -> None:
    source = zip_pack(tmp_path / "pack.zip")
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    installed = photofind("model", "install", source, "--sha256", sha256, "--json")
    assert (installed.status, installed.err) == (0, "")
    colours = {"name": "colours:only", "version": "1", "dimension": 8, "words": True, "installed": True}
    assert installed.json == {"installed": "colours", "models": [colours]}
    listed = photofind("model", "list", "--json").json["models"]
    assert colours in listed
    assert {model["name"] for model in listed if not model["installed"]} >= {"efficientnet-lite0:int8"}
    assert "colours:only (default)  version 1, 8 dimensions, words and photos" in photofind("model", "list").out
    assert photofind("model", "use", "colours", "--library", tmp_path / "library").status == 0
    photofind("model", "remove", "colours", "--library", tmp_path / "library").assert_fails("uses the model pack")
    removed = photofind("model", "remove", "colours", "--library", tmp_path / "another")
    assert (removed.status, removed.out) == (0, "Removed colours.\n")
    assert not paths.user_models().exists()


def test_install_from_an_address(tmp_path: Path, address: str) -> None:
    sha256 = hashlib.sha256(zip_pack(tmp_path / "pack.zip").read_bytes()).hexdigest()
    url = f"{address}/pack.zip"
    photofind("model", "install", url).assert_fails("needs its SHA-256 checksum")
    photofind("model", "install", url, "--sha256", "0" * 64).assert_fails("expected checksum")
    assert not paths.user_models().exists()
    assert photofind("model", "install", url, "--sha256", sha256).status == 0


def test_what_is_refused(tmp_path: Path) -> None:
    bad = zip_pack(tmp_path / "bad.zip", pack_files(text=network("custom_operator")))
    photofind("model", "install", bad).assert_fails("operators of its own")
    photofind("model", "remove", "colours").assert_fails("No model pack colours")
    assert not paths.user_models().exists()


@pytest.mark.parametrize("arguments", [["install"], ["remove"], ["install", "a", "b"], ["fetch"]])
def test_wrong_usage(arguments: list[str]) -> None:
    assert photofind("model", *arguments).status == 2
