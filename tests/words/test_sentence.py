"""The sentence encoder: what it says of meaning, that any text is bearable, and that damaged files are refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from photofind.core.encoders.sums import SUMS_FILE
from photofind.core.errors import PackError
from photofind.core.words.sentence import SentenceEncoder, bundled_folder

ODD_TEXTS = [
    "🏖️🐕",
    "\u05db\u05dc\u05d1 \u05e2\u05dc \u05d4\u05d7\u05d5\u05e3",
    "海辺の犬",
    "!?",
    "\udcff\udcfe.jpg",
    "a\x00b\x07c",
    "x" * 10_000,
    "[MASK] [SEP] [PAD]",
    "\u202edog",
    "e\u0301" * 500,
]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled encoder, to be damaged."""
    copy = Path(shutil.copytree(bundled_folder(), tmp_path / "minilm-l6"))
    (copy / SUMS_FILE).unlink()  # of it, tests/encoders/test_sums.py
    return copy


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("hello world", [101, 7592, 2088, 102]),
        ("Hello,   World!", [101, 7592, 1010, 2088, 999, 102]),
        ("The quick brown fox", [101, 1996, 4248, 2829, 4419, 102]),
        ("Café", [101, 7668, 102]),
        ("", [101, 102]),
    ],
)
def test_tokens_are_those_of_bert(encoder: SentenceEncoder, text: str, ids: list[int]) -> None:
    assert encoder.tokens(text) == ids


def test_similarities_are_those_published_for_the_model(encoder: SentenceEncoder) -> None:
    texts = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    embeddings = np.stack([encoder.encode(text) for text in texts])
    published = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]
    np.testing.assert_allclose(embeddings @ embeddings.T, published, atol=0.01)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("dog", "puppy", "car"),
        ("automobile", "car", "tree"),
        ("a dog on a beach", "a puppy running along the shore", "a car in a garage"),
        ("sunset over the sea", "the sun goes down behind the ocean", "a plate of pasta"),
        ("people at a wedding", "bride and groom", "an empty parking lot"),
        ("snow on mountains", "a ski resort in the Alps", "a desert with camels"),
        ("birthday party", "a child blowing out candles on a cake", "a train at the station"),
    ],
)
def test_what_means_the_same_is_near(encoder: SentenceEncoder, text: str, near: str, far: str) -> None:
    anchor, close, distant = map(encoder.encode, (text, near, far))
    assert anchor @ close > anchor @ distant + 0.05


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_text_gives_a_unit_vector(encoder: SentenceEncoder, text: str) -> None:
    vector = encoder.encode(text)
    assert vector.shape == (384,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00", "\u200b\u200e"])
def test_an_empty_text_has_no_embedding(encoder: SentenceEncoder, text: str) -> None:
    assert not encoder.can_read(text)
    with pytest.raises(ValueError, match="empty"):
        encoder.encode(text)


def test_unknown_signs_are_told_apart_from_words(encoder: SentenceEncoder) -> None:
    assert encoder.can_read("dog")
    assert encoder.can_read("dog 🐕")
    assert not encoder.can_read("🐕🏖️")


def test_a_long_text_is_cut(encoder: SentenceEncoder) -> None:
    text = "a dog runs on the beach, " * 400
    assert len(text) == 10_000
    assert len(encoder.tokens(text)) == 128
    np.testing.assert_array_equal(encoder.encode(text), encoder.encode(text * 100))
    assert encoder.tokens(" " * 20_000 + "dog") == encoder.tokens("dog")


def test_case_accents_and_spaces_do_not_matter(encoder: SentenceEncoder) -> None:
    expected = encoder.encode("a cafe in sao paulo")
    for text in ("A Café in São Paulo", "a  cafe\nin sao paulo ", "A CAFE IN SAO PAULO"):
        np.testing.assert_array_equal(encoder.encode(text), expected)


def test_the_same_text_gives_the_same_vector_in_every_encoder_and_thread(encoder: SentenceEncoder) -> None:
    other = SentenceEncoder(bundled_folder())
    assert other.key == encoder.key
    texts = [f"{number} dogs on a beach" for number in range(16)]
    expected = [other.encode(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        np.testing.assert_array_equal(list(pool.map(encoder.encode, texts)), expected)


@pytest.mark.parametrize("name", ["sentence.onnx", "tokenizer.json"])
def test_a_damaged_file_is_refused(folder: Path, name: str) -> None:
    path = folder / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(PackError, match=rf"{name} is damaged; install photofind again\.$"):
        SentenceEncoder(folder)
    path.write_bytes(content[:-1])
    with pytest.raises(PackError, match=f"{name} is damaged"):
        SentenceEncoder(folder)


@pytest.mark.parametrize("name", ["sentence.onnx", "tokenizer.json", "sentence.toml"])
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(PackError, match=rf"{name} cannot be read"):
        SentenceEncoder(folder)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("format = 1", "format = 2", "another version"),
        ("format = 1", "", "damaged"),
        ("[network]", "[wordnet]", "damaged"),
        ("bytes = ", 'bytes = "many" #', "damaged"),
        ("[tokenizer]", "[tokenizer", "damaged"),
        ("tokens = 128", "tokens = []", "damaged"),
    ],
)
def test_an_impossible_description_is_refused(folder: Path, old: str, new: str, complaint: str) -> None:
    path = folder / "sentence.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError, match=complaint):
        SentenceEncoder(folder)


def test_the_module_loads_neither_network_runtime_nor_tokenizer() -> None:
    program = (
        "import sys; import photofind.core.words.sentence; "
        "print(sorted({'onnxruntime', 'tokenizers', 'huggingface_hub'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
