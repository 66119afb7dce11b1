"""From searches of few photos and list ranks of many to recalls with their errors: control variates.

Recall differs so much between photos (from 0 to 1, a standard deviation of 0.3) that 200 of them tell its mean to no
better than 2 points. What searches find and what the ranks of lists say they find differs by little, and this
difference 200 photos tell well; the rest is told by thousands whose list ranks are known (control variates: Glasserman,
Monte Carlo Methods in Financial Engineering, 2003, section 4.1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from photofind.core.evaluation.probing import Recalls

_AT_10 = 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """Mean recalls at the depths of ``probing.DEPTHS``, 0 to 1, and the standard error of that at 10."""

    recalls: tuple[float, float, float]
    error_at_10: float


def estimate(by_lists: Recalls, searched: Recalls) -> Estimate:
    """Return the mean recalls of searches with one nprobe.

    Parameters
    ----------
    by_lists
        What list ranks say of all queries, shape (n, 3).
    searched
        What searches found for the first m of them, shape (m, 3).
    """
    difference = searched - by_lists[: len(searched)]
    means = np.clip(by_lists.mean(axis=0) + difference.mean(axis=0), 0.0, 1.0)
    error = math.hypot(_error(by_lists[:, _AT_10]), _error(difference[:, _AT_10]))
    return Estimate((float(means[0]), float(means[1]), float(means[2])), min(error, 1.0))


def largest_error(by_lists: Recalls) -> float:
    """Return the largest standard error of recall@10 of some nprobes, by list ranks of shape (n, nprobes, 3)."""
    return max(_error(column) for column in by_lists[:, :, _AT_10].T)


def _error(values: Recalls) -> float:
    return float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
