"""Index-factory strings: which ones faiss would die of, what it says of the others, and how an index is tuned.

faiss parses a string with few checks. Most nonsense it refuses, while it is parsed or trained; a graph without edges,
or codes without bits, end the whole process. Those are refused here, before faiss sees them.
"""

from __future__ import annotations

import math
import re
from typing import Any

import faiss

_LARGEST_NUMBER = 1 << 20
_EDGES = range(2, 257)
_BITS = range(1, 17)
_LARGEST_DIMENSION = 16_384
_MOST_STEPS = 10

_GRAPH = re.compile(r"(?:HNSW|NSG)(\d+)")
_CODES = re.compile(r"(?:PQ|RQ|LSQ)(?:\d+x)+(\d+)")
_DIMENSION = re.compile(r"(?:PCA|PCAR|PCAW|PCAWR|RR|Pad|ITQ|OPQ\d+_)(\d+)")
_TOO_FEW = re.compile(r"training points \((\d+)\) should be at least as large as number of clusters \((\d+)")
_PLACE = re.compile(r"^Error in .*? at \S+:\d+: ", re.DOTALL)
_ASSERTION = re.compile(r"^Error: '(.*?)' failed(?:: (.+))?$", re.DOTALL)


class RefusedError(Exception):
    """An index cannot be had; the text is the reason, half a sentence."""


def new_index(string: str, dimension: int) -> Any:
    """Return the empty index of faiss that a string describes.

    It compares by inner product, or by distance where its kind knows nothing else: unit vectors have the same order.

    Raises
    ------
    RefusedError
        When faiss refuses the string, or would die of it.
    """
    _check_numbers(string)
    for metric in (faiss.METRIC_INNER_PRODUCT, faiss.METRIC_L2):
        try:
            return faiss.index_factory(dimension, string, metric)
        except (RuntimeError, MemoryError) as error:
            if metric == faiss.METRIC_L2 or "METRIC_L2" not in str(error):
                raise RefusedError(reason_of(error)) from error
    raise AssertionError("one of the two returned or raised")


def reason_of(error: Exception) -> str:
    """Return what faiss says in an exception, without its source files and functions."""
    if isinstance(error, MemoryError):
        return "it does not fit into the memory"
    text = " ".join(_PLACE.sub("", str(error)).split())
    if few := _TOO_FEW.search(text):
        return f"it takes {int(few[2]):,} vectors or more to train, and there are {int(few[1]):,}"
    if "could not parse" in text:
        return "it is no index-factory string that this faiss knows"
    if assertion := _ASSERTION.match(text):
        return assertion[2] or f"{assertion[1]} does not hold"
    return text or "faiss gives no reason"


def _check_numbers(string: str) -> None:
    if not string.isascii() or not string.strip():
        raise RefusedError("it is no index-factory string that this faiss knows")
    for number in re.findall(r"\d+", string):
        if len(number) > 9 or not 0 < int(number) <= _LARGEST_NUMBER:
            raise RefusedError(f"its numbers have to lie between 1 and {_LARGEST_NUMBER:,}")
    for edges in _GRAPH.findall(string):
        if int(edges) not in _EDGES:
            raise RefusedError(f"a graph has to have from {_EDGES[0]} to {_EDGES[-1]} edges for each vector")
    for bits in _CODES.findall(string):
        if int(bits) not in _BITS:
            raise RefusedError(f"a code has to have from {_BITS[0]} to {_BITS[-1]} bits")
    for dimension in _DIMENSION.findall(string):
        if int(dimension) > _LARGEST_DIMENSION:
            raise RefusedError(f"a vector may have up to {_LARGEST_DIMENSION:,} components")


def usual_strings(count: int, dimension: int) -> tuple[str, ...]:
    """Return the strings that are compared when the user names none, for so many vectors of a dimension."""
    nlist = max(1, min(4 * (1 << round(math.log2(math.sqrt(count)))), count // 39))
    parts = max(m for m in range(1, 33) if dimension % m == 0)
    fine = max(m for m in range(1, 129) if dimension % m == 0)
    less = max(1, min(dimension, 128, count // 2) // parts) * parts
    return (
        "Flat",
        "SQfp16",
        "SQ8",
        "SQ4",
        "LSH",
        f"PCA{less},Flat",
        f"PQ{parts}",
        f"OPQ{parts}_{less},PQ{parts}",
        f"PQ{fine}x4fs,RFlat",
        "HNSW32",
        f"IVF{nlist},Flat",
        f"IVF{nlist},SQ8",
        f"IVF{nlist},PQ{fine}x4fs,RFlat",
    )


def ladder(index: Any) -> list[dict[str, int]]:
    """Return the settings at which an index is measured: the one parameter that trades recall for time, doubled.

    That is nprobe or efSearch, with ten times the candidates where results are re-ranked, or the factor of candidates
    where re-ranking is all there is to choose. An index without any has one setting, an empty one.
    """
    space = faiss.ParameterSpace()
    space.initialize(index)
    ranges = [space.parameter_ranges.at(number) for number in range(space.parameter_ranges.size())]
    names = {each.name for each in ranges}
    refined: dict[str, int] = {"k_factor_rf": 10} if "k_factor_rf" in names else {}
    if "nprobe" in names:
        lists = int(faiss.extract_index_ivf(index).nlist)
        steps = [1 << power for power in range(_MOST_STEPS) if 1 << power < lists] + [lists] * (
            lists < 1 << _MOST_STEPS
        )
        return [{**refined, "nprobe": nprobe} for nprobe in steps]
    if "efSearch" in names:
        return [{**refined, "efSearch": 1 << power} for power in range(4, 10)]
    if refined:
        return [{"k_factor_rf": 1 << power} for power in range(7)]
    return [{}]


def tune(index: Any, setting: dict[str, int]) -> None:
    """Give an index a setting of its ladder."""
    space = faiss.ParameterSpace()
    for name, value in setting.items():
        space.set_index_parameter(index, name, value)


def takes_one_piece(string: str) -> bool:
    """Tell whether a kind of index wants all vectors in one call."""
    return "NSG" in string
