"""Networks that mean harm, written as protobuf messages by hand: the tests need no library that makes networks.

Source of the field numbers: onnx.proto of ONNX 1.17.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.campaign.imports.descriptions import install
from tests.campaign.imports.stage import Case, Stage
from tests.support.packs import DIMENSION, network, pack_files

FLOAT, UINT8, INT64, BOOL = 1, 2, 7, 9
_BIG = 1 << 34


def field(number: int, value: int | bytes | str) -> bytes:
    """Return one field of a protobuf message."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value & (1 << 64) - 1)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def tensor(
    name: str, values: Sequence[int] | Sequence[float], kind: int = INT64, dims: Sequence[int] | None = None
) -> bytes:
    letter = {INT64: "q", FLOAT: "f", BOOL: "?"}[kind]
    shape = [len(values)] if dims is None else dims
    sides = b"".join(field(1, side) for side in shape)
    return sides + field(2, kind) + field(8, name) + field(9, struct.pack(f"<{len(values)}{letter}", *values))


def node(kind: str, inputs: Sequence[str], outputs: Sequence[str], *attributes: bytes, domain: str = "") -> bytes:
    names = b"".join(field(1, name) for name in inputs) + b"".join(field(2, name) for name in outputs)
    return names + field(4, kind) + (field(7, domain) if domain else b"") + b"".join(field(5, a) for a in attributes)


def integer(name: str, value: int) -> bytes:
    return field(1, name) + field(3, value) + field(20, 2)


def graph_attribute(name: str, graph: bytes) -> bytes:
    return field(1, name) + field(6, graph) + field(20, 5)


def value_info(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    sides = b"".join(field(1, field(1, side) if isinstance(side, int) else field(2, side)) for side in shape)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, sides)))


def graph(
    nodes: Sequence[bytes], inputs: Sequence[bytes], outputs: Sequence[bytes], constants: Sequence[bytes] = ()
) -> bytes:
    parts = [field(1, each) for each in nodes] + [field(2, "g")] + [field(5, each) for each in constants]
    return b"".join((*parts, *(field(11, each) for each in inputs), *(field(12, each) for each in outputs)))


def model(content: bytes, functions: Sequence[bytes] = ()) -> bytes:
    opset = field(8, field(2, 17))
    return field(1, 8) + opset + field(7, content) + b"".join(field(25, each) for each in functions)


def image_model(*nodes: bytes, constants: Sequence[bytes] = (), output: Sequence[int | str] = (1, DIMENSION)) -> bytes:
    """Return a network from ``image`` to ``embedding``."""
    image = value_info("image", UINT8, (1, "h", "w", 3))
    return model(graph(nodes, [image], [value_info("embedding", FLOAT, output)], constants))


def _collapsed(name: str) -> list[bytes]:
    """Return nodes that make an embedding of a tensor of any size, so that it has to be there."""
    spread = tensor("spread", [1.0] + [0.0] * (DIMENSION - 1), FLOAT, [1, DIMENSION])
    del spread
    return [
        node("ReduceSum", [name], ["sum"], integer("keepdims", 0)),
        node("Mul", ["sum", "zero"], ["nothing"]),
        node("Add", ["nothing", "direction"], ["embedding"]),
    ]


_CONSTANTS = (
    tensor("zero", [0.0], FLOAT, []),
    tensor("direction", [1.0] + [0.0] * (DIMENSION - 1), FLOAT, [1, DIMENSION]),
)


def bombs() -> dict[str, bytes]:
    """Return tiny networks that would take all memory or never end."""
    sides = tensor("sides", [_BIG])
    filled = node("ConstantOfShape", ["sides"], ["huge"])
    one = tensor("one", [1.0], FLOAT, [1])
    return {
        "ConstantOfShape of 64 GB": image_model(filled, *_collapsed("huge"), constants=[*_CONSTANTS, sides]),
        "ConstantOfShape of 3 GB, ten times": _many_constants(),
        "Expand to 64 GB": image_model(
            node("Expand", ["one", "sides"], ["huge"]), *_collapsed("huge"), constants=[*_CONSTANTS, one, sides]
        ),
        "Tile to 64 GB": image_model(
            node("Tile", ["one", "sides"], ["huge"]), *_collapsed("huge"), constants=[*_CONSTANTS, one, sides]
        ),
        "Range of 128 GB": image_model(
            node("Range", ["start", "end", "step"], ["long"]),
            node("Cast", ["long"], ["huge"], integer("to", FLOAT)),
            *_collapsed("huge"),
            constants=[
                *_CONSTANTS,
                tensor("start", [0], INT64, []),
                tensor("end", [_BIG], INT64, []),
                tensor("step", [1], INT64, []),
            ],
        ),
        "a shape beyond all numbers": image_model(
            filled, *_collapsed("huge"), constants=[*_CONSTANTS, tensor("sides", [1 << 62, 1 << 62])]
        ),
        "a negative shape": image_model(filled, *_collapsed("huge"), constants=[*_CONSTANTS, tensor("sides", [-5])]),
        "an initializer that claims 64 GB": image_model(
            *_collapsed("huge"),
            constants=[*_CONSTANTS, field(1, _BIG) + field(2, FLOAT) + field(8, "huge") + field(9, b"x")],
        ),
        "an initializer of a negative size": image_model(
            *_collapsed("huge"),
            constants=[*_CONSTANTS, field(1, -1) + field(2, FLOAT) + field(8, "huge") + field(9, b"")],
        ),
        "a million nodes": image_model(
            *[node("Identity", ["image"], [f"n{n}"]) for n in range(50_000)], constants=_CONSTANTS
        ),
        "graphs in graphs": image_model(_nested_ifs(3000), constants=[*_CONSTANTS, tensor("yes", [True], BOOL, [])]),
        "a function that calls itself": _recursive(),
    }


def endless() -> bytes:
    """Return a network that counts to 2^62 in a loop."""
    body = graph(
        [node("Identity", ["going"], ["goes on"]), node("Add", ["state", "tiny"], ["next"])],
        [value_info("turn", INT64, ()), value_info("going", BOOL, ()), value_info("state", FLOAT, (1, DIMENSION))],
        [value_info("goes on", BOOL, ()), value_info("next", FLOAT, (1, DIMENSION))],
    )
    return image_model(
        node("Loop", ["turns", "yes", "direction"], ["embedding"], graph_attribute("body", body)),
        constants=[
            *_CONSTANTS,
            tensor("turns", [1 << 62], INT64, []),
            tensor("yes", [True], BOOL, []),
            tensor("tiny", [0.0], FLOAT, [1]),
        ],
    )


def _many_constants() -> bytes:
    names = [f"huge{number}" for number in range(10)]
    nodes = [node("ConstantOfShape", ["sides"], [name]) for name in names]
    nodes += [node("Sum", names, ["huge"]), *_collapsed("huge")]
    return image_model(*nodes, constants=[*_CONSTANTS, tensor("sides", [3 << 28])])


def _nested_ifs(depth: int) -> bytes:
    out = [value_info("embedding", FLOAT, (1, DIMENSION))]
    inner = node("Identity", ["direction"], ["embedding"])
    for _ in range(min(depth, 600)):
        branch = graph([inner], [], out)
        inner = node(
            "If",
            ["yes"],
            ["embedding"],
            graph_attribute("then_branch", branch),
            graph_attribute("else_branch", graph([node("Identity", ["direction"], ["embedding"])], [], out)),
        )
    return inner


def _recursive() -> bytes:
    function = field(1, "f") + field(4, "image") + field(5, "embedding") + field(10, "")
    function += field(7, node("f", ["image"], ["embedding"])) + field(9, field(2, 17))
    image = value_info("image", UINT8, (1, "h", "w", 3))
    called = graph([node("f", ["image"], ["embedding"])], [image], [value_info("embedding", FLOAT, (1, DIMENSION))])
    return model(called, [function])


def liars() -> dict[str, bytes]:
    """Return networks that run, but not as their description says."""
    chance = node(
        "RandomNormal", [], ["embedding"], field(1, "shape") + field(8, 1) + field(8, DIMENSION) + field(20, 7)
    )
    unit = [
        node("RandomNormal", [], ["noise"], field(1, "shape") + field(8, 1) + field(8, DIMENSION) + field(20, 7)),
        node("LpNormalization", ["noise"], ["embedding"], integer("axis", 1), integer("p", 2)),
    ]
    return {
        "random vectors": image_model(chance),
        "random unit vectors": image_model(*unit),
        "a node of no known kind": image_model(node("Reboot", ["image"], ["embedding"])),
        "an operator of its own": image_model(node("Run", ["image"], ["embedding"], domain="evil")),
        "an operator inside onnxruntime": image_model(
            node("MemcpyFromHost", ["image"], ["embedding"], domain="com.ms.internal.nhwc")
        ),
        "another dimension": image_model(
            node("Identity", ["x"], ["embedding"]), constants=[tensor("x", [1.0], FLOAT, [1, 1])]
        ),
        "no node": image_model(),
        "no graph": field(1, 8) + field(8, field(2, 17)),
        "an opset of tomorrow": network("sound").replace(b"\x10\x11", b"\x10\x7f"),
        "no protobuf": b"\xff" * 1000,
        "a message that claims 4 GB": field(1, 8) + b"\x3a\xff\xff\xff\xff\x0f",
        **{name: _external(place) for name, place in _ELSEWHERE.items()},
        **{f"{name} (shipped test network)": network(name) for name in _BROKEN},
    }


_BROKEN = (
    "custom_operator",
    "external_data",
    "float_input",
    "not_finite",
    "not_unit_length",
    "planes_first",
    "two_outputs",
    "undeclared_operator",
)
_ELSEWHERE = {
    "weights of another folder": "../../outside/secret.txt",
    "weights of the system": "/etc/passwd",
    "weights of an endless device": "/dev/zero",
    "weights beside the pack": "image.onnx",
    "weights in memory": "*/_ORT_MEM_ADDR_/*",
}


def _external(location: str) -> bytes:
    entries = [
        field(1, "location") + field(2, location),
        field(1, "offset") + field(2, "0"),
        field(1, "length") + field(2, "32"),
    ]
    said = b"".join(field(13, entry) for entry in entries)
    weights = field(1, 1) + field(1, DIMENSION) + field(2, FLOAT) + field(8, "weights") + said + field(14, 1)
    return image_model(node("Identity", ["weights"], ["embedding"]), constants=[weights])


def cases(stage: Stage) -> Iterator[Case]:
    """Yield packs with these networks; each is tried in a process apart, which may take 2 GB and 300 seconds."""
    for name, content in (bombs() | liars()).items():
        case = install(
            stage, f"network: {name}", pack_files("stranger", image=content, text=b""), megabytes=4500, seconds=320
        )
        yield replace(case, told="cannot be opened") if name in _ELSEWHERE else case


def beside_case(stage: Stage) -> Case:
    """Return the pack whose weights lie in a file beside it: refused for that, and not for what they are."""
    return next(case for case in cases(stage) if case.name == "network: weights beside the pack")


def endless_case(stage: Stage) -> Case:
    """Return the pack whose network never ends: five minutes of waiting."""
    return install(stage, "network: endless loop", pack_files("stranger", image=endless(), text=b""), seconds=330)
