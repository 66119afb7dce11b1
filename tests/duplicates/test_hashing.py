"""Hashes of real photos and of copies made of them here."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import skimage
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from photofind.core.duplicates.frames import content_box
from photofind.core.duplicates.hashing import (
    HASH_BYTES,
    UNKNOWN_DISTANCE,
    differing_bits,
    hash_distances,
    hash_pair,
    hash_thumbnail,
    is_plain,
    perceptual_hash,
    turned,
)
from photofind.core.imaging.thumbnails import make_thumbnail

NAMES = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "ihc.png")
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
CANDIDATE = 48


def photo(name: str) -> Image.Image:
    with Image.open(Path(skimage.__file__).parent / "data" / name) as image:
        return image.convert("RGB")


PHOTOS = {name: photo(name) for name in NAMES}


def encoded(image: Image.Image, quality: int = 80) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return Image.open(stream)


def distance(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> tuple[int, int]:
    bits, orientations = hash_distances(first[None], second[None])
    return int(bits[0]), int(orientations[0])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_one_hash_tells_that_of_all_orientations(name: str, orientation: int) -> None:
    image = PHOTOS[name]
    shown = image.transpose(TURNS[orientation]) if orientation in TURNS else image
    # The same turn by what the orientation of EXIF means to Pillow.
    image.getexif()[0x0112] = orientation
    assert ImageOps.exif_transpose(image).tobytes() == shown.tobytes()
    image.getexif().clear()
    plain, expected = perceptual_hash(image), perceptual_hash(shown)
    assert differing_bits(turned(plain, orientation), expected) <= 1  # signs of what is zero but for rounding
    bits, found = distance(expected, plain)
    assert (bits <= 1, found) == (True, orientation)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "copy",
    [
        lambda image: encoded(image, 30),
        lambda image: image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS),
        lambda image: image.resize((300, 200)),  # stretched
        lambda image: image.convert("L"),
        lambda image: ImageEnhance.Brightness(image).enhance(0.75),
        lambda image: ImageEnhance.Contrast(image).enhance(0.7),
        lambda image: image.filter(ImageFilter.GaussianBlur(2)),
        lambda image: encoded(image.transpose(Image.Transpose.ROTATE_90), 60),
        lambda image: encoded(ImageOps.mirror(image), 60),
        lambda image: image.convert("P"),
        lambda image: image.convert("RGBA"),
    ],
    ids=["q30", "half", "stretched", "grey", "darker", "flatter", "blurred", "rot90", "mirror", "palette", "alpha"],
)
def test_copies_are_close(name: str, copy: object) -> None:
    assert callable(copy)
    bits, _ = distance(perceptual_hash(PHOTOS[name]), perceptual_hash(copy(PHOTOS[name])))
    assert bits <= 32


def test_different_photos_are_far_from_each_other() -> None:
    hashes = np.array([perceptual_hash(image) for image in PHOTOS.values()])
    for number in range(len(hashes)):
        others = np.delete(hashes, number, axis=0)
        bits, _ = hash_distances(np.broadcast_to(hashes[number], others.shape).copy(), others)
        assert bits.min() > 70


def test_many_pairs_at_once_are_compared_one_by_one() -> None:
    random = np.random.default_rng(1)
    first, second = random.integers(1, 256, (2, 50, HASH_BYTES), dtype=np.uint8)
    second[:8] = [turned(first[number], number + 1) for number in range(8)]
    bits, orientations = hash_distances(first, second)
    assert bits[:8].tolist() == [0] * 8
    back = [turned(second[number], int(orientations[number])) for number in range(8)]
    assert np.array_equal(back, first[:8])
    for number in range(50):
        every = [
            int(np.unpackbits(first[number] ^ turned(second[number], orientation)).sum()) for orientation in range(1, 9)
        ]
        assert (int(bits[number]), int(orientations[number])) == (min(every), every.index(min(every)) + 1)


def framed(image: Image.Image) -> Image.Image:
    return ImageOps.expand(image, border=int(min(image.size) * 0.08), fill="white")


def letterboxed(image: Image.Image) -> Image.Image:
    return ImageOps.expand(image, border=(0, image.height // 5), fill="black")


def on_a_screen(image: Image.Image) -> Image.Image:
    screen = Image.new("RGB", (540, 1170))
    shown = image.resize((540, round(image.height * 540 / image.width)))
    screen.paste(shown, (0, (1170 - shown.height) // 2))
    draw = ImageDraw.Draw(screen)
    draw.text((18, 10), "14:07", fill="white", font_size=20)
    for left in range(70, 540, 120):
        draw.ellipse((left, 1110, left + 30, 1140), outline="white", width=3)
    return screen


def with_words_above(image: Image.Image) -> Image.Image:
    bar = image.height // 6
    meme = Image.new("RGB", (image.width, image.height + bar), "white")
    meme.paste(image, (0, bar))
    ImageDraw.Draw(meme).text((20, bar // 4), "when the weekend starts", fill="black", font_size=bar // 3)
    return meme


@pytest.mark.parametrize("frame", [framed, letterboxed, on_a_screen, with_words_above])
@pytest.mark.parametrize("name", ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"])
def test_what_a_frame_surrounds_is_hashed_too(name: str, frame: object) -> None:
    assert callable(frame)
    image = PHOTOS[name]
    whole, inside = hash_thumbnail(make_thumbnail(frame(image)))
    original, nothing = hash_thumbnail(make_thumbnail(image))
    assert is_plain(nothing)
    assert distance(whole, original)[0] > 40
    assert distance(inside, original)[0] <= CANDIDATE


def test_the_box_is_exact_where_edges_are() -> None:
    luminance = np.full((120, 160), 250, np.float32)
    luminance[10:100, 30:150] = np.random.default_rng(2).integers(0, 200, (90, 120))
    assert content_box(luminance) == (30, 10, 150, 100)
    assert content_box(luminance[10:100, 30:150]) == (0, 0, 120, 90)
    for blank in (np.zeros((50, 40), np.float32), np.zeros((1, 1), np.float32)):
        assert content_box(blank) == (0, 0, blank.shape[1], blank.shape[0])


def test_a_sky_is_no_frame() -> None:
    rows = np.linspace(220, 120, 90)[:, None] + np.zeros((1, 120))
    ground = np.random.default_rng(3).integers(0, 120, (60, 120))
    luminance = np.concatenate([rows, ground]).astype(np.float32)
    assert content_box(luminance) == (0, 0, 120, 150)


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (300, 200)),
        Image.new("RGB", (300, 200), "white"),
        Image.new("RGB", (1, 1), "red"),
        Image.linear_gradient("L"),
        Image.radial_gradient("L").crop((100, 100, 160, 160)),
        Image.effect_noise((256, 192), 4),
    ],
    ids=["black", "white", "pixel", "sky", "vignette", "noise"],
)
def test_plain_pictures_have_no_hash_to_compare(image: Image.Image) -> None:
    plain = perceptual_hash(encoded(image.convert("RGB")))
    assert is_plain(plain)
    assert distance(plain, plain)[0] == UNKNOWN_DISTANCE
    assert distance(plain, perceptual_hash(PHOTOS["coffee.png"]))[0] == UNKNOWN_DISTANCE


def test_photos_are_not_plain() -> None:
    assert not is_plain(np.array([perceptual_hash(image) for image in PHOTOS.values()])).any()
    faint = PHOTOS["coffee.png"].point(lambda level: 110 + level // 16)
    assert not is_plain(perceptual_hash(faint))


@pytest.mark.parametrize("name", NAMES)
def test_half_of_a_thumbnail_is_enough(name: str) -> None:
    data = make_thumbnail(PHOTOS[name])
    with Image.open(io.BytesIO(data)) as whole:
        assert distance(hash_thumbnail(data)[0], hash_pair(whole)[0])[0] <= 2


def test_slivers_can_be_hashed() -> None:
    for size in ((1, 256), (256, 1), (3, 2)):
        assert hash_pair(PHOTOS["coffee.png"].resize(size)).shape == (2, HASH_BYTES)
