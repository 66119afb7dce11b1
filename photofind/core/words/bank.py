"""The concept bank: a folder that relates sentences, words and image classes to the photos of the bundled pack.

::

    words/
      words.toml      for which pack and sentence encoder it was made; size and sha256 of the other files
      bank.npz        texts and coefficients of the regression in 8 bits, phrases with their classes, the vocabulary
      concepts.onnx   float32 (n, dimension) unit rows of photos in, (n, classes) shares of the classes out

``models/build_words_bank.py`` made it.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from photofind.core import paths
from photofind.core.encoders.onnx_session import open_session
from photofind.core.records import Embedding
from photofind.core.words import shipped
from photofind.core.words.lexicon import Classes, Lexicon
from photofind.core.words.phrases import key_of
from photofind.core.words.shipped import ShippedFile, damaged

DESCRIPTION_FILE: Final = "words.toml"
FORMAT: Final = 1
"""Version of the description that this program reads."""
ROWS: Final = "rows"
"""Input of the network: photos."""
SHARES: Final = "shares"
"""Output of the network: classes of the photos."""
PROTOTYPES: Final = "prototypes"
"""Output of the network: the direction of each class."""

_FOLDER: Final = "words"
_PIECE: Final = 2  # letters
_LARGEST_VOCABULARY: Final = 8 * 1024 * 1024

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BankDescription:
    """What ``words.toml`` says.

    ``pack_keys`` are the vector spaces that the bank fits, ``sentence_key`` is the encoder whose sentences it knows.
    ``kernel`` says how fast the influence of a known text falls with its distance; a word that no dictionary has
    still counts when its cosine to a known name is at least ``similar``.
    """

    path: Path
    pack_keys: tuple[str, ...]
    sentence_key: str
    kernel: float
    similar: float
    bank: ShippedFile
    concepts: ShippedFile


class Bank:
    """An open concept bank. Several threads may use one.

    Parameters
    ----------
    description
        What ``read_description`` returned.

    Raises
    ------
    PackError
        A file is missing or is not the one that ``words.toml`` describes.
    """

    def __init__(self, description: BankDescription) -> None:
        self._kernel = np.float32(description.kernel)
        self._similar = description.similar
        try:
            with np.load(io.BytesIO(description.bank.read()), allow_pickle=False) as arrays:
                self._texts = _rows(arrays["texts"], arrays["text_scales"])
                self._coefficients = _rows(arrays["coefficients"], arrays["coefficient_scales"])
                self._name_rows = arrays["name_rows"]
                names = _unpack(arrays["names"]).decode().split("\n")
                self.lexicon = Lexicon(_read_phrases(arrays), _read_plurals(arrays), _unpack(arrays["vocabulary"]))
            self._beginnings = [{word[:_PIECE] for word in key_of(name).split()} for name in names]
        except (KeyError, ValueError, IndexError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise damaged(description.bank.path) from error
        concepts = description.concepts
        self._session = open_session("of the concepts", concepts.read(), concepts.path, 1)

    def resemblance(self, sentence: Floats) -> Floats:
        """Return the cosine of a sentence with each text of the bank, float32 (texts,)."""
        # einsum, because a matrix product would wake the threads of the algebra library.
        cosines: Floats = np.einsum("ij,j->i", self._texts, sentence)
        return cosines

    def imagine(self, resemblance: Floats) -> Embedding:
        """Return the unit vector of the photos that a sentence describes, from its resemblance to the texts."""
        influence = np.exp(self._kernel * (resemblance - 1))
        vector = np.einsum("i,ij->j", influence, self._coefficients)
        unit: Embedding = vector / np.linalg.norm(vector)
        return unit

    def is_like_a_name(self, word: str, resemblance: Floats) -> bool:
        """Tell whether a word that no dictionary has means much the same as some name, given what it resembles.

        Names that begin like the word do not count: the encoder finds "Schnee" much like "schnauzer", because it
        reads words that it does not know in pieces.
        """
        likely = np.flatnonzero(resemblance[self._name_rows] >= self._similar)
        return any(word[:_PIECE] not in self._beginnings[number] for number in likely.tolist())

    def shares(self, rows: Floats) -> Floats:
        """Return the share of each class in photos, float32 (n, classes), from their unit rows (n, dimension)."""
        return self._run(SHARES, rows)

    def prototypes(self) -> Floats:
        """Return the direction of each class, unit float32 (classes, dimension)."""
        return self._run(PROTOTYPES, np.zeros((1, self._coefficients.shape[1]), np.float32))

    def _run(self, output: str, rows: Floats) -> Floats:
        result: Floats = self._session.run([output], {ROWS: rows})[0]
        return result


def bundled_folder() -> Path:
    """Return the folder of the concept bank that comes with the program."""
    return paths.bundled_models() / _FOLDER


def read_description(folder: Path) -> BankDescription:
    """Read ``words.toml`` in a folder; raise PackError if it is missing or says something impossible."""
    path = folder / DESCRIPTION_FILE
    return shipped.read_description(
        path,
        FORMAT,
        lambda table: BankDescription(
            path=path,
            pack_keys=tuple(map(str, table["pack_keys"])),
            sentence_key=str(table["sentence_key"]),
            kernel=float(table["kernel"]),
            similar=float(table["similar"]),
            bank=ShippedFile.of(folder, table["bank"]),
            concepts=ShippedFile.of(folder, table["concepts"]),
        ),
    )


def _rows(stored: npt.NDArray[np.int8], scales: Floats) -> Floats:
    return np.multiply(stored, scales[:, None], dtype=np.float32)


def _unpack(content: npt.NDArray[np.uint8]) -> bytes:
    return zlib.decompressobj().decompress(content.tobytes(), _LARGEST_VOCABULARY)


def _read_plurals(arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, str]:
    lines = _unpack(arrays["plurals"]).decode().splitlines()
    return {plural: singular for plural, _, singular in (line.partition("\t") for line in lines)}


def _read_phrases(arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, Classes]:
    phrases = _unpack(arrays["phrases"]).decode().split("\n")
    classes = arrays["classes"].astype(np.int64)
    return dict(zip(phrases, np.split(classes, arrays["ends"][:-1]), strict=True))
