"""The trash through Qt: files go in and come back, nothing is overwritten, and what tells no place gets nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from photofind.core.errors import TrashError
from photofind.gui.trash import DesktopTrash


@pytest.fixture
def home_trash(home: Path) -> Path:
    """The trash of the test's own home, in which Qt makes what it needs; the folder above has to exist."""
    (home / "data").mkdir(exist_ok=True)
    return home / "data" / "Trash"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "Übersicht 1.jpg"
    file.write_bytes(b"bytes of a photo")
    return file


def test_a_file_goes_to_the_trash_and_comes_back(home_trash: Path, photo: Path, tmp_path: Path) -> None:
    stat = photo.stat()
    trash = DesktopTrash()
    trash.can_take(str(photo))
    place = trash.put(str(photo))
    assert not photo.exists()
    assert Path(place).read_bytes() == b"bytes of a photo"
    assert Path(place).is_relative_to(home_trash)
    assert len(list((home_trash / "info").iterdir())) == 1  # what tried the trash out is not in it any more
    trash.restore(place, str(photo))
    assert photo.read_bytes() == b"bytes of a photo"
    assert photo.stat().st_mtime_ns == stat.st_mtime_ns
    assert photo.stat().st_ino == stat.st_ino
    assert list((home_trash / "files").iterdir()) == list((home_trash / "info").iterdir()) == []
    assert list(tmp_path.iterdir()) == [photo]


@pytest.mark.usefixtures("home_trash")
def test_what_is_there_by_now_is_not_overwritten(photo: Path) -> None:
    trash = DesktopTrash()
    place = trash.put(str(photo))
    photo.write_bytes(b"another")
    with pytest.raises(TrashError, match="Something else is at"):
        trash.restore(place, str(photo))
    assert photo.read_bytes() == b"another"
    assert Path(place).read_bytes() == b"bytes of a photo"


@pytest.mark.usefixtures("home_trash")
def test_an_emptied_trash_is_told(photo: Path) -> None:
    trash = DesktopTrash()
    place = trash.put(str(photo))
    Path(place).unlink()
    with pytest.raises(TrashError, match="not in the trash any more"):
        trash.restore(place, str(photo))
    assert not photo.exists()


def test_a_trash_that_tells_no_place_gets_no_photo(photo: Path, tmp_path: Path) -> None:
    hole = tmp_path / "hole"
    hole.mkdir()
    swallowed: list[str] = []

    def move(path: str) -> tuple[str, str]:
        swallowed.append(path)
        Path(path).rename(hole / os.path.basename(path))
        return "", ""

    with pytest.raises(TrashError):
        DesktopTrash(move).put(str(photo))
    assert photo.read_bytes() == b"bytes of a photo"
    assert str(photo) not in swallowed


def test_a_trash_that_gives_nothing_back_gets_no_photo(photo: Path, tmp_path: Path) -> None:
    def move(path: str) -> tuple[str, str]:
        Path(path).rename(tmp_path / "elsewhere")
        Path(path).touch()  # so that nothing can be put back
        return str(tmp_path / "elsewhere"), ""

    with pytest.raises(TrashError, match="Something else is at"):
        DesktopTrash(move).put(str(photo))
    assert photo.read_bytes() == b"bytes of a photo"


def test_a_refusal_is_told_and_nothing_is_deleted(photo: Path, tmp_path: Path) -> None:
    with pytest.raises(TrashError, match=r"did not take .*: no trash here"):
        DesktopTrash(lambda _: ("", "no trash here")).put(str(photo))
    assert list(tmp_path.iterdir()) == [photo]


@pytest.mark.usefixtures("home_trash")
def test_the_trash_is_tried_out_once_for_a_volume(tmp_path: Path) -> None:
    from photofind.gui.trash import _move

    moved: list[str] = []

    def move(path: str) -> tuple[str, str]:
        moved.append(os.path.basename(path))
        return _move(path)

    trash = DesktopTrash(move)
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).touch()
        trash.put(str(tmp_path / name))
    assert len(moved) == 3
    assert moved[1:] == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize(
    ("place", "note"),
    [("$Recycle.Bin/S-1/$RABCDEF.jpg", "$Recycle.Bin/S-1/$IABCDEF.jpg"), ("T/files/a.jpg", "T/info/a.jpg.trashinfo")],
)
def test_the_note_of_the_trash_goes_with_the_file(place: str, note: str, tmp_path: Path) -> None:
    for name in (place, note):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    DesktopTrash().restore(str(tmp_path / place), str(tmp_path / "back.jpg"))
    assert (tmp_path / "back.jpg").exists()
    assert not (tmp_path / note).exists()
