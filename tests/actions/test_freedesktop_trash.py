"""The trash of Linux desktops, as its specification wants it."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from photofind.core.actions.freedesktop_trash import FreedesktopTrash
from photofind.core.actions.mounts import Mount, MountTable
from photofind.core.actions.trash import PlacingTrash, SearchableTrash
from photofind.core.errors import TrashError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has a trash of its own")


@pytest.fixture
def trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FreedesktopTrash:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return FreedesktopTrash()


@pytest.fixture
def volume(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that passes for another volume than that of the home trash."""
    folder = tmp_path / "volume"
    folder.mkdir()
    table = MountTable((Mount("/", "8:1", "/"), Mount(str(folder.resolve()), "8:2", "/")))
    monkeypatch.setattr(MountTable, "read", lambda: table)
    return folder


def _photo(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"picture")
    return path


def _info(place: str) -> dict[str, str]:
    text = Path(place).parent.parent.joinpath("info", Path(place).name + ".trashinfo").read_text("ascii")
    first, *lines = text.splitlines()
    assert first == "[Trash Info]"
    return dict(line.split("=", 1) for line in lines)


def test_there_and_back(trash: FreedesktopTrash, tmp_path: Path) -> None:
    assert isinstance(trash, PlacingTrash)
    assert isinstance(trash, SearchableTrash)
    photo = _photo(tmp_path / os.fsdecode(b"caf\xe9 100%\n.jpg"))
    trash.can_take(str(photo))
    assert not (tmp_path / "data").exists()  # a question makes nothing
    place = trash.put(str(photo))
    assert not photo.exists()
    assert Path(place).read_bytes() == b"picture"
    assert Path(place).parent == tmp_path / "data" / "Trash" / "files"
    assert (tmp_path / "data" / "Trash").stat().st_mode & 0o777 == 0o700
    info = _info(place)
    assert unquote_to_bytes(info["Path"]) == os.fsencode(photo)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", info["DeletionDate"])
    assert trash.places_of(str(photo)) == [place]

    _photo(photo).write_bytes(b"newcomer")
    with pytest.raises(TrashError, match="not overwritten"):
        trash.restore(place, str(photo))
    assert photo.read_bytes() == b"newcomer"
    assert Path(place).exists()
    photo.unlink()
    trash.restore(place, str(photo))
    assert photo.read_bytes() == b"picture"
    assert not list((tmp_path / "data" / "Trash" / "info").iterdir())
    with pytest.raises(TrashError, match="does not give"):
        trash.restore(place, str(tmp_path / "again.jpg"))


def test_files_of_one_name_do_not_meet(trash: FreedesktopTrash, tmp_path: Path) -> None:
    places = {trash.put(str(_photo(tmp_path / folder / "x.jpg"))) for folder in "abc"}
    assert len(places) == 3
    again = trash.put(str(_photo(tmp_path / "a" / "x.jpg")))
    assert set(trash.places_of(str(tmp_path / "a" / "x.jpg"))) > {again}


def test_a_place_that_is_taken_is_not_overwritten(trash: FreedesktopTrash, tmp_path: Path) -> None:
    first, second = _photo(tmp_path / "a" / "x.jpg"), _photo(tmp_path / "b" / "x.jpg")
    second.write_bytes(b"second")
    place = trash.place_for(str(first), "token")
    trash.put_at(str(first), place)
    with pytest.raises(TrashError, match="left where it is"):
        trash.put_at(str(second), place)
    assert (second.read_bytes(), Path(place).read_bytes()) == (b"second", b"picture")
    Path(place).unlink()
    _photo(Path(place)).write_bytes(b"a stray without a note")
    (Path(place).parent.parent / "info" / (Path(place).name + ".trashinfo")).unlink()
    with pytest.raises(TrashError):
        trash.put_at(str(second), place)
    assert Path(place).read_bytes() == b"a stray without a note"
    trash.forget(place)
    assert Path(place).exists()


def test_names_as_long_as_can_be(trash: FreedesktopTrash, tmp_path: Path) -> None:
    photo = _photo(tmp_path / ("ä" * 120 + ".jpg"))
    place = trash.put(str(photo))
    assert place.endswith(".jpg")
    trash.restore(place, str(photo))
    assert photo.exists()


def test_another_volume_has_a_trash_of_its_own(trash: FreedesktopTrash, volume: Path) -> None:
    photo = _photo(volume / "folder" / "x y.jpg")
    place = trash.put(str(photo))
    assert Path(place).parent == volume / f".Trash-{os.getuid()}" / "files"
    assert _info(place)["Path"] == "folder/x%20y.jpg"  # relative to the volume
    assert trash.places_of(str(photo)) == [place]
    trash.restore(place, str(photo))
    assert photo.exists()


def test_the_trash_that_an_administrator_made(trash: FreedesktopTrash, volume: Path) -> None:
    photo = _photo(volume / "x.jpg")
    shared, own = volume / ".Trash", volume / f".Trash-{os.getuid()}"
    shared.mkdir()
    assert trash.place_for(str(photo), "t").startswith(str(own))  # not sticky
    shared.chmod(0o1777)
    assert trash.place_for(str(photo), "t").startswith(str(shared / str(os.getuid()) / "files"))
    trash.restore(trash.put(str(photo)), str(photo))
    shared.rename(volume / "real")
    shared.symlink_to(volume / "real")
    assert trash.place_for(str(photo), "t").startswith(str(own))  # a link may lead anywhere


def test_no_working_trash_is_refused(trash: FreedesktopTrash, volume: Path) -> None:
    photo = _photo(volume / "x.jpg")
    own = volume / f".Trash-{os.getuid()}"
    own.symlink_to(volume)
    with pytest.raises(TrashError, match="no working trash"):
        trash.can_take(str(photo))
    with pytest.raises(TrashError, match="no working trash"):
        trash.put(str(photo))
    own.unlink()
    own.write_bytes(b"a file in its place")
    with pytest.raises(TrashError, match="no working trash"):
        trash.can_take(str(photo))
    assert photo.read_bytes() == b"picture"


def test_a_trash_on_another_real_volume_is_never_copied_to(
    trash: FreedesktopTrash, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("needs two volumes")
    monkeypatch.setattr(MountTable, "read", lambda: MountTable((Mount("/", "8:1", "/"),)))  # as if it were one
    photo = _photo(memory / f"photofind-test-{os.getpid()}" / "x.jpg")
    try:
        with pytest.raises(TrashError, match="left where it is"):
            trash.put(str(photo))
        assert photo.read_bytes() == b"picture"
        assert not [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    finally:
        photo.unlink()
        photo.parent.rmdir()
