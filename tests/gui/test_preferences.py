"""Preferences: remembered, and never in the way when their file is damaged."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from photofind.gui.preferences import Preferences


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "window.ini"


def test_a_missing_file_means_the_defaults(path: Path) -> None:
    preferences = Preferences(path)
    assert preferences.geometry.isEmpty()
    assert preferences.window_state.isEmpty()
    assert preferences.tile_size == 160
    assert preferences.sort == "date"
    assert preferences.sort_descending
    assert preferences.click_action == "click"
    assert preferences.language == "system"
    assert preferences.cache_megabytes == 96
    assert preferences.recent_libraries == []
    assert preferences.last_library is None
    preferences.sync()


def test_everything_is_remembered(path: Path, tmp_path: Path) -> None:
    first = Preferences(path)
    first.geometry = QByteArray(bytes(range(256)))
    first.window_state = QByteArray(b"state")
    first.tile_size = 240
    first.sort = "size"
    first.sort_descending = False
    first.click_action = "double_click"
    first.language = "de"
    first.cache_megabytes = 512
    first.remember_library(tmp_path / "one")
    first.remember_library(tmp_path / "two, with comma")
    first.sync()
    second = Preferences(path)
    assert second.geometry.data() == bytes(range(256))
    assert second.window_state.data() == b"state"
    assert second.tile_size == 240
    assert (second.sort, second.sort_descending) == ("size", False)
    assert second.click_action == "double_click"
    assert second.language == "de"
    assert second.cache_megabytes == 512
    assert second.recent_libraries == [tmp_path / "two, with comma", tmp_path / "one"]
    assert second.last_library == tmp_path / "two, with comma"


def test_a_single_library_is_a_list_too(path: Path, tmp_path: Path) -> None:
    first = Preferences(path)
    first.remember_library(tmp_path)
    first.sync()
    assert Preferences(path).recent_libraries == [tmp_path]


@pytest.mark.skipif(sys.platform != "linux", reason="only there is any sequence of bytes a name")
def test_names_that_are_no_unicode_are_remembered(path: Path, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"photos-\xff")
    first = Preferences(path)
    first.remember_library(odd)
    first.sync()
    assert Preferences(path).last_library == odd


def test_recent_libraries_are_few_and_each_is_there_once(path: Path, tmp_path: Path) -> None:
    preferences = Preferences(path)
    for number in [*range(15), 3]:
        preferences.remember_library(tmp_path / str(number))
    names = [library.name for library in preferences.recent_libraries]
    assert names == ["3", *(str(number) for number in range(14, 4, -1))][:10]
    preferences.forget_library(tmp_path / "3")
    assert preferences.last_library == tmp_path / "14"


_DAMAGED = """[window]
geometry=not base64!
state=@Variant(\\0\\0)
[view]
tile_size=99999
sort=beauty
sort_descending=perhaps
[behaviour]
find_similar_by=@Invalid()
language=xx
cache_megabytes=-5
[libraries]
recent=relative, %00, "", @ByteArray(x)
"""


def test_damaged_values_count_as_the_defaults(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(_DAMAGED, encoding="utf-8")
    preferences = Preferences(path)
    assert preferences.geometry.isEmpty()
    assert preferences.window_state.isEmpty()
    assert preferences.tile_size == 160
    assert preferences.sort == "date"
    assert preferences.sort_descending
    assert preferences.click_action == "click"
    assert preferences.language == "system"
    assert preferences.cache_megabytes == 96
    assert preferences.recent_libraries == []


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe" * 100, b"[[[[", b"[view]\ntile_size=1e99\n"])
def test_a_file_that_is_no_such_file_is_survived(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    preferences = Preferences(path)
    assert preferences.tile_size == 160
    preferences.tile_size = 200
    assert preferences.tile_size == 200


def test_the_users_own_lie_in_the_folder_of_settings(home: Path) -> None:
    preferences = Preferences.of_user()
    preferences.language = "en"
    preferences.sync()
    assert [file.name for file in home.rglob("window.ini")] == ["window.ini"]


_DIALOG = """
import stat
import subprocess
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog
from photofind.gui.app import make_application
app = make_application()
dialog = QFileDialog(None, "", sys.argv[1])
dialog.setFileMode(QFileDialog.FileMode.Directory)
QTimer.singleShot(0, dialog.accept)
dialog.finished.connect(lambda _: QTimer.singleShot(0, app.quit))
dialog.open()
app.exec()
del dialog  # which is when it remembers
"""


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these have dialogs of their own")
def test_where_a_dialog_was_is_told_to_no_other_program(home: Path, tmp_path: Path) -> None:
    visited = tmp_path / "visited"
    visited.mkdir()
    subprocess.run([sys.executable, "-c", _DIALOG, str(visited)], check=True, timeout=60, capture_output=True)
    telling = [path for path in home.rglob("*") if path.is_file() and b"visited" in path.read_bytes()]
    assert [path.parent.name for path in telling] == ["photofind"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in telling] == [0o600]


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX's")
def test_only_the_owner_may_read_the_preferences(tmp_path: Path) -> None:
    path = tmp_path / "config" / "window.ini"
    path.parent.mkdir()
    path.touch(0o644)
    preferences = Preferences(path)
    preferences.tile_size = 200
    preferences.sync()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Preferences(path).tile_size == 200
