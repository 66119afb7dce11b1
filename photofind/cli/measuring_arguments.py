"""The arguments of the commands that measure: ``evaluate`` and ``bench``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # what add_subparsers() returns has no public name

TABLES = ("exact-vs-index", "pq", "ivfpq", "factory", "lsh", "expansion", "peers")


def add_evaluate(commands: Commands, parents: list[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add ``photofind evaluate``; return its parser."""
    parser = commands.add_parser(
        "evaluate",
        parents=parents,
        help="measure how much of the truth each nprobe finds, or how well labels are found",
        description="Without options: asks photos of the library for their neighbours, exactly and by the index, and"
        " keeps the result, which the slider shows and searches follow. With --labels: how well photos that belong"
        " together are found.",
    )
    parser.add_argument("--queries", type=_number(20, 100_000), metavar="N", help="photos to ask (default: enough)")
    parser.add_argument(
        "--labels",
        metavar="folders|FILE",
        help="photos of one folder belong together, or rows of a CSV file: path,label",
    )
    parser.add_argument(
        "--precision", type=share, default=0.95, metavar="P", help="with --labels: the threshold for it (default 0.95)"
    )
    return parser


def add_bench(commands: Commands, parents: list[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add ``photofind bench``; return its parser."""
    parser = commands.add_parser(
        "bench",
        parents=parents,
        help="print a benchmark table, of the library or of generated vectors",
        description="Measures kinds of indexes side by side, each row with its exact answer, in one run.",
    )
    parser.add_argument("table", choices=TABLES, metavar="TABLE", help=", ".join(TABLES))
    parser.add_argument(
        "factory",
        nargs="*",
        metavar="STRING",
        help="for factory: index-factory strings of faiss; for peers: programs; for expansion: a CSV file of labels",
    )
    parser.add_argument(
        "--generated",
        type=_number(1, 100_000_000),
        metavar="N",
        help="measure on so many generated vectors instead of the library's",
    )
    parser.add_argument("--queries", type=_number(1, 100_000), metavar="N", help="queries (default: the table's own)")
    parser.add_argument(
        "--format", choices=("markdown", "csv"), default="markdown", help="(default markdown; or --json)"
    )
    parser.add_argument("--out", metavar="FILE", help="write the table to a file: .md, .csv or .json")
    parser.add_argument("--chart", metavar="FILE", help="draw a chart of the table: .png or .svg")
    return parser


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {low:,} to {high:,}")
        return value

    return read


def share(text: str) -> float:
    """Read a number from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return value
