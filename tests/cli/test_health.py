"""``status --health``, ``doctor --compact`` and ``--recluster``: what they print, and what becomes of the index."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from photofind.cli import upkeep
from photofind.cli.health import health_lines
from photofind.core.health import Compaction, Drift, IndexHealth, ListSizes, Reason, Reclustering, SegmentHealth
from photofind.core.progress import Control
from photofind.core.settings import Settings
from tests.support.handmade import Handmade, name_of, pictures
from tests.support.program import photofind
from tests.support.world import World


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with two segments, dead vectors in one; only to be copied."""
    folder = tmp_path_factory.mktemp("filled") / "library"
    library = Handmade(folder)
    photos = pictures(2600)
    for start in (0, 1300):
        library.add(photos[start : start + 1300])
        library.upkeep.run()
    library.remove([name_of(photo) for photo in photos[:200]])
    library.close()
    return folder


@pytest.fixture
def library(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "library"))


def test_status_tells_of_health_when_asked(library: Path) -> None:
    without = photofind("status", "--library", library, "--json").json
    assert "health" not in without
    found = photofind("status", "--library", library, "--json", "--health").json["health"]
    assert (found["vectors"], found["dead"], found["nlist"], len(found["segments"])) == (2400, 200, 1, 2)
    assert found["compaction"]["segments_after"] == 1
    assert found["compaction"]["dead"] == 200
    assert found["reclustering"]["worth"] is False
    assert (found["imbalance"], found["lists"]["longest"]) == (1.0, 2600)
    assert found["drift"]["distance"] > 0
    ended = photofind("status", "--library", library, "--health")
    assert (ended.status, ended.err) == (0, "")
    for words in (
        "Lists     2,600 to 2,600",
        "1,300 embeddings, 200 dead",
        "Compact   200 dead go, 2 segments become 1, ",
        "Drift  ",
    ):
        assert words in ended.out
    assert "Train " not in ended.out.replace("Trained", "")


def test_a_small_library_says_why_it_has_no_index(indexed: World) -> None:
    ended = photofind("status", "--library", indexed.library, "--health")
    assert ended.status == 0
    assert "so few embeddings are compared one by one" in ended.out


def test_the_doctor_makes_the_index_compact_and_trains_it_anew(library: Path) -> None:
    ended = photofind("doctor", "--library", library, "--json", "--compact", "--recluster")
    assert ended.err == ""
    trained, compacted = ended.json["reclustered"], ended.json["compacted"]
    assert (trained["done"], trained["nlist_after"], trained["imbalance_after"]) == (True, 1, 1.0)
    assert (compacted["done"], compacted["segments_after"], compacted["dead"]) == (True, 1, 0)
    found = photofind("status", "--library", library, "--json", "--health").json["health"]
    assert found["trained_on"] == 2400
    assert [segment["dead"] for segment in found["segments"]] == [0]


def test_without_an_index_there_is_nothing_to_tend(tmp_path: Path) -> None:
    made = Handmade(tmp_path / "small")
    made.add(pictures(5))
    made.close()
    outcomes = upkeep.tend(["recluster", "compact"], made.folder, Settings(workers=1))
    assert [outcome["done"] for outcome in outcomes.values()] == [True, True]
    assert list(upkeep.outcome_lines(outcomes)) == [
        "Trained   nothing: so few embeddings are compared one by one",
        "Compacted nothing: there is no index yet",
    ]


def test_the_doctor_says_what_compacting_did(library: Path) -> None:
    ended = photofind("doctor", "--library", library, "--compact")
    assert "Compacted 2 segments into 1, 200 dead embeddings dropped, " in ended.out
    document = photofind("doctor", "--library", library, "--json").json
    assert not {"compacted", "reclustered"} & set(document), "only who asks is told"


@pytest.mark.parametrize("option", ["--compact", "--recluster"])
def test_only_to_check_and_to_work_contradict_each_other(option: str, library: Path) -> None:
    before = sorted(path.name for path in library.rglob("*"))
    photofind("doctor", "--library", library, "--check", option).assert_fails("--check")
    assert sorted(path.name for path in library.rglob("*")) == before


def test_a_stop_leaves_the_index(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control = Control()
    control.stop()

    class Stopped:
        def __enter__(self) -> Control:
            return control

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(upkeep, "interruptible", Stopped)
    outcomes = upkeep.tend(["recluster", "compact"], library, Settings(workers=1))
    assert [outcome["done"] for outcome in outcomes.values()] == [False, False]
    assert outcomes["compacted"]["segments_after"] == 2
    assert list(upkeep.outcome_lines(outcomes)) == ["Stopped   the index goes on to serve as it is"] * 2


def test_every_kind_of_trouble_has_its_line() -> None:
    health = IndexHealth(
        photos=500_000,
        vectors=400_000,
        dead=100_000,
        delta=10,
        nlist=1024,
        segments=(SegmentHealth("s", 0, 500_000, 500_000, 100_000, 300_000_000),),
        row_bytes=512_000_000,
        dead_row_bytes=102_400_000,
        index_bytes=300_000_000,
        lists=ListSizes(0, 300.5, 90_000, 7),
        imbalance=3.21,
        drift=Drift(1024, True, 0.8, 0.0312, 0.7, 0.0002),
        newcomers=300_000,
        trained_at=None,
        trained_on=100_000,
        compaction=Compaction(1, 1, 100_000, 52_000_000, 3.0, worth=True),
        reclustering=Reclustering(1024, 4096, Reason.DRIFT, 130.0),
        problems=("something is wrong",),
    )
    assert list(health_lines(health)) == [
        "Damaged   something is wrong",
        "Lists     0 to 90,000 embeddings, median 300, 7 empty, imbalance 3.21 (1 is even)",
        "Segment   500,000 embeddings, 100,000 dead, 300.0 MB",
        "Dead      100,000 embeddings of photos that are gone, 102.4 MB of 512.0 MB that stay in the store",
        "Trained   at an unknown time on 100,000 embeddings, 300,000 have come since",
        "Drift     of 1,024 among newer embeddings: distance to centroids 0.800 (0.700 when trained),"
        " components clipped 3.12% (0.02% when trained)",
        "Compact   100,000 dead go, 52.0 MB less, about 3 s: worth it, see `photofind doctor --compact`",
        "Train     anew: photos that came since are of another kind; 1,024 lists become 4,096, about 2 min 10 s,"
        " see `photofind doctor --recluster`",
    ]
