"""Looking for duplicates without decoding a file in this process, so that none can end it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.evidence import GroupKind
from photofind.core.imaging import viewing
from photofind.core.imaging.apart import ApartLimits, PictureReader
from photofind.core.library import Library
from photofind.core.settings import Settings
from tests.support.photos import jpeg
from tests.support.world import World


def test_pictures_that_are_compared_in_full_are_decoded_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, Settings(workers=1))
    world.put("a.jpg", jpeg(1))
    world.put("b.jpg", jpeg(1) + b"the same pixels, other bytes")
    world.update()

    def refuse(*_arguments: object, **_named: object) -> None:
        raise AssertionError("a photo was decoded in this process")

    monkeypatch.setattr(viewing, "decode_photo", refuse)
    with (
        closing(PictureReader(ApartLimits.of(world.settings), most=1)) as pictures,
        Library(world.library, world.settings, pictures) as library,
    ):
        finder = library.finder()
        for _ in finder.run():
            pass
        assert len(pictures.process_ids()) == 1, "it was needed"
        with closing(library.duplicates()) as reader:
            table = reader.groups(reader.calibration().usual.threshold, frozenset(GroupKind))
            kinds = [group.kind for group in reader.all_groups(table)]
    assert kinds == [GroupKind.EXACT], "the same pixels, which only decoding both in full can tell"
