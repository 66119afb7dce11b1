"""From words to the ids that a text network takes.

::

    text ─clean up─▶ pieces ─merge pairs of letters─▶ tokens ─▶ ids: start and end marked, cut off, filled up

Two kinds of tokenizer come with packs: a ``tokenizer.json``, which says all but the lengths itself, and CLIP's
vocabulary, a list of merges, for which the rest is here: lower case, single spaces, words and digits and punctuation
apart, and letters as bytes, so that no text is unknown. Both run in the ``tokenizers`` library, which is imported when
the first text network is opened. The marks of start and end are no words: typed into a query they are punctuation.

Source: A. Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", 2021, with the
vocabulary that was published beside it. What it does beyond this for text from the web (undoing HTML escapes and broken
encodings) is left out, since queries are typed.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from photofind.core.encoders.pack import ModelPack, TextTower
from photofind.core.errors import PackError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_GZIP_MAGIC: Final = b"\x1f\x8b"
_LARGEST_VOCABULARY: Final = 64 * 1024 * 1024
# Every byte, inside and at the end of a word, then the merges, then start and end make 49,408 tokens. The published
# file goes on after these merges.
_MERGES: Final = 49_408 - 2 * 256 - 2
_WORD_END: Final = "</w>"
_START: Final = "<|startoftext|>"
_END: Final = "<|endoftext|>"
_PIECES: Final = r"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+"


class TextTokenizer:
    """The tokenizer of a pack, opened; may be shared between threads.

    Raises
    ------
    PackError
        Its file is missing, altered or not what its kind demands.
    """

    def __init__(self, pack: ModelPack, tower: TextTower) -> None:
        content = pack.read_file(tower.tokenizer)
        self._name = pack.name
        with _as_pack_error(f"The tokenizer of the model {pack.name} cannot be read"):
            self._tokenizer = _read_merges(content) if tower.kind == "bpe" else _read_json(content)
            self._tokenizer.enable_truncation(tower.length)
            if tower.padding is None:
                self._tokenizer.no_padding()
            else:
                self._tokenizer.enable_padding(length=tower.length, pad_id=tower.padding)
        # What a text says must not change what is a mark and what is text.
        self._tokenizer.encode_special_tokens = True

    def ids(self, text: str) -> npt.NDArray[np.int64]:
        """Return the ids of a text, shape (1, n), dtype int64; a text that is too long loses its end."""
        # File names may lend a query half a character, which is no text to the library.
        readable = text.encode("utf-8", "replace").decode()
        with _as_pack_error(f"The tokenizer of the model {self._name} failed on a text"):
            return np.array([self._tokenizer.encode(readable).ids], dtype=np.int64)


@contextlib.contextmanager
def _as_pack_error(sentence: str) -> Iterator[None]:
    """Let whatever the library raises, which nothing more precise than this tells, become a ``PackError``."""
    try:
        yield
    except Exception as error:
        problem = " ".join(str(error).split()).rstrip(".")[:200]
        raise PackError(f"{sentence}: {problem}.") from error
    except BaseException as error:
        # What fails inside of its compiled part has a base of its own, which cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise PackError(f"{sentence}: it is damaged.") from error


def _read_json(content: bytes) -> Tokenizer:
    from tokenizers import Tokenizer

    return Tokenizer.from_str(content.decode())


def _read_merges(content: bytes) -> Tokenizer:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    merges = _parse_merges(content)
    letters = _byte_letters()
    tokens = [*letters, *(letter + _WORD_END for letter in letters), *("".join(pair) for pair in merges), _START, _END]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    if len(vocabulary) != len(tokens):
        raise ValueError("a token is in it twice")
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, end_of_word_suffix=_WORD_END))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), "removed", invert=True),  # what is between the pieces is removed
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    marks = [(mark, vocabulary[mark]) for mark in (_START, _END)]
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{_START} $A {_END}", special_tokens=marks)
    return tokenizer


def _parse_merges(content: bytes) -> list[tuple[str, str]]:
    """Return the pairs of tokens that become one, the most frequent first; the first line is a title."""
    if content.startswith(_GZIP_MAGIC):
        try:
            with gzip.open(io.BytesIO(content)) as file:
                content = file.read(_LARGEST_VOCABULARY)
        except (EOFError, OSError, zlib.error) as error:
            raise ValueError("the compressed file is damaged") from error
    lines = content.decode().split("\n")[1 : _MERGES + 1]
    pairs = [tuple(line.split()) for line in lines]
    merges = [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]
    if len(merges) != _MERGES:
        raise ValueError(f"it does not hold {_MERGES:,} merges, each two tokens on a line")
    return merges


def _byte_letters() -> list[str]:
    """Return the letters that stand for bytes, in the order of CLIP's vocabulary.

    Printable bytes stand for themselves and come first; the others, in their order, are letters from 256 on.
    """
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    return [chr(byte) for byte in printable] + [chr(256 + number) for number in range(256 - len(printable))]
