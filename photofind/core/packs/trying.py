"""Trying a pack that nobody has tried before, in a process of its own.

What is inside a pack runs in compiled libraries. A network may loop without end, a tokenizer may let a text grow
until no memory is left, and either may bring down the process that it runs in, printing whatever it likes. Here that
costs a process which nobody misses, and the pack is refused.
"""

from __future__ import annotations

import multiprocessing
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import psutil

from photofind.core.encoders import ModelPack, load_pack, verify_pack
from photofind.core.encoders.apart import PackLimits
from photofind.core.encoders.apart.serving import silence
from photofind.core.errors import PackError
from photofind.core.imaging.lifeline import end_with_parent, leave_no_core
from photofind.core.packs.progress import Watch
from photofind.core.spawning import begin

_SPAWN: Final = multiprocessing.get_context("spawn")
_LOOK_SECONDS: Final = 0.1


def try_pack(pack: ModelPack, watch: Watch, limits: PackLimits | None = None) -> None:
    """Open every network of a pack and try it on a made-up picture or text.

    Parameters
    ----------
    pack
        The pack.
    watch
        Asked often whether to stop.
    limits
        How long it may take, and how much memory; by default those of searches.

    Raises
    ------
    PackError
        It is not sound, or crashes, hangs or grows beyond measure.
    InstallStopped
        It was asked to stop.
    """
    receiver, sender = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=_serve, args=(pack.folder, sender), name="photofind-pack", daemon=True)
    limits = limits or PackLimits.of(pack)
    with receiver:
        begin(process)
        sender.close()
        try:
            end = time.monotonic() + limits.opening_seconds
            while not receiver.poll(_LOOK_SECONDS):  # it says something or it ends
                watch.tell("check")
                if time.monotonic() > end:
                    raise PackError(f"The model {pack.name} takes too long over a short text or a picture.")
                if _size(process.pid) > limits.process_bytes:
                    raise PackError(f"The model {pack.name} takes too much memory.")
            problem = _answer(pack.name, receiver)
        finally:
            process.kill()
            process.join()
            process.close()
    if problem:
        raise PackError(problem)


def _answer(name: str, receiver: Connection) -> str:
    """Return what is wrong with the pack, nothing if it is sound."""
    try:
        return receiver.recv_bytes().decode("utf-8", "replace")
    except EOFError:
        return f"The model {name} crashes when it is tried."


def _size(number: int | None) -> int:
    """Return the memory of a process in bytes."""
    try:
        return int(psutil.Process(number).memory_info().rss)
    except psutil.Error:  # it has ended; its pipe tells how
        return 0


def _serve(folder: Path, sender: Connection) -> None:
    """Try the pack and tell what is wrong with it; runs in the other process."""
    silence()
    leave_no_core()
    end_with_parent()
    problem = ""
    try:
        verify_pack(load_pack(folder))
    except PackError as error:
        problem = str(error)
    with suppress(OSError):  # who wanted to know is gone
        sender.send_bytes(problem.encode("utf-8", "replace"))
