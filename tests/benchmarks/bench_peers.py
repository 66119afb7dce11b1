"""photofind beside hnswlib: query time and memory at the same recall, from a table of ``photofind bench peers``.

Usage, the first command for the table (a million vectors: an hour and 10 GB of disk), the second for its marks::

    photofind bench peers --generated 1000000 --out peers.json
    python -m tests.benchmarks.bench_peers peers.json

The table itself says which programs took part, with what settings, and what it did not measure.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.support import Mark, begin, conclude, table

_SLOWER = 2.0
_MEMORY_SHARE = 1 / 3


def marks_of(rows: dict[str, dict[str, Any]]) -> list[Mark]:
    """Return the promises; ``rows`` are those of the table by program, and may lack the one to compare with."""
    ours, theirs = rows["photofind"], rows.get("hnswlib")
    deleted = Mark("deleted vectors that come back", ours["came_back"], 0)
    if theirs is None:
        return [deleted]
    return [
        Mark("ms at recall@10 0.95, times hnswlib's", ours["ms_95"] / theirs["ms_95"], _SLOWER),
        Mark("resident memory, share of hnswlib's", ours["resident_mb"] / theirs["resident_mb"], _MEMORY_SHARE),
        deleted,
    ]


def main() -> int:
    """Print the ladders of a table and how its marks are met."""
    parser = argparse.ArgumentParser(description="The marks of a table of peers.")
    parser.add_argument("table", type=Path, help="what `photofind bench peers --out` wrote as JSON")
    document = json.loads(parser.parse_args().table.read_text("utf-8"))
    facts = document["facts"]
    begin(f"{facts['vectors']:,} vectors of {facts['dimension']} dimensions, {facts['queries']} queries")
    rows = {row["peer"]: row for row in document["rows"] if row.get("recall") is not None}
    keys = ("build_s", "resident_mb", "ms_90", "ms_95", "ms_99", "recall", "came_back")
    shown = [[name, *("-" if row[key] is None else f"{row[key]:.3f}" for key in keys)] for name, row in rows.items()]
    table(["program", *keys], shown)
    return conclude(marks_of(rows))


if __name__ == "__main__":
    sys.exit(main())
