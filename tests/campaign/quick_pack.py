"""Two tiny model packs for campaigns that index thousands of times: they encode a photo in well below a millisecond.

A photo becomes its mean colour; the second pack has it in other places of the vector, so that vectors of one are of no
use to the other.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import numpy as np

from photofind.core.settings import Settings, load_settings
from tests.support.packs import DIMENSION, network, pack_files, write_pack

QUICK: Final = "quick"
OTHER: Final = "quick-other"
"""The names of the two packs, to be used as ``model`` in the settings and with ``photofind model use``."""

QUICK_DIMENSION: Final = DIMENSION


def quick_settings(home: Path | None = None, **more: object) -> Settings:
    """Install both packs in a home and let it prefer the first one; return its settings.

    ``home`` is a folder as the campaign and the tests make one: ``data`` and ``config`` below it. By default it is the
    home of this process, and what is started from here uses the same packs and settings. ``more`` are other settings,
    by their names: numbers, texts and lists of texts.
    """
    home = Path(os.environ["HOME"]) if home is None else home
    models = home / "data" / "photofind" / "models"
    for name in (QUICK, OTHER):
        if not (models / name / "pack.toml").is_file():
            write_pack(models / name, pack_files(name, image=_network(name), text=b""))
    return write_settings(home, **{"model": QUICK, "workers": 1, "priority": "normal", **more})


def write_settings(home: Path, **values: object) -> Settings:
    """Write the settings file of a home, with nothing but these values in it, and read it."""
    path = home / "config" / "photofind" / "settings.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{name} = {_toml(value)}\n" for name, value in values.items()), encoding="utf-8")
    return load_settings(path)


def _toml(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return repr(value)


def _network(name: str) -> bytes:
    """Return the network of a pack: the second one is the first with its three colours in other places."""
    made = network("sound")
    if name == QUICK:
        return made
    plain = np.eye(3, QUICK_DIMENSION, dtype="<f4")
    assert made.count(plain.tobytes()) == 1
    return made.replace(plain.tobytes(), np.ascontiguousarray(plain[:, ::-1]).tobytes())
