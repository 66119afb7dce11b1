"""What the rest of photofind knows of an encoder: pixels in, one unit vector out."""

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
