"""Write ``common.zip``: the photos that every stored library was made of, and the model pack it was made with.

Run once (``python -m tests.campaign.libraries.make_common``) and never again: the photos' bytes depend on the version
of Pillow that wrote them, and the stored libraries know these bytes.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

from PIL import Image

from tests.support.packs import DIMENSION, PACK_TOML, network
from tests.support.photos import picture

COMMON = Path(__file__).parent / "common.zip"
PACK = "swatches"
SIDE = 48
JAPAN, HOME = 20, 40
"""So many photos in the first folder, with dates, cameras and places, and so many in the second."""

COPY = "copy of 20.jpg"
"""The same file as another one; old programs that could, moved it away."""

_CAMERAS = ("Canon EOS 40D", "NIKON D90", "DMC-FZ200")
_KYOTO = ((35.0, 0.0, 42.0), (135.0, 46.0, 6.0))
_MODEL, _EXIF, _GPS, _TAKEN = 0x0110, 0x8769, 0x8825, 0x9003


def main() -> None:
    """Write the file."""
    with zipfile.ZipFile(COMMON, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(JAPAN):
            archive.writestr(f"photos/2019 Japan/Temple {number:02}.jpg", _photo(number, _facts(number)))
        for number in range(JAPAN, JAPAN + HOME):
            archive.writestr(f"photos/home/IMG_{number:04}.jpg", _photo(number))
        archive.writestr(f"photos/home/{COPY}", _photo(JAPAN))  # the very bytes
        archive.writestr("photos/home/21 saved again.jpg", _photo(JAPAN + 1, quality=50))
        archive.writestr("photos/home/caf\u00e9.jpg", _photo(500))
        archive.writestr("photos/home/broken.jpg", b"\xff\xd8 this is no picture")
        for number in range(3):
            archive.writestr(f"probes/{number}.jpg", _photo(700 + number))
        image = network("sound")
        text = PACK_TOML.replace("format = 2", "format = 1").format(
            name=PACK, dimension=DIMENSION, image_bytes=len(image), image_sha256=hashlib.sha256(image).hexdigest()
        )
        archive.writestr(f"models/{PACK}/pack.toml", text)
        archive.writestr(f"models/{PACK}/image.onnx", image)


def _photo(number: int, exif: Image.Exif | None = None, *, quality: int = 75) -> bytes:
    stream = io.BytesIO()
    picture(number).resize((SIDE, SIDE)).save(stream, "JPEG", quality=quality, exif=exif or Image.Exif())
    return stream.getvalue()


def _facts(number: int) -> Image.Exif:
    exif = Image.Exif()
    exif[_MODEL] = _CAMERAS[number % len(_CAMERAS)]
    exif.get_ifd(_EXIF)[_TAKEN] = f"2019:{number % 12 + 1:02}:15 12:00:00"
    if number % 2:
        latitude, longitude = _KYOTO
        exif.get_ifd(_GPS).update({1: "N", 2: latitude, 3: "E", 4: longitude})
    return exif


if __name__ == "__main__":
    main()
