"""Aligning: from a rough map between two pictures to one that is right to a fraction of a pixel.

Gauss and Newton with the gradient of the picture that stays in place, so that it is computed once (inverse
compositional; Baker and Matthews, IJCV 2004), over the places with the strongest edges, which are spread over the
picture. Brightness and contrast are fitted along, and places that do not fit (a watermark, a person who walked on)
weigh little (Tukey's biweight). First on blurred pictures, because there the way may be longer.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.core.duplicates.opencv import cv2
from photofind.core.duplicates.pixels import Grey, Matrix, inverse, scale_of

_STAGES: Final = ((3.0, 8), (1.2, 6))  # blur in pixels, steps
_CELL: Final = 6  # pixels: the strongest edge of each cell is used
_MOST_PLACES: Final = 2500
_FEWEST: Final = 40
_STILL: Final = 0.01  # pixels
_FARTHEST: Final = 0.12  # of the longer side: a map that moves more was not refined but lost
_BIWEIGHT: Final = 4.685


def refined(first: Grey, second: Grey, matrix: Matrix) -> Matrix:
    """Return a better map from the second picture into the first; the given one when none is found."""
    if scale_of(matrix) > 1:
        return inverse(refined(second, first, inverse(matrix)))
    # The first is the coarser now: its pixels look for their places in the second.
    towards = inverse(matrix)
    start = towards
    shrink = 1 / scale_of(matrix)
    for blur, steps in _STAGES:
        better = _stage(_blurred(first, blur), _blurred(second, blur * shrink), towards, steps)
        if better is None:
            break
        towards = better
    if _moved(start, towards, first.shape) > _FARTHEST * max(first.shape) * shrink:
        return matrix
    return inverse(towards)


def _blurred(grey: Grey, blur: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), blur), np.float32)


def _stage(first: Grey, second: Grey, towards: Matrix, steps: int) -> Matrix | None:
    places, jacobian, values = _edges(first)
    size = second.shape[1], second.shape[0]
    for _ in range(steps):
        there = places @ towards[:2].T
        seen = ((there > 0) & (there < np.array(size) - 1)).all(1)
        if seen.sum() < _FEWEST:
            return None
        sampled = cv2.remap(second, there.astype(np.float32)[:, None, :], None, cv2.INTER_LINEAR).ravel()  # type: ignore[call-overload]
        wanted = values[seen]
        error, weight = _errors(wanted, sampled[seen])
        rows = jacobian[seen]
        normal = rows.T @ (rows * weight[:, None])
        try:
            step = np.linalg.solve(normal + np.eye(6) * 1e-6 * normal.trace(), rows.T @ (weight * error))
        except np.linalg.LinAlgError:
            return None
        update = np.eye(3)
        update[:2] += _from_centred(step, first.shape)
        if abs(np.linalg.det(update[:2, :2])) < 0.5:
            return None
        towards = towards @ inverse(update)
        if np.abs(step).max() < _STILL:
            break
    return np.asarray(towards)


def _edges(grey: Grey) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return places (n, 3) as x, y, 1, the derivatives (n, 6) by the six parameters, and the luminance there (n,)."""
    across = cv2.Scharr(grey, cv2.CV_32F, 1, 0) / 32
    down = cv2.Scharr(grey, cv2.CV_32F, 0, 1) / 32
    strength = across * across + down * down
    height, width = (length // _CELL * _CELL for length in grey.shape)
    cells = strength[:height, :width].reshape(height // _CELL, _CELL, width // _CELL, _CELL)
    best = cells.swapaxes(1, 2).reshape(height // _CELL, width // _CELL, -1).argmax(2)
    y = (np.arange(height // _CELL)[:, None] * _CELL + best // _CELL).ravel()
    x = (np.arange(width // _CELL)[None, :] * _CELL + best % _CELL).ravel()
    if len(y) > _MOST_PLACES:
        chosen = np.argpartition(-strength[y, x], _MOST_PLACES)[:_MOST_PLACES]
        y, x = y[chosen], x[chosen]
    places = np.column_stack([x, y, np.ones(len(x))]).astype(np.float64)
    # In coordinates of -1 to 1, so that all six parameters are of a size, namely pixels at the border.
    u, v = 2 * x / grey.shape[1] - 1, 2 * y / grey.shape[0] - 1
    gx, gy = across[y, x].astype(np.float64), down[y, x].astype(np.float64)
    jacobian = np.column_stack([gx * u, gx * v, gx, gy * u, gy * v, gy])
    return places, jacobian, grey[y, x].astype(np.float64)


def _from_centred(step: npt.NDArray[np.float64], shape: tuple[int, ...]) -> Matrix:
    """Return a step of the six parameters as the change of a map in pixels, shape (2, 3)."""
    height, width = shape[:2]
    a, b, c = step[0::3], step[1::3], step[2::3]
    return np.column_stack([2 * a / width, 2 * b / height, c - a - b])


def _errors(wanted: npt.NDArray[np.float64], found: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], ...]:
    """Return how much the second picture exceeds the first after gain and offset, and how much each place may say."""
    gain, offset = 1.0, 0.0
    weight = np.ones(len(wanted))
    other = found.astype(np.float64)
    for _ in range(2):
        total = weight.sum()
        mean_wanted, mean_other = (weight @ wanted) / total, (weight @ other) / total
        spread = weight @ (other - mean_other) ** 2
        gain = (weight @ ((other - mean_other) * (wanted - mean_wanted))) / max(spread, 1e-6)
        offset = mean_wanted - gain * mean_other
        error = gain * other + offset - wanted
        limit = _BIWEIGHT * max(1.4826 * float(np.median(np.abs(error))), 1.0)
        weight = np.clip(1 - (error / limit) ** 2, 0, None) ** 2 + 1e-9
    return error, weight


def _moved(before: Matrix, after: Matrix, shape: tuple[int, ...]) -> float:
    """Return how far the farthest corner moved, in pixels of the second picture."""
    height, width = shape[:2]
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], np.float64).T
    return float(np.abs(((after - before) @ corners)[:2]).max())
