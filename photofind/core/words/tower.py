"""Words for packs with a text network of their own: the network reads the whole text and needs no concepts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt

from photofind.core.encoders.pack import ModelPack
from photofind.core.encoders.protocol import TextEncoder
from photofind.core.encoders.registry import open_query_text_encoder
from photofind.core.errors import QueryError
from photofind.core.words.meaning import Concept, Meaning
from photofind.core.words.phrases import content_words

_REMEMBERED = 16
_NOTHING = Meaning(None, (), 0.0, (), ())


class TowerWords:
    """Reads texts with the text network of a pack, a foreign one in a process apart; implements ``WordsEncoder``.

    Parameters
    ----------
    pack
        A pack that has a text network.
    threads
        Processor threads for one text.

    Raises
    ------
    PackError
        The network is missing, altered, or cannot be opened.
    """

    def __init__(self, pack: ModelPack, *, threads: int = 1) -> None:
        self._dimension = pack.dimension
        # Without a reference to this object, so that the encoder ends with it, and with the encoder its process.
        self._read = lru_cache(_REMEMBERED)(partial(_read_anew, open_query_text_encoder(pack, threads)))

    def read(self, text: str) -> Meaning:
        """Return what a text means; such networks know signs of every kind, so only an empty text means nothing.

        Raises PackError when a foreign network takes too long or too much memory over it.
        """
        return self._read(" ".join(text.split()))

    def masses(self, rows: npt.NDArray[np.float32], concepts: Sequence[Concept]) -> npt.NDArray[np.float32]:
        """Return no likeness to any concept, for there are none."""
        return np.zeros((len(rows), len(concepts)), np.float32)

    def probes(self, concept: Concept) -> npt.NDArray[np.float32]:  # noqa: ARG002 - the protocol's signature
        """Return no vector, for there are no concepts."""
        return np.empty((0, self._dimension), np.float32)


def _read_anew(encoder: TextEncoder, text: str) -> Meaning:
    try:
        vector = encoder.encode(text)
    except QueryError:
        # Nothing to read, or an odd text for which the network has no answer.
        return Meaning(None, (), 0.0, (), (text,) if text else ())
    return Meaning(vector, (), 0.0, content_words(text) or (text,), ())
