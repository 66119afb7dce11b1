"""The concept bank: its files are what they should be, it fits its pack, and damaged files are refused."""

from __future__ import annotations

import hashlib
import io
import shutil
from pathlib import Path

import numpy as np
import pytest

from photofind.core.encoders.registry import resolve
from photofind.core.errors import PackError
from photofind.core.words.bank import Bank, bundled_folder, read_description
from photofind.core.words.builtin import BuiltInWords, open_built_in
from photofind.core.words.phrases import split_words

FILES = ("bank.npz", "concepts.onnx", "words.toml")


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank(read_description(bundled_folder()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled bank, to be damaged."""
    for name in FILES:
        shutil.copy(bundled_folder() / name, tmp_path)
    return tmp_path


def describe_anew(folder: Path, name: str, content: bytes) -> None:
    """Replace a file and tell ``words.toml`` so."""
    description = (folder / "words.toml").read_text()
    old = (folder / name).read_bytes()
    (folder / name).write_bytes(content)
    for before, after in (
        (f"bytes = {len(old)}", f"bytes = {len(content)}"),
        (hashlib.sha256(old).hexdigest(), hashlib.sha256(content).hexdigest()),
    ):
        assert before in description
        description = description.replace(before, after)
    (folder / "words.toml").write_text(description)


def test_the_bank_is_small_and_fits_every_variant_of_the_bundled_pack() -> None:
    assert sum((bundled_folder() / name).stat().st_size for name in FILES) < 8_000_000
    pack = resolve("").pack
    assert set(read_description(bundled_folder()).pack_keys) == set(pack.keys.values())
    assert (bundled_folder() / "LICENSE.md").is_file()


def test_another_space_has_no_built_in_words() -> None:
    assert open_built_in("efficientnet-lite0-int8-000000000000") is None


def test_shares_are_those_of_the_nearest_prototype(bank: Bank) -> None:
    prototypes = bank.prototypes()
    assert prototypes.shape == (1000, resolve("").pack.dimension)
    np.testing.assert_allclose(np.linalg.norm(prototypes, axis=1), 1, atol=0.01)
    shares = bank.shares(prototypes[::50])
    assert shares.shape == (20, 1000)
    assert shares.dtype == np.float32
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-4)
    assert shares.argmax(axis=1).tolist() == list(range(0, 1000, 50))


@pytest.mark.parametrize(
    ("text", "labels", "classes"),
    [
        ("dog", ["dog"], [118]),
        ("two dogs", ["", "dog"], [0, 118]),
        ("hot dogs", ["hot dog"], [1]),
        ("wolves and geese", ["wolf", "goose"], [4, 1]),
        ("a Great-White_Shark", ["great white shark"], [1]),
        ("the cat's sofa", ["cat", "sofa"], [7, 1]),
        ("a photo of the butterfly", ["butterfly"], [6]),
        ("black and white", ["black and white"], [0]),
        ("people", [""], [0]),
        ("she stands in an orange jacket", ["", "", ""], [0, 0, 0]),
        ("a good safe place", ["", "", ""], [0, 0, 0]),
        ("car", ["car"], [10]),
        ("of the in", [], []),
    ],
)
def test_phrases(bank: Bank, text: str, labels: list[str], classes: list[int]) -> None:
    phrases = bank.lexicon.phrases(split_words(text))
    assert [phrase.label for phrase in phrases] == labels
    assert [len(phrase.classes) for phrase in phrases] == classes
    assert all((np.diff(phrase.classes) > 0).all() and (phrase.classes < 1000).all() for phrase in phrases)


@pytest.mark.parametrize(
    "word",
    [
        "beach",
        "Jogging",
        "biggest",
        "children",
        "ran",
        "happily",
        "café",
        "carried",
        "Kyoto",
        "kiwifruit",
        "treehouses",
    ],
)
def test_words_of_the_language_are_known(bank: Bank, word: str) -> None:
    assert bank.lexicon.knows(split_words(word)[0])


@pytest.mark.parametrize("word", ["qwrtz", "blorf", "Schnee", "12345", "犬"])
def test_other_words_are_not(bank: Bank, word: str) -> None:
    assert not bank.lexicon.knows(split_words(word)[0])


@pytest.mark.parametrize("name", FILES)
def test_missing_files_are_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(PackError, match=rf"{name} cannot be read .*; install photofind again\."):
        Bank(read_description(folder))


@pytest.mark.parametrize("name", FILES[:2])
@pytest.mark.parametrize("longer", [False, True])
def test_altered_files_are_refused(folder: Path, name: str, *, longer: bool) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content + b"x" if longer else content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(PackError, match=f"{name} is damaged; install photofind again"):
        Bank(read_description(folder))


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("format = 1", "format = 2", "another version of photofind"),
        ("format = 1", "", "damaged"),
        ("format = 1", "format = ", "damaged"),
        ("pack_keys", "keys", "damaged"),
        ("kernel = 4.0", 'kernel = "large"', "damaged"),
        ("bytes = ", "bytes = 0.", "damaged"),
        ("[bank]", "[bunk]", "damaged"),
    ],
)
def test_odd_descriptions_are_refused(folder: Path, before: str, after: str, complaint: str) -> None:
    path = folder / "words.toml"
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))
    with pytest.raises(PackError, match=complaint):
        read_description(folder)


def test_a_description_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "words.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PackError, match="damaged"):
        read_description(folder)


@pytest.mark.parametrize("missing", ["texts", "vocabulary", "ends"])
def test_a_bank_without_something_is_refused(folder: Path, missing: str) -> None:
    with np.load(folder / "bank.npz") as arrays:
        rest = {name: arrays[name] for name in arrays.files if name != missing}
    content = io.BytesIO()
    np.savez(content, **rest)
    describe_anew(folder, "bank.npz", content.getvalue())
    with pytest.raises(PackError, match=r"bank\.npz is damaged"):
        Bank(read_description(folder))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"no archive"])
def test_a_bank_that_is_no_archive_is_refused(folder: Path, content: bytes) -> None:
    describe_anew(folder, "bank.npz", content)
    with pytest.raises(PackError, match=r"bank\.npz is damaged"):
        Bank(read_description(folder))


def test_pickled_objects_are_refused(folder: Path) -> None:
    with np.load(folder / "bank.npz") as arrays:
        every = {name: arrays[name] for name in arrays.files}
    content = io.BytesIO()
    np.savez(content, **{**every, "phrases": np.array([{"an": "object"}], object)})
    describe_anew(folder, "bank.npz", content.getvalue())
    with pytest.raises(PackError, match=r"bank\.npz is damaged"):
        Bank(read_description(folder))


def test_a_network_that_is_none_is_refused(folder: Path) -> None:
    describe_anew(folder, "concepts.onnx", b"no network")
    with pytest.raises(PackError, match="cannot be opened"):
        Bank(read_description(folder))


def test_a_bank_for_another_sentence_encoder_is_refused(folder: Path) -> None:
    path = folder / "words.toml"
    path.write_text(path.read_text().replace('sentence_key = "minilm', 'sentence_key = "maxilm'))
    with pytest.raises(PackError, match="another sentence encoder; install photofind again"):
        BuiltInWords(read_description(folder))
