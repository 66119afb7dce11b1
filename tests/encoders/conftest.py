"""The shipped pack, copies of it to damage, and a few real photos."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import skimage
from PIL import Image

from photofind.core import paths
from photofind.core.encoders import DEFAULT_PACK, Encoder, open_encoder

BUNDLED = paths.bundled_models() / DEFAULT_PACK

EditPack = Callable[[str, str], None]


@pytest.fixture
def pack_copy(tmp_path: Path) -> Path:
    """A folder with the shipped description and its small network."""
    folder = tmp_path / "packs" / DEFAULT_PACK
    folder.mkdir(parents=True)
    shutil.copy(BUNDLED / "pack.toml", folder)
    shutil.copy(BUNDLED / "int8.onnx", folder)
    return folder


@pytest.fixture
def edit_pack(pack_copy: Path) -> EditPack:
    """Replace a text of the copy's pack.toml, which must be there exactly as given."""

    def edit(old: str, new: str) -> None:
        path = pack_copy / "pack.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return open_encoder()


@pytest.fixture(scope="session")
def photos() -> dict[str, Image.Image]:
    folder = Path(skimage.__file__).parent / "data"  # only files of the wheel: nothing is downloaded
    files = ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "ihc.png"]
    return {Path(name).stem: Image.open(folder / name).convert("RGB") for name in files}
