"""What duplicates.db says of a pair, turned into the program's records and back.

Shares and probabilities are stored as whole numbers of millionths, which take three bytes instead of eight and can be
read in bulk (:mod:`numbers`); a score is told no more precisely than that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from photofind.core.evidence import Evidence, Pair, Placement, Verdict

Ids = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint8]
"""Of shape (n, 32), dtype uint8."""

VERDICTS: Final = tuple(Verdict)
"""The verdicts by their code; their order in :class:`Verdict` is stored, so new ones go to its end."""

CODES: Final = {verdict: code for code, verdict in enumerate(VERDICTS)}
MILLIONTHS: Final = 1_000_000
EVIDENCE_COLUMNS: Final = (
    "verdict, score, similarity, hash_distance, orientation, matches, overlap, difference, placement, changes"
)

_TURNED_BACK: Final = {6: 8, 8: 6}
_FLAT: Final = 1e-9
"""A map that leaves less than this of an area has no inverse that means anything."""


@dataclass(frozen=True, slots=True, eq=False)
class PairColumns:
    """Pairs as columns of shape (n,): contents ``first < second``, int64; score, float64; codes of `VERDICTS`, uint8.

    No pair occurs twice.
    """

    first: Ids
    second: Ids
    score: npt.NDArray[np.float64]
    verdict: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.first)

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> PairColumns:
        """Return the columns of some pairs."""
        return cls(
            np.array([pair.first for pair in pairs], np.int64),
            np.array([pair.second for pair in pairs], np.int64),
            np.array([pair.evidence.score for pair in pairs], np.float64),
            np.array([CODES[pair.evidence.verdict] for pair in pairs], np.uint8),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Pairs of contents that may be copies, ``first < second``, shape (n,), int64.

    ``similarity`` is the cosine of their embeddings, float32, NaN where nobody has looked.
    """

    first: Ids
    second: Ids
    similarity: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True, eq=False)
class HashColumns:
    """Perceptual hashes of contents.

    Parameters
    ----------
    ids
        Contents in rising order, shape (n,), int64.
    hashes
        Shape (n, 32), uint8.
    inner
        The hashes of what is inside a border, shape (n, 32), uint8; zeros where ``has_inner`` is False.
    has_inner
        Shape (n,), bool.
    plain
        Whether a picture is too plain for its hash to mean anything, shape (n,), bool.
    """

    ids: Ids
    hashes: Hashes
    inner: Hashes
    has_inner: npt.NDArray[np.bool_]
    plain: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)


def inverted(evidence: Evidence) -> Evidence:
    """Return the same evidence with the first and the second picture in each other's place.

    A placement that flattens the picture has no inverse; None then stands for it.
    """
    return replace(
        evidence,
        orientation=_TURNED_BACK.get(evidence.orientation, evidence.orientation),
        placement=None if evidence.placement is None else _inverse(evidence.placement),
    )


def _inverse(placement: Placement) -> Placement | None:
    a, b, c, d, e, f = placement
    area = a * e - b * d
    if not abs(area) > _FLAT:
        return None
    return (e / area, -b / area, (b * f - c * e) / area, -d / area, a / area, (c * d - a * f) / area)


def evidence_row(evidence: Evidence) -> tuple[Any, ...]:
    """Return the values of `EVIDENCE_COLUMNS`."""
    placement = evidence.placement
    return (
        CODES[evidence.verdict],
        millionths(evidence.score),
        millionths(evidence.similarity),
        _whole(evidence.hash_distance),
        _whole(evidence.orientation),
        _whole(evidence.matches),
        millionths(evidence.overlap),
        millionths(evidence.difference),
        None if placement is None else np.array(placement, "<f4").tobytes(),
        "\n".join(evidence.changes),
    )


def evidence_of(row: Sequence[Any]) -> Evidence:
    """Return the evidence of a row of `EVIDENCE_COLUMNS`."""
    verdict, score, similarity, distance, orientation, matches, overlap, difference, placement, changes = row
    return Evidence(
        VERDICTS[verdict],
        score / MILLIONTHS,
        _share(similarity),
        distance,
        orientation,
        matches,
        _share(overlap),
        _share(difference),
        _placement(placement),
        tuple(changes.split("\n")) if changes else (),
    )


def millionths(value: float | None) -> int | None:
    """Return a number as it is stored; None for None and NaN."""
    return None if value is None or math.isnan(value) else round(float(value) * MILLIONTHS)


def _whole(value: int | None) -> int | None:
    return None if value is None else int(value)  # SQLite would store numpy's numbers as blobs


def _share(stored: int | None) -> float | None:
    return None if stored is None else stored / MILLIONTHS


def _placement(stored: bytes | None) -> Placement | None:
    if stored is None:
        return None
    a, b, c, d, e, f = np.frombuffer(stored, "<f4").tolist()
    return (a, b, c, d, e, f)
