"""From numbers to the probability that two pictures are copies: logistic models over what was measured of a pair.

One model for thumbnails and one for larger pictures, whose coefficients ``models/build_duplicate_calibration.py`` fits.
The numbers are taken as logarithms of how much is wrong, because copies differ from each other by orders of magnitude
there, and other shots by more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from photofind.core.duplicates.agreeing import Agreement

NUMBERS: Final = (
    "unlike",
    "low",
    "shift",
    "middle",
    "far",
    "fitted",
    "uncovered",
    "faint",
    "small",
    "many",
    "apart",
    "lines",
    "towards",
    "between",
    "both",
)
"""What :func:`numbers` returns, in order; the names are those of the calibration file."""

_SURE: Final = 30.0
_LITTLE: Final = 0.004
_CHANCE_LINES: Final = 0.6
_CHANCE_TOWARDS: Final = 0.75
_CHANCE_BETWEEN: Final = 0.3
_FULL_AREA: Final = 40_000.0
_FEW_MATCHES: Final = 30


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """``intercept`` and one weight for each of :data:`NUMBERS`."""

    intercept: float
    weights: tuple[float, ...]

    def probability(self, values: Sequence[float]) -> float:
        """Return the probability that a pair with these numbers is a pair of copies."""
        return probability(self.intercept + sum(w * v for w, v in zip(self.weights, values, strict=True)))


def numbers(agreement: Agreement, matches: int | None) -> tuple[float, ...]:
    """Return what the models weigh; ``matches`` is None for a map that did not come from local features."""
    apart = math.log((agreement.apart + _LITTLE) / _LITTLE)
    written = agreement.writing
    return (
        math.log(1.003 - agreement.steady),
        math.log(1.01 - agreement.low),
        math.log(agreement.shift + 0.05),
        math.log(agreement.middle + 0.03),
        math.log(agreement.far + 0.05),
        math.log(agreement.fitted + 0.003),
        1 - max(agreement.covered),
        math.log(agreement.texture + 0.02),
        math.log(min(agreement.area, _FULL_AREA) / _FULL_AREA),
        math.log((min(_FEW_MATCHES, matches) + 1) / (_FEW_MATCHES + 1)) if matches is not None else 0.0,
        # What explains that places disagree counts the more, the more of them there are.
        apart,
        apart * _beyond(written.lines, _CHANCE_LINES),
        apart * _beyond(written.towards, _CHANCE_TOWARDS),
        apart * _beyond(written.between, _CHANCE_BETWEEN),
        apart * written.both,
    )


def _beyond(share: float, chance: float) -> float:
    """Return how much of the way from chance to certainty a share has gone, 0 to 1."""
    return max(0.0, share - chance) / (1 - chance)


def probability(logit: float) -> float:
    """Return the probability of a logit."""
    return 1 / (1 + math.exp(-max(-_SURE, min(_SURE, logit))))


def logit(chance: float) -> float:
    """Return the logit of a probability, bounded for 0 and 1."""
    bounded = min(max(chance, 1e-13), 1 - 1e-13)
    return math.log(bounded / (1 - bounded))
