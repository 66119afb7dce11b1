"""The rows of the grid for the answer to a query, with the photos that it missed at their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photofind.core.queries import Hit


@dataclass(frozen=True, slots=True, eq=False)
class AnswerRows:
    """What the rows are: ids and scores, shape (n,), why each is here, and which were missed, shape (n,)."""

    ids: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]
    reasons: list[Sequence[str]]
    missed: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, found: Sequence[Hit], missed: Sequence[Hit] = (), why: str = "") -> AnswerRows:
        """Return the rows of what was found, in its order, and of what was missed, each before what scores less.

        Parameters
        ----------
        why
            The reason that is given with each photo that was missed.
        """
        known = {hit.photo_id for hit in found}
        missed = sorted((hit for hit in missed if hit.photo_id not in known), key=lambda hit: -hit.score)
        lowest = np.minimum.accumulate(_scores(found)) if found else _scores(found)
        places = np.searchsorted(-lowest, -_scores(missed), side="right")
        hits = list(found)
        for place, hit in zip(places[::-1].tolist(), missed[::-1], strict=True):  # the last first: it moves no other
            hits.insert(place, hit)
        is_missed = np.array([hit.photo_id not in known for hit in hits], np.bool_)
        reasons = [(*hit.why, why) if lacked else hit.why for hit, lacked in zip(hits, is_missed, strict=True)]
        return cls(np.array([hit.photo_id for hit in hits], np.int64), _scores(hits), list(reasons), is_missed)


def _scores(hits: Sequence[Hit]) -> npt.NDArray[np.float32]:
    return np.array([hit.score for hit in hits], np.float32)
