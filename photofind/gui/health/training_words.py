"""How well an index still fits the photos, and how much searches find by it, in words."""

from __future__ import annotations

from PySide6.QtCore import QObject

from photofind.core.health import Drift, IndexHealth, Reason
from photofind.gui import numbers
from photofind.gui.health.words import Fact, Section


class TrainingWords(QObject):
    """Writes the sentences on training and accuracy; an object for its translations only."""

    def training(self, health: IndexHealth) -> Section | None:
        """Return when the index was trained, and how well it fits the photos since; None without an index."""
        if not health.nlist:
            return None
        when = numbers.moment(health.trained_at) if health.trained_at is not None else self.tr("unknown")
        on = self.tr("With {} vectors.").format(numbers.grouped(health.trained_on))
        if health.newcomers is not None:
            since = self.tr("{} came since.").format(numbers.grouped(health.newcomers))
            on = f"{on} {since}"
        facts = [Fact(self.tr("Last training"), when, on)]
        if health.drift is not None:
            facts += self._drift(health.drift, drifts=health.reclustering.reason is Reason.DRIFT)
        return Section(self.tr("How well it fits"), tuple(facts))

    def _drift(self, drift: Drift, *, drifts: bool) -> list[Fact]:
        whom = self.tr("of photos that came since") if drift.newcomers else self.tr("of all photos")
        verdict = self._drift_verdict(drift, drifts=drifts)
        return [
            Fact(
                self.tr("Distance to the centre of a list"),
                self._compared(
                    numbers.decimal(drift.distance, 3),
                    None if drift.distance_then is None else numbers.decimal(drift.distance_then, 3),
                ),
                self.tr("The mean {whom}. {verdict}").format(whom=whom, verdict=verdict),
                drifts,
            ),
            Fact(
                self.tr("Clipped components"),
                self._compared(
                    numbers.share(drift.clipped, 2),
                    None if drift.clipped_then is None else numbers.share(drift.clipped_then, 2),
                ),
                self.tr("So much {whom} lies outside the range that the index can store, and is rounded.").format(
                    whom=whom
                ),
                drifts,
            ),
        ]

    def _compared(self, now: str, then: str | None) -> str:
        if then is None:
            return now
        return self.tr("{now} (at the training {then})").format(now=now, then=then)

    def _drift_verdict(self, drift: Drift, *, drifts: bool) -> str:
        if drifts:
            return self.tr("These are of another kind than those that the index knows.")
        if drift.distance_then is None:
            return self.tr("What it was at the training is not known.")
        return self.tr("The index fits them as it did at its training.")

    def accuracy(self, health: IndexHealth, default_recall: float) -> Section | None:
        """Return what searches find and take, as it was measured; None while it was not."""
        accuracy = health.accuracy
        if accuracy is None:
            return None
        point = accuracy.cheapest(default_recall)
        found = self.tr("{found} of 100 (± {error})").format(
            found=numbers.decimal(100.0 * point.recall_at_10, 1), error=numbers.decimal(100.0 * point.error_at_10, 1)
        )
        wanted = self.tr(
            "Of the ten most similar photos, at the usual setting (lists searched: {nprobe})."
            " At least {wanted} are asked for."
        )
        times = self.tr("{ms} ms").format(ms=numbers.decimal(point.ms_median, 1))
        exact = self.tr("Of 100 searches, 95 take at most {p95} ms. Comparing with every photo takes {exact} ms.")
        return Section(
            self.tr("What searches find"),
            (
                Fact(
                    self.tr("True neighbours found"),
                    found,
                    wanted.format(
                        nprobe=numbers.grouped(point.nprobe), wanted=numbers.decimal(100.0 * default_recall, 1)
                    ),
                    point.recall_at_10 < default_recall,
                ),
                Fact(
                    self.tr("Time of a search"),
                    times,
                    exact.format(p95=numbers.decimal(point.ms_p95, 1), exact=numbers.decimal(accuracy.exact_ms, 1)),
                ),
            ),
        )
