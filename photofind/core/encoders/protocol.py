"""What the rest of photofind knows of encoders: pixels or words in, one unit vector out."""

from __future__ import annotations

from typing import Protocol

from PIL import Image

from photofind.core.records import Embedding


class Encoder(Protocol):
    """Turns a photo into an embedding; photos that look alike get embeddings that point the same way.

    Instances may be shared between threads.
    """

    @property
    def key(self) -> str:
        """Identity of the vector space: embeddings compare only under equal keys. Safe inside a file name."""
        ...

    @property
    def dimension(self) -> int:
        """Length of every embedding."""
        ...

    @property
    def working_area(self) -> int:
        """Pixels that a decoded photo needs at most: a decoder may shrink down to this area while it reads."""
        ...

    def encode(self, image: Image.Image) -> Embedding:
        """Return the embedding of an RGB image of any size.

        Returns
        -------
        Embedding
            Shape (dimension,), dtype float32, unit length, every component finite.

        Raises
        ------
        UnsupportedPhotoError
            The network gives no usable vector for this photo.
        ValueError
            The image is not RGB.
        """
        ...


class TextEncoder(Protocol):
    """Turns words into an embedding of the same space as the photos of its pack: near to those that it describes.

    Instances may be shared between threads.
    """

    @property
    def dimension(self) -> int:
        """Length of every embedding."""
        ...

    def encode(self, text: str) -> Embedding:
        """Return the embedding of a text; what is too long for the network is cut off at its end.

        Returns
        -------
        Embedding
            Shape (dimension,), dtype float32, unit length, every component finite.

        Raises
        ------
        QueryError
            There is nothing to read in the text, or the network gives no usable vector for it.
        """
        ...
