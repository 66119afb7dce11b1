"""Text networks: words and pictures meet in one space, and misfits are refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photofind.core.encoders import OnnxImageEncoder, find_pack, open_text_encoder, verify_pack
from photofind.core.errors import PackError, QueryError
from tests.support.packs import network, pack_files, write_pack

COLOURS = {"red": (250, 20, 10), "green": (30, 200, 20), "blue": (10, 40, 220)}


@pytest.mark.parametrize(("kind", "prompt"), [("bpe", "{}"), ("bpe", "a photo of {}"), ("json", "{}")])
@pytest.mark.parametrize("wording", ["{}", "a {} car on a beach", "the {} one"])
def test_words_are_nearest_to_their_pictures(tmp_path: Path, kind: str, prompt: str, wording: str) -> None:
    pack = write_pack(tmp_path, pack_files(kind=kind, more=f'prompt = "{prompt}"'))
    assert pack.has_text
    images, texts = OnnxImageEncoder(pack), open_text_encoder(pack)
    assert texts.dimension == images.dimension
    pictures = np.stack([images.encode(Image.new("RGB", (40, 30), colour)) for colour in COLOURS.values()])
    for number, name in enumerate(COLOURS):
        vector = texts.encode(wording.format(name))
        assert vector.dtype == np.float32
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)
        scores = pictures @ vector
        assert scores.argmax() == number
        assert scores[number] > 0.9
        assert sorted(scores)[-2] < 0.3


def test_both_of_two_colours_count(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    images, texts = OnnxImageEncoder(pack), open_text_encoder(pack)
    both = texts.encode("red and blue")
    violet, *others = (images.encode(Image.new("RGB", (9, 9), c)) for c in [(200, 0, 200), *COLOURS.values()])
    assert both @ violet > max(float(both @ other) for other in others)


def test_padding_reaches_the_network(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, pack_files(text=network("text_fixed"), more="padding = 0"))
    assert open_text_encoder(pack).encode("red")[0] > 0.9


@pytest.mark.parametrize(
    ("text", "more", "dimension", "complaint"),
    [
        ("text_fixed", "", 8, "failed on a text"),
        ("text_fixed", "padding = 0\n#", 8, ""),
        ("text_float_ids", "", 8, "int64"),
        ("text_two_outputs", "", 8, "one float32 vector"),
        ("text_zero", "", 8, "without a direction"),
        ("text_not_finite", "", 8, "without a direction"),
        ("text", "", 7, "7"),
        ("sound", "", 8, "int64"),
        ("custom_operator", "", 8, "operators of its own"),
    ],
)
def test_a_text_network_that_breaks_the_contract_is_refused(
    tmp_path: Path, text: str, more: str, dimension: int, complaint: str
) -> None:
    pack = write_pack(tmp_path, pack_files(text=network(text), more=more, dimension=dimension))
    if not complaint:
        open_text_encoder(pack)
        return
    with pytest.raises(PackError, match=complaint) as caught:
        open_text_encoder(pack)
    assert "\n" not in str(caught.value)
    with pytest.raises(PackError):
        verify_pack(pack)


@pytest.mark.parametrize("name", [b"ids", b"embedding", b"MatMul"])
def test_names_in_a_network_that_are_no_text(tmp_path: Path, name: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    junk = network("text").replace(name, b"\xff" * len(name))
    with pytest.raises(PackError, match="cannot be opened"):
        open_text_encoder(write_pack(tmp_path, pack_files(text=junk)))
    assert capfd.readouterr() == ("", "")


def test_one_text_without_a_vector_is_that_querys_error(tmp_path: Path) -> None:
    # All words but one are red to this pack; that one leaves its network without a direction.
    words = {"type": "WordLevel", "vocab": {"[unk]": 736, "void": 5}, "unk_token": "[unk]"}
    tokenizer = json.dumps({"pre_tokenizer": {"type": "Whitespace"}, "model": words}).encode()
    pack = write_pack(tmp_path, pack_files(text=network("text_zero"), tokenizer=tokenizer, kind="json"))
    encoder = open_text_encoder(pack)
    with pytest.raises(QueryError, match="try others"):
        encoder.encode("void")
    assert encoder.encode("void of red")[0] == 1


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_nothing_to_read(tmp_path: Path, text: str) -> None:
    with pytest.raises(QueryError, match="nothing to read"):
        open_text_encoder(write_pack(tmp_path)).encode(text)


def test_a_pack_for_pictures_knows_no_words() -> None:
    pack = find_pack("efficientnet-lite0")
    assert not pack.has_text
    with pytest.raises(PackError, match="knows no words"):
        open_text_encoder(pack)


def test_a_text_network_leaves_the_keys_alone(tmp_path: Path) -> None:
    with_text = write_pack(tmp_path / "a")
    without = write_pack(tmp_path / "b", pack_files(text=b""))
    assert with_text.keys == without.keys


@pytest.mark.parametrize("name", ["custom_operator", "custom_domain", "undeclared_operator", "inner_operator"])
def test_foreign_operators_are_refused_in_image_networks(tmp_path: Path, name: str) -> None:
    pack = write_pack(tmp_path, pack_files(image=network(name)))
    with pytest.raises(PackError, match="operators of its own"):
        OnnxImageEncoder(pack)


def test_naming_text_encoders_imports_no_runtime() -> None:
    program = (
        "import sys; from photofind.core.encoders import open_text_encoder;"
        " print({'onnxruntime', 'tokenizers'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
