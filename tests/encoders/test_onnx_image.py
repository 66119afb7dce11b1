"""Encoding with the real network: alike photos point the same way, misfits are refused."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photofind.core.encoders import Encoder, OnnxImageEncoder, load_pack, open_encoder, resolve
from photofind.core.encoders.onnx_session import load_runtime
from photofind.core.errors import PackError

EditPack = Callable[[str, str], None]
Photos = dict[str, Image.Image]


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def test_an_encoder_says_what_it_is(encoder: Encoder) -> None:
    assert encoder.key == resolve("").key
    assert encoder.dimension == 512
    assert encoder.working_area == 320 * 320


def test_embeddings_are_finite_unit_vectors(encoder: Encoder, photos: Photos) -> None:
    for image in photos.values():
        embedding = encoder.encode(image)
        assert embedding.shape == (512,)
        assert embedding.dtype == np.float32
        assert np.isfinite(embedding).all()
        assert np.linalg.norm(embedding) == pytest.approx(1, abs=1e-5)


def test_a_copy_is_nearer_than_any_other_photo(encoder: Encoder, photos: Photos) -> None:
    originals = {name: encoder.encode(image) for name, image in photos.items()}
    for name, image in photos.items():
        copies = {
            "half the size": image.resize((image.width // 2, image.height // 2), Image.Resampling.BICUBIC),
            "twice the size": image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC),
            "JPEG 75": jpeg(image, 75),
        }
        for kind, copy in copies.items():
            embedding = encoder.encode(copy)
            assert embedding @ originals[name] >= 0.9, (name, kind)
            others = max(float(embedding @ vector) for other, vector in originals.items() if other != name)
            assert others < 0.4, (name, kind)


def test_the_same_photo_gives_the_same_bytes(encoder: Encoder, photos: Photos) -> None:
    image = photos["chelsea"]
    expected = encoder.encode(image).tobytes()
    # Photos of other shapes in between must leave no trace.
    for other in photos.values():
        encoder.encode(other)
    assert encoder.encode(image).tobytes() == expected
    assert open_encoder("").encode(image).tobytes() == expected


def test_threads_share_an_encoder(encoder: Encoder, photos: Photos) -> None:
    images = list(photos.values()) * 3
    expected = [encoder.encode(image).tobytes() for image in images]
    with ThreadPoolExecutor(4) as pool:
        assert [vector.tobytes() for vector in pool.map(encoder.encode, images)] == expected


def test_more_threads_give_the_same_vector(encoder: Encoder, photos: Photos) -> None:
    threaded = open_encoder("", threads=2)
    for image in photos.values():
        assert threaded.encode(image) @ encoder.encode(image) > 0.9999


def test_int8_stays_close_to_fp32(photos: Photos) -> None:
    int8, fp32 = open_encoder("efficientnet-lite0:int8"), open_encoder("efficientnet-lite0:fp32")
    assert int8.key != fp32.key
    for image in photos.values():
        assert int8.encode(image) @ fp32.encode(image) > 0.97


@pytest.mark.parametrize(
    "size", [(1, 1), (1, 6000), (6000, 1), (6000, 40), (40, 6000), (2, 3), (31, 33), (5000, 4000)], ids=str
)
@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (10, 200, 30)], ids=str)
def test_extreme_pictures_still_give_unit_vectors(
    encoder: Encoder, size: tuple[int, int], colour: tuple[int, int, int]
) -> None:
    embedding = encoder.encode(Image.new("RGB", size, colour))
    assert np.linalg.norm(embedding) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("mode", ["L", "RGBA", "CMYK", "P", "I;16", "1"])
def test_only_rgb_is_taken(encoder: Encoder, mode: str) -> None:
    with pytest.raises(ValueError, match="RGB"):
        encoder.encode(Image.new(mode, (64, 64)))


def test_normalisation_is_part_of_the_network(pack_copy: Path, photos: Photos) -> None:
    """The network itself takes plain bytes and gives the final vector; Python adds nothing on either side."""
    load_runtime()
    import onnxruntime

    pack = load_pack(pack_copy)
    session = onnxruntime.InferenceSession(pack.read_network("int8"), providers=["CPUExecutionProvider"])
    pixels = pack.rule.apply(photos["coffee"])
    assert pixels.dtype == np.uint8
    (vectors,) = session.run(None, {session.get_inputs()[0].name: pixels})
    assert isinstance(vectors, np.ndarray)
    assert vectors[0] @ OnnxImageEncoder(pack, "int8").encode(photos["coffee"]) == pytest.approx(1, abs=1e-4)


def test_a_wrong_dimension_is_refused(pack_copy: Path, edit_pack: EditPack) -> None:
    edit_pack("dimension = 512", "dimension = 256")
    with pytest.raises(PackError, match="256") as caught:
        OnnxImageEncoder(load_pack(pack_copy))
    assert "\n" not in str(caught.value)


def test_a_network_that_cannot_take_the_declared_sizes_is_refused(pack_copy: Path, edit_pack: EditPack) -> None:
    edit_pack("multiple = 32", "multiple = 1")
    edit_pack("shortest = 96", "shortest = 1")
    edit_pack("side = 320", "side = 16")
    # At 16 pixels a side the last map is smaller than the kernel that reads it.
    with pytest.raises(PackError, match="failed on a picture") as caught:
        OnnxImageEncoder(load_pack(pack_copy), "int8")
    assert "\n" not in str(caught.value)


def test_the_runtime_prints_nothing(pack_copy: Path, edit_pack: EditPack, capfd: pytest.CaptureFixture[str]) -> None:
    test_a_network_that_cannot_take_the_declared_sizes_is_refused(pack_copy, edit_pack)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x08\x08" * 4000], ids=["empty", "text", "fields"])
def test_a_file_that_is_no_network_is_refused(pack_copy: Path, content: bytes) -> None:
    content = content or b"\0"
    replace_network(pack_copy, content)
    with pytest.raises(PackError, match="cannot be opened") as caught:
        OnnxImageEncoder(load_pack(pack_copy), "int8")
    assert "\n" not in str(caught.value)


def test_a_cut_network_with_a_fitting_checksum_is_refused(pack_copy: Path) -> None:
    replace_network(pack_copy, (pack_copy / "int8.onnx").read_bytes()[:3_000_000])
    with pytest.raises(PackError, match="cannot be opened"):
        OnnxImageEncoder(load_pack(pack_copy), "int8")


def test_a_missing_variant_is_refused(pack_copy: Path) -> None:
    with pytest.raises(PackError, match=r"fp32\.onnx"):
        OnnxImageEncoder(load_pack(pack_copy), "fp32")
    with pytest.raises(PackError, match="fp16"):
        OnnxImageEncoder(load_pack(pack_copy), "fp16")


def replace_network(folder: Path, content: bytes) -> None:
    """Put other bytes in place of the int8 network and describe them truthfully."""
    variant = load_pack(folder).variant("int8")
    (folder / variant.file).write_bytes(content)
    path = folder / "pack.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace(variant.sha256, hashlib.sha256(content).hexdigest())
    path.write_text(text.replace(f"bytes = {variant.size}", f"bytes = {len(content)}"), encoding="utf-8")
