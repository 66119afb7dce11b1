"""The only place that prints. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from photofind.core.errors import StorageError


def prepare() -> None:
    """Let characters that the terminal's encoding lacks come out escaped instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def finish() -> None:
    """Write out what is still buffered, while there is somebody to tell when that fails."""
    with _writing():
        sys.stdout.flush()


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # Leave nothing for the interpreter to flush at its end: it would fail, and complain, once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise StorageError(f"Cannot write the answer: {error.strerror or error}.") from error


@contextmanager
def libraries_unheard() -> Iterator[None]:
    """Let what the decoders' libraries print themselves go nowhere; what is told here reaches stderr as ever."""
    said = sys.stderr
    try:
        number = said.fileno()
    except (AttributeError, OSError, ValueError):  # no stream of the system's
        yield
        return
    said.flush()
    kept = os.dup(number)
    with (
        os.fdopen(kept, "w", encoding=said.encoding, errors=said.errors, buffering=1, closefd=False) as heard,
        open(os.devnull, "wb") as nowhere,
    ):
        os.dup2(nowhere.fileno(), number)
        sys.stderr = heard
        try:
            yield
        finally:
            heard.flush()
            sys.stderr = said
            os.dup2(kept, number)
            os.close(kept)


def tell(message: str) -> None:
    """Print a line for people on stderr."""
    print(printable(message), file=sys.stderr, flush=True)


def fail(message: str) -> None:
    """Print why a command ends with status 1: one line on stderr."""
    tell(f"photofind: {' '.join(message.split())}")


def fail_as_event(message: str) -> None:
    """Print why the worker cannot even begin, for the program that drives it."""
    line(json.dumps({"event": "failed", "message": message, "fixable": True}))
    finish()


def line(message: str) -> None:
    """Print a line of the result on stdout."""
    with _writing():
        print(printable(message))


def document(value: Any) -> None:
    """Print a JSON document on stdout, on one line; undecodable bytes of names become lone surrogate escapes."""
    with _writing():
        print(json.dumps(value, allow_nan=False), flush=True)


def pieces(texts: Iterable[str]) -> None:
    """Print a result that is made piece by piece, such as a JSON document too long to hold; then end the line."""
    with _writing():
        sys.stdout.writelines(texts)
        print(flush=True)


def printable(text: str) -> str:
    """Return the text with what cannot be printed, or would break a line or a terminal, escaped."""
    shown = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() or c == " " else c.encode("unicode_escape").decode("ascii") for c in shown)


def size(count: int) -> str:
    """Return a number of bytes for people."""
    value = float(count)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def duration(seconds: float) -> str:
    """Return a time span for people."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
