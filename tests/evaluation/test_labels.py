from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photofind.core.catalog import Catalog
from photofind.core.errors import QueryError
from photofind.core.evaluation.label_file import read_label_file
from photofind.core.evaluation.labels import FOLDERS, Labels, read_labels, sample
from photofind.core.settings import Settings
from tests.support.handmade import FOLDER, Handmade, pictures
from tests.support.world import World


def written(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "labels.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def by_label(labels: Labels) -> dict[str, list[int]]:
    return {name: labels.vids[labels.labels == number].tolist() for number, name in enumerate(labels.names)}


# The file


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("path,label\na.jpg,cat\nsub/b.jpg,dog\n", id="header"),
        pytest.param("a.jpg,cat\nsub/b.jpg,dog", id="no header"),
        pytest.param("\ufeffPath;Label\r\na.jpg;cat\r\nsub/b.jpg;dog\r\n", id="of a German spreadsheet"),
        pytest.param("a.jpg\tcat\nsub/b.jpg\tdog\n", id="tabs"),
        pytest.param("id,label,score,file\n1,cat,0.5,a.jpg\n2,dog,1,sub/b.jpg\n", id="other columns"),
        pytest.param('path,label\n\n"a.jpg", cat \n"sub/b.jpg",dog\nc.jpg,\n,,\n', id="empty rows and labels"),
        pytest.param("path,label\na.jpg,cat\na.jpg,cat\nsub/../sub/b.jpg,dog\n", id="twice the same"),
    ],
)
def test_labels_are_read_as_people_write_them(tmp_path: Path, content: str) -> None:
    assert read_label_file(written(tmp_path, content)) == {
        str(tmp_path / "a.jpg"): "cat",
        str(tmp_path / "sub" / "b.jpg"): "dog",
    }


def test_an_absolute_path_is_taken_as_it_is(tmp_path: Path) -> None:
    elsewhere = tmp_path.parent / "elsewhere.jpg"

    assert read_label_file(written(tmp_path, f'"{elsewhere}",cat')) == {str(elsewhere): "cat"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param(" \n\n", "is empty", id="blank"),
        pytest.param(b"\xff\xd8\xff\xe0 a photo", "is no text in UTF-8", id="a photo"),
        pytest.param("path,label\na.jpg,caf\xe9\n".encode("latin-1"), "is no text in UTF-8", id="another encoding"),
        pytest.param("a.jpg\nb.jpg\n", "Row 1 of", id="no labels"),
        pytest.param("path,label\na.jpg,cat\nb.jpg\n", "Row 3 of", id="a row cut short"),
        pytest.param('path,label\na.jpg,"cat\n', "is no CSV", id="an open quote"),
        pytest.param("a.jpg,cat\na.jpg,dog\n", "a second label, 'dog'", id="contradiction"),
        pytest.param(",cat\n", "no path that a file could have", id="no path"),
        pytest.param("a\0.jpg,cat\n", "Row 1 of", id="a zero byte"),
        pytest.param("a.jpg," + "x" * 200_000, "is no CSV", id="a label without end"),
    ],
)
def test_what_is_no_file_of_labels_is_refused_in_one_sentence(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(QueryError, match=reason) as refused:
        read_label_file(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a file without an end is at hand on POSIX")
def test_a_file_without_an_end_is_refused() -> None:
    with pytest.raises(QueryError, match="longer than"):
        read_label_file(Path("/dev/zero"))


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(QueryError, match="Cannot read the labels in"):
        read_label_file(tmp_path / name)


# Labels of a library


def test_a_file_gives_labels_and_what_it_does_not_know_is_counted(library: Handmade, tmp_path: Path) -> None:
    first, second, third, fourth = pictures(4)
    library.put({"a.jpg": first, "copy of a.jpg": first, "b.jpg": second, "c.jpg": third, "d.jpg": fourth})
    path = written(
        tmp_path,
        "\n".join(
            f"{FOLDER}/{row}" for row in ("a.jpg,cat", "copy of a.jpg,cat", "b.jpg,cat", "c.jpg,dog", "gone.jpg,dog")
        ),
    )

    labels = read_labels(str(path), library.catalog, library.pack)

    of = {picture.number: vid for vid, picture in zip(range(4), (first, second, third, fourth), strict=True)}
    assert by_label(labels) == {"cat": [of[0], of[1]], "dog": [of[2]]}
    assert (labels.unlabelled, labels.unknown, labels.contradictory) == (1, 1, 0)
    assert sample(labels, 10, np.random.default_rng(0)).tolist() == [0, 1]  # the dog has no other
    assert len(sample(labels, 1, np.random.default_rng(0))) == 1


def test_copies_with_different_labels_are_left_out(library: Handmade, tmp_path: Path) -> None:
    first, second, third = pictures(3)
    library.put({"a.jpg": first, "copy.jpg": first, "b.jpg": second, "c.jpg": third})
    path = written(tmp_path, "\n".join(f"{FOLDER}/{row}" for row in ("a.jpg,x", "copy.jpg,y", "b.jpg,y", "c.jpg,y")))

    labels = read_labels(str(path), library.catalog, library.pack)

    assert by_label(labels) == {"y": [1, 2]}
    assert (labels.unlabelled, labels.contradictory) == (1, 1)


def test_photos_that_died_have_no_label(library: Handmade, tmp_path: Path) -> None:
    photos = pictures(3)
    library.add(photos)
    library.remove(["1.jpg"])
    path = written(tmp_path, "".join(f"{FOLDER}/{number}.jpg,x\n" for number in range(3)))

    labels = read_labels(str(path), library.catalog, library.pack)

    assert by_label(labels) == {"x": [0, 2]}
    assert labels.unknown == 1


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        pytest.param("nowhere.jpg,x\n", "1 paths of the file are unknown", id="unknown"),
        pytest.param(f"{FOLDER}/0.jpg,x\n{FOLDER}/1.jpg,y\n", "No two photos", id="all alone"),
    ],
)
def test_labels_by_which_nothing_can_be_found_are_refused(
    library: Handmade, tmp_path: Path, rows: str, reason: str
) -> None:
    library.add(pictures(2))
    labels = read_labels(str(written(tmp_path, rows)), library.catalog, library.pack)
    with pytest.raises(QueryError, match=reason):
        labels.check()


def test_photos_of_one_folder_have_its_path_below_the_root_as_label(tmp_path: Path) -> None:
    world = World(tmp_path, Settings(workers=1))
    world.put("lies in the root.jpg", 0)
    world.put("dogs/1.jpg", 1)
    world.put("dogs/2.jpg", 2)
    world.put("dogs/puppies/3.jpg", 3)
    world.put("more/dogs/4.jpg", 4)
    world.put("cats/5.jpg", 5)
    world.put("cats/a dog by mistake.jpg", 1)
    world.update()
    with Catalog.open_reader(world.library / "library.db") as catalog:
        pack = catalog.active_pack()
        assert pack is not None
        labels = read_labels(FOLDERS, catalog, pack)
        names = {
            int(place.vid): Path(place.path).name for place in catalog.vectors.places(pack.id, labels.vids.tolist())
        }

    assert {name: sorted(names[vid] for vid in vids) for name, vids in by_label(labels).items()} == {
        "dogs": ["2.jpg"],
        "dogs/puppies": ["3.jpg"],
        "more/dogs": ["4.jpg"],
        "cats": ["5.jpg"],
    }
    assert (labels.unlabelled, labels.contradictory) == (2, 1)
