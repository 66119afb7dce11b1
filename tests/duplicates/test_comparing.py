"""Copies are told from other shots, and every verdict says what was done."""

from __future__ import annotations

import io
import random

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from photofind.core.duplicates.calibration import Calibration
from photofind.core.duplicates.comparing import Comparer, Stage, Subject
from photofind.core.duplicates.hashing import perceptual_hash
from photofind.core.duplicates.verdicts import Change
from photofind.core.evidence import Evidence, Verdict
from photofind.core.imaging.thumbnails import make_thumbnail
from photofind.core.records import ContentId
from tests.support.copies import KINDS, Copy, make_copy, mirrored, other_shot, rotated, source


class PictureBook:
    """Pictures in memory, as the library would show them."""

    def __init__(self) -> None:
        self._pictures: dict[ContentId, Image.Image] = {}
        self.blind = False
        self.asked_large = 0
        self.asked_pixels = 0

    def add(self, image: Image.Image) -> Subject:
        content_id = ContentId(len(self._pictures) + 1)
        self._pictures[content_id] = image
        return Subject(content_id, image.width, image.height, "JPEG", 1, perceptual_hash(self._thumbnail(content_id)))

    def _thumbnail(self, content_id: ContentId) -> Image.Image:
        with Image.open(io.BytesIO(make_thumbnail(self._pictures[content_id]))) as image:
            return image.convert("RGB")

    def small(self, content_id: ContentId) -> np.ndarray | None:
        return None if self.blind else np.asarray(self._thumbnail(content_id))

    def large(self, content_id: ContentId) -> np.ndarray | None:
        self.asked_large += 1
        return np.asarray(self._pictures[content_id])

    def same_pixels(self, first: ContentId, second: ContentId) -> bool:
        self.asked_pixels += 1
        return bool(np.array_equal(np.asarray(self._pictures[first]), np.asarray(self._pictures[second])))


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return Calibration.for_pack("efficientnet-lite0")


@pytest.fixture(params=["chelsea.png", "coffee.png"], scope="module")
def photo(request: pytest.FixtureRequest) -> Image.Image:
    return source(request.param)


def opened(copy: Copy) -> Image.Image:
    with Image.open(io.BytesIO(copy.content)) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def compared(
    first: Image.Image, second: Image.Image, calibration: Calibration, similarity: float = 0.8
) -> tuple[Evidence | None, Comparer, PictureBook]:
    book = PictureBook()
    comparer = Comparer(book, calibration)
    return comparer.compare(book.add(first), book.add(second), similarity), comparer, book


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"lettered"}))
def test_every_kind_of_copy_is_recognised(photo: Image.Image, kind: str, calibration: Calibration) -> None:
    # Outlined letters all over a picture are not told from things that moved: that kind is left out.
    evidence, _, _ = compared(photo, opened(make_copy(photo, kind, 4)), calibration)
    assert evidence is not None
    # The usual step leaves some of these out: that is what its recall says.
    assert evidence.score >= calibration.step("generous").threshold, evidence
    assert evidence.verdict in KINDS[kind].verdicts, evidence


@pytest.mark.parametrize("seed", range(6))
def test_the_next_frame_of_a_burst_is_similar_and_no_copy(
    photo: Image.Image, seed: int, calibration: Calibration
) -> None:
    evidence, _, _ = compared(photo, other_shot(photo, seed), calibration)
    assert evidence is not None
    assert evidence.score < calibration.usual.threshold, evidence


def test_equal_pixels_are_the_same_picture_and_only_then_decoded_in_full(calibration: Calibration) -> None:
    photo = source("chelsea.png")
    evidence, _, book = compared(photo, photo.copy(), calibration)
    assert evidence is not None
    assert (evidence.verdict, evidence.score) == (Verdict.SAME_PICTURE, 1.0)
    assert book.asked_pixels == 1
    changed, _, book = compared(photo, photo.resize((photo.width // 2, photo.height // 2)), calibration)
    assert changed is not None
    assert changed.verdict is Verdict.RESIZED
    assert book.asked_pixels == 0


def test_one_changed_pixel_is_not_the_same_picture(calibration: Calibration) -> None:
    photo = source("chelsea.png")
    other = photo.copy()
    other.putpixel((10, 10), (0, 0, 0))
    evidence, _, _ = compared(photo, other, calibration)
    assert evidence is not None
    assert evidence.verdict is Verdict.REENCODED


def test_different_photos_are_nothing_to_each_other(calibration: Calibration) -> None:
    evidence, _, _ = compared(source("chelsea.png"), source("coffee.png"), calibration, 0.3)
    assert evidence is None or evidence.score < calibration.loosest


def test_photos_that_only_share_a_frame_and_words_are_no_copies(calibration: Calibration) -> None:
    for kind in ("screenshot", "captioned", "watermarked", "bordered"):
        first, second = (opened(make_copy(source(name), kind, 3)) for name in ("chelsea.png", "coffee.png"))
        evidence, _, _ = compared(first, second, calibration, 0.6)
        assert evidence is None or evidence.score < calibration.loosest, (kind, evidence)


def page(words: random.Random) -> Image.Image:
    """A page of made-up words in a fixed layout."""
    sheet = Image.new("RGB", (600, 800), "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((40, 30), "MONTHLY REPORT", fill="black", font_size=40)
    for row in range(26):
        line = " ".join("".join(words.choices("abcdefghiklmnoprstuvw", k=words.randint(2, 9))) for _ in range(9))
        draw.text((40, 110 + 25 * row), line[:48], fill="black", font_size=20)
    return sheet


def test_pages_of_one_layout_are_no_copies(calibration: Calibration) -> None:
    first, second = page(random.Random(1)), page(random.Random(2))
    evidence, _, _ = compared(first, second, calibration, 0.9)
    assert evidence is None or evidence.score < calibration.usual.threshold, evidence
    scan, _, _ = compared(first, first.resize((450, 600)), calibration, 0.95)
    assert scan is not None
    assert scan.score >= calibration.usual.threshold


def test_plain_pictures_of_different_places_are_no_copies(calibration: Calibration) -> None:
    blue = Image.new("RGB", (640, 480), (90, 140, 220))
    night = Image.new("RGB", (640, 480), (5, 5, 8))
    evidence, _, _ = compared(blue, night, calibration, 0.5)
    assert evidence is None or evidence.score < calibration.usual.threshold


def test_tiny_and_extreme_pictures_are_survived(calibration: Calibration) -> None:
    photo = source("chelsea.png")
    for size in ((1, 1), (8, 8), (40, 3), (400, 12), (17, 17)):
        compared(photo, photo.resize(size), calibration)
        compared(photo.resize(size), photo.resize(size), calibration)


def test_what_was_done_is_named(calibration: Calibration) -> None:
    photo = source("chelsea.png")
    rng = random.Random(5)
    expected = {
        Change.MIRRORED: ImageOps.mirror(photo),
        Change.ROTATED: photo.transpose(Image.Transpose.ROTATE_90),
        Change.GREY: photo.convert("L").convert("RGB"),
        Change.FRAMED: ImageOps.expand(photo, 30, "white"),
        Change.CROPPED: photo.crop((30, 20, photo.width - 20, photo.height - 30)),
        Change.BRIGHTNESS: photo.point([min(255, round(v * 1.25)) for v in range(256)] * 3),
    }
    for change, image in expected.items():
        evidence, _, _ = compared(photo, image, calibration)
        assert evidence is not None
        assert change in evidence.changes, (change, evidence)
    both, _, _ = compared(photo, mirrored(rotated(photo, rng), rng), calibration)
    assert both is not None
    assert both.verdict is Verdict.EDITED


def test_the_placement_leads_from_the_second_picture_into_the_first(calibration: Calibration) -> None:
    photo = source("chelsea.png")
    box = (40, 30, photo.width - 60, photo.height - 20)
    evidence, _, _ = compared(photo, photo.crop(box), calibration)
    assert evidence is not None
    assert evidence.placement is not None
    a, b, c, d, e, f = evidence.placement
    corners = [(c, f), (a + b + c, d + e + f)]
    wanted = [(box[0] / photo.width, box[1] / photo.height), (box[2] / photo.width, box[3] / photo.height)]
    assert np.allclose(corners, wanted, atol=0.01)
    assert evidence.overlap == pytest.approx(
        (box[2] - box[0]) * (box[3] - box[1]) / photo.width / photo.height, abs=0.02
    )


def test_ordinary_copies_and_bursts_need_no_larger_picture(calibration: Calibration) -> None:
    photo = source("chelsea.png")
    _, comparer, book = compared(photo, opened(make_copy(photo, "jpeg", 1)), calibration)
    assert comparer.stage is Stage.DIRECT
    assert book.asked_large == 0


def test_without_thumbnails_likeness_alone_speaks(calibration: Calibration) -> None:
    book = PictureBook()
    book.blind = True
    comparer = Comparer(book, calibration)
    first, second = book.add(source("chelsea.png")), book.add(source("coffee.png"))
    near = comparer.compare(first, second, 0.99)
    assert near is not None
    assert (near.verdict, near.score) == (Verdict.SIMILAR, 0.0)
    assert comparer.compare(first, second, 0.2) is None
    assert comparer.compare(first, second, float("nan")) is None
