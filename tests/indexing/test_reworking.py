"""The index made compact or trained anew because somebody asked: what it leaves, told or stopped."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.library_writer import LibraryWriter
from photofind.core.progress import Control
from photofind.core.settings import Settings
from photofind.core.vectors import building
from tests.support.handmade import Handmade, name_of, pictures, unit_vectors


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Handmade]:
    """1,300 photos in two segments, and 100 of them dead."""
    made = Handmade(tmp_path / "library")
    photos = pictures(1300)
    made.add(photos[:1200])
    made.upkeep.run()
    made.add(photos[1200:])
    made.upkeep.run(smallest_delta=50)
    made.remove([name_of(photo) for photo in photos[:100]])
    assert [segment.count for segment in made.state().segments] == [1200, 100]
    yield made
    made.close()


def dead_entries(library: Handmade) -> int:
    state = library.state()
    return sum(segment.count for segment in state.segments) - (state.next_vid - len(state.dead))


def test_compacting_drops_the_dead_and_keeps_the_epoch(library: Handmade) -> None:
    before, query = library.pack.epoch_id, unit_vectors(1, 9)[0]
    expected = library.found(query, 30)
    with LibraryWriter(library.folder, Settings(workers=1)) as writer:
        steps = list(writer.compact())
    assert {step.phase for step in steps} == {"compact"}
    assert library.pack.epoch_id == before
    assert dead_entries(library) == 0
    assert len(library.state().segments) == 1
    assert library.found(query, 30) == expected == library.expected(query, 30)


def test_training_anew_makes_another_epoch_with_the_same_answers(library: Handmade) -> None:
    before, query = library.pack.epoch_id, unit_vectors(1, 9)[0]
    with LibraryWriter(library.folder, Settings(workers=1)) as writer:
        steps = list(writer.recluster())
    assert {step.phase for step in steps} == {"recluster"}
    assert library.pack.epoch_id not in (None, before)
    assert dead_entries(library) == 0
    assert library.found(query, 30) == library.expected(query, 30)


@pytest.mark.parametrize("task", ["compact", "recluster"])
def test_a_stop_leaves_the_old_index(task: str, library: Handmade) -> None:
    before = library.state()
    control = Control()
    control.stop()
    with LibraryWriter(library.folder, Settings(workers=1), control) as writer:
        list(writer.compact() if task == "compact" else writer.recluster())
    assert library.state() == before


def test_who_takes_no_more_progress_ends_it(library: Handmade) -> None:
    before = library.state()
    control = Control()
    control.pause()  # so that it is still at work
    with LibraryWriter(library.folder, Settings(workers=1), control) as writer:
        steps = writer.recluster()
        assert isinstance(steps, Generator)
        with closing(steps):
            assert next(steps).phase == "recluster"
    assert control.stopping
    assert library.state() == before


def test_what_fails_in_it_fails(library: Handmade, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no index today")

    monkeypatch.setattr(building, "train_epoch", fail)
    before = library.state()
    with (
        LibraryWriter(library.folder, Settings(workers=1)) as writer,
        pytest.raises(ValueError, match="no index today"),
    ):
        list(writer.recluster())
    assert library.state() == before
