"""Copies of two real photos as people come to have them: the same bytes, other metadata, resized, edited."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
import skimage
from PIL import Image

from photofind.cli.main import run
from tests.support.program import Ended
from tests.support.world import World

_YEAR_2020 = 1_577_836_800


@dataclass(frozen=True)
class Copied:
    """A world whose photos are copies of each other."""

    world: World

    def path(self, name: str) -> Path:
        """Return the photo of this name."""
        (path,) = self.world.photos.rglob(name)
        return path

    def snapshot(self) -> dict[str, bytes]:
        """Return the bytes of all files in the folder of photos by their paths."""
        photos = self.world.photos
        return {str(path.relative_to(photos)): path.read_bytes() for path in photos.rglob("*") if path.is_file()}


def run_here(capsys: pytest.CaptureFixture[str], library: Path, *arguments: str | Path) -> Ended:
    """Run ``photofind duplicates`` in this very process, which saves a second each time."""
    try:
        status = run(["duplicates", "--library", str(library), *map(str, arguments)], _no_window)
    except SystemExit as end:  # wrong usage
        status = int(str(end.code))
    streams = capsys.readouterr()
    return Ended(status, streams.out, streams.err)


def _no_window(library: Path | None) -> int:
    raise AssertionError(library)


def put_copies(world: World) -> Copied:
    """Write the photos and index them.

    ``cat.jpg`` (with a camera), its copy ``cat (1).jpg``, the same pixels without metadata ``cat stripped.jpg``;
    ``astronaut.jpg`` of 512 x 512, ``small.jpg`` of half that, ``web/web.jpg`` saved again, ``grey.jpg``; and another.
    """
    photos = world.photos
    cat = _encoded(_source("chelsea.png"), quality=92)
    world.put("cat.jpg", _with_camera(cat))
    world.put("cat (1).jpg", _with_camera(cat))
    world.put("cat stripped.jpg", cat)
    astronaut = _source("astronaut.png")
    world.put("astronaut.jpg", _with_camera(_encoded(astronaut, quality=92)))
    world.put("small.jpg", _encoded(astronaut.resize((256, 256), Image.Resampling.LANCZOS), quality=85))
    world.put("web/web.jpg", _encoded(astronaut, quality=70))
    world.put("grey.jpg", _encoded(astronaut.convert("L"), quality=85))
    world.put("coffee.jpg", _encoded(_source("coffee.png"), quality=85))
    for path in photos.rglob("*.jpg"):
        os.utime(path, (_YEAR_2020, _YEAR_2020))
    world.update()
    return Copied(world)


def _source(name: str) -> Image.Image:
    with Image.open(Path(skimage.__file__).parent / "data" / name) as image:
        return image.convert("RGB")


def _encoded(image: Image.Image, quality: int) -> bytes:
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def _with_camera(jpeg: bytes) -> bytes:
    """Return the same JPEG with an EXIF block before everything else; the pixels stay as they are."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "Nikon", "D90", "2019:05:01 12:00:00"
    block = b"Exif\x00\x00" + exif.tobytes().removeprefix(b"Exif\x00\x00")
    return jpeg[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + jpeg[2:]
