"""Make ``tests/encoders/networks/*.onnx``: tiny networks, most of which break the contract of a pack in one way.

``sound`` and ``text`` are the towers of a pack that knows three colours: a picture becomes its mean colour, and the
words "red", "green" and "blue", by their ids in CLIP's vocabulary, become the same directions.

Usage, from the top of the checkout, with the ``models`` extra installed::

    python -m models.build_test_networks

The results are committed, so that the tests need no onnx package.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent.parent / "tests" / "encoders" / "networks"
DIMENSION = 8
COLOUR_IDS = (736, 1901, 1746)
"""Ids of "red", "green" and "blue", each as a whole word."""


def network(
    *,
    pixel_type: int = TensorProto.UINT8,
    shape: tuple[object, ...] = (1, "h", "w", 3),
    length: float = 1.0,
    outputs: tuple[str, ...] = ("embedding",),
    dimension: int | str = DIMENSION,
) -> onnx.ModelProto:
    """Return a network that keeps the contract unless told otherwise: mean colour, spread, scaled to ``length``."""
    spread = np.eye(3, DIMENSION, dtype=np.float32)
    nodes = [
        helper.make_node("Cast", ["image"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["pixels"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("MatMul", ["mean", "spread"], ["vector"]),
        helper.make_node("ReduceL2", ["vector"], ["norm"], axes=[1], keepdims=1),
        helper.make_node("Div", ["vector", "norm"], ["unit"]),
        *(helper.make_node("Mul", ["unit", "length"], [name]) for name in outputs),
    ]
    constants = [
        numpy_helper.from_array(spread, "spread"),
        numpy_helper.from_array(np.array(length, np.float32), "length"),
    ]
    image = helper.make_tensor_value_info("image", pixel_type, list(shape))
    results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, dimension]) for name in outputs]
    graph = helper.make_graph(nodes, "tiny", [image], results, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def with_external_data() -> onnx.ModelProto:
    """Return a network whose weights are said to lie in another file, which no checksum covers."""
    model = network()
    spread = model.graph.initializer[0]
    size = len(spread.raw_data)
    spread.ClearField("raw_data")
    spread.data_location = TensorProto.EXTERNAL
    for key, value in (("location", "weights.bin"), ("offset", "0"), ("length", str(size))):
        entry = spread.external_data.add()
        entry.key, entry.value = key, value
    return model


def text_network(
    *,
    id_type: int = TensorProto.INT64,
    shape: tuple[object, ...] = (1, "n"),
    rest: float = 0.1,
    outputs: tuple[str, ...] = ("embedding",),
) -> onnx.ModelProto:
    """Return a text network: how often each colour is named, with ``rest`` in a direction that no colour has."""
    spread = np.eye(3, DIMENSION, dtype=np.float32)
    constants = [
        numpy_helper.from_array(np.array(COLOUR_IDS, np.int64).reshape(1, 1, 3), "colours"),
        numpy_helper.from_array(spread, "spread"),
        numpy_helper.from_array(np.array([[0, 0, 0, rest, 0, 0, 0, 0]], np.float32), "rest"),
        numpy_helper.from_array(np.array([2], np.int64), "last"),
        numpy_helper.from_array(np.array([1], np.int64), "positions"),
    ]
    nodes = [
        helper.make_node("Cast", ["ids"], ["numbers"], to=TensorProto.INT64),
        helper.make_node("Unsqueeze", ["numbers", "last"], ["column"]),
        helper.make_node("Equal", ["column", "colours"], ["named"]),
        helper.make_node("Cast", ["named"], ["ones"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["ones", "positions"], ["counts"], keepdims=0),
        helper.make_node("MatMul", ["counts", "spread"], ["vector"]),
        *(helper.make_node("Add", ["vector", "rest"], [name]) for name in outputs),
    ]
    ids = helper.make_tensor_value_info("ids", id_type, list(shape))
    results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, DIMENSION]) for name in outputs]
    graph = helper.make_graph(nodes, "tiny", [ids], results, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def foreign(*, operator: str = "", domain: str, imported: bool = True) -> onnx.ModelProto:
    """Return a network that imports a domain of operators, uses one of them if it is named, or does not say so."""
    model = network()
    if operator:
        node = model.graph.node[-1]
        node.op_type, node.domain = operator, domain
    if imported:
        model.opset_import.append(helper.make_opsetid(domain, 1))
    return model


NETWORKS = {
    "sound": network(),
    "float_input": network(pixel_type=TensorProto.FLOAT),
    "planes_first": network(shape=(1, 3, "h", "w")),
    "two_outputs": network(outputs=("embedding", "another")),
    "free_dimension": network(dimension="d"),
    "not_unit_length": network(length=2.0),
    "not_finite": network(length=float("nan")),
    "external_data": with_external_data(),
    "custom_operator": foreign(operator="Mul", domain="somebodys.operators"),
    "custom_domain": foreign(domain="somebodys.operators"),
    "undeclared_operator": foreign(operator="Mul", domain="somebodys.operators", imported=False),
    "inner_operator": foreign(operator="ReorderInput", domain="com.microsoft.nchwc", imported=False),
    "text": text_network(),
    "text_fixed": text_network(shape=(1, 16)),
    "text_float_ids": text_network(id_type=TensorProto.FLOAT),
    "text_two_outputs": text_network(outputs=("embedding", "another")),
    "text_zero": text_network(rest=0.0),
    "text_not_finite": text_network(rest=float("nan")),
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, model in NETWORKS.items():
        (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
