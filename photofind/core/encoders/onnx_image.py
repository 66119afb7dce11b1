"""Image encoders that are ONNX networks, run on the processor by onnxruntime.

A network's contract: input uint8 (1, H, W, 3), plain RGB pixels; output float32 (1, dimension) of unit length.
Normalisation, pooling and projection are nodes of the graph, so that this module treats all networks alike.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from photofind.core.encoders.onnx_session import first_line, fits, open_session, runtime_errors
from photofind.core.encoders.pack import ModelPack
from photofind.core.errors import PackError, UnsupportedPhotoError
from photofind.core.records import Embedding

_UNIT_TOLERANCE: Final = 1e-3
_PROBE_SIZE: Final = (96, 64)


class OnnxImageEncoder:
    """An open network of a pack; implements ``Encoder``. Opening it takes about 0.1 s, so keep it.

    Parameters
    ----------
    pack
        The pack; its network is read, verified, opened and tried on a made-up picture.
    variant
        Name of the variant; empty for the pack's default.
    threads
        Processor threads for one photo. One is the most efficient: parallel photos scale better than parallel
        layers.

    Raises
    ------
    PackError
        The network is missing, altered, cannot be opened, or does not do what its pack declares.
    """

    def __init__(self, pack: ModelPack, variant: str = "", *, threads: int = 1) -> None:
        self._label = f"{pack.name}:{pack.variant(variant).name}"
        self._key = pack.key(variant)
        self._dimension = pack.dimension
        self._rule = pack.rule
        path = pack.folder / pack.variant(variant).file
        self._session = open_session(self._label, pack.read_network(variant), path, threads)
        self._input = self._check_contract()
        self._embed(self._rule.apply(_probe()))

    @property
    def key(self) -> str:
        """Identity of the vector space, as of ``ModelPack.key``."""
        return self._key

    @property
    def dimension(self) -> int:
        """Length of every embedding."""
        return self._dimension

    @property
    def working_area(self) -> int:
        """Pixels that a decoded photo needs at most."""
        return self._rule.working_area

    def encode(self, image: Image.Image) -> Embedding:
        """Return the embedding of an RGB image of any size; see ``Encoder.encode``."""
        pixels = self._rule.apply(image)
        try:
            return self._embed(pixels)
        except PackError as error:
            # The network passed its probe, so one odd photo must not end a run over thousands.
            raise UnsupportedPhotoError(str(error)) from error

    def check_repeatable(self) -> None:
        """Raise PackError when the same picture has another embedding each time: nothing could be found by these."""
        pixels = self._rule.apply(_probe())
        if not np.allclose(self._embed(pixels), self._embed(pixels), atol=_UNIT_TOLERANCE):
            raise PackError(f"The model {self._label} gives another vector for the same picture each time.")

    def _embed(self, pixels: npt.NDArray[np.uint8]) -> Embedding:
        errors = runtime_errors()
        try:
            output = self._session.run(None, {self._input: pixels})[0]
        except errors as error:
            raise PackError(f"The model {self._label} failed on a picture: {first_line(error)}.") from error
        if not isinstance(output, np.ndarray) or output.shape != (1, self._dimension):
            raise PackError(f"The model {self._label} does not give vectors of {self._dimension} numbers.")
        vector: Embedding = output[0]
        # A length that is not finite fails the comparison as well.
        if not abs(float(np.linalg.norm(vector)) - 1.0) <= _UNIT_TOLERANCE:
            raise PackError(f"The model {self._label} gives a vector that is not of unit length.")
        return vector

    def _check_contract(self) -> str:
        """Return the name of the network's input after checking types and ranks of input and output."""
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or inputs[0].type != "tensor(uint8)" or not fits(inputs[0].shape, (1, None, None, 3)):
            raise PackError(f"The model {self._label} does not take one picture of type uint8, shape (1, H, W, 3).")
        expected = (1, self._dimension)
        if len(outputs) != 1 or outputs[0].type != "tensor(float)" or not fits(outputs[0].shape, expected):
            raise PackError(f"The model {self._label} does not give one float32 vector of shape {expected}.")
        return str(inputs[0].name)


def _probe() -> Image.Image:
    """Return a picture with some of everything: gradients in two directions and a fine pattern."""
    width, height = _PROBE_SIZE
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    planes = np.stack([x * 255 // width, y * 255 // height, (x * 37 + y * 101) % 256], axis=2)
    return Image.fromarray(planes.astype(np.uint8))
