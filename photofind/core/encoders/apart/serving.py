"""The process that runs a network of a foreign pack: opens it and answers one ask after another.

It ends when its pipe closes, and by itself when nobody has asked for minutes.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Final

from PIL import Image

from photofind.core.encoders.apart.messages import (
    BAD_PACK,
    BAD_PICTURE,
    BAD_QUERY,
    BEGUN,
    OPENED,
    VECTOR,
    Ask,
    Order,
)
from photofind.core.errors import PackError, QueryError, UnsupportedPhotoError
from photofind.core.imaging.lifeline import end_with_parent, leave_no_core
from photofind.core.records import Embedding

_IDLE_SECONDS: Final = 600.0

Encode = Callable[[Ask], Embedding]


def serve(asks: Connection, answers: Connection, order: Order) -> None:
    """Open the network and answer asks; the entry point of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what it means
    leave_no_core()
    end_with_parent()
    silence()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # nobody is there who wants an answer
        try:
            encode = _opened(order)
        except PackError as error:
            answers.send_bytes(BAD_PACK + _as_bytes(error))
            return
        answers.send_bytes(OPENED)
        while asks.poll(_IDLE_SECONDS):
            ask: Ask = asks.recv()
            answers.send_bytes(BEGUN)
            answers.send_bytes(_answer(encode, ask))


def silence() -> None:
    """Let this process print nothing: compiled libraries do so past Python, and the terminal is not theirs."""
    with open(os.devnull, "wb") as nowhere:
        for stream in (1, 2):
            with suppress(OSError):  # a program without a terminal may have none
                os.dup2(nowhere.fileno(), stream)


def _opened(order: Order) -> Encode:
    if order.variant is None:
        from photofind.core.encoders.onnx_text import OnnxTextEncoder

        texts = OnnxTextEncoder(order.pack, threads=order.threads)
        return lambda ask: texts.encode(str(ask))
    from photofind.core.encoders.onnx_image import OnnxImageEncoder

    pictures = OnnxImageEncoder(order.pack, order.variant, threads=order.threads)

    def encode(ask: Ask) -> Embedding:
        assert isinstance(ask, Image.Image)
        return pictures.encode(ask)

    return encode


def _answer(encode: Encode, ask: Ask) -> bytes:
    try:
        return VECTOR + encode(ask).tobytes()
    except QueryError as error:
        return BAD_QUERY + _as_bytes(error)
    except UnsupportedPhotoError as error:
        return BAD_PICTURE + _as_bytes(error)


def _as_bytes(error: Exception) -> bytes:
    return str(error).encode("utf-8", "replace")
