"""Networks that open but break the contract of a pack, each in one way (made by ``models/build_test_networks.py``)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photofind.core.encoders import OnnxImageEncoder, load_pack
from photofind.core.encoders.pack import ModelPack
from photofind.core.errors import PackError, UnsupportedPhotoError

NETWORKS = Path(__file__).parent / "networks"

PACK_TOML = """\
format = 1
name = "tiny"
version = "1"
licence = "CC0-1.0"
source = "made for a test"
dimension = {dimension}
default = "only"

[input]
mode = "crop"
side = 32

[variants.only]
file = "tiny.onnx"
bytes = {size}
sha256 = "{sha256}"
"""


def tiny_pack(folder: Path, network: str, dimension: int = 8) -> ModelPack:
    content = (NETWORKS / f"{network}.onnx").read_bytes()
    (folder / "tiny.onnx").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / "pack.toml").write_text(PACK_TOML.format(dimension=dimension, size=len(content), sha256=sha256))
    return load_pack(folder)


def test_a_foreign_pack_is_only_a_folder(tmp_path: Path) -> None:
    encoder = OnnxImageEncoder(tiny_pack(tmp_path, "sound"))
    embedding = encoder.encode(Image.new("RGB", (50, 40), (0, 255, 0)))
    assert embedding.tolist() == [0, 1, 0, 0, 0, 0, 0, 0]
    assert encoder.working_area == 32 * 32


@pytest.mark.parametrize(
    ("network", "complaint"),
    [
        ("float_input", "uint8"),
        ("planes_first", "failed on a picture"),
        ("two_outputs", "one float32 vector"),
        ("not_unit_length", "unit length"),
        ("not_finite", "unit length"),
    ],
)
def test_a_network_that_breaks_the_contract_is_refused(tmp_path: Path, network: str, complaint: str) -> None:
    pack = tiny_pack(tmp_path, network)
    with pytest.raises(PackError, match=complaint) as caught:
        OnnxImageEncoder(pack)
    assert "tiny:only" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("network", ["sound", "free_dimension"])
def test_the_declared_dimension_must_be_the_real_one(tmp_path: Path, network: str) -> None:
    with pytest.raises(PackError, match="7"):
        OnnxImageEncoder(tiny_pack(tmp_path, network, dimension=7))


def test_weights_outside_the_verified_file_are_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They would escape the checksum, whether they lie beside the network or in the current folder."""
    pack = tiny_pack(tmp_path, "external_data")
    (tmp_path / "weights.bin").write_bytes(np.eye(3, 8, dtype=np.float32).tobytes())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PackError, match="cannot be opened"):
        OnnxImageEncoder(pack)


def test_one_photo_without_a_vector_is_that_photos_error(tmp_path: Path) -> None:
    # The mean of black is zero, which this network cannot bring to unit length; its probe was not black.
    encoder = OnnxImageEncoder(tiny_pack(tmp_path, "sound"))
    with pytest.raises(UnsupportedPhotoError, match="unit length"):
        encoder.encode(Image.new("RGB", (50, 40)))
    assert np.isfinite(encoder.encode(Image.new("RGB", (50, 40), (1, 1, 1)))).all()
