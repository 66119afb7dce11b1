"""EfficientNet-Lite0 as an ONNX graph, written node by node from the published weights.

::

    uint8 (1, H, W, 3) ─normalise─▶ stem ─▶ 16 blocks ─▶ head ─▶ map (1, 1280, H/32, W/32)
                                                                     │
    float32 (1, D) ◀─ unit length ◀─ project ◀─ centre ◀─ unit length ◀─ GeM pooling

Writing the graph by hand rather than tracing a network keeps it small, puts everything a photo's pixels go
through into one file, and folds each batch normalisation into its convolution, exactly as the int8 variant needs
it. The sides must be multiples of 32: then TensorFlow's "same" padding is the same for every photo size and
becomes an attribute of each convolution.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, npt.NDArray[np.float32]]

INPUT_NAME = "image"
OUTPUT_NAME = "embedding"
MAP_NAME = "map"
POOLED_NAME = "pooled"
CHANNELS = 1280

OPSET = 17  # the newest that every onnxruntime in the supported range knows, with room to spare
IR_VERSION = 8  # likewise: newer IR versions are refused by older runtimes
BATCH_NORM_EPSILON = 1e-3
# ImageNet statistics of RGB in 0..255, with which the weights were trained.
MEAN = np.array([0.485, 0.456, 0.406], np.float32) * 255
STD = np.array([0.229, 0.224, 0.225], np.float32) * 255


@dataclass(frozen=True)
class Stage:
    """A run of inverted-bottleneck blocks; only the first may change the resolution."""

    repeats: int
    kernel: int
    stride: int
    expansion: int
    outputs: int


STAGES = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)
STEM_OUTPUTS = 32


@dataclass(frozen=True)
class Projection:
    """What turns a pooled vector x into the embedding: unit length of ``(x - centre) @ matrix``.

    ``centre`` has shape (1280,) and ``matrix`` (1280, D), both float32.
    """

    centre: npt.NDArray[np.float32]
    matrix: npt.NDArray[np.float32]


class _GraphWriter:
    """Collects nodes and constants; each method returns the name of the value that it made."""

    def __init__(self, weights: Weights) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._weights = weights

    def constant(self, name: str, value: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def convolution(
        self, source: str, name: str, convolution: str, norm: str, *, stride: int = 1, activate: bool = True
    ) -> str:
        """Convolution with its batch normalisation folded in, then ReLU6 if ``activate``."""
        kernel = self._weights[f"{convolution}.weight"]
        scale = self._weights[f"{norm}.weight"] / np.sqrt(self._weights[f"{norm}.running_var"] + BATCH_NORM_EPSILON)
        bias = self._weights[f"{norm}.bias"] - self._weights[f"{norm}.running_mean"] * scale
        size = kernel.shape[2]
        before = (size - stride) // 2
        after = size - stride - before
        result = self.node(
            "Conv",
            [
                source,
                self.constant(f"{name}.weight", (kernel * scale[:, None, None, None]).astype(np.float32)),
                self.constant(f"{name}.bias", bias.astype(np.float32)),
            ],
            name,
            kernel_shape=[size, size],
            strides=[stride, stride],
            pads=[before, before, after, after],
            # A depthwise kernel has one input channel although its source has many.
            group=kernel.shape[0] if kernel.shape[1] == 1 else 1,
        )
        return self.node("Clip", [result, "zero", "six"], f"{name}.relu6") if activate else result


def _write_normalisation(writer: _GraphWriter) -> str:
    pixels = writer.node("Cast", [INPUT_NAME], "pixels", to=TensorProto.FLOAT)
    planes = writer.node("Transpose", [pixels], "planes", perm=[0, 3, 1, 2])
    centred = writer.node("Sub", [planes, writer.constant("pixel_mean", MEAN.reshape(1, 3, 1, 1))], "centred_pixels")
    return writer.node("Mul", [centred, writer.constant("pixel_scale", (1 / STD).reshape(1, 3, 1, 1))], "normalised")


def _write_block(writer: _GraphWriter, source: str, number: int, stage: Stage, stride: int, *, skip: bool) -> str:
    block, name = f"_blocks.{number}", f"block{number}"
    value = source
    if stage.expansion != 1:
        value = writer.convolution(value, f"{name}.expand", f"{block}._expand_conv", f"{block}._bn0")
    value = writer.convolution(value, f"{name}.depthwise", f"{block}._depthwise_conv", f"{block}._bn1", stride=stride)
    value = writer.convolution(value, f"{name}.project", f"{block}._project_conv", f"{block}._bn2", activate=False)
    return writer.node("Add", [value, source], f"{name}.sum") if skip else value


def _write_backbone(writer: _GraphWriter) -> str:
    value = writer.convolution(_write_normalisation(writer), "stem", "_conv_stem", "_bn0", stride=2)
    number, inputs = 0, STEM_OUTPUTS
    for stage in STAGES:
        for repeat in range(stage.repeats):
            stride = stage.stride if repeat == 0 else 1
            skip = stride == 1 and inputs == stage.outputs
            value = _write_block(writer, value, number, stage, stride, skip=skip)
            number, inputs = number + 1, stage.outputs
    head = writer.convolution(value, "head", "_conv_head", "_bn1")
    return writer.node("Identity", [head], MAP_NAME)


def _write_unit_length(writer: _GraphWriter, source: str, output: str) -> str:
    # The floor keeps a vector of zeros (which no photo gives) finite.
    norm = writer.node("ReduceL2", [source], f"{output}.norm", axes=[1], keepdims=1)
    floored = writer.node("Max", [norm, "tiny"], f"{output}.floored")
    return writer.node("Div", [source, floored], output)


def _write_pooling(writer: _GraphWriter, power: float) -> str:
    """Generalised-mean pooling: the ``power``-mean over the positions of each channel, at unit length."""
    if power == 1:
        mean = writer.node("ReduceMean", [MAP_NAME], "mean", axes=[2, 3], keepdims=0)
        return _write_unit_length(writer, mean, POOLED_NAME)
    exponent = writer.constant("power", np.array(power, np.float32))
    inverse = writer.constant("inverse_power", np.array(1 / power, np.float32))
    raised = writer.node("Pow", [MAP_NAME, exponent], "raised")
    mean = writer.node("ReduceMean", [raised], "mean", axes=[2, 3], keepdims=0)
    rooted = writer.node("Pow", [mean, inverse], "rooted")
    return _write_unit_length(writer, rooted, POOLED_NAME)


def _write_projection(writer: _GraphWriter, projection: Projection) -> str:
    centre = writer.constant("projection.centre", projection.centre.reshape(1, -1))
    matrix = writer.constant("projection.matrix", projection.matrix)
    centred = writer.node("Sub", [POOLED_NAME, centre], "centred")
    projected = writer.node("MatMul", [centred, matrix], "projected")
    return _write_unit_length(writer, projected, OUTPUT_NAME)


def build_graph(weights: Weights, *, power: float, projection: Projection | None = None) -> onnx.ModelProto:
    """Return the network as one ONNX model.

    Parameters
    ----------
    weights
        The published state: tensor name to array, batch normalisation included.
    power
        Exponent of the generalised-mean pooling; 1 is the plain average.
    projection
        Without it, the model has two outputs for learning and measuring: the map (1, 1280, H/32, W/32) and the
        pooled unit vector (1, 1280). With it, the one output is the embedding (1, D).
    """
    writer = _GraphWriter(weights)
    writer.constant("zero", np.array(0, np.float32))
    writer.constant("six", np.array(6, np.float32))
    writer.constant("tiny", np.array(1e-12, np.float32))
    _write_backbone(writer)
    _write_pooling(writer, power)
    if projection is None:
        outputs = [
            helper.make_tensor_value_info(MAP_NAME, TensorProto.FLOAT, [1, CHANNELS, "rows", "columns"]),
            helper.make_tensor_value_info(POOLED_NAME, TensorProto.FLOAT, [1, CHANNELS]),
        ]
    else:
        _write_projection(writer, projection)
        shape = [1, projection.matrix.shape[1]]
        outputs = [helper.make_tensor_value_info(OUTPUT_NAME, TensorProto.FLOAT, shape)]
    image = helper.make_tensor_value_info(INPUT_NAME, TensorProto.UINT8, [1, "height", "width", 3])
    graph = helper.make_graph(writer.nodes, "efficientnet-lite0", [image], outputs, writer.constants)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="photofind"
    )
    onnx.checker.check_model(model, full_check=True)
    return model
