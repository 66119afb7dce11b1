"""Changing the model pack: everything is embedded anew while the old vectors serve, whatever interrupts it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from photofind.core import paths
from photofind.core.encoders import DEFAULT_PACK, resolve
from photofind.core.encoders.sums import SUMS_FILE, write_sums
from photofind.core.errors import PackError
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.progress import Progress
from photofind.core.search import Query
from photofind.core.settings import Settings
from tests.support.photos import put, put_many
from tests.support.world import World, counts

OTHER = f"{DEFAULT_PACK}:fp32"


def _want(world: World, spec: str) -> None:
    with world.writer() as writer:
        writer.want_pack(spec)


def _row_files(world: World) -> set[str]:
    return {path.name for path in world.library.glob("vectors-*.f16")}


def test_another_pack_takes_over_when_it_is_complete(world: World) -> None:
    put_many(world.photos, range(30))
    world.update()
    old = resolve("").key
    new = resolve(OTHER).key
    assert _row_files(world) == {f"vectors-{old}.f16"}
    before = world.found()
    _want(world, OTHER)
    assert world.status().model == f"{DEFAULT_PACK}:int8"
    serving: list[tuple[str | None, int]] = []

    def ask(writer: LibraryWriter, progress: Progress) -> None:
        del writer, progress
        result = reader.search(Query(images=(str(world.probe),), limit=1000, exact=True))
        serving.append((reader.status().model, len(result.hits)))

    with Library(world.library, world.settings) as reader:
        report = world.update(watch=ask)
        assert {hits for _, hits in serving} == {30}
        assert serving[-1][0] == f"{DEFAULT_PACK}:int8"
        after = reader.search(Query(images=(str(world.photos / "0007.jpg"),), limit=1))
        assert after.hits[0].path == str(world.photos / "0007.jpg")
        assert reader.status().model == OTHER
    assert counts(report) == {"unchanged": 30, "embedded": 30}
    assert _row_files(world) == {f"vectors-{new}.f16"}
    assert world.found() == before
    assert counts(world.update()) == {"unchanged": 30}
    world.assert_sound()


def test_new_photos_are_found_before_the_other_pack_takes_over(world: World) -> None:
    put_many(world.photos, range(3))
    world.update()
    _want(world, OTHER)
    put_many(world.photos, range(3, 6))
    assert counts(world.update()) == {"unchanged": 3, "added": 3, "embedded": 9}
    assert len(world.names()) == 6


def test_an_interrupted_change_goes_on_where_it_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photofind.core.indexing.run._PROGRESS_SECONDS", 0.0)  # a fast machine is to be stopped too
    put_many(world.photos, range(40))
    world.update()
    _want(world, OTHER)

    def stop(writer: LibraryWriter, progress: Progress) -> None:
        if progress.phase == "embed" and progress.done >= 5:
            writer.control.stop()

    report = world.update(watch=stop)
    first = report.tally.embedded
    assert report.stopped
    assert 0 < first < 40
    assert world.status().model == f"{DEFAULT_PACK}:int8"
    assert len(world.names()) == 40
    assert world.update().tally.embedded == 40 - first
    assert world.status().model == OTHER
    world.assert_sound()


def test_changing_ones_mind(world: World) -> None:
    put_many(world.photos, range(3))
    world.update()
    _want(world, OTHER)
    _want(world, DEFAULT_PACK)
    assert counts(world.update()) == {"unchanged": 3}
    assert len(_row_files(world)) == 1


def test_photos_that_are_away_are_embedded_when_they_are_back(world: World) -> None:
    other = world.place / "other"
    put_many(world.photos, range(2))
    put_many(other, range(10, 13))
    world.update(world.photos, other)
    other.rename(world.place / "away")
    _want(world, OTHER)
    before = world.status().model
    assert world.update().tally.embedded == 2, "even when the run was only asked for the other folder"
    assert world.status().model == before, "the old model serves on: it alone knows the photos that are away"
    assert len(world.names()) == 5
    (world.place / "away").rename(other)
    assert world.refresh().tally.embedded == 3
    assert world.status().model == OTHER
    assert len(world.names()) == 5
    assert world.status().missing_vectors == 0


def test_an_unknown_pack_is_refused(world: World) -> None:
    put_many(world.photos, range(1))
    world.update()
    with pytest.raises(PackError):
        _want(world, "no-such-pack")
    with pytest.raises(PackError):
        _want(world, f"{DEFAULT_PACK}:int3")
    assert counts(world.update()) == {"unchanged": 1}


@pytest.fixture
def own_pack(home: Path) -> Path:
    """A pack that the user installed: a copy of the one that comes with the program, under another name."""
    del home
    folder = paths.user_models() / "own"
    shutil.copytree(paths.bundled_models() / DEFAULT_PACK, folder)
    text = (folder / "pack.toml").read_text(encoding="utf-8")
    name = f'name = "{DEFAULT_PACK}"'
    assert name in text
    (folder / "pack.toml").write_text(text.replace(name, 'name = "own"'), encoding="utf-8")
    write_sums(folder)
    return folder


def test_the_default_takes_over_from_a_pack_that_is_gone(world: World, own_pack: Path) -> None:
    put_many(world.photos, range(3))
    world.settings = Settings(workers=1, model="own")
    world.update()
    assert world.status().model == "own:int8"
    shutil.rmtree(own_pack)
    world.settings = Settings(workers=1)
    with pytest.raises(PackError, match="photofind index"):
        world.names()
    assert world.update().tally.embedded == 3
    assert world.status().model == f"{DEFAULT_PACK}:int8"
    assert len(world.names()) == 3
    assert len(_row_files(world)) == 1
    world.assert_sound()


@pytest.mark.parametrize("damage", ["removed", "cut short"])
def test_a_broken_pack_stops_the_run_and_blames_no_photo(world: World, own_pack: Path, damage: str) -> None:
    put_many(world.photos, range(3))
    world.settings = Settings(workers=1, model="own")
    network = own_pack / "int8.onnx"
    content = network.read_bytes()
    if damage == "removed":
        network.unlink()
    else:
        network.write_bytes(content[:-100])
    with pytest.raises(PackError):
        world.update()
    assert world.errors() == {}
    network.write_bytes(content)
    assert counts(world.update()) == {"added": 3, "embedded": 3}


@pytest.mark.parametrize("is_vouched", [True, False])
def test_a_flipped_bit_in_a_description_is_no_change_of_the_model(
    world: World, own_pack: Path, is_vouched: bool
) -> None:
    put_many(world.photos, range(3))
    world.settings = Settings(workers=1, model="own")
    if not is_vouched:  # as a pack that was installed by an older photofind
        (own_pack / SUMS_FILE).unlink()
    world.update()
    rows = _row_files(world)
    description = own_pack / "pack.toml"
    content = description.read_bytes()
    assert content.count(b"side = 320") == 1
    description.write_bytes(content.replace(b"side = 320", b"side = 224"))
    with pytest.raises(PackError, match=r"install (it|the model own) again"):
        world.update()
    assert _row_files(world) == rows
    assert world.errors() == {}
    description.write_bytes(content)
    assert counts(world.update()) == {"unchanged": 3}


def test_another_version_of_the_model_is_a_change_of_it(world: World, own_pack: Path) -> None:
    put_many(world.photos, range(3))
    world.settings = Settings(workers=1, model="own")
    world.update()
    description = own_pack / "pack.toml"
    description.write_bytes(description.read_bytes().replace(b"side = 320", b"side = 224"))
    write_sums(own_pack)  # as its installation does
    assert counts(world.update())["embedded"] == 3
    assert counts(world.update()) == {"unchanged": 3}


def test_a_pack_that_breaks_during_a_run_blames_no_photo(world: World, own_pack: Path) -> None:
    put_many(world.photos, range(3))
    world.settings = Settings(workers=1, model="own")
    world.update()
    network = own_pack / "int8.onnx"
    content = network.read_bytes()
    put(world.photos / "new.jpg", 50)

    def damage(writer: LibraryWriter, progress: Progress) -> None:
        del writer, progress
        network.write_bytes(content[:-100])

    with pytest.raises(PackError):
        world.update(watch=damage)
    network.write_bytes(content)
    assert counts(world.update()) == {"unchanged": 3, "added": 1, "embedded": 1}
    assert world.errors() == {}
