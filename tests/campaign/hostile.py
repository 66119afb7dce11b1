"""Photos that nobody should open: torture files, a fuzz run, files that take decoders down, names, damaged thumbnails.

``--set eval=DIR`` adds a folder with a ``torture`` part and ``make_fs_cases.py``; ``--set keep=DIR`` keeps the inputs
that did harm; ``--set only=fuzz`` runs one of the steps; ``--rounds N`` bounds the inputs.
"""

from __future__ import annotations

from pathlib import Path

from tests.campaign.hostile_fuzz import Fuzz
from tests.campaign.running import Campaign


def run(campaign: Campaign) -> None:
    """Run every step, or the one that ``only`` names."""
    only = campaign.options.get("only")
    others = Path(campaign.options["eval"]) / "torture" if "eval" in campaign.options else None
    fuzz = Fuzz(campaign, others)
    if only in (None, "fuzz"):
        fuzz.run()
