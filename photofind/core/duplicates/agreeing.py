"""Agreement: how well two pictures fit each other where both show something.

A copy agrees with its original wherever something can be seen, but for noise, tone and what was written over it; the
next shot of a burst agrees in part, or everywhere a little beside the place. So around each pixel, the local
correlation (free of brightness and contrast) and the local displacement (one step of Lucas and Kanade, IJCAI 1981) are
taken. Both count only where there is texture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from photofind.core.duplicates.opencv import cv2
from photofind.core.duplicates.pixels import SMALLEST, Grey, Overlay
from photofind.core.duplicates.writing import NOT_WRITTEN, Writing, writing

_WINDOW: Final = 13  # pixels, of local statistics
_STRIDE: Final = 4
_NOISE: Final = 2.5  # grey levels that compression may invent
_TEXTURED: Final = 9.0  # grey levels of deviation from which on texture counts in full
_SOFTEN: Final = 1.0
_BLACK: Final = (4.0, 60.0)
_WHITE: Final = (165.0, 251.0)
_DISAGREES: Final = 0.5
_SHARPER: Final = 1.2
_BLURS: Final = (0.5, 0.7, 0.9, 1.2, 1.6, 2.1)
_FARTHEST: Final = 3.0  # pixels: one step cannot tell more


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two pictures agree under a map.

    ``covered`` is the share of the first and of the second picture that both show, ``area`` the overlap in pixels of
    the coarser frame, and ``texture`` the share of it in which something can be compared. Places count by their
    texture: ``alike`` is the mean local correlation and ``apart`` the share of places that disagree. Of the others,
    ``steady`` is the mean correlation and ``low`` the one that nine tenths exceed; ``shift`` is the root mean square of
    local displacements in pixels of the coarser frame, ``middle`` their median and ``far`` what a tenth exceeds.
    ``difference`` is the mean difference of luminance, 0 to 1, and ``fitted`` the same after brightness and contrast
    were made equal. ``writing`` tells whether the places that disagree look written over.
    """

    covered: tuple[float, float]
    area: float
    texture: float
    alike: float
    apart: float
    steady: float
    low: float
    shift: float
    middle: float
    far: float
    difference: float
    fitted: float
    writing: Writing


def agreement(pair: Overlay) -> Agreement:
    """Measure how well two pictures agree."""
    sharp = _equally_sharp(pair.first, pair.second)
    first, second = _softened(sharp[0]), _softened(sharp[1])
    known = pair.mask * _lasting(pair.first, pair.second)
    local = _Local(first, second, known)
    plain, fitted = _differences(first, second, known)
    total = float(local.weight.sum())
    apart = local.correlation < _DISAGREES
    weight = np.asarray(local.weight * ~apart, np.float32)
    rest = float(weight.sum())
    shift, middle, far = local.displacement(weight)
    heard = (local.weight > 0) & apart
    return Agreement(
        covered=pair.covered,
        area=float(pair.mask.sum()),
        texture=total / max(1.0, float(pair.mask[::_STRIDE, ::_STRIDE].sum())),
        alike=_mean(local.correlation, local.weight),
        apart=1 - rest / total if total > 0 else 1.0,
        steady=_mean(local.correlation, weight),
        low=_quantile(local.correlation, weight, 0.1),
        shift=shift,
        middle=middle,
        far=far,
        difference=plain,
        fitted=fitted,
        writing=writing(*sharp, local.full, known > 0) if heard.any() else NOT_WRITTEN,
    )


def _mean(values: Grey, weight: Grey) -> float:
    total = float(weight.sum())
    return float((values * weight).sum()) / total if total > 0 else 0.0


def _quantile(values: Grey, weight: Grey, share: float) -> float:
    """Return the value below which a share of the weight lies, 0 when nothing weighs."""
    order = np.argsort(values, axis=None)
    sums = np.cumsum(weight.ravel()[order])
    if not len(sums) or sums[-1] <= 0:
        return 0.0
    return float(values.ravel()[order][min(int(np.searchsorted(sums, share * sums[-1])), len(sums) - 1)])


def _equally_sharp(first: Grey, second: Grey) -> tuple[Grey, Grey]:
    """Blur the sharper of two aligned pictures until both have as much fine detail."""
    details = [_detail(first), _detail(second)]
    if max(details) < _SHARPER * min(details):
        return first, second
    sharper, goal = (first, details[1]) if details[0] > details[1] else (second, details[0])
    blurred = min(
        (np.asarray(cv2.GaussianBlur(sharper, (0, 0), blur), np.float32) for blur in _BLURS),
        key=lambda candidate: abs(math.log((_detail(candidate) + 0.1) / (goal + 0.1))),
    )
    return (blurred, second) if details[0] > details[1] else (first, blurred)


def _detail(grey: Grey) -> float:
    """Return the fine detail of a picture in relation to its contrast, so that more contrast alone changes nothing."""
    coarse = cv2.GaussianBlur(grey, (0, 0), _SOFTEN)
    return float(np.abs(grey - coarse).mean()) / (float(grey.std()) + 1)


def _softened(grey: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), _SOFTEN), np.float32)


def _lasting(first: Grey, second: Grey) -> Grey:
    """Return 0 where one picture is black or blown out and the other nearly so: there, a change of tone ate texture."""
    lost = np.zeros(first.shape, np.bool_)
    for one, other in ((first, second), (second, first)):
        lost |= (one >= _WHITE[1]) & (other >= _WHITE[0]) & (other < _WHITE[1])
        lost |= (one <= _BLACK[0]) & (other <= _BLACK[1]) & (other > _BLACK[0])
    return np.asarray(~lost, np.float32)


def _differences(first: Grey, second: Grey, known: Grey) -> tuple[float, float]:
    """Return the mean difference of luminance, 0 to 1, as it is and after the best gain and offset."""
    where = known[::2, ::2] > 0
    a, b = first[::2, ::2][where].astype(np.float64), second[::2, ::2][where].astype(np.float64)
    if len(a) < SMALLEST:
        return 1.0, 1.0
    plain = float(np.abs(a - b).mean()) / 255
    gain = float(((a - a.mean()) * (b - b.mean())).sum()) / max(1.0, float(((b - b.mean()) ** 2).sum()))
    fitted = np.abs((a - a.mean()) - gain * (b - b.mean())).mean()
    return plain, float(fitted) / 255


class _Local:
    """Local statistics of two softened pictures, every few pixels; places of which nothing is known weigh nothing."""

    def __init__(self, first: Grey, second: Grey, known: Grey) -> None:
        self._share = np.maximum(_box(known), 1e-6)
        self._known = known
        self._means = self._mean(first), self._mean(second)
        variances = [
            np.maximum(self._mean(p * p) - m * m, 0) for p, m in zip((first, second), self._means, strict=True)
        ]
        covariance = self._mean(first * second) - self._means[0] * self._means[1]
        noise = _NOISE**2
        product = (variances[0] + noise) * (variances[1] + noise)
        self._deviations = [np.sqrt(variance + noise) for variance in variances]
        self._pictures = first, second
        correlation = (covariance + noise) / np.sqrt(product)
        texture = np.clip((np.sqrt(np.maximum(*variances)) - _NOISE) / (_TEXTURED - _NOISE), 0, 1)
        weight = texture * (self._share > 0.6)
        self.full = np.asarray(np.clip(correlation, -1, 1), np.float32)
        self.correlation = self.full[::_STRIDE, ::_STRIDE]
        self.weight = np.asarray(weight[::_STRIDE, ::_STRIDE], np.float32)

    def _mean(self, values: Grey) -> Grey:
        return np.asarray(_box(values * self._known) / self._share, np.float32)

    def displacement(self, weight: Grey) -> tuple[float, float, float]:
        """Return root mean square, median and upper tenth of how far things lie from where they should, in pixels."""
        first, second = (
            (picture - mean) / deviation
            for picture, mean, deviation in zip(self._pictures, self._means, self._deviations, strict=True)
        )
        middle = np.asarray((first + second) / 2, np.float32)
        across, down = (_derivative(middle, axis) * self._known for axis in (1, 0))
        apart = second - first
        products = (across * across, across * down, down * down, across * apart, down * apart)
        xx, xy, yy, xt, yt = (_box(np.asarray(product, np.float32))[::_STRIDE, ::_STRIDE] for product in products)
        xx, yy = xx + 1e-3, yy + 1e-3
        determinant = np.maximum(xx * yy - xy * xy, 1e-9)
        squared = ((yy * xt - xy * yt) / determinant) ** 2 + ((xx * yt - xy * xt) / determinant) ** 2
        limited = np.asarray(np.minimum(squared, _FARTHEST**2), np.float32)
        smaller = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy * xy)
        # An edge alone tells nothing along itself.
        weight = np.asarray(weight * np.clip(smaller / 0.01, 0, 1), np.float32)
        if weight.sum() <= 0:
            return _FARTHEST, _FARTHEST, _FARTHEST
        usual, far = (math.sqrt(_quantile(limited, weight, share)) for share in (0.5, 0.9))
        return math.sqrt(_mean(limited, weight)), usual, far


def _box(values: Grey) -> Grey:
    return np.asarray(cv2.boxFilter(values, -1, (_WINDOW, _WINDOW), borderType=cv2.BORDER_CONSTANT), np.float32)


def _derivative(values: Grey, axis: int) -> Grey:
    kernel = np.array([[-0.5, 0, 0.5]], np.float32)
    return np.asarray(cv2.filter2D(values, -1, kernel if axis == 1 else kernel.T), np.float32)
