from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.core import paths
from photofind.core.encoders import DEFAULT_PACK


def test_the_bundled_models_are_where_the_program_is() -> None:
    assert (paths.bundled_models() / DEFAULT_PACK / "pack.toml").is_file()


def test_an_installed_program_has_its_models_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "photofind"
    monkeypatch.setattr(paths, "_PACKAGE", package)
    assert paths.bundled_models() == tmp_path / "models"
    (package / "_data" / "models").mkdir(parents=True)
    assert paths.bundled_models() == package / "_data" / "models"


def test_places_of_the_user_are_apart_and_below_the_home(home: Path) -> None:
    places = [paths.user_models(), paths.default_library(), paths.settings_file()]
    assert len(set(places)) == 3
    for place in places:
        assert "photofind" in str(place)
        assert not place.exists()
        if sys.platform == "linux":
            assert place.is_relative_to(home)


def test_the_program_can_start_itself(tmp_path: Path) -> None:
    run = subprocess.run(
        [*paths.program_command(), "--version"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.startswith("photofind")


def test_a_frozen_program_is_its_own_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert paths.program_command() == [sys.executable]


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes on POSIX only")
@given(st.binary())
def test_any_bytes_come_back(name: bytes) -> None:
    path = paths.path_from_bytes(name)
    assert paths.path_to_bytes(path) == name
    assert paths.can_be_a_path(path) == (bool(name) and b"\0" not in name)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_comes_back(name: str) -> None:
    assert paths.path_from_bytes(paths.path_to_bytes(name)) == name


@pytest.mark.parametrize("name", ["", "a\0b", "\ud800"])
def test_what_no_file_can_be_called(name: str) -> None:
    assert not paths.can_be_a_path(name)
