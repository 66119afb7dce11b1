"""What texts mean: words find the photos that they describe, and texts that mean nothing say so."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import skimage
from PIL import Image

from photofind.core.encoders.onnx_image import OnnxImageEncoder
from photofind.core.encoders.registry import find_pack, open_encoder, resolve
from photofind.core.words.builtin import MOST_PROBES, BuiltInWords, cluster
from photofind.core.words.meaning import Concept, Meaning, WordsEncoder, open_words
from photofind.core.words.tower import TowerWords
from tests.support.packs import write_pack

DATA = Path(skimage.__file__).parent / "data"
PHOTOS = ("chelsea.png", "coffee.png", "rocket.jpg", "astronaut.png", "motorcycle_left.png", "grass.png", "coins.png")

ODD_TEXTS = [
    "",
    " ",
    "\t\n",
    "!?",
    "the of",
    "photos of",
    "-",
    "😀",
    "🏖️🐕",
    "\u202e",
    "x" * 10_000,
    "\udcff",
    "e\u0301" * 500,
]


@pytest.fixture(scope="module")
def words() -> BuiltInWords:
    return BuiltInWords()


@pytest.fixture(scope="module")
def rows() -> npt.NDArray[np.float32]:
    """The embeddings of the photos."""
    encoder = open_encoder()
    return np.stack([encoder.encode(Image.open(DATA / name).convert("RGB")) for name in PHOTOS])


def vector_of(meaning: Meaning) -> npt.NDArray[np.float32]:
    assert meaning.vector is not None
    return meaning.vector


@pytest.mark.parametrize(
    ("text", "photo"),
    [
        ("cat", "chelsea.png"),
        ("a kitten looks at the camera", "chelsea.png"),
        ("a cup of coffee", "coffee.png"),
        ("rocket launch", "rocket.jpg"),
        ("motorbike", "motorcycle_left.png"),
        ("woman smiling", "astronaut.png"),
        ("lawn", "grass.png"),
    ],
)
def test_words_find_what_they_describe(
    words: BuiltInWords, rows: npt.NDArray[np.float32], text: str, photo: str
) -> None:
    assert PHOTOS[int((rows @ vector_of(words.read(text))).argmax())] == photo


@pytest.mark.parametrize(
    ("text", "photo"), [("cats", "chelsea.png"), ("espresso", "coffee.png"), ("missile", "rocket.jpg")]
)
def test_concepts_are_surest_of_what_they_name(
    words: BuiltInWords, rows: npt.NDArray[np.float32], text: str, photo: str
) -> None:
    masses = words.masses(rows, words.read(text).concepts)
    assert masses.shape == (len(PHOTOS), 1)
    assert masses.dtype == np.float32
    assert masses.min() >= 0
    assert masses.max() <= 1
    assert PHOTOS[int(masses[:, 0].argmax())] == photo


def test_several_concepts_each_count(words: BuiltInWords) -> None:
    meaning = words.read("Dogs and a cat on the sofa, dogs")
    assert [concept.label for concept in meaning.concepts] == ["dog", "cat", "sofa"]
    assert meaning.understood == ("dog", "cat", "sofa")
    assert meaning.coverage == 1
    masses = words.masses(vector_of(meaning)[None], meaning.concepts)
    assert masses.shape == (1, 3)


def test_words_without_a_concept_count_too(words: BuiltInWords) -> None:
    meaning = words.read("a red car on a beach")
    assert meaning.understood == ("red", "car", "beach")
    assert [concept.label for concept in meaning.concepts] == ["car"]
    assert meaning.coverage == pytest.approx(1 / 3)
    assert meaning.unknown == ()


def test_unknown_words_are_told_and_left_out(words: BuiltInWords) -> None:
    meaning = words.read("qwrtz dog  blorf 😀 qwrtz")
    assert meaning.understood == ("dog",)
    assert meaning.unknown == ("qwrtz", "blorf", "😀")
    np.testing.assert_allclose(vector_of(meaning), vector_of(words.read("dog")), atol=1e-5)


@pytest.mark.parametrize("text", ["smartphone", "labradoodle", "hoodie", "volkswagen"])
def test_words_newer_than_the_dictionary_are_known(words: BuiltInWords, text: str) -> None:
    meaning = words.read(text)
    assert meaning.understood == (text,)
    assert meaning.unknown == ()


@pytest.mark.parametrize("text", ["asdfgh zxcv", "Hund", "Schnee", "vélo", "coche", "שלום עולם", "2019", "海辺の犬"])
def test_noise_and_other_languages_mean_nothing(words: BuiltInWords, text: str) -> None:
    meaning = words.read(text)
    assert meaning.vector is None
    assert meaning.concepts == ()
    assert meaning.coverage == 0
    assert meaning.understood == ()
    assert meaning.unknown == tuple(text.split())


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_texts_mean_nothing(words: BuiltInWords, text: str) -> None:
    meaning = words.read(text)
    assert meaning.vector is None
    assert meaning.understood == ()


@pytest.mark.parametrize("text", ["DOG!!!", "  dog\n", "dog's", "dog_dog-dog", "a photo of my dog"])
def test_odd_ways_to_say_dog(words: BuiltInWords, text: str) -> None:
    meaning = words.read(text)
    assert meaning.understood == ("dog",)
    vector = vector_of(meaning)
    assert vector.dtype == np.float32
    assert vector.shape == (resolve("").pack.dimension,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert vector @ vector_of(words.read("dog")) > 0.5


def test_endless_repetition_is_read(words: BuiltInWords) -> None:
    meaning = words.read("dog " * 3000)
    assert meaning.understood == ("dog",)
    assert np.isfinite(vector_of(meaning)).all()


def test_repeats_are_remembered(words: BuiltInWords) -> None:
    assert words.read("a lighthouse ") is words.read(" a  lighthouse")


def test_no_photos_and_no_concepts(words: BuiltInWords, rows: npt.NDArray[np.float32]) -> None:
    concepts = words.read("dog").concepts
    assert words.masses(rows[:0], concepts).shape == (0, 1)
    assert words.masses(rows, ()).shape == (len(rows), 0)


@pytest.mark.parametrize(("text", "count"), [("zebra", 1), ("bicycle", 2), ("dog", MOST_PROBES)])
def test_probes_lie_near_the_members(words: BuiltInWords, text: str, count: int) -> None:
    (concept,) = words.read(text).concepts
    probes = words.probes(concept)
    assert probes.shape == (count, resolve("").pack.dimension)
    np.testing.assert_allclose(np.linalg.norm(probes, axis=1), 1, atol=0.01)
    assert words.masses(probes, [concept]).min() > 0.5


def test_groups_that_lose_all_members_vanish() -> None:
    rows = np.tile(np.eye(3, dtype=np.float32)[:1], (9, 1))
    assert cluster(rows, 4).tolist() == [[1, 0, 0]]


def test_several_threads_may_ask_one_encoder(words: BuiltInWords, rows: npt.NDArray[np.float32]) -> None:
    texts = [
        f"{animal} {place}" for animal in ("dog", "cat", "zebra", "goose") for place in ("on grass", "at night")
    ] * 3

    def ask(text: str) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        meaning = words.read(text)
        return vector_of(meaning), words.masses(rows, meaning.concepts)

    expected = [ask(text) for text in texts]
    fresh = BuiltInWords()
    with ThreadPoolExecutor(4) as pool:
        meanings = list(pool.map(fresh.read, texts))
        actual = list(pool.map(ask, texts))
    for one, other, meaning in zip(expected, actual, meanings, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])
        np.testing.assert_array_equal(one[0], vector_of(meaning))


def test_the_bundled_pack_opens_built_in_words() -> None:
    pack = find_pack("efficientnet-lite0")
    assert isinstance(open_words(pack, pack.key()), BuiltInWords)
    assert open_words(pack, "some-other-space") is None


def test_a_pack_with_a_text_network_reads_for_itself(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    tower: WordsEncoder | None = open_words(pack, pack.key())
    assert isinstance(tower, TowerWords)
    meaning = tower.read(" a  red car")
    assert meaning.understood == ("red", "car")
    assert meaning.concepts == ()
    assert meaning.unknown == ()
    assert meaning.coverage == 0
    picture = OnnxImageEncoder(pack).encode(Image.new("RGB", (40, 40), (250, 20, 10)))
    assert picture @ vector_of(meaning) > 0.9
    assert tower.read("a red  car") is meaning


def test_a_text_network_leaves_concepts_to_others(tmp_path: Path) -> None:
    tower = TowerWords(write_pack(tmp_path))
    concept = Concept("dog", np.array([1, 2]))
    rows = np.zeros((3, tower.read("red").vector.size), np.float32)  # type: ignore[union-attr] # it knows red
    assert tower.masses(rows, [concept]).tolist() == [[0], [0], [0]]
    assert tower.probes(concept).shape == (0, rows.shape[1])


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_to_read_means_nothing_to_a_text_network(tmp_path: Path, text: str) -> None:
    meaning = TowerWords(write_pack(tmp_path)).read(text)
    assert meaning.vector is None
    assert meaning.understood == meaning.unknown == ()


def test_the_types_need_no_runtime() -> None:
    code = (
        "import sys, photofind.core.words.meaning;"
        "sys.exit(any(name in sys.modules for name in ('onnxruntime', 'tokenizers', 'faiss')))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
