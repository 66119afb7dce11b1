"""The built-in sentence encoder: texts that mean the same get vectors that point the same way.

::

    text ─tidy─▶ tokenizer.json ─▶ ids (1, n ≤ 128) ─▶ sentence.onnx ─▶ unit-length float32 (384,)

These vectors live in a space of sentences, not of photos: they are compared with one another only. The encoder is a
folder whose ``sentence.toml`` names the two files with size and sha256; as with the packs, the bytes that were
verified are the bytes that run. ``models/build_sentence_encoder.py`` made it.

onnxruntime and tokenizers are imported when an encoder is opened and not before: a window that opens needs neither.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from photofind.core import paths
from photofind.core.errors import PackError

if TYPE_CHECKING:
    import onnxruntime

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
_LOG_NOTHING: Final = 4  # onnxruntime writes its log to stderr; whatever matters is raised as well


def bundled_folder() -> Path:
    """Return the folder of the sentence encoder that comes with the program."""
    return paths.bundled_models() / _FOLDER


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    size: int
    sha256: str

    def read(self) -> bytes:
        """Return the content after comparing it with the description."""
        try:
            with self.path.open("rb") as file:
                content = file.read(self.size + 1)
        except OSError as error:
            raise PackError(
                f"The model file {self.path} cannot be read ({error.strerror or error}); install photofind again."
            ) from error
        if len(content) != self.size or hashlib.sha256(content).hexdigest() != self.sha256:
            raise PackError(f"The model file {self.path} is damaged; install photofind again.")
        return content


@dataclass(frozen=True, slots=True)
class _Description:
    name: str
    dimension: int
    tokens: int
    network: _File
    tokenizer: _File


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
        self._dimension = description.dimension
        self._tokenizer = Tokenizer.from_buffer(tokenizer.read())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(description.tokens)
        self._unknown = self._tokenizer.token_to_id("[UNK]")
        self._session = _open_session(network, threads)

    @property
    def key(self) -> str:
        """Identity of the space: vectors are comparable under equal keys only."""
        return self._key

    @property
    def dimension(self) -> int:
        """Length of every embedding."""
        return self._dimension

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

    def encode_many(self, texts: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return the embeddings of texts as rows, shape (n, dimension), each the same as of ``encode``."""
        rows = [self.encode(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self._dimension), np.float32)


def _tidy(text: str) -> str:
    """Return a text without needless spaces, and of bounded length."""
    # Undecodable file names have surrogates, which no tokenizer takes.
    valid = text[: 16 * _LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8")
    return " ".join(valid.split())[:_LONGEST_TEXT]


def _open_session(network: _File, threads: int) -> onnxruntime.InferenceSession:
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _LOG_NOTHING
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Every length of text is a shape of its own, and a memory plan would be kept for each.
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(network.read(), options, providers=["CPUExecutionProvider"])


def _read_description(folder: Path) -> _Description:
    path = folder / DESCRIPTION_FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PackError(
            f"The model file {path} cannot be read ({error.strerror or error}); install photofind again."
        ) from error
    except ValueError as error:  # both UnicodeDecodeError and TOMLDecodeError
        raise PackError(f"The model file {path} is damaged; install photofind again.") from error
    try:
        if table["format"] != FORMAT:
            raise PackError(f"{path} is of another version of photofind; install photofind again.")
        return _Description(
            name=str(table["name"]),
            dimension=int(table["dimension"]),
            tokens=int(table["tokens"]),
            network=_read_file(folder, table["network"]),
            tokenizer=_read_file(folder, table["tokenizer"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise PackError(f"The model file {path} is damaged; install photofind again.") from error


def _read_file(folder: Path, entry: dict[str, object]) -> _File:
    size = entry["bytes"]
    if not isinstance(size, int):
        raise TypeError(f"a size of type {type(size).__name__}")
    return _File(folder / str(entry["file"]), size, str(entry["sha256"]))
