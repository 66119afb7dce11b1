from __future__ import annotations

import dataclasses
import json
import os
import stat
from pathlib import Path

import pytest

from photofind.core.accuracy import Accuracy, OperatingPoint
from photofind.core.accuracy_file import ACCURACY_FILE, read_accuracy, write_accuracy
from photofind.core.document_sums import with_sum
from photofind.core.errors import StorageError

POINTS = tuple(
    OperatingPoint(n, r, r, r, 0.004, m, 2 * m) for n, r, m in ((1, 0.5, 0.2), (2, 0.9, 0.3), (4, 0.99, 0.6))
)
ACCURACY = Accuracy("pack", "e" * 32, 1000, 200, 4, 1.8e9, 12.5, POINTS)


def test_a_point_between_two_promises_what_the_one_before_it_reaches() -> None:
    assert [ACCURACY.at(nprobe).nprobe for nprobe in (1, 2, 3, 4, 1000)] == [1, 2, 2, 4, 4]


def test_the_cheapest_point_is_the_first_that_reaches_the_recall_or_the_last() -> None:
    assert [ACCURACY.cheapest(recall).nprobe for recall in (0.0, 0.9, 0.91, 1.0)] == [1, 2, 4, 4]


def test_it_holds_for_its_epoch_until_the_library_has_grown_or_shrunk_by_a_quarter() -> None:
    assert ACCURACY.holds_for("pack", "e" * 32, 1249, 4)
    assert ACCURACY.holds_for("pack", "e" * 32, 801, 4)
    assert not ACCURACY.holds_for("pack", "e" * 32, 1250, 4)
    assert not ACCURACY.holds_for("pack", "e" * 32, 800, 4)
    assert not ACCURACY.holds_for("pack", "f" * 32, 1000, 4)
    assert not ACCURACY.holds_for("other", "e" * 32, 1000, 4)


def test_it_holds_for_the_number_of_candidates_it_was_measured_with() -> None:
    assert not ACCURACY.holds_for("pack", "e" * 32, 1000, 5)
    without_index = dataclasses.replace(ACCURACY, epoch_id="")
    assert without_index.holds_for("pack", "", 1000, 5), "every search is exact"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_owner_may_read_what_was_measured(tmp_path: Path) -> None:
    write_accuracy(tmp_path, ACCURACY)
    assert stat.S_IMODE((tmp_path / ACCURACY_FILE).stat().st_mode) == 0o600


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    assert read_accuracy(tmp_path) is None
    write_accuracy(tmp_path, ACCURACY)
    write_accuracy(tmp_path, dataclasses.replace(ACCURACY, queries=100))
    assert read_accuracy(tmp_path) == dataclasses.replace(ACCURACY, queries=100)
    assert [path.name for path in tmp_path.iterdir()] == [ACCURACY_FILE]


def _with(change: dict[str, object]) -> str:
    """Return a document with the checksum that belongs to it."""
    document = {"version": 3, **dataclasses.asdict(ACCURACY)}
    return json.dumps(with_sum({**document, **change}))


def _without_sum(version: int) -> str:
    return json.dumps({"version": version, **dataclasses.asdict(ACCURACY)})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "nonsense",
        "[" * 100_000,
        _with({})[:-20],
        _with({"version": 1}),
        _with({"version": 2}),
        _with({"version": 4}),
        _without_sum(1),
        _without_sum(3),
        _with({}).replace("0.004", "0.005"),
        _with({}) + " " * 1_000_000,
        _with({"points": []}),
        _with({"points": [{"nprobe": 1}]}),
        _with({"points": [dataclasses.asdict(POINTS[1]), dataclasses.asdict(POINTS[0])]}),
        _with({"points": [{**dataclasses.asdict(POINTS[0]), "recall_at_10": 1.5}]}),
        _with({"points": [{**dataclasses.asdict(POINTS[0]), "recall_at_10": "1"}]}),
        _with({"points": [{**dataclasses.asdict(POINTS[0]), "nprobe": 0}]}),
        _with({"vectors": -1}),
        _with({"candidates_per_hit": True}),
        _with({"exact_ms": float("nan")}),
        _with({"epoch_id": None}),
        _with({"more": 1}),
    ],
    ids=range(23),
)
def test_what_makes_no_sense_is_as_good_as_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / ACCURACY_FILE).write_text(text)
    assert read_accuracy(tmp_path) is None


@pytest.mark.parametrize("text", [_with({}), _without_sum(2)], ids=["with its sum", "of an older photofind"])
def test_what_is_sound_is_read(text: str, tmp_path: Path) -> None:
    (tmp_path / ACCURACY_FILE).write_text(text)
    assert read_accuracy(tmp_path) == ACCURACY


def test_no_flipped_bit_makes_another_measurement(tmp_path: Path) -> None:
    write_accuracy(tmp_path, ACCURACY)
    content = (tmp_path / ACCURACY_FILE).read_bytes()
    bits = range(0, 8 * len(content), 5)  # each bit of a byte in its turn
    noticed = 0
    for bit in bits:
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        (tmp_path / ACCURACY_FILE).write_bytes(flipped)
        found = read_accuracy(tmp_path)
        assert found in (None, ACCURACY)
        noticed += found is None
    assert noticed > 0.9 * len(bits)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["a pipe", "an endless device"])
def test_what_is_no_file_is_not_waited_for(kind: str, tmp_path: Path) -> None:
    if kind == "a pipe":
        os.mkfifo(tmp_path / ACCURACY_FILE)
    else:
        (tmp_path / ACCURACY_FILE).symlink_to("/dev/zero")
    assert read_accuracy(tmp_path) is None
    write_accuracy(tmp_path, ACCURACY)
    assert read_accuracy(tmp_path) == ACCURACY


def test_a_disk_that_refuses_keeps_what_was_there(tmp_path: Path) -> None:
    write_accuracy(tmp_path, ACCURACY)
    with pytest.raises(StorageError, match="Cannot keep what was measured"):
        write_accuracy(tmp_path / "away", ACCURACY)
    assert read_accuracy(tmp_path) == ACCURACY
