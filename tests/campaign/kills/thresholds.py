"""The thresholds of a large library, lowered so that a hundred photos are sealed, merged and trained on as many are."""

from __future__ import annotations

import importlib
import multiprocessing
import multiprocessing.forkserver
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

_LOWERED: Final[dict[str, dict[str, Any]]] = {
    "photofind.core.vectors.rule": {
        "_NLIST_STEPS": ((60, 1), (150, 2), (1_000_000, 4)),
        "_ONE_LIST": 60,
        "MIN_SEALED": 24,
        "MAX_DELTA": 48,
        "MAX_SEGMENT": 400,
        "_CLASS_LIMITS": (64, 128, 200),
    },
    "photofind.core.vectors.building": {"MAX_SEGMENT": 400, "_CHUNK": 32},
    "photofind.core.vectors.snapshot": {"MAX_DELTA": 48},
    "photofind.core.indexing.line": {"_COMMIT_RESULTS": 16},
    "photofind.core.actions.journalling": {"BATCH": 8},
}
BATCH: Final = 16
"""Photos that one commit holds at most, lowered."""


def lower() -> list[tuple[Any, str, Any]]:
    """Lower them in this process; return what they were: module, name and value."""
    before = []
    for module_name, values in _LOWERED.items():
        module = importlib.import_module(module_name)
        for name, value in values.items():
            if hasattr(module, name):
                before.append((module, name, getattr(module, name)))
                setattr(module, name, value)
    run = importlib.import_module("photofind.core.indexing.upkeep").IndexUpkeep.run
    before.append((run, "__kwdefaults__", run.__kwdefaults__))
    run.__kwdefaults__ = {"smallest_delta": _LOWERED["photofind.core.vectors.rule"]["MIN_SEALED"]}
    return before


@contextmanager
def loaded_decoders() -> Iterator[None]:
    """Let decoders of this process be copies of one that has loaded all it needs; elsewhere, they are started anew."""
    pool: Any = importlib.import_module("photofind.core.indexing.pool")
    usual = pool._SPAWN
    multiprocessing.set_forkserver_preload(["photofind.core.indexing.decoder", "photofind.core.encoders.onnx_image"])
    pool._SPAWN = multiprocessing.get_context("forkserver")
    try:
        yield
    finally:
        pool._SPAWN = usual
        server: Any = multiprocessing.forkserver
        server._forkserver._stop()  # its home is gone after this


@contextmanager
def lowered() -> Iterator[None]:
    """Have them lowered in this process for a while."""
    before = lower()
    try:
        yield
    finally:
        for owner, name, value in reversed(before):
            setattr(owner, name, value)
