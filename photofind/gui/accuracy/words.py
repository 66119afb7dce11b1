"""What is said about accuracy: short beside the slider, in full as its tooltip and below the curve.

A promise is rounded so that it is never more than what was measured: only a search that misses nothing finds 100 of
100.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QObject

from photofind.core.accuracy import Accuracy, OperatingPoint
from photofind.gui.accuracy.positions import Positions
from photofind.gui.numbers import decimal, grouped, moment


class AccuracyWords(QObject):
    """The sentences about positions and what they reach."""

    def label(self, point: OperatingPoint, ms: float) -> list[str]:
        """Say what a position promises: ``97 of 100 true neighbours · 1.3 ms``, and less where there is less room."""
        found = _of_hundred(point.recall_at_10)
        short = self.tr("{} of 100").format(found)
        return [self._joined(self.tr("{} of 100 true neighbours").format(found), ms), self._joined(short, ms), short]

    def unmeasured(self, nprobe: int) -> list[str]:
        """Say of a position that nothing is known of it."""
        return [self.tr("nprobe {} · not measured yet").format(grouped(nprobe)), self._plain(nprobe)]

    def searched(self, nprobe: int | None, ms: float) -> list[str]:
        """Say what a search did and promise nothing; ``nprobe`` None when it compared with every photo."""
        plain = self.exact() if nprobe is None else self._plain(nprobe)
        return [self._joined(plain, ms), plain]

    def exact(self) -> str:
        """Say that every photo is compared."""
        return self.tr("exact")

    def small_library(self) -> str:
        """Say why there is nothing to choose."""
        return self.tr("This library is small enough to compare every photo: all searches are exact.")

    def milliseconds(self, ms: float) -> str:
        """Return a time as exactly as it deserves: ``0.42 ms``, ``1.3 ms``, ``240 ms``."""
        digits = 2 if ms < 0.995 else 1 if ms < 99.95 else 0
        return self.tr("{} ms").format(decimal(ms, digits))

    def details(self, positions: Positions, position: int) -> list[str]:
        """Return lines with all that is known of a position."""
        point, accuracy = positions.point(position), positions.accuracy
        if position >= positions.exact:
            lines = [self.tr("Compares with every photo and misses nothing.")]
            if accuracy is not None:
                lines.append(self.tr("median {}").format(self.milliseconds(accuracy.exact_ms)))
            return lines
        nprobe = positions.nprobes[position]
        lines = [self.tr("Looks into {} of {} lists of the index").format(grouped(nprobe), grouped(positions.nlist))]
        return lines + (self._measured(point) if point is not None else [self.tr("not measured yet")])

    def origin(self, accuracy: Accuracy) -> str:
        """Say on what and when it was measured."""
        when = moment(accuracy.measured_at)
        if accuracy.queries == 1:
            return self.tr("Measured with 1 of your photos, {}").format(when)
        return self.tr("Measured with {} of your photos, {}").format(grouped(accuracy.queries), when)

    def last_search(self, nprobe: int | None, ms: float) -> str:
        """Say in a line of its own how the last search was done."""
        if nprobe is None:
            return self.tr("The last search: exact, {}").format(self.milliseconds(ms))
        return self.tr("The last search: approximate, nprobe {}, {}").format(grouped(nprobe), self.milliseconds(ms))

    def _measured(self, point: OperatingPoint) -> list[str]:
        shares = (point.recall_at_1, point.recall_at_10, point.recall_at_100)
        one, ten, hundred = (self._per_cent(share) for share in shares)
        error = decimal(point.error_at_10 * 100, 1)
        return [
            self.tr("recall@1 {} · recall@10 {} ± {} · recall@100 {}").format(one, ten, error, hundred),
            self.tr("median {} · p95 {}").format(self.milliseconds(point.ms_median), self.milliseconds(point.ms_p95)),
        ]

    def _per_cent(self, share: float) -> str:
        return self.tr("{} %").format(decimal(math.floor(share * 1000 + 1e-6) / 10, 1))

    def _plain(self, nprobe: int) -> str:
        return self.tr("nprobe {}").format(grouped(nprobe))

    def _joined(self, words: str, ms: float) -> str:
        return f"{words} · {self.milliseconds(ms)}"


def _of_hundred(share: float) -> int:
    return math.floor(share * 100 + 1e-6)  # 0.29 * 100 is 28.999…
