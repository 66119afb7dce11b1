"""The way into the window: which library, and what is said where there is no screen or no Qt."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.support.program import photofind


def _without(*names: str, **more: str) -> dict[str, str]:
    gone = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", *names}
    return {**{name: value for name, value in os.environ.items() if name not in gone}, **more}


@pytest.mark.skipif(sys.platform != "linux", reason="the others always have a screen")
def test_without_a_screen_one_line_says_what_works() -> None:
    for arguments in ([], ["gui"]):
        ended = photofind(*arguments, env=_without())
        ended.assert_fails("no screen", "photofind index", "libxcb-cursor0")


@pytest.mark.skipif(sys.platform != "linux", reason="X displays")
def test_a_screen_that_does_not_answer_is_one_line() -> None:
    ended = photofind(env=_without(DISPLAY=":4711", QT_QPA_PLATFORM="xcb"))
    assert ended.status == 1
    assert ended.out == ""
    lines = [line for line in ended.err.splitlines() if line.startswith("photofind: ")]
    assert len(lines) == 1, ended.err
    assert "photofind index" in lines[0]
    assert "Traceback" not in ended.err


def test_without_qt_one_line_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text(
        "raise ImportError('libEGL.so.1: cannot open shared object file')", encoding="utf-8"
    )
    ended = photofind(env=_without(PYTHONPATH=str(tmp_path), QT_QPA_PLATFORM="offscreen"))
    ended.assert_fails("libEGL.so.1", "apt-get install", "photofind index")
