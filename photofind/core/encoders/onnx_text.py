"""Text encoders that are ONNX networks, run on the processor by onnxruntime.

A network's contract: input int64 (1, n), the ids of a text; output float32 (1, dimension), finite and not zero, in the
space of the pack's images. Its length is made one here, because the towers of published models leave it open.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.core.encoders.onnx_session import first_line, fits, open_session, runtime_errors
from photofind.core.encoders.pack import PROMPT_GAP, ModelPack, TextTower
from photofind.core.encoders.tokenizing import TextTokenizer
from photofind.core.errors import PackError, QueryError
from photofind.core.records import Embedding

# A short text and one beyond every length, because a network may break at either end.
_PROBES: Final = ("cat", "a red car on a beach at night. " * 100)


class OnnxTextEncoder:
    """An open text network of a pack; implements ``TextEncoder``. Opening it takes a while, so keep it.

    Parameters
    ----------
    pack
        The pack; its tokenizer and text network are read, verified, opened and tried on made-up texts.
    threads
        Processor threads for one text.

    Raises
    ------
    PackError
        The pack has no text network, or one that is missing, altered, cannot be opened, or does not do what its pack
        declares.
    """

    def __init__(self, pack: ModelPack, *, threads: int = 1) -> None:
        if pack.text is None:
            raise PackError(f"The model pack {pack.name} knows no words; choose one with a text network.")
        self._label = f"{pack.name} for words"
        self._dimension = pack.dimension
        self._prompt = pack.text.prompt
        self._tokenizer = TextTokenizer(pack, pack.text)
        path = pack.folder / pack.text.network.file
        self._session = open_session(self._label, pack.read_file(pack.text.network), path, threads)
        self._input = self._check_contract(pack.text)
        for probe in _PROBES:
            self._embed(self._ids(probe))

    @property
    def dimension(self) -> int:
        """Length of every embedding."""
        return self._dimension

    def encode(self, text: str) -> Embedding:
        """Return the embedding of a text; see ``TextEncoder.encode``."""
        if not text.strip():
            raise QueryError("There is nothing to read in these words; type what is in the photo.")
        try:
            return self._embed(self._ids(text))
        except PackError as error:
            # The network passed its probes, so the text is an odd one.
            raise QueryError(f"The model has no answer to these words; try others ({error}).") from error

    def _ids(self, text: str) -> npt.NDArray[np.int64]:
        return self._tokenizer.ids(self._prompt.replace(PROMPT_GAP, text.strip()))

    def _embed(self, ids: npt.NDArray[np.int64]) -> Embedding:
        errors = runtime_errors()
        try:
            output = self._session.run(None, {self._input: ids})[0]
        except errors as error:
            raise PackError(f"The model {self._label} failed on a text: {first_line(error)}.") from error
        if not isinstance(output, np.ndarray) or output.shape != (1, self._dimension):
            raise PackError(f"The model {self._label} does not give vectors of {self._dimension} numbers.")
        # In double precision the squares of the longest float32 vector are no overflow.
        vector = output[0].astype(np.float64)
        length = float(np.linalg.norm(vector))
        if not (np.isfinite(length) and length > 0):
            raise PackError(f"The model {self._label} gives a vector without a direction.")
        unit: Embedding = (vector / length).astype(np.float32)
        return unit

    def _check_contract(self, tower: TextTower) -> str:
        """Return the name of the network's input after checking types and ranks of input and output."""
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        length = None if tower.padding is None else tower.length
        if len(inputs) != 1 or inputs[0].type != "tensor(int64)" or not fits(inputs[0].shape, (1, length)):
            raise PackError(
                f"The model {self._label} does not take the ids of one text of type int64, shape (1, {length or 'n'})."
            )
        expected = (1, self._dimension)
        if len(outputs) != 1 or outputs[0].type != "tensor(float)" or not fits(outputs[0].shape, expected):
            raise PackError(f"The model {self._label} does not give one float32 vector of shape {expected}.")
        return str(inputs[0].name)
