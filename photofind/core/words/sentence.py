"""The built-in sentence encoder: texts that mean the same get vectors that point the same way.

::

    text ─tidy─▶ tokenizer.json ─▶ ids (1, n ≤ 128) ─▶ sentence.onnx ─▶ unit-length float32 (384,)

These vectors live in a space of sentences, not of photos: they are compared with one another only. The encoder is a
folder whose ``sentence.toml`` names the two files with size and sha256. ``models/build_sentence_encoder.py`` made it.

onnxruntime and tokenizers are imported when an encoder is opened and not before: a window that opens needs neither.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.core import paths
from photofind.core.encoders.onnx_session import open_session
from photofind.core.words import shipped
from photofind.core.words.shipped import ShippedFile

Sentence = npt.NDArray[np.float32]
"""Embedding of a text: float32, shape (dimension,), unit length."""

DESCRIPTION_FILE: Final = "sentence.toml"
FORMAT: Final = 1
"""Version of the description that this program reads."""

_FOLDER: Final = "minilm-l6"
_INPUT: Final = "ids"
_FRAME: Final = 2  # tokens that every text has: where it begins and where it ends
# 128 tokens of prose are about 600 characters. What is beyond this is cut before the tokenizer sees it.
_LONGEST_TEXT: Final = 4096
_KEY_DIGITS: Final = 12


def bundled_folder() -> Path:
    """Return the folder of the sentence encoder that comes with the program."""
    return paths.bundled_models() / _FOLDER


@dataclass(frozen=True, slots=True)
class _Description:
    name: str
    tokens: int
    network: ShippedFile
    tokenizer: ShippedFile


class SentenceEncoder:
    """An open sentence encoder. Opening takes some 0.2 s, so keep it; several threads may use one.

    Parameters
    ----------
    folder
        What holds ``sentence.toml``; the encoder that comes with the program if left out.
    threads
        Processor threads for one text. One is enough: a query takes some 8 ms.

    Raises
    ------
    PackError
        A file is missing or is not the one that ``sentence.toml`` describes.
    """

    def __init__(self, folder: Path | None = None, *, threads: int = 1) -> None:
        from tokenizers import Tokenizer

        description = _read_description(bundled_folder() if folder is None else folder)
        network, tokenizer = description.network, description.tokenizer
        digest = hashlib.sha256(f"{network.sha256} {tokenizer.sha256}".encode()).hexdigest()
        self._key = f"{description.name}-{digest[:_KEY_DIGITS]}"
        self._tokenizer = Tokenizer.from_buffer(tokenizer.read())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(description.tokens)
        self._unknown = self._tokenizer.token_to_id("[UNK]")
        self._session = open_session("of sentences", network.read(), network.path, threads)

    @property
    def key(self) -> str:
        """Identity of the space: vectors are comparable under equal keys only."""
        return self._key

    def tokens(self, text: str) -> list[int]:
        """Return the numbers of a text's tokens, begin and end included: at most 128."""
        return list(self._tokenizer.encode(_tidy(text)).ids)

    def can_read(self, text: str) -> bool:
        """Tell whether any of the text is written in signs that the encoder knows; emoji, for instance, are not."""
        return any(token != self._unknown for token in self.tokens(text)[1:-1])

    def encode(self, text: str) -> Sentence:
        """Return the embedding of a text; what is beyond 128 tokens does not count.

        Raises
        ------
        ValueError
            Nothing is left of the text without spaces and invisible signs.
        """
        ids = self.tokens(text)
        if len(ids) <= _FRAME:
            raise ValueError("an empty text has no embedding")
        vector: Sentence = self._session.run(None, {_INPUT: np.array([ids], np.int64)})[0][0]
        return vector


def _tidy(text: str) -> str:
    """Return a text without needless spaces, and of bounded length."""
    # Undecodable file names have surrogates, which no tokenizer takes.
    valid = text[: 16 * _LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8")
    return " ".join(valid.split())[:_LONGEST_TEXT]


def _read_description(folder: Path) -> _Description:
    return shipped.read_description(
        folder / DESCRIPTION_FILE,
        FORMAT,
        lambda table: _Description(
            name=str(table["name"]),
            tokens=int(table["tokens"]),
            network=ShippedFile.of(folder, table["network"]),
            tokenizer=ShippedFile.of(folder, table["tokenizer"]),
        ),
    )
