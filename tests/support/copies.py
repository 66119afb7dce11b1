"""Copies of a picture as they come about in real life: each kind an edit with random parameters, and how it is saved.

Copies of one picture must be found and pictures that only look alike must not, so there are also makers of what is no
copy: :func:`other_shot` imitates the next frame of a burst.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import skimage
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from photofind.core.evidence import Verdict

_ORIENTATION = 0x0112
_LANCZOS = Image.Resampling.LANCZOS
_WORDS = ("today", "holiday", "family", "we made it", "good morning", "never again", "best day", "at home", "2019")


@dataclass(frozen=True)
class Copy:
    """A copy as the bytes of a file, what kind of copy it is and what it should be called."""

    kind: str
    content: bytes
    suffix: str
    verdicts: frozenset[Verdict]


@dataclass(frozen=True)
class Kind:
    """How copies of one kind are made; ``severity`` is easy, medium or hard, as people would say."""

    name: str
    severity: str
    verdicts: frozenset[Verdict]
    edit: Callable[[Image.Image, random.Random], Image.Image]
    save: Callable[[Image.Image, random.Random], tuple[bytes, str]]


@cache
def source(name: str) -> Image.Image:
    """Return a photo that comes with scikit-image, by the name of its file."""
    with Image.open(Path(skimage.__file__).parent / "data" / name) as image:
        return image.convert("RGB")


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    """Return ``image`` as the bytes of a file."""
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def jpeg(image: Image.Image, rng: random.Random) -> tuple[bytes, str]:
    """Save as programs do without being asked."""
    return saved(image, "JPEG", quality=rng.randint(78, 95)), ".jpg"


def poor_jpeg(image: Image.Image, rng: random.Random) -> tuple[bytes, str]:
    """Save as messengers do."""
    return saved(image, "JPEG", quality=rng.randint(25, 60), progressive=rng.random() < 0.5), ".jpg"


def png(image: Image.Image, rng: random.Random) -> tuple[bytes, str]:
    """Save as screenshots are, some of them with few colours."""
    if rng.random() < 0.5:
        image = image.quantize(rng.choice((128, 200, 256)), dither=Image.Dither.NONE)
    return saved(image, "PNG"), ".png"


def webp(image: Image.Image, rng: random.Random) -> tuple[bytes, str]:
    """Save as the web does."""
    return saved(image, "WEBP", quality=rng.randint(50, 85), method=1), ".webp"


def avif(image: Image.Image, rng: random.Random) -> tuple[bytes, str]:
    """Save as phones do."""
    return saved(image, "AVIF", quality=rng.randint(45, 75), speed=9), ".avif"


def turned_by_exif(image: Image.Image, rng: random.Random) -> tuple[bytes, str]:
    """Save the pixels turned, with the EXIF entry that turns them back."""
    orientation, operation = rng.choice(
        ((6, Image.Transpose.ROTATE_90), (8, Image.Transpose.ROTATE_270), (3, Image.Transpose.ROTATE_180))
    )
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    return saved(image.transpose(operation), "JPEG", quality=rng.randint(80, 92), exif=exif), ".jpg"


def same(image: Image.Image, rng: random.Random) -> Image.Image:  # noqa: ARG001 - the others need it
    """Change nothing."""
    return image


def resized(image: Image.Image, rng: random.Random) -> Image.Image:
    """Scale to between a quarter and one and a half times the size, most often down."""
    factor = rng.choice((0.25, 0.33, 0.5, 0.75, 1.5))
    return image.resize((max(8, round(image.width * factor)), max(8, round(image.height * factor))), _LANCZOS)


def cropped(least: float, most: float) -> Callable[[Image.Image, random.Random], Image.Image]:
    """Return an edit that takes away a share of the area, sometimes with another aspect."""

    def edit(image: Image.Image, rng: random.Random) -> Image.Image:
        kept = 1 - rng.uniform(least, most)
        aspect = math.exp(rng.uniform(-0.5, 0.5) * (1 - kept)) if rng.random() < 0.5 else 1.0
        across = min(1.0, math.sqrt(kept) * aspect)
        down = min(1.0, kept / across)
        return _window(image, across, down, rng)

    return edit


def strip(image: Image.Image, rng: random.Random) -> Image.Image:
    """Keep a band of a quarter to a half of the height or width."""
    kept = rng.uniform(0.25, 0.5)
    return _window(image, 1.0, kept, rng) if rng.random() < 0.7 else _window(image, kept, 1.0, rng)


def _window(image: Image.Image, across: float, down: float, rng: random.Random) -> Image.Image:
    width, height = max(8, round(image.width * across)), max(8, round(image.height * down))
    left, top = rng.randint(0, max(0, image.width - width)), rng.randint(0, max(0, image.height - height))
    return image.crop((left, top, left + width, top + height))


def brighter(image: Image.Image, rng: random.Random) -> Image.Image:
    """Make it brighter or darker, evenly or by a gamma curve."""
    if rng.random() < 0.4:
        gamma = rng.choice((0.65, 0.75, 1.3, 1.5))
        return image.point([round(255 * (value / 255) ** gamma) for value in range(256)] * 3)
    return ImageEnhance.Brightness(image).enhance(rng.choice((0.65, 0.75, 0.85, 1.15, 1.3, 1.4)))


def contrast(image: Image.Image, rng: random.Random) -> Image.Image:
    """Change contrast, or stretch it as "auto" does."""
    if rng.random() < 0.25:
        return ImageOps.autocontrast(image, cutoff=1)
    return ImageEnhance.Contrast(image).enhance(rng.choice((0.6, 0.75, 1.25, 1.5)))


def recoloured(image: Image.Image, rng: random.Random) -> Image.Image:
    """Shift the white balance and the saturation."""
    gains = (rng.uniform(0.82, 1.15), rng.uniform(0.93, 1.05), rng.uniform(0.82, 1.15))
    bands = [
        band.point([min(255, round(v * gain)) for v in range(256)])
        for band, gain in zip(image.split(), gains, strict=True)
    ]
    return ImageEnhance.Color(Image.merge("RGB", bands)).enhance(rng.uniform(0.4, 1.5))


def grey(image: Image.Image, rng: random.Random) -> Image.Image:
    """Take the colours away, sometimes with more contrast."""
    plain = image.convert("L").convert("RGB")
    return ImageEnhance.Contrast(plain).enhance(rng.choice((1.0, 1.0, 1.3)))


def sepia(image: Image.Image, rng: random.Random) -> Image.Image:
    """Colour it like an old print."""
    toned = ImageOps.colorize(image.convert("L"), "#1e120a", rng.choice(("#fff0d6", "#f4e6c8")))
    return Image.blend(image, toned, rng.uniform(0.7, 1.0))


def blurred(image: Image.Image, rng: random.Random) -> Image.Image:
    """Blur it a little."""
    return image.filter(ImageFilter.GaussianBlur(max(1.0, max(image.size) / rng.uniform(300, 550))))


def sharpened(image: Image.Image, rng: random.Random) -> Image.Image:
    """Sharpen it visibly."""
    return image.filter(ImageFilter.UnsharpMask(rng.choice((1, 2, 3)), rng.randint(90, 200), 2))


def watermarked(image: Image.Image, rng: random.Random) -> Image.Image:
    """Write over it, half transparent: in a corner, across the middle, or all over."""
    layer = Image.new("RGBA", image.size)
    draw = ImageDraw.Draw(layer)
    tone = rng.choice(((255, 255, 255), (255, 255, 255), (0, 0, 0), (240, 230, 60)))
    side = min(image.size)
    where = rng.choice(("corner", "middle", "both", "all"))
    if where in ("corner", "both"):
        font = ImageFont.load_default(max(9, side // 14))
        draw.text(
            (image.width * 0.5, image.height * 0.9), "(c) a studio", font=font, fill=(*tone, rng.randint(120, 255))
        )
    if where in ("middle", "both"):
        font = ImageFont.load_default(max(12, side // 7))
        draw.text(
            (image.width * 0.1, image.height * rng.uniform(0.3, 0.6)),
            "SAMPLE ONLY",
            font=font,
            fill=(*tone, rng.randint(60, 130)),
        )
    if where == "all":
        font = ImageFont.load_default(max(10, side // 12))
        for row in range(4):
            for column in range(2):
                place = (image.width * (0.05 + 0.5 * column), image.height * (0.1 + 0.24 * row))
                draw.text(place, "preview", font=font, fill=(*tone, rng.randint(50, 90)))
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def bordered(image: Image.Image, rng: random.Random) -> Image.Image:
    """Put a frame around it, sometimes as wide at the bottom as an instant photo has."""
    width = max(4, round(min(image.size) * rng.uniform(0.03, 0.1)))
    tone = rng.choice(("white", "white", "black", "#d8c8a0"))
    below = width * 3 if rng.random() < 0.25 else width
    return ImageOps.expand(image, (width, width, width, below), fill=tone)


def straightened(image: Image.Image, rng: random.Random) -> Image.Image:
    """Turn it by a few degrees and cut off the empty corners."""
    degrees = rng.choice((-1, 1)) * rng.uniform(1, 5)
    angle = abs(math.radians(degrees))
    long, short = max(image.size), min(image.size)
    factor = 1 / (math.cos(angle) + math.sin(angle) * long / short)
    width, height = int(image.width * factor), int(image.height * factor)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.rotate(degrees, Image.Resampling.BICUBIC).crop((left, top, left + width, top + height))


def rotated(image: Image.Image, rng: random.Random) -> Image.Image:
    """Turn it by a quarter or a half."""
    return image.transpose(
        rng.choice((Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270))
    )


def mirrored(image: Image.Image, rng: random.Random) -> Image.Image:
    """Swap left and right, sometimes top and bottom."""
    return ImageOps.mirror(image) if rng.random() < 0.8 else ImageOps.flip(image)


def screenshot(image: Image.Image, rng: random.Random) -> Image.Image:
    """Show it on the screen of a phone."""
    width, height = rng.choice(((540, 1170), (480, 960), (600, 1200), (540, 1040)))
    ground, ink = rng.choice((("black", "white"), ("white", "black"), ("#202124", "#e8eaed")))
    screen = Image.new("RGB", (width, height), ground)
    bars = round(height * 0.07)
    shown = ImageOps.contain(image, (width, height - 2 * bars), _LANCZOS)
    screen.paste(shown, ((width - shown.width) // 2, (height - shown.height) // 2))
    draw = ImageDraw.Draw(screen)
    font = ImageFont.load_default(22)
    draw.text((20, 12), f"{rng.randint(0, 23)}:{rng.randint(10, 59)}", font=font, fill=ink)
    draw.text((width - 80, 12), f"{rng.randint(5, 99)} %", font=font, fill=ink)
    for number in range(rng.choice((3, 4, 5))):
        left, low = 50 + number * width // 5, height - bars // 2
        draw.rounded_rectangle((left, low - 12, left + 26, low + 12), 5, outline=ink, width=3)
    return screen


def captioned(image: Image.Image, rng: random.Random) -> Image.Image:
    """Add a banner with words above or below."""
    font = ImageFont.load_default(max(10, image.width // 14))
    words = " ".join(rng.sample(_WORDS, 3))
    style = rng.choice(("above", "above", "below"))
    banner = round(image.height * rng.uniform(0.12, 0.22))
    ground, ink = rng.choice((("white", "black"), ("black", "white")))
    page = Image.new("RGB", (image.width, image.height + banner), ground)
    page.paste(image, (0, banner if style == "above" else 0))
    top = 0 if style == "above" else image.height
    ImageDraw.Draw(page).text((image.width * 0.05, top + banner * 0.25), words, font=font, fill=ink)
    return page


def lettered(image: Image.Image, rng: random.Random) -> Image.Image:
    """Write large words into the picture, white with a black outline."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(max(10, image.width // 14))
    for share, words in ((0.03, " ".join(rng.sample(_WORDS, 3))), (0.85, rng.choice(_WORDS))):
        place = image.width * 0.05, image.height * share
        draw.text(place, words, font=font, fill="white", stroke_width=2, stroke_fill="black")
    return image


def forwarded(image: Image.Image, rng: random.Random) -> Image.Image:
    """Scale down, crop a little and change the tone, as a picture ends up after several hands."""
    small = ImageOps.contain(image, (round(max(image.size) * 0.65),) * 2, _LANCZOS)
    return ImageEnhance.Brightness(cropped(0.05, 0.15)(small, rng)).enhance(rng.choice((0.88, 1.12)))


def cropped_and_toned(image: Image.Image, rng: random.Random) -> Image.Image:
    """Crop and recolour."""
    return brighter(recoloured(cropped(0.1, 0.25)(image, rng), rng), rng)


def mirrored_crop(image: Image.Image, rng: random.Random) -> Image.Image:
    """Crop and mirror."""
    return ImageOps.mirror(cropped(0.05, 0.2)(image, rng))


def _verdicts(*names: Verdict) -> frozenset[Verdict]:
    return frozenset(names)


_SAME_FRAME = _verdicts(Verdict.REENCODED, Verdict.SAME_PICTURE)
_RESIZED = _verdicts(Verdict.RESIZED)
_CROPPED = _verdicts(Verdict.CROPPED)
_EDITED = _verdicts(Verdict.EDITED)
_ANY_EDIT = _verdicts(Verdict.EDITED, Verdict.CROPPED)
_TONED = _verdicts(Verdict.EDITED, Verdict.REENCODED)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("png", "easy", _SAME_FRAME, same, lambda image, _: (saved(image, "PNG"), ".png")),
        Kind("jpeg", "easy", _SAME_FRAME, same, jpeg),
        Kind("poor_jpeg", "easy", _SAME_FRAME, same, poor_jpeg),
        Kind("webp", "easy", _SAME_FRAME, same, webp),
        Kind("avif", "easy", _SAME_FRAME, same, avif),
        Kind("resized", "easy", _RESIZED, resized, jpeg),
        Kind("exif_turned", "easy", _SAME_FRAME, same, turned_by_exif),
        Kind("crop_10", "medium", _CROPPED, cropped(0.04, 0.1), jpeg),
        Kind("brighter", "medium", _TONED, brighter, jpeg),
        Kind("contrast", "medium", _TONED, contrast, jpeg),
        Kind("recoloured", "medium", _TONED, recoloured, jpeg),
        Kind("grey", "medium", _EDITED, grey, jpeg),
        Kind("sepia", "medium", _EDITED, sepia, jpeg),
        Kind("blurred", "medium", _TONED, blurred, jpeg),
        Kind("sharpened", "medium", _TONED, sharpened, jpeg),
        Kind("watermarked", "medium", _TONED, watermarked, jpeg),
        Kind("bordered", "medium", _EDITED, bordered, jpeg),
        Kind("straightened", "medium", _ANY_EDIT, straightened, jpeg),
        Kind("crop_30", "hard", _CROPPED, cropped(0.15, 0.32), jpeg),
        Kind("crop_50", "hard", _CROPPED, cropped(0.35, 0.55), jpeg),
        Kind("strip", "hard", _CROPPED, strip, jpeg),
        Kind("rotated", "hard", _EDITED, rotated, jpeg),
        Kind("mirrored", "hard", _EDITED, mirrored, jpeg),
        Kind("screenshot", "hard", _EDITED, screenshot, png),
        Kind("captioned", "hard", _TONED, captioned, jpeg),
        Kind("lettered", "hard", _TONED, lettered, jpeg),
        Kind("forwarded", "hard", _ANY_EDIT, forwarded, poor_jpeg),
        Kind("cropped_and_toned", "hard", _ANY_EDIT, cropped_and_toned, jpeg),
        Kind("mirrored_crop", "hard", _ANY_EDIT, mirrored_crop, jpeg),
    )
}


def make_copy(image: Image.Image, kind: str, seed: int) -> Copy:
    """Return a copy of ``image`` (mode RGB); the same seed gives the same copy."""
    chosen = KINDS[kind]
    rng = random.Random(f"{kind} {seed}")
    content, suffix = chosen.save(chosen.edit(image, rng), rng)
    return Copy(kind, content, suffix, chosen.verdicts)


def other_shot(image: Image.Image, seed: int) -> Image.Image:
    """Return what the next frame of a burst could look like: a moved camera, things that moved by themselves, noise.

    The camera's move is a small shift, turn and tilt of the whole, seen through a window that leaves some of the
    picture out; depth is a smooth field of displacements of up to 1.5 % of the width; up to three patches move.
    """
    rng = np.random.default_rng(seed)
    pixels = np.asarray(image, np.float32)
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    still = rng.random() < 0.3  # on a tripod
    if not still:
        depth = rng.uniform(0.004, 0.015) * width
        columns += depth * _smooth(rng, height, width)
        rows += depth * 0.5 * _smooth(rng, height, width)
        rows, columns = _shaken(rng, rows, columns, width, height)
    for _ in range(rng.integers(2, 5) if still else rng.integers(0, 3)):
        _move_patch(rng, rows, columns)
    moved = _sampled(pixels, rows, columns)
    noisy = moved * rng.uniform(0.95, 1.05) + rng.normal(0, rng.uniform(1, 4), moved.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


_Field = npt.NDArray[np.float32]


def _smooth(rng: np.random.Generator, height: int, width: int) -> _Field:
    """Return a field of -1 to 1 that changes a few times over the picture."""
    coarse = Image.fromarray(rng.uniform(-1, 1, (rng.integers(3, 7), rng.integers(3, 7))).astype(np.float32))
    return np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC), np.float32)


def _shaken(rng: np.random.Generator, rows: _Field, columns: _Field, width: int, height: int) -> tuple[_Field, _Field]:
    angle = rng.normal(0, 0.01)
    x, y = columns - width / 2, rows - height / 2
    zoom = 1 / (1.06 + 0.002 * x / width * rng.normal(0, 8))
    across = zoom * (x * math.cos(angle) - y * math.sin(angle)) + width / 2 + rng.normal(0, 0.012) * width
    down = zoom * (x * math.sin(angle) + y * math.cos(angle)) + height / 2 + rng.normal(0, 0.012) * height
    return down.astype(np.float32), across.astype(np.float32)


def _move_patch(rng: np.random.Generator, rows: _Field, columns: _Field) -> None:
    """Let a round patch show what lies beside it."""
    height, width = rows.shape
    y, x = np.mgrid[0:height, 0:width]
    radius = rng.uniform(0.06, 0.16) * min(width, height)
    inside = np.hypot(x - rng.uniform(0.1, 0.9) * width, y - rng.uniform(0.1, 0.9) * height) < radius
    angle = rng.uniform(0, 2 * math.pi)
    reach = rng.uniform(0.4, 1.5) * radius
    columns[inside] += reach * math.cos(angle)
    rows[inside] += reach * math.sin(angle)


def _sampled(pixels: npt.NDArray[np.float32], rows: _Field, columns: _Field) -> npt.NDArray[np.float32]:
    """Return the picture as seen at other places, linearly between the pixels."""
    height, width = pixels.shape[:2]
    rows, columns = np.clip(rows, 0, height - 1.001), np.clip(columns, 0, width - 1.001)
    top, left = rows.astype(np.int64), columns.astype(np.int64)
    down, across = (rows - top)[..., None], (columns - left)[..., None]
    upper = pixels[top, left] * (1 - across) + pixels[top, left + 1] * across
    lower = pixels[top + 1, left] * (1 - across) + pixels[top + 1, left + 1] * across
    return np.asarray(upper * (1 - down) + lower * down, np.float32)
