from __future__ import annotations

import os
from pathlib import Path

import pytest

from photofind.core.errors import SettingsError
from photofind.core.settings import Settings, load_settings, usable_processors


def given(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "settings.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "no" / "settings.toml") == Settings()
    assert load_settings(given(tmp_path, "")) == Settings()


def test_one_decoder_a_processor_but_never_more_than_allowed() -> None:
    assert Settings().workers == min(60, usable_processors())
    assert 1 <= usable_processors() <= (os.cpu_count() or 1)
    with pytest.raises(SettingsError):
        Settings(workers=257)


def test_every_setting_can_be_given(tmp_path: Path) -> None:
    text = """
    workers = 3
    photo_seconds = 5
    photo_megabytes = 2
    photo_megapixels = 4000
    worker_megabytes = 300
    ignore = ["*.tmp", "写真"]
    model = "efficientnet-lite0:fp32"
    """
    assert load_settings(given(tmp_path, text)) == Settings(
        workers=3,
        photo_seconds=5.0,
        photo_megabytes=2,
        photo_megapixels=4000,
        worker_megabytes=300,
        ignore=("*.tmp", "写真"),
        model="efficientnet-lite0:fp32",
    )


@pytest.mark.parametrize("text", ["workers = ", "[", b"\xff\xfe\x00", "workers = 1\nworkers = 2"])
def test_what_is_no_toml_is_told_with_the_files_name(text: str | bytes, tmp_path: Path) -> None:
    path = given(tmp_path, text)
    with pytest.raises(SettingsError, match="Mend or remove") as caught:
        load_settings(path)
    assert str(path) in str(caught.value)


def test_a_folder_instead_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Cannot read"):
        load_settings(tmp_path)


def test_an_unknown_setting_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"'wrokers'.*'workers'"):
        load_settings(given(tmp_path, "wrokers = 2"))


@pytest.mark.parametrize(
    "line",
    [
        "workers = 2.0",
        "workers = true",
        'workers = "2"',
        "workers = [2]",
        'photo_seconds = "5"',
        "photo_seconds = false",
        'ignore = "*.tmp"',
        "ignore = [1]",
        'ignore = ["a", 1]',
        "ignore = 3",
        "model = 1",
        'model = ["a"]',
        "photo_seconds = 2024-01-01",
        "workers = { a = 1 }",
    ],
)
def test_a_value_of_the_wrong_kind_is_told(line: str, tmp_path: Path) -> None:
    name = line.split()[0]
    with pytest.raises(SettingsError, match=f"setting {name} "):
        load_settings(given(tmp_path, line))


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("workers", 1, 256),
        ("photo_seconds", 1, 3600),
        ("photo_megabytes", 1, 1048576),
        ("photo_megapixels", 1, 4000),
        ("worker_megabytes", 300, 1048576),
    ],
)
def test_the_ends_of_the_ranges(name: str, low: int, high: int, tmp_path: Path) -> None:
    for value in (low, high):
        assert getattr(load_settings(given(tmp_path, f"{name} = {value}")), name) == value
    for value in (low - 1, high + 1, -5, 10**30):
        with pytest.raises(SettingsError, match=f"{name} is {value}; it must lie between {low}"):
            load_settings(given(tmp_path, f"{name} = {value}"))


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_what_is_no_number_is_out_of_range(value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="photo_seconds"):
        load_settings(given(tmp_path, f"photo_seconds = {value}"))
