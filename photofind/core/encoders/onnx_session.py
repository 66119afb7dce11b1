"""What image and text networks have in common: opening untrusted ONNX bytes, on the processor only.

A network is refused before it is opened when it asks for operators that no plain onnxruntime has: they would need
foreign code. onnxruntime is imported when the first network is opened and not before: it takes longer to import than
the rest of the program together. It is told to send nothing before it is imported, see :func:`load_runtime`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from photofind.core.errors import PackError

if TYPE_CHECKING:
    import onnxruntime

# onnxruntime writes its log to stderr; whatever matters is raised as well.
_LOG_NOTHING: Final = 4
_DOMAINS: Final = {"", "ai.onnx", "ai.onnx.ml", "com.microsoft"}
# Where a network names domains of operators, as numbers of protobuf fields from onnx.proto: for each message what
# other messages are in it, and which field of it is the name of a domain.
_INSIDE: Final[dict[str, dict[int, str]]] = {
    "model": {7: "graph", 8: "opset", 25: "function"},
    "function": {7: "node", 9: "opset"},
    "graph": {1: "node"},
    "node": {5: "attribute"},
    "attribute": {6: "graph", 11: "graph"},
    "opset": {},
}
_DOMAIN_FIELDS: Final = {"opset": 1, "node": 7}


def open_session(label: str, network: bytes, path: Path, threads: int) -> onnxruntime.InferenceSession:
    """Open a network whose bytes were verified.

    Parameters
    ----------
    label
        What to call the network in an error.
    network
        The bytes of the ONNX file.
    path
        Where they came from; nothing is read from there.
    threads
        Processor threads for one run.

    Raises
    ------
    PackError
        It is no network, or one that needs other files or foreign operators.
    """
    _check_domains(label, network)
    load_runtime()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = _LOG_NOTHING
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A memory plan is kept for every input shape seen; without, 200 shapes cost 16 MB less and no time.
    options.enable_mem_pattern = False
    # Idle threads sleep instead of burning the processor time that decoding needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # A network may name further files for its weights, which no checksum covers. They would be looked for in this
    # folder, or in the current one if none were given; below a file there is nothing.
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(path))
    try:
        # Without the second attempt after a failure, which would be no different and is announced on stdout.
        session = onnxruntime.InferenceSession(
            network, options, providers=["CPUExecutionProvider"], enable_fallback=False
        )
        for end in (*session.get_inputs(), *session.get_outputs()):
            _ = end.name, end.shape  # names may hold bytes that are no text, which shows when they are asked for
    except runtime_errors() as error:
        raise PackError(f"The model {label} cannot be opened: {first_line(error)}.") from error
    return session


def load_runtime() -> None:
    """Import onnxruntime in such a way that it tells nobody of its use; the only place that imports it first.

    From version 1.31 on its official builds look up a server of their maker as soon as they are imported, and keep an
    id of the machine in the user's cache folder. Only this variable, before the import, prevents both
    (onnxruntime/Privacy.md, "Disabling Telemetry"); ``disable_telemetry_events()`` comes too late, and does less. It
    is for Windows, where some builds do not know the variable.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()


def runtime_errors() -> tuple[type[Exception], ...]:
    """Return what onnxruntime raises; its exceptions have no common base of their own.

    What it says may quote bytes of the network that are no text; then Python cannot even make its exception.
    """
    load_runtime()
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    return (
        state.EPFail,
        state.EngineError,
        state.Fail,
        state.InvalidArgument,
        state.InvalidGraph,
        state.InvalidProtobuf,
        state.NoModel,
        state.NoSuchFile,
        state.NotImplemented,
        state.RuntimeException,
        UnicodeDecodeError,
    )


def first_line(error: Exception) -> str:
    """Return the first line of what an error says, without its full stop."""
    return str(error).strip().partition("\n")[0].rstrip(".")


def fits(shape: list[int | str | None], expected: tuple[int | None, ...]) -> bool:
    """Tell whether a declared shape, whose free sides are names, allows the expected one."""
    return len(shape) == len(expected) and all(
        not isinstance(side, int) or wanted is None or side == wanted
        for side, wanted in zip(shape, expected, strict=True)
    )


def _check_domains(label: str, network: bytes) -> None:
    """Refuse a network that imports or uses a set of operators other than the standard ones.

    Looking at the imports is not enough: onnxruntime lets nodes use its internal operators without an import.
    """
    try:
        foreign = _domains(network) - _DOMAINS
    except (ValueError, IndexError) as error:
        raise PackError(f"The model {label} cannot be opened: it is not an ONNX file.") from error
    for domain in sorted(foreign):
        raise PackError(
            f"The model {label} needs operators of its own ({domain[:80]!r}), which photofind does not run."
        )


def _domains(network: bytes) -> set[str]:
    """Return the domains of operators that a network names anywhere."""
    found: set[str] = set()
    messages = [("model", memoryview(network))]
    while messages:
        kind, message = messages.pop()
        for number, content in _fields(message):
            if number in _INSIDE[kind]:
                messages.append((_INSIDE[kind][number], content))
            elif number == _DOMAIN_FIELDS.get(kind):
                found.add(str(content, "utf-8"))
    return found


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield number and content of each length-delimited field of a protobuf message; skip all others.

    Raises IndexError or ValueError when the bytes are no such message.
    """
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        kind = tag & 7
        if kind == 0:
            _, at = _varint(message, at)
        elif kind == 1:
            at += 8
        elif kind == 5:
            at += 4
        elif kind == 2:
            length, at = _varint(message, at)
            yield tag >> 3, message[at : at + length]
            at += length
        else:
            raise ValueError(f"no protobuf wire type: {kind}")


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("a number of more than 64 bits")
