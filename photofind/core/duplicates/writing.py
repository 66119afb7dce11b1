"""Writing on pictures: whether places where two pictures disagree were drawn over one, or show another moment.

A watermark, a caption or a sticker mixes the picture with few tones, often one: what is seen is (1 - a) x + a c for a
tone c, so that the values of both pictures at such places lie on a line, or between the picture's own value and c where
strokes are thinner than pixels. Between the strokes, the pictures are equal. Where people walked on, one picture's
values tell nothing about the other's. Two pages of one layout with different words differ by writing, too, but on both
sides: there, both pictures have few tones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

_MOST_VALUES: Final = 1200
_FEWEST: Final = 16
_NEAR: Final = 10.0  # grey levels
_LINES: Final = 100
_TONES: Final = 18
_LOUD: Final = 12.0

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Writing:
    """How much the places that disagree look written, each 0 to 1.

    ``lines`` is the share of values that two lines explain, ``towards`` the share that lies between the other
    picture's value and one tone, ``between`` the share of pixels at such places that are equal nevertheless,
    ``both`` the lesser share of values in few tones of the two pictures: high for two pages of text.
    """

    lines: float = 0.0
    towards: float = 0.0
    between: float = 0.0
    both: float = 0.0


NOT_WRITTEN: Final = Writing()


def writing(
    first: npt.NDArray[np.float32],
    second: npt.NDArray[np.float32],
    correlation: npt.NDArray[np.float32],
    known: npt.NDArray[np.bool_],
) -> Writing:
    """Examine the places of two aligned pictures, all of shape (height, width), where local correlation is low."""
    agree = (correlation > 0.8) & known
    apart = (correlation < 0.7) & known
    if agree.sum() < _FEWEST or apart.sum() < _FEWEST:
        return NOT_WRITTEN
    fitted = _toned(first, second, agree)
    error = np.abs(fitted - first)
    quiet = float(np.median(error[agree]))
    differs = apart & (error > max(_LOUD, 4 * quiet))
    if differs.sum() < _FEWEST:
        return NOT_WRITTEN
    one, other = _sampled(first[differs]), _sampled(fitted[differs])
    heart = (correlation < 0.5) & known
    between = float((error[heart] <= max(6.0, 2 * quiet)).mean()) if heart.any() else 0.0
    return Writing(
        lines=max(_on_lines(one, other), _on_lines(other, one)),
        towards=max(_towards_a_tone(one, other), _towards_a_tone(other, one)),
        between=between,
        both=min(_few_tones(one), _few_tones(other)),
    )


def _toned(
    first: npt.NDArray[np.float32], second: npt.NDArray[np.float32], agree: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float32]:
    """Return the second picture with the brightness and contrast of the first."""
    a, b = first[agree].astype(np.float64), second[agree].astype(np.float64)
    gain = float(((a - a.mean()) * (b - b.mean())).sum()) / max(1.0, float(((b - b.mean()) ** 2).sum()))
    return np.asarray((second - b.mean()) * gain + a.mean(), np.float32)


def _sampled(values: npt.NDArray[np.float32]) -> Values:
    return values[:: 1 + len(values) // _MOST_VALUES].astype(np.float64)


def _on_lines(source: Values, drawn: Values) -> float:
    """Return the share of pixels whose drawn value follows from the source by one of two lines of slope 0 to 1.

    A line needs a source that varies: of values in a heap, any line explains much.
    """
    rng = np.random.default_rng(0)
    explained = 0
    for _ in range(2):
        if len(source) < _FEWEST:
            break
        pairs = rng.integers(0, len(source), (2, _LINES))
        run = source[pairs[1]] - source[pairs[0]]
        slope = (drawn[pairs[1]] - drawn[pairs[0]]) / np.where(np.abs(run) < 1, np.inf, run)
        slope = np.clip(slope, 0, 0.9)
        offset = drawn[pairs[0]] - slope * source[pairs[0]]
        near = np.abs(slope[:, None] * source + offset[:, None] - drawn) < _NEAR
        best = near[int(near.sum(1).argmax())]
        explained += int(best.sum())
        source, drawn = source[~best], drawn[~best]
    return explained / max(1, explained + len(source))


def _towards_a_tone(source: Values, drawn: Values) -> float:
    """Return the largest share of pixels that lie between the source and one tone."""
    tones = np.linspace(0, 255, _TONES)[:, None]
    step, whole = drawn - source, tones - source
    return float(((step * whole >= 0) & (np.abs(step) <= np.abs(whole) + _NEAR)).mean(1).max())


def _few_tones(values: Values) -> float:
    """Return the share of values in the two fullest of ranges of 24 grey levels."""
    counts = np.bincount((values.clip(0, 255) / 8).astype(np.int64), minlength=32)
    top = 0
    for _ in range(2):
        sums = counts[:-2] + counts[1:-1] + counts[2:]
        best = int(sums.argmax())
        top += int(sums[best])
        counts[best : best + 3] = 0
    return top / len(values)
