"""What was done to one of two copies: from the map between them and their colours to a verdict in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.core.duplicates.agreeing import Agreement
from photofind.core.duplicates.opencv import cv2
from photofind.core.duplicates.pixels import Matrix, inverse, luminance, size_of
from photofind.core.evidence import Verdict

Picture = npt.NDArray[np.uint8]
"""RGB, shape (height, width, 3)."""

WHOLE: Final = 0.965
"""From this share on a picture counts as shown whole: maps are right to a pixel or two."""

_PLAIN_REST: Final = 0.55
_PLAIN: Final = 3.0  # grey levels of local deviation
_GROUND: Final = 9.0  # levels that the colour of a frame may vary
_EDGE: Final = 14.0  # levels between a frame and the picture in it
_EDGED: Final = 0.4
_STRAIGHTENED: Final = 0.4  # degrees
_STRETCHED: Final = 1.04
_COLOURLESS: Final = 5.0  # mean distance of red, green and blue from each other's mean
_RECOLOURED: Final = 7.0
_BRIGHTER: Final = 7.0  # grey levels
_CONTRAST: Final = 1.13
_WRITTEN: Final = 0.004


class Change(StrEnum):
    """What may have been done to one of two copies; these are the words of ``Evidence.changes``."""

    CROPPED = "cropped"
    MIRRORED = "mirrored"
    ROTATED = "rotated"
    STRAIGHTENED = "straightened"
    STRETCHED = "stretched"
    FRAMED = "framed"
    GREY = "grey"
    COLOURS = "colours"
    BRIGHTNESS = "brightness"
    CONTRAST = "contrast"
    SHARPNESS = "sharpness"
    WRITTEN_ON = "written on"


_PLACED: Final = frozenset({Change.CROPPED})


def changes_between(first: Picture, second: Picture, matrix: Matrix, agreement: Agreement) -> tuple[Change, ...]:
    """Return what differs between two copies, the second being placed in the first by ``matrix``."""
    found = [*_placing(matrix), *_framing(first, second, matrix, agreement)]
    found += _toning(first, second, matrix)
    if agreement.apart > _WRITTEN:
        found.append(Change.WRITTEN_ON)
    elif agreement.fitted > 0.012 and agreement.alike < 0.975:
        found.append(Change.SHARPNESS)
    return tuple(found)


def verdict_of(changes: Sequence[Change], first: tuple[int, int], second: tuple[int, int]) -> Verdict:
    """Return the verdict on two copies with these changes and these sizes in pixels."""
    if set(changes) - _PLACED:
        # A crop stays a crop when its tone was changed too; what was added or turned weighs more.
        tones = {Change.COLOURS, Change.BRIGHTNESS, Change.CONTRAST, Change.SHARPNESS, *_PLACED}
        return Verdict.CROPPED if Change.CROPPED in changes and set(changes) <= tones else Verdict.EDITED
    if changes:
        return Verdict.CROPPED
    return Verdict.REENCODED if first == second else Verdict.RESIZED


def is_mirrored(matrix: Matrix) -> bool:
    """Tell whether a map swaps left and right."""
    return float(np.linalg.det(matrix[:2, :2])) < 0


def orientation_of(matrix: Matrix) -> int:
    """Return the EXIF orientation that is nearest to a map: how the second has to be turned to look like the first."""
    linear = matrix[:2, :2]
    across = linear[:, 0]
    quarter = round(math.degrees(math.atan2(across[1], across[0])) / 90) % 4
    return ((1, 6, 3, 8), (4, 5, 2, 7))[is_mirrored(matrix)][quarter]


def _placing(matrix: Matrix) -> list[Change]:
    found = []
    linear = matrix[:2, :2]
    if is_mirrored(matrix):
        found.append(Change.MIRRORED)
        linear = linear @ np.diag([-1.0, 1.0])
    angle = math.degrees(math.atan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1]))
    quarters = round(angle / 90)
    if quarters % 4:
        found.append(Change.ROTATED)
    if abs(angle - 90 * quarters) > _STRAIGHTENED:
        found.append(Change.STRAIGHTENED)
    stretch = np.linalg.svd(linear, compute_uv=False)
    if stretch[0] > _STRETCHED * stretch[1]:
        found.append(Change.STRETCHED)
    return found


def _framing(first: Picture, second: Picture, matrix: Matrix, agreement: Agreement) -> list[Change]:
    found = []
    in_first, in_second = agreement.covered
    if in_first < WHOLE and in_second < WHOLE:
        found.append(Change.CROPPED)
    elif in_first < WHOLE:
        found.append(Change.FRAMED if _rest_is_frame(first, size_of(second), matrix) else Change.CROPPED)
    elif in_second < WHOLE:
        found.append(Change.FRAMED if _rest_is_frame(second, size_of(first), inverse(matrix)) else Change.CROPPED)
    return found


def _rest_is_frame(outer: Picture, inner: tuple[int, int], matrix: Matrix) -> bool:
    """Tell whether what the outer picture has more is a border, a banner or a screen: plain, with an edge."""
    width, height = inner
    corners = np.array([[0, 0, 1], [width - 1, 0, 1], [width - 1, height - 1, 1], [0, height - 1, 1]], np.float64)
    inside = np.zeros(outer.shape[:2], np.uint8)
    cv2.fillConvexPoly(inside, np.round(corners @ matrix[:2].T).astype(np.int32), 1)
    near = cv2.dilate(inside, np.ones((7, 7), np.uint8)) > 0
    rest = ~near
    if rest.sum() < 16:
        return False
    grey = luminance(outer)
    mean = cv2.blur(grey, (3, 3))
    deviation = np.sqrt(np.maximum(cv2.blur(grey * grey, (3, 3)) - mean * mean, 0))
    if float((deviation[rest] < _PLAIN).mean()) < _PLAIN_REST:
        return False
    ground = np.median(outer[rest], axis=0)
    spread = float((np.abs(outer[rest].astype(np.float32) - ground).max(1) < _GROUND).mean())
    inner_edge = (inside > 0) & (cv2.erode(inside, np.ones((7, 7), np.uint8)) == 0)
    differs = (
        float((np.abs(outer[inner_edge].astype(np.float32) - ground).max(1) > _EDGE).mean()) if inner_edge.any() else 0
    )
    return spread > _PLAIN_REST and differs > _EDGED


def _toning(first: Picture, second: Picture, matrix: Matrix) -> list[Change]:
    """Return changes of colour and tone, judged by what both show, at a coarse size."""
    size = size_of(first)
    warped = cv2.warpAffine(second, matrix[:2], size, flags=cv2.INTER_LINEAR)
    mask = cv2.warpAffine(np.ones(second.shape[:2], np.uint8), matrix[:2], size, flags=cv2.INTER_NEAREST) > 0
    a, b = (cv2.blur(p, (5, 5))[mask][::7].astype(np.float32) for p in (first, warped))
    if len(a) < 16:
        return []
    found = []
    light_a, light_b = a.mean(1), b.mean(1)
    chroma_a, chroma_b = a - light_a[:, None], b - light_b[:, None]
    colour_a, colour_b = float(np.abs(chroma_a).mean()), float(np.abs(chroma_b).mean())
    if min(colour_a, colour_b) < _COLOURLESS / 3 and max(colour_a, colour_b) > _COLOURLESS:
        found.append(Change.GREY)
    elif float(np.abs(chroma_a - chroma_b).mean()) > _RECOLOURED / 2:
        found.append(Change.COLOURS)
    ratio = (float(light_a.std()) + 1) / (float(light_b.std()) + 1)
    if max(ratio, 1 / ratio) > _CONTRAST:
        found.append(Change.CONTRAST)
    if abs(float(light_a.mean() - light_b.mean())) > _BRIGHTER:
        found.append(Change.BRIGHTNESS)
    return found
