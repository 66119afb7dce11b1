"""The short form of the part ``privacy``, and that its eyes are open: what is wrong is seen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.campaign.conftest import RunShort
from tests.campaign.privacy.commands import CAMERA, WORD, User
from tests.campaign.privacy.run import run
from tests.campaign.privacy.source import reaching_out
from tests.campaign.privacy.traces import check_logs, still_known, strange_files
from tests.campaign.privacy.trees import Observer, files_below, open_to_others
from tests.campaign.privacy.watching import Watch
from tests.campaign.running import Campaign

POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX's")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="calls are logged on Linux")


@POSIX
def test_nothing_is_sent_left_open_or_told(run_short: RunShort) -> None:
    campaign = run_short("privacy", run)
    assert campaign.counts["programs watched"] == 5
    assert campaign.counts["looks at permissions"] > 10
    assert campaign.counts["logs read"] == 2


@POSIX
def test_what_is_open_to_others_is_seen(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for name, mode in (("mine", 0o600), ("ours", 0o640), ("all", 0o604)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    (tmp_path / "link").symlink_to(tmp_path / "all")
    assert open_to_others(tmp_path) == {str(tmp_path / "ours"): "0o640", str(tmp_path / "all"): "0o604"}
    assert open_to_others(tmp_path, [tmp_path / "all", tmp_path / "ours"]) == {}


@POSIX
def test_what_is_open_for_a_while_is_seen(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with Observer([tmp_path]) as observer:
        (tmp_path / "file").touch(0o644)
        while not observer.seen:
            continue
        (tmp_path / "file").unlink()
    assert list(observer.seen) == [str(tmp_path / "file")]


_CALLS = """
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    try:
        one.sendto(b"x", ("127.0.0.1", 9))
    except OSError:
        pass
with socket.socket(socket.AF_INET) as one:
    one.bind(("127.0.0.1", 0))
with socket.socket(socket.AF_UNIX) as one:
    one.connect_ex("/nobody/there")
try:
    socket.getaddrinfo("photofind.invalid", 80)
except OSError:
    pass
"""


@LINUX
def test_calls_are_logged_by_their_kind(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    if not watch.can_log:
        pytest.skip("no compiler")
    ended = watch.run([sys.executable, "-S", "-c", _CALLS], dict(os.environ), 60)
    assert ended.status == 0, ended.said
    assert [call.partition(" ")[2] for call in ended.outward] == [
        "bind 127.0.0.1:0",
        "getaddrinfo photofind.invalid",
        "sendto 127.0.0.1:9",
    ]
    assert [call.partition(" ")[2] for call in ended.inward] == ["connect /nobody/there"]


@pytest.mark.parametrize(
    "source",
    [
        "import socket\nsocket.create_connection(('x', 1))",
        "import socket\nsocket.socketpair()\nsocket.socket()",
        "def f():\n    from urllib.request import urlopen",
        "import urllib",
        "from PySide6.QtNetwork import QTcpSocket",
        "from PySide6 import QtNetwork",
        "import importlib\nimportlib.import_module('http.client')",
        "from logging.handlers import SocketHandler",
    ],
)
def test_a_module_that_could_reach_out_is_named(tmp_path: Path, source: str) -> None:
    (tmp_path / "harmless.py").write_text("from urllib.parse import quote\nimport socket\nsocket.socketpair()\n")
    (tmp_path / "other.py").write_text(source)
    assert list(reaching_out(tmp_path)) == ["other.py"]


def test_strange_files_and_talking_logs_are_found(tmp_path: Path) -> None:
    user = User(tmp_path)
    own, cache = user.home / "data" / "photofind" / "library", user.home / "cache" / "Maker"
    for folder in (own, cache, user.temp):
        folder.mkdir(parents=True)
    known = files_below([user.home, user.temp])
    (own / "library.db").touch()
    (cache / "deviceid").touch()
    (own / "photofind.log").write_text(f"it failed on {CAMERA}\n")
    (own / "decoders.log").write_text(f"{WORD}\n")
    assert strange_files(user, known) == ["home/cache/Maker/deviceid"]
    campaign = Campaign("privacy", 1, tmp_path, short=True, say=lambda _: None)
    check_logs(campaign, user)
    assert len(campaign.findings) == 2


def test_what_is_still_in_a_page_is_found(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"\0" * 100 + b"gone.jpg" + b"\0" * 100 + b"\xff\xd8picture")
    assert still_known(tmp_path, ["gone", "never"], [b"\xff\xd8pic", b"other"]) == [
        "library.db holds gone",
        "library.db holds a thumbnail",
    ]
