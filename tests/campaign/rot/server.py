"""As ``imports.server``, with all loaded that the questions of ``reading`` need: each costs milliseconds then.

``python -m tests.campaign.rot.server [LIBRARY]`` asks a healthy library everything before it lends copies of itself.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from tests.campaign.lending.server import serve

_PRELOADED = (
    *("search", "doctor", "serving_pack", "library_writer", "indexing.run", "health", "duplicates.reading", "saved"),
    *("duplicates.finding", "evaluation.calibrating", "searching.images", "words.shipped", "words.reading"),
    *("words.meaning", "words.builtin", "imaging.viewing", "encoders.onnx_image", "actions.acting"),
)

if __name__ == "__main__":
    for name in (*(f"photofind.core.{part}" for part in _PRELOADED), "tests.campaign.rot.reading"):
        importlib.import_module(name)
    if sys.argv[1:]:
        importlib.import_module("tests.campaign.rot.reading").read(Path(sys.argv[1]))
    serve()
