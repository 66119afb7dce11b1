"""``python -m tests.campaign PART [--seed N] [--short] [--rounds N] [--seconds S] [--place DIR] [--set KEY=VALUE]``."""

from __future__ import annotations

import argparse
import importlib
import os
import secrets
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.campaign.lending.asking import homes
from tests.campaign.running import Campaign

PARTS = {
    "kills": "the program killed at random moments",
    "faults": "disks that are full, read-only or failing",
    "rot": "flipped bits and lost ends in files of the library",
    "hostile": "photos that nobody should open",
    "imports": "model packs, plans, settings and searches from strangers",
    "privacy": "no connection, no file for others, nothing told",
    "concurrency": "several programs, moved clocks, stalled disks",
    "soak": "hours of use beside files that change",
    "upgrade": "libraries of every older version, and of a newer one",
}
"""Every part is a package beside this module; its module ``run`` has ``run(campaign)``."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts asked for; return 1 when one of them found something."""
    asked = _parser().parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parts = list(PARTS) if asked.part == "all" else [asked.part]
    found = False
    for part in parts:
        seed = asked.seed if asked.seed is not None else secrets.randbelow(1_000_000)
        sys.stderr.write(f"{part}: {PARTS[part]}; seed {seed}\n")
        with tempfile.TemporaryDirectory(prefix="photofind-campaign-", dir=asked.place) as place:
            campaign = Campaign(part, seed, Path(place), asked.short, asked.rounds, asked.seconds, dict(asked.set))
            _live_at(campaign.place / "home")
            importlib.import_module(f"tests.campaign.{part}.run").run(campaign)
        sys.stdout.write(campaign.summary() + "\n")
        sys.stdout.flush()
        found |= bool(campaign.findings)
    return int(found)


def _live_at(home: Path) -> None:
    """Let the program, here and in every process, have its settings and data in a folder of the campaign."""
    home.mkdir()
    os.environ.update(homes(home))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description="Run parts of the fault campaign.")
    parser.add_argument("part", choices=[*PARTS, "all"])
    parser.add_argument("--seed", type=int, help="repeat the run that printed this seed")
    parser.add_argument("--short", action="store_true", help="what the normal test run does")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--place", type=_absolute, help="a folder in which everything is written")
    parser.add_argument("--set", type=_setting, action="append", default=[], metavar="KEY=VALUE")
    return parser


def _absolute(text: str) -> Path:
    return Path(text).absolute()  # the programs that are run have working folders of their own


def _setting(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("KEY=VALUE is wanted")
    return key, value


if __name__ == "__main__":
    sys.exit(main())
