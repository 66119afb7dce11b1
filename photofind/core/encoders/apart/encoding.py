"""Encoders whose network runs in a process apart; each has its own, which is begun at once."""

from __future__ import annotations

from typing import Final

from PIL import Image

from photofind.core.encoders.apart.limits import PackLimits
from photofind.core.encoders.apart.messages import Order
from photofind.core.encoders.apart.process import PackProcess
from photofind.core.encoders.pack import ModelPack
from photofind.core.errors import PackError
from photofind.core.records import Embedding

_REMEMBERED: Final = 16


class ApartTextEncoder:
    """The text network of a pack; implements ``TextEncoder``.

    A text over which the network was ended is not tried again.

    Raises
    ------
    PackError
        The pack has no text network, or one that cannot be opened, or not within the limits.
    """

    def __init__(self, pack: ModelPack, *, threads: int = 1, limits: PackLimits | None = None) -> None:
        self._dimension = pack.dimension
        self._deadly: dict[str, str] = {}
        self.process = PackProcess(Order(pack, None, threads), limits or PackLimits.of(pack))
        self.process.open()

    @property
    def dimension(self) -> int:
        """Length of every embedding."""
        return self._dimension

    def encode(self, text: str) -> Embedding:
        """Return the embedding of a text, see ``TextEncoder.encode``; PackError when that goes beyond the limits."""
        if text in self._deadly:
            raise PackError(self._deadly[text])
        self.process.open()
        try:
            return self.process.ask(text)
        except PackError as error:
            while len(self._deadly) >= _REMEMBERED:
                del self._deadly[next(iter(self._deadly))]
            self._deadly[text] = str(error)
            raise


class ApartImageEncoder:
    """An image network of a pack; implements ``Encoder``.

    Raises
    ------
    PackError
        The pack has no such variant, or one that cannot be opened, or not within the limits.
    """

    def __init__(
        self, pack: ModelPack, variant: str = "", *, threads: int = 1, limits: PackLimits | None = None
    ) -> None:
        self._pack = pack
        self._key = pack.key(variant)
        order = Order(pack, pack.variant(variant).name, threads)
        self.process = PackProcess(order, limits or PackLimits.of(pack))
        self.process.open()

    @property
    def key(self) -> str:
        """Identity of the vector space, as of ``ModelPack.key``."""
        return self._key

    @property
    def dimension(self) -> int:
        """Length of every embedding."""
        return self._pack.dimension

    @property
    def working_area(self) -> int:
        """Pixels that a decoded photo needs at most."""
        return self._pack.rule.working_area

    def encode(self, image: Image.Image) -> Embedding:
        """Return the embedding of an image, see ``Encoder.encode``; PackError when that goes beyond the limits."""
        return self.process.ask(image)
