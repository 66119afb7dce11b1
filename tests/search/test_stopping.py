"""Comparing with every photo can be stopped, whatever the rule by which they are scored."""

from __future__ import annotations

from pathlib import Path

import pytest

from photofind.core.indexing.run import Stopped
from photofind.core.searching.composing import Composition
from photofind.core.searching.ranking import Depth, Ranking
from tests.support.handmade import Handmade, pictures, unit_vectors

QUERY = unit_vectors(1, 9)[0]


@pytest.mark.parametrize("composition", [Composition(QUERY), Composition(QUERY, colours=(("red", 0.5),))])
def test_whoever_asks_can_stop_it(composition: Composition, tmp_path: Path) -> None:
    library = Handmade(tmp_path / "library")
    library.add(pictures(2500))
    ranking = Ranking(library.snapshot(), library.catalog, library.pack, lambda: None, None)
    calls: list[None] = []

    def check() -> None:
        calls.append(None)
        if stopping:
            raise Stopped

    stopping = False
    found = ranking.rank(composition, Depth(10, 1, exact=True), check)
    assert found.all_compared
    assert calls
    stopping = True
    with pytest.raises(Stopped):
        ranking.rank(composition, Depth(10, 1, exact=True), check)
    library.close()
