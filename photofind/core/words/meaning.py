"""What a text means in the space of a pack's images: what the search has to know about words.

::

    free text ─▶ WordsEncoder.read ─▶ Meaning: a vector to search with, concepts to rank with, what was understood
    candidates' rows ─▶ WordsEncoder.masses ─▶ how surely each photo shows each concept

``BuiltInWords`` reads with the concept bank that comes with the program, ``TowerWords`` with the text network of a
pack. Both are imported when one is opened and not before: a window that opens needs neither.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from photofind.core.records import Embedding

if TYPE_CHECKING:
    from photofind.core.encoders.pack import ModelPack


@dataclass(frozen=True, slots=True, eq=False)
class Concept:
    """A thing that a text names and that the image classifier knows."""

    label: str
    """The thing's name as it was recognised: ``"dog"`` for ``"dogs"``."""
    classes: npt.NDArray[np.int64]
    """Numbers of the classes that are such things, ascending, at least one."""


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """What a text means to a ``WordsEncoder``."""

    vector: Embedding | None
    """Unit vector in the space of the images; None when nothing of the text is known."""
    concepts: tuple[Concept, ...]
    """Named things in the order of the text; there may be none."""
    coverage: float
    """Share of the words with a content of their own that the concepts name, 0 to 1."""
    understood: tuple[str, ...]
    """Phrases and words that count, in the order of the text: ``("red", "car", "beach")``."""
    unknown: tuple[str, ...]
    """Words that mean nothing to the encoder, in the order of the text."""


class WordsEncoder(Protocol):
    """Reads free text, from which dates and prefixes have been taken. Instances may be shared between threads."""

    def read(self, text: str) -> Meaning:
        """Return what a text means; any text will do, and an odd one means nothing. Repeats are cheap."""
        ...

    def masses(self, rows: npt.NDArray[np.float32], concepts: Sequence[Concept]) -> npt.NDArray[np.float32]:
        """Return how surely each photo shows each concept.

        Parameters
        ----------
        rows
            Unit vectors of photos, shape (n, dimension).
        concepts
            Concepts of meanings of this encoder.

        Returns
        -------
        numpy.ndarray
            Posterior mass of the concept's classes, float32 0 to 1, shape (n, number of concepts).
        """
        ...

    def probes(self, concept: Concept) -> npt.NDArray[np.float32]:
        """Return the unit vectors near which photos of a concept lie, shape (m, dimension), 1 to 4 of them."""
        ...


_opening = threading.Lock()
_opened: dict[object, WordsEncoder | None] = {}
"""The one that was opened last: each is a hundred megabytes, and a window reads words in more than one thread."""


def shared_words(pack: ModelPack, key: str) -> WordsEncoder | None:
    """Return what can read words for the photos of a pack, as `open_words` does, opened once in this process."""
    identity = (str(pack.folder), key, pack.text)
    with _opening:
        if identity not in _opened:
            _opened.clear()
            _opened[identity] = open_words(pack, key)
        return _opened[identity]


def open_words(pack: ModelPack, key: str, *, threads: int = 1) -> WordsEncoder | None:
    """Open what can read words for the photos of a pack.

    Parameters
    ----------
    pack
        The pack that the photos were encoded with.
    key
        The key of the variant of it.
    threads
        Processor threads for one text.

    Returns
    -------
    WordsEncoder | None
        The pack's own text network, else the concept bank that comes with the program if it was made for this key,
        else None: there are no words for these photos.

    Raises
    ------
    PackError
        A file is missing or is not the one that its description names.
    """
    if pack.has_text:
        from photofind.core.words.tower import TowerWords

        return TowerWords(pack, threads=threads)
    from photofind.core.words.builtin import open_built_in

    return open_built_in(key, threads=threads)
