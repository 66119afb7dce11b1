from __future__ import annotations

import os
import stat
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.core.imaging import OTHER_SUFFIXES, PHOTO_SUFFIXES
from photofind.core.scan import IgnoreRules
from photofind.core.scan.rules import is_hidden, is_in_cloud

PLAIN = IgnoreRules()


@pytest.mark.parametrize(
    "name", [".hidden.jpg", "._IMG_0001.jpg", ".jpg", "film.MP4", "notes.txt", "Thumbs.DB", "a.zip"]
)
def test_files_that_are_left_out(name: str) -> None:
    assert PLAIN.skips_file(name)


@pytest.mark.parametrize(
    "name", ["a.jpg", "A.JPG", "noext", "odd.suffix", "two.dots.jpeg", "-rf.jpg", "video.thm", " .jpg"]
)
def test_files_that_are_looked_at(name: str) -> None:
    assert not PLAIN.skips_file(name)


@pytest.mark.parametrize(
    "name", [".git", "$RECYCLE.BIN", "System Volume Information", "@eaDir", "#recycle", "lost+found", "__MACOSX"]
)
def test_folders_that_are_left_out(name: str) -> None:
    assert PLAIN.skips_folder(name)


@pytest.mark.parametrize("name", ["x.jpg", "trash", "recycle", "video.mp4", "lost"])
def test_folders_that_are_walked(name: str) -> None:
    assert not PLAIN.skips_folder(name)


def test_patterns_of_the_user_hold_for_files_and_folders() -> None:
    rules = IgnoreRules(("*_small.*", "Screenshots", "IMG_00[0-4]?.jpg"))
    assert rules.skips_file("a_small.jpg")
    assert rules.skips_folder("Screenshots")
    assert rules.skips_file("IMG_0042.jpg")
    assert not rules.skips_file("IMG_0052.jpg")
    assert not rules.skips_file("small.jpg")
    assert not rules.skips_folder("Screenshots 2024")


@given(st.sampled_from(sorted(PHOTO_SUFFIXES)), st.text(st.characters(blacklist_characters="/\0."), min_size=1))
def test_no_name_of_a_photo_is_left_out(suffix: str, stem: str) -> None:
    assert not PLAIN.skips_file(stem + suffix)
    assert not PLAIN.skips_file(stem + suffix.upper())


def test_no_suffix_is_both_a_photo_and_something_else() -> None:
    assert not PHOTO_SUFFIXES & OTHER_SUFFIXES


@dataclass
class _Status:
    """The fields that Windows and macOS add to a file's status."""

    st_mode: int = stat.S_IFREG
    st_file_attributes: int = 0
    st_flags: int = 0


def _status(*, attributes: int = 0, flags: int = 0) -> os.stat_result:
    return _Status(st_file_attributes=attributes, st_flags=flags)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (_status(), False),
        (_status(attributes=0x20), False),  # archive: every ordinary file of Windows
        (_status(attributes=0x1000), True),  # offline
        (_status(attributes=0x40000), True),  # recall on open
        (_status(attributes=0x400020), True),  # recall on data access, as OneDrive sets it
        (_status(flags=0x40), False),
        (_status(flags=0x40000000), True),  # dataless, as iCloud sets it
    ],
)
def test_placeholders_of_cloud_files(status: os.stat_result, expected: bool) -> None:
    assert is_in_cloud(status) is expected
    assert not is_hidden(status)


@pytest.mark.parametrize("status", [_status(attributes=0x2), _status(attributes=0x4), _status(flags=stat.UF_HIDDEN)])
def test_what_the_system_marks_as_hidden(status: os.stat_result) -> None:
    assert is_hidden(status)
    assert not is_in_cloud(status)


def test_an_ordinary_file_of_this_system_is_neither(tmp_path: os.PathLike[str]) -> None:
    status = os.stat(tmp_path)
    assert not is_in_cloud(status)
    assert not is_hidden(status)
