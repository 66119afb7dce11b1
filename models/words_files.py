"""The files of the concept bank: how what was learned is stored."""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.build_sentence_encoder import store_rows
from models.words_regression import KERNEL, TEMPERATURE, Regression
from photofind.core.encoders.registry import resolve
from photofind.core.encoders.sums import write_sums
from photofind.core.words.bank import DESCRIPTION_FILE, FORMAT, PROTOTYPES, ROWS, SHARES

Floats = npt.NDArray[np.float32]

SIMILAR: Final = 0.56  # "hjkl" and "Wasser" reach .55; "labradoodle", "ferrari" and "smartphone" .56, .60 and .65
OPSET: Final = 17
IR_VERSION: Final = 8

_WORDS_TOML: Final = """\
# Written by models/build_words_bank.py; models/README.md describes it.
format = {format}
licence = "Apache-2.0 and WordNet-3.0"
pack_keys = [{pack_keys}]
sentence_key = "{sentence_key}"
kernel = {kernel}
similar = {similar}
"""
_FILE_TOML: Final = """
[{table}]
file = "{file}"
bytes = {size}
sha256 = "{sha256}"
"""


@dataclass(frozen=True, slots=True)
class LexiconParts:
    """What the lexicon of the bank is made of."""

    phrases: dict[str, npt.NDArray[np.int64]]
    plurals: dict[str, str]
    vocabulary: bytes


def build_network(directions: Floats) -> onnx.ModelProto:
    """Return the network that gives the share of each class in photos: a softmax over cosines, weights in 8 bits."""
    stored, scales = store_rows(directions)
    classes, dimension = directions.shape
    constants = [
        numpy_helper.from_array(stored, "stored"),
        numpy_helper.from_array(scales, "scales"),
        numpy_helper.from_array(np.float32(TEMPERATURE), "temperature"),
    ]
    nodes = [
        helper.make_node("Cast", ["stored"], ["whole"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["whole", "scales"], [PROTOTYPES]),
        helper.make_node("Transpose", [PROTOTYPES], ["columns"]),
        helper.make_node("MatMul", [ROWS, "columns"], ["cosines"]),
        helper.make_node("Mul", ["cosines", "temperature"], ["scores"]),
        helper.make_node("Softmax", ["scores"], [SHARES], axis=-1),
    ]
    graph = helper.make_graph(
        nodes,
        "concepts",
        [helper.make_tensor_value_info(ROWS, TensorProto.FLOAT, ["photos", dimension])],
        [
            helper.make_tensor_value_info(SHARES, TensorProto.FLOAT, ["photos", classes]),
            helper.make_tensor_value_info(PROTOTYPES, TensorProto.FLOAT, [classes, dimension]),
        ],
        constants,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="photofind"
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def pack_bank(learned: Regression, names: dict[int, str], lexicon: LexiconParts) -> bytes:
    """Return the content of ``bank.npz``; its numbers hardly compress, so only its words are compressed.

    ``names`` are the texts of those rows that are no sentences.
    """
    phrases = lexicon.phrases
    texts, text_scales = store_rows(learned.texts)
    coefficients, coefficient_scales = store_rows(learned.coefficients)
    content = io.BytesIO()
    np.savez(
        content,
        texts=texts,
        text_scales=text_scales[:, 0],
        coefficients=coefficients,
        coefficient_scales=coefficient_scales[:, 0],
        names=compress("\n".join(names.values()).encode()),
        name_rows=np.array(list(names), np.int32),
        phrases=compress("\n".join(phrases).encode()),
        plurals=compress("\n".join(f"{plural}\t{singular}" for plural, singular in lexicon.plurals.items()).encode()),
        classes=np.concatenate(list(phrases.values())).astype(np.int16),
        ends=np.cumsum([len(classes) for classes in phrases.values()]).astype(np.int32),
        vocabulary=compress(lexicon.vocabulary),
    )
    return content.getvalue()


def compress(content: bytes) -> npt.NDArray[np.uint8]:
    """Return bytes in fewer bytes."""
    return np.frombuffer(zlib.compress(content, 9), np.uint8)


def write_folder(folder: Path, sentence_key: str, files: dict[str, tuple[str, bytes]]) -> None:
    """Write the files, given by their table in ``words.toml``, and that description."""
    keys = ", ".join(f'"{key}"' for key in resolve("").pack.keys.values())
    description = _WORDS_TOML.format(
        format=FORMAT, pack_keys=keys, sentence_key=sentence_key, kernel=KERNEL, similar=SIMILAR
    )
    for table, (name, content) in files.items():
        (folder / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        description += _FILE_TOML.format(table=table, file=name, size=len(content), sha256=digest)
    (folder / DESCRIPTION_FILE).write_text(description, encoding="utf-8", newline="\n")
    write_sums(folder)
