"""The walk through the real window, in a process of its own: on an X screen where there is one to be had."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.support.gallery import Gallery

_STATIONS = 24
_SECONDS = 110


@pytest.fixture
def screen() -> Iterator[dict[str, str]]:
    """The environment of a program that has a screen to itself: an X server's, else Qt's own without a display."""
    server = shutil.which("Xvfb")
    if server is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    reader, writer = os.pipe()
    command = [server, "-displayfd", str(writer), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as running:
        os.close(writer)
        display = _read_line(reader)
        os.close(reader)
        yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{display}"} if display else {"QT_QPA_PLATFORM": "offscreen"}
        running.terminate()


def _read_line(descriptor: int) -> str:
    """Return the line that a program writes within half a minute; it may come in pieces."""
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], 30)
        piece = os.read(descriptor, 16) if ready else b""
        if not piece:
            return ""
        text += piece
    return text.decode().strip()


@pytest.mark.skipif(sys.platform == "win32", reason="X screens are for the others")
@pytest.mark.parametrize("look", [[], ["--dark"]])
def test_the_walk_reaches_every_station(
    gallery: Gallery, tmp_path: Path, screen: dict[str, str], look: list[str]
) -> None:
    command = [sys.executable, "-m", "tests.gui.scripted_run", str(gallery.place / "photos"), str(tmp_path), *look]
    scale = {"QT_SCALE_FACTOR": "2"} if look else {}
    ended = subprocess.run(
        command,
        env={**os.environ, **screen, **scale},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    pictures = sorted(tmp_path.glob("*.png"))
    assert len(pictures) == _STATIONS
    for path in pictures:
        with Image.open(path) as picture:
            colours = picture.convert("RGB").getcolors(picture.width * picture.height)
            assert colours is not None
            assert len(colours) > 20, path.name
