"""What image and text networks have in common: opening untrusted ONNX bytes, on the processor only.

A network is refused before it is opened when it asks for operators that no plain onnxruntime has: they would need
foreign code. onnxruntime is imported when the first network is opened and not before: it takes longer to import than
the rest of the program together.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from photofind.core.errors import PackError

if TYPE_CHECKING:
    import onnxruntime

# onnxruntime writes its log to stderr; whatever matters is raised as well.
_LOG_NOTHING: Final = 4
_DOMAINS: Final = {"", "ai.onnx", "ai.onnx.ml", "com.microsoft"}
# Numbers of protobuf fields, from onnx.proto: ModelProto.opset_import and OperatorSetIdProto.domain.
_OPSET_IMPORT: Final = 8
_DOMAIN: Final = 1


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
    import onnxruntime

    onnxruntime.disable_telemetry_events()
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
        return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    except runtime_errors() as error:
        raise PackError(f"The model {label} cannot be opened: {first_line(error)}.") from error


def runtime_errors() -> tuple[type[Exception], ...]:
    """Return what onnxruntime raises; its exceptions have no common base of their own."""
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
    """Refuse a network that imports a set of operators other than the standard ones.

    A node may only use what its model imports, so the imports, a few bytes at the top level of the file, tell all.
    """
    try:
        imports = [value for number, value in _fields(memoryview(network)) if number == _OPSET_IMPORT]
        domains = {str(value, "utf-8") for opset in imports for number, value in _fields(opset) if number == _DOMAIN}
    except (ValueError, IndexError) as error:
        raise PackError(f"The model {label} cannot be opened: it is not an ONNX file.") from error
    for domain in sorted(domains - _DOMAINS):
        raise PackError(
            f"The model {label} needs operators of its own ({domain[:80]!r}), which photofind does not run."
        )


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
