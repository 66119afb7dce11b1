"""The short form: damaged files, bad names and killers; and that the campaign sees what it should."""

from __future__ import annotations

import io
import os
import random
from pathlib import Path

import pytest

from photofind.core.errors import DamagedPhotoError
from photofind.core.imaging import DecodedPhoto, DecodeLimits, decode_photo, exif
from photofind.core.imaging.exif import read_exif
from photofind.core.imaging.quiet import quiet_pillow
from photofind.core.records import PhotoFacts
from tests.campaign.conftest import RunShort
from tests.campaign.hostile.children import Child, Loss, Work, read_all
from tests.campaign.hostile.corpus import Seed, seeds
from tests.campaign.hostile.fields import fields_of, with_right_checksums
from tests.campaign.hostile.fuzz import Fuzz
from tests.campaign.hostile.killers import meet_killers
from tests.campaign.hostile.metadata import junk_exif
from tests.campaign.hostile.mutations import Mutator
from tests.campaign.hostile.reading import facts_wrong, lost_by

LIMITS = DecodeLimits(250_000_000, 1 << 30)
POSIX = pytest.mark.skipif(os.name != "posix", reason="sends signals and looks at the open files of other processes")


def test_damaged_files(run_short: RunShort) -> None:
    campaign = run_short("hostile", lambda campaign: Fuzz(campaign, None).run())
    assert campaign.counts["inputs: embedded"] > 30
    assert campaign.counts["inputs: damaged"] > 30


@POSIX
def test_killers(run_short: RunShort) -> None:
    assert run_short("hostile", meet_killers).counts["decoders lost to them"] == 6


def test_the_corpus_is_sound() -> None:
    odd = ("heif", "ico", "jxl")  # AV1 where HEVC should be, and what is refused by its kind
    for seed in seeds():
        if not seed.name.startswith(odd) and not seed.name.startswith("raw b"):
            photo = _decoded(seed)
            assert min(photo.image.size) > 1, seed.name


def _decoded(seed: Seed) -> DecodedPhoto:
    return decode_photo(io.BytesIO(seed.content), suffix=seed.suffix, limits=LIMITS, working_area=50_176)


def test_an_input_is_named_by_its_number() -> None:
    first, second = Mutator(seeds()), Mutator(seeds())
    assert [first.input_of(random.Random(number)) for number in range(30)] == [
        second.input_of(random.Random(number)) for number in range(30)
    ]


def test_nonsense_in_metadata_is_read_by_somebody() -> None:
    with quiet_pillow(LIMITS.pixels):
        facts = [read_exif(junk_exif(random.Random(number))) for number in range(1000)]
    assert any(fact.camera for fact in facts)
    assert any(fact.orientation != 1 for fact in facts)
    assert any(fact.latitude is not None for fact in facts)


@pytest.mark.parametrize("name", ["jpeg rich", "png", "tiff raw", "webp", "avif", "gif", "jpeg 2000"])
def test_the_numbers_of_a_file_are_found(name: str) -> None:
    (seed,) = (seed for seed in seeds() if seed.name == name)
    fields = fields_of(seed.content)
    assert len(fields) > 30
    assert all(field.at + field.size <= len(seed.content) for field in fields)


def test_checksums_are_repaired() -> None:
    (seed,) = (seed for seed in seeds() if seed.name == "png deep")
    changed = seed.content[:20] + b"\0\0\0\1" + seed.content[24:]
    assert with_right_checksums(seed.content) == seed.content
    assert _decoded(Seed("", ".png", with_right_checksums(changed))).facts.height == 1
    with pytest.raises(DamagedPhotoError):
        _decoded(Seed("", ".png", changed))


def test_facts_that_nobody_can_believe_are_seen() -> None:
    assert facts_wrong(PhotoFacts("JPEG", 4, 3, "2021-05-06T07:08:09", "Acme", None, 48.8, 2.3)) == []
    for facts in (
        PhotoFacts("JPEG", 0, 3),
        PhotoFacts("JPEG", 4, 3, latitude=91.0),
        PhotoFacts("JPEG", 4, 3, longitude=float("nan")),
        PhotoFacts("JPEG", 4, 3, camera="a\nb"),
        PhotoFacts("JPEG", 4, 3, lens="\udcff"),
    ):
        assert facts_wrong(facts)


def test_a_picture_that_our_own_code_loses_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(value: object) -> str:
        raise ZeroDivisionError(value)

    rich = next(seed for seed in seeds() if seed.name == "jpeg rich")
    with pytest.raises(DamagedPhotoError) as caught:
        _decoded(Seed("", ".jpg", rich.content[:900]))
    assert caught.value.__cause__ is not None
    assert lost_by(caught.value.__cause__) is None, "the decoder's own word"
    monkeypatch.setattr(exif, "_date", broken)
    with pytest.raises(DamagedPhotoError) as caught:
        _decoded(rich)
    assert caught.value.__cause__ is not None
    assert "ZeroDivisionError" in (lost_by(caught.value.__cause__) or "")


@POSIX
def test_a_process_that_dies_hangs_or_grows_costs_the_input_that_it_was_on(tmp_path: Path) -> None:
    work = Work(tmp_path / "child", "any", None, LIMITS)
    child = Child(work, 0, 12, seconds=60, megabytes=4000)
    killed: list[int] = []
    numbers = []
    for found in read_all([child]):
        numbers.append(found.number)
        if isinstance(found, Loss):
            assert found.reason == "exit status -9"
        elif len(numbers) == 4:
            child.process.kill()
            killed.append(found.number)
    assert sorted(set(numbers)) == list(range(12)), "each is told of"
    assert killed
    assert child.starts == 2
