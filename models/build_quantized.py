"""From the fp32 graph to an int8 one: calibration, then explicit quantise/dequantise pairs (QDQ).

Activations are uint8 with one range per tensor, weights int8 with one scale per output channel. The stem, which sees
raw pixels and is cheap, the pooling and the projection stay fp32.

Weights use 7 of their 8 bits. Processors without dot-product instructions (AVX2 before VNNI) add pairs of
products in 16 bits: 2 * 255 * 63 fits, 2 * 255 * 127 saturates silently. With 7 bits every sum is exact, and
a photo gets the same vector on every processor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.build_graph import INPUT_NAME
from models.build_projection import load_photo, open_session
from photofind.core.encoders.input_rule import InputRule

WEIGHT_LIMIT = 63
ACTIVATION_LEVELS = 255
LARGEST_BIAS = np.float32(2**28)
BINS = 2048
FLOAT_NODES = ("stem",)
# Fractions of a tensor's full range that are tried: clipping a few outliers makes all other steps finer.
SHRINKS = np.linspace(0.3, 1.0, 71)


@dataclass
class Statistics:
    """What calibration saw of one tensor: its histogram over ``low``..``high`` and its mean per channel."""

    low: float
    high: float
    histogram: npt.NDArray[np.int64]
    channel_mean: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Range:
    """uint8 quantisation: real = (stored - zero) * scale."""

    scale: np.float32
    zero: np.uint8


def quantized_tensors(model: onnx.ModelProto) -> list[str]:
    """Return the activations that become uint8: what convolutions and block sums give, after ReLU6 if any."""
    clipped = {node.input[0] for node in model.graph.node if node.op_type == "Clip"}
    return [
        node.output[0]
        for node in model.graph.node
        if node.op_type in ("Conv", "Clip", "Add") and node.output[0] not in clipped
    ]


def calibrate(model: onnx.ModelProto, photos: Sequence[Path], rule: InputRule) -> dict[str, Statistics]:
    """Run ``photos`` through the fp32 graph twice: for the extremes of each activation, then for its histogram."""
    tensors = quantized_tensors(model)
    observed = onnx.ModelProto()
    observed.CopyFrom(model)
    observed.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in tensors)
    session = open_session(observed)
    pictures = [rule.apply(load_photo(path)) for path in photos]

    low = dict.fromkeys(tensors, 0.0)
    high = dict.fromkeys(tensors, 0.0)
    means: dict[str, list[npt.NDArray[np.float64]]] = {name: [] for name in tensors}
    for pixels in pictures:
        for name, value in zip(tensors, session.run(tensors, {INPUT_NAME: pixels}), strict=True):
            low[name] = min(low[name], float(value.min()))
            high[name] = max(high[name], float(value.max()))
            means[name].append(value.mean(axis=(0, 2, 3), dtype=np.float64))
    statistics = {
        name: Statistics(low[name], high[name], np.zeros(BINS, np.int64), np.mean(means[name], axis=0))
        for name in tensors
    }
    for pixels in pictures:
        for name, value in zip(tensors, session.run(tensors, {INPUT_NAME: pixels}), strict=True):
            entry = statistics[name]
            entry.histogram += np.histogram(value, BINS, (entry.low, entry.high))[0]
    return statistics


def choose_range(statistics: Statistics) -> Range:
    """Return the range whose mean squared error, of rounding and of clipping together, is least."""
    edges = np.linspace(statistics.low, statistics.high, BINS + 1)
    values = (edges[:-1] + edges[1:]) / 2
    best, best_error = Range(np.float32(1), np.uint8(0)), np.inf
    for shrink in SHRINKS:
        low, high = statistics.low * shrink, statistics.high * shrink
        scale = (high - low) / ACTIVATION_LEVELS
        zero = round(-low / scale)
        stored = np.clip(np.rint(values / scale) + zero, 0, ACTIVATION_LEVELS)
        error = float((((stored - zero) * scale - values) ** 2 * statistics.histogram).sum())
        if error < best_error:
            best, best_error = Range(np.float32(scale), np.uint8(zero)), error
    return best


def quantize_weight(
    weight: npt.NDArray[np.float32], lowest_scale: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Return int8 values of ``weight``'s shape and one scale per output channel, least squared error each."""
    rows = weight.reshape(len(weight), -1).astype(np.float64)
    peak = np.maximum(np.abs(rows).max(axis=1), lowest_scale * WEIGHT_LIMIT)
    best_scale, best_error = peak / WEIGHT_LIMIT, np.full(len(rows), np.inf)
    for shrink in np.linspace(0.7, 1.0, 31):
        scale = np.maximum(peak * shrink / WEIGHT_LIMIT, lowest_scale)
        stored = np.clip(np.rint(rows / scale[:, None]), -WEIGHT_LIMIT, WEIGHT_LIMIT)
        error = ((stored * scale[:, None] - rows) ** 2).sum(axis=1)
        better = error < best_error
        best_scale, best_error = np.where(better, scale, best_scale), np.minimum(error, best_error)
    stored = np.clip(np.rint(rows / best_scale[:, None]), -WEIGHT_LIMIT, WEIGHT_LIMIT)
    return stored.astype(np.int8).reshape(weight.shape), best_scale.astype(np.float32)


class _Rewriter:
    """Rewrites a graph node by node; activations cross between nodes as uint8."""

    def __init__(self, model: onnx.ModelProto, statistics: Mapping[str, Statistics]) -> None:
        self._source = model.graph
        self._statistics = statistics
        self._ranges = {name: choose_range(entry) for name, entry in statistics.items()}
        self._constants = {entry.name: numpy_helper.to_array(entry) for entry in model.graph.initializer}
        self._clips = {node.input[0]: node for node in model.graph.node if node.op_type == "Clip"}
        self._reads = 0
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, npt.NDArray[np.generic]] = {}

    def rewrite(self) -> None:
        absorbed: set[str] = set()
        for node in self._source.node:
            if node.output[0] in absorbed:
                continue
            copy = onnx.NodeProto()
            copy.CopyFrom(node)
            if node.op_type == "Conv" and node.name not in FLOAT_NODES:
                if node.output[0] in self._clips:
                    # A uint8 range inside 0..6 already does what ReLU6 does.
                    copy.output[0] = self._clips[node.output[0]].output[0]
                    absorbed.add(copy.output[0])
                self._quantize_parameters(copy)
            for position, name in enumerate(copy.input):
                if name in self._ranges:
                    copy.input[position] = self._read(name)
                elif name in self._constants and name not in self.constants:
                    self.constants[name] = self._constants[name]
            if copy.output[0] in self._ranges:
                name = copy.output[0]
                copy.output[0] = f"{name}.float"
                self.nodes.append(copy)
                self._write(name)
            else:
                self.nodes.append(copy)

    def _quantization(self, name: str) -> list[str]:
        scale, zero = f"{name}.scale", f"{name}.zero"
        self.constants[scale] = np.array(self._ranges[name].scale)
        self.constants[zero] = np.array(self._ranges[name].zero)
        return [scale, zero]

    def _write(self, name: str) -> None:
        inputs = [f"{name}.float", *self._quantization(name)]
        self.nodes.append(helper.make_node("QuantizeLinear", inputs, [f"{name}.stored"]))

    def _read(self, name: str) -> str:
        # One node for each reader: runtimes fuse a reader with dequantisations of its own.
        self._reads += 1
        output = f"{name}.read{self._reads}"
        inputs = [f"{name}.stored", *self._quantization(name)]
        self.nodes.append(helper.make_node("DequantizeLinear", inputs, [output]))
        return output

    def _quantize_parameters(self, node: onnx.NodeProto) -> None:
        source, weight_name, bias_name = node.input
        weight = self._constants[weight_name]
        bias, step = self._constants[bias_name], self._ranges[source].scale
        # A dead channel is all bias: its step must be large enough for the bias to fit into 32 bits.
        stored, scale = quantize_weight(weight, np.abs(bias) / (step * LARGEST_BIAS))
        # Rounding shifts a channel's mean output; the bias takes that shift back.
        error = stored * scale[:, None, None, None].astype(np.float64) - weight
        mean = self._statistics[source].channel_mean
        per_input = error.sum(axis=(2, 3))
        shift = per_input[:, 0] * mean if weight.shape[1] == 1 else per_input @ mean
        stored_bias = np.rint((bias - shift) / (scale * step)).astype(np.int32)
        node.input[1] = self._read_parameter(weight_name, stored, scale, np.zeros(len(scale), np.int8))
        node.input[2] = self._read_parameter(bias_name, stored_bias, scale * step, np.zeros(len(scale), np.int32))

    def _read_parameter(
        self,
        name: str,
        stored: npt.NDArray[np.generic],
        scale: npt.NDArray[np.float32],
        zero: npt.NDArray[np.generic],
    ) -> str:
        self.constants |= {f"{name}.stored": stored, f"{name}.scale": scale, f"{name}.zero": zero}
        inputs = [f"{name}.stored", f"{name}.scale", f"{name}.zero"]
        self.nodes.append(helper.make_node("DequantizeLinear", inputs, [f"{name}.read"], axis=0))
        return f"{name}.read"


def quantize(model: onnx.ModelProto, statistics: Mapping[str, Statistics]) -> onnx.ModelProto:
    """Return the int8 form of a graph of ``build_graph``, with or without its projection."""
    rewriter = _Rewriter(model, statistics)
    rewriter.rewrite()
    constants = [numpy_helper.from_array(value, name) for name, value in rewriter.constants.items()]
    graph = helper.make_graph(
        rewriter.nodes, f"{model.graph.name}-int8", model.graph.input, model.graph.output, constants
    )
    quantized = helper.make_model(
        graph,
        opset_imports=model.opset_import,
        ir_version=model.ir_version,
        producer_name=model.producer_name,
    )
    onnx.checker.check_model(quantized, full_check=True)
    return quantized
