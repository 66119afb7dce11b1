from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog
from photofind.core.imaging.colours import COLOURS, MONOCHROME
from photofind.core.records import ContentId, FileStamp, PhotoFacts, PhotoId

STAMP = FileStamp(1, 2, 3)


def colours(*, monochrome: bool = False, **shares: int) -> bytes:
    packed = bytearray(len(COLOURS) + 1)
    for name, share in shares.items():
        packed[COLOURS.index(name)] = share
    packed[MONOCHROME] = 255 * monochrome
    return bytes(packed)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """Six photos with the vids 10 to 15; what they are full of is for the test to say."""
    with Catalog.open_writer(tmp_path / "library.db") as opened:
        with opened.transaction():
            pack = opened.vectors.put_pack("k", "k", 4)
            folder = opened.files.put_folder(opened.files.add_root("/p"), "/p", is_mount=False, error=None)
            opened.files.add_pending(folder, [(f"{number}.jpg", STAMP) for number in range(6)])
            for number in range(1, 7):
                content = opened.contents.add(b"%d" % number, 1, PhotoFacts("JPEG", 4, 3))
                opened.files.set_photo(PhotoId(number), content, STAMP)
            opened.vectors.append(pack.id, 10, [(ContentId(number), 0) for number in range(1, 7)])
            opened.set_active_pack("k")
        yield opened


def test_colours_come_back(catalog: Catalog) -> None:
    with catalog.transaction():
        catalog.colours.put([(ContentId(1), colours(red=200, blue=55)), (ContentId(3), colours(monochrome=True))])
        catalog.colours.put([(ContentId(3), colours(grey=255, monochrome=True))])  # looked at again
    found = catalog.colours.of(1, [12, 11, 10, 99])
    assert found.shape == (4, 12)
    assert [row.tobytes() for row in found] == [
        colours(grey=255, monochrome=True),
        bytes(12),
        colours(red=200, blue=55),
        bytes(12),
    ]
    assert catalog.colours.of(1, []).shape == (0, 12)


def test_the_richest_come_first_and_are_alive(catalog: Catalog) -> None:
    with catalog.transaction():
        for number, red in enumerate((10, 250, 0, 200, 128, 127), 1):
            catalog.colours.put([(ContentId(number), colours(red=red, monochrome=number == 3))])
    richest = catalog.colours.richest
    assert richest(1, "red", 3).tolist() == [11, 13, 14]
    assert richest(1, "red", 100).tolist() == [11, 13, 14, 15, 10]
    assert richest(1, "monochrome", 5).tolist() == [12]
    assert richest(1, "gray", 5).tolist() == richest(1, "blue", 5).tolist() == []
    assert richest(2, "red", 5).tolist() == []
    with pytest.raises(ValueError, match="mauve"):
        richest(1, "mauve", 5)
    with catalog.transaction():
        catalog.files.remove([PhotoId(2), PhotoId(4)])
        catalog.vectors.refresh_live([ContentId(2), ContentId(4)])
    assert richest(1, "red", 1).tolist() == [14]
    assert richest(1, "red", 2).tolist() == [14, 15]


def test_contents_of_before_are_looked_at_from_the_newest_on(catalog: Catalog) -> None:
    assert catalog.colours.unseen(10) == []  # all of them came when colours were known
    with catalog.transaction():
        catalog._sql.execute("INSERT INTO library VALUES ('colours_until', '5')")
        catalog.colours.put([(ContentId(4), colours())])
    assert catalog.colours.unseen(2) == [5, 3]
    with catalog.transaction():
        catalog.colours.settle(ContentId(3))
    assert catalog.colours.unseen(10) == [2, 1]
    with catalog.transaction():
        catalog.colours.settle(None)
    assert catalog.colours.unseen(10) == []
