"""Make ``tests/encoders/networks/*.onnx``: tiny networks, each of which breaks the contract of a pack in one way.

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


NETWORKS = {
    "sound": network(),
    "float_input": network(pixel_type=TensorProto.FLOAT),
    "planes_first": network(shape=(1, 3, "h", "w")),
    "two_outputs": network(outputs=("embedding", "another")),
    "free_dimension": network(dimension="d"),
    "not_unit_length": network(length=2.0),
    "not_finite": network(length=float("nan")),
    "external_data": with_external_data(),
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, model in NETWORKS.items():
        (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
