"""The way into the window: which library, and what is said where there is no screen or no Qt."""

from __future__ import annotations

import os
import signal
import sys
import tomllib
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


def test_without_the_qt_package_one_line_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Gone:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == 'PySide6':\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Gone())\n",
        encoding="utf-8",
    )
    ended = photofind(env=_without(PYTHONPATH=str(tmp_path), QT_QPA_PLATFORM="offscreen"))
    ended.assert_fails("PySide6", "pip install", "photofind index")
    wanted = ended.err.split("'")[-2]
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert wanted in project["project"]["dependencies"]


@pytest.mark.skipif(sys.platform != "linux", reason="how Linux finds libraries")
def test_a_library_that_qt_lacks_for_windows_is_named(tmp_path: Path) -> None:
    (tmp_path / "libxcb-cursor.so.0").write_bytes(b"")
    ended = photofind(env=_without(DISPLAY=":4711", LD_LIBRARY_PATH=str(tmp_path)))
    ended.assert_fails("libxcb-cursor0", "photofind index")
    assert "could not connect" in ended.err or "is needed" in ended.err


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_the_window_opens_closes_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    # The signal arrives at the earliest moment at which there is something to end: when the library is to be opened.
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "def look(frame, event, argument):\n"
        "    if frame.f_code.co_name == '__init__' and frame.f_code.co_filename.endswith('session.py'):\n"
        f"        sys.setprofile(None); os.kill(os.getpid(), {int(number)})\n"
        "sys.setprofile(look)\n",
        encoding="utf-8",
    )
    ended = photofind(
        "--library", tmp_path / "library", env=_without(PYTHONPATH=str(tmp_path), QT_QPA_PLATFORM="offscreen")
    )
    assert (ended.status, ended.out, ended.err) == (0, "", "")


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interrupt_while_qt_is_loaded_ends_the_program(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'PySide6.QtGui':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupt())\n",
        encoding="utf-8",
    )
    ended = photofind(
        *("--library", tmp_path / "library"),
        env=_without(PYTHONPATH=str(tmp_path), QT_QPA_PLATFORM="offscreen"),
        preexec=_restore_interrupt,  # tests that run in the background of a shell have it ignored
    )
    assert (ended.status, ended.out, ended.err) == (-signal.SIGINT, "", "")


def _restore_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
