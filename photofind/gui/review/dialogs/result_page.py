"""What became of a plan: a sentence, and each photo, first those that were skipped, with the reason."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from photofind.core.plans import Outcome
from photofind.gui.review.applying import JobKind, JobReport, is_skipped
from photofind.gui.review.dialogs import wording
from photofind.gui.review.dialogs.making import headline, quiet
from photofind.gui.review.dialogs.steps import Column, StepsTable
from photofind.gui.settings.page import ErrorLabel

_COLUMNS: Final = (Column.NAME, Column.FOLDER, Column.STATE, Column.REASON)


class ResultPage(QWidget):
    """Shows the :class:`JobReport` of a job that changed files."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = headline(self)
        self.words = quiet("", self)
        self.error = ErrorLabel(self)
        self.photos = StepsTable(_COLUMNS, self.tr("What became of each photo"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.headline, self.error, self.words):
            column.addWidget(widget)
        column.addWidget(self.photos, 1)
        column.addStretch(0)

    def show_report(self, report: JobReport) -> None:
        """Show what became of a job."""
        self.headline.setText(wording.ended(report))
        self.error.setText(report.error)
        self.error.setVisible(bool(report.error))
        results = sorted(report.results, key=lambda result: not is_skipped(result))
        self.photos.steps.show_steps(report.plan.action, [result.step for result in results], results)
        self.photos.setVisible(bool(results))
        self.words.setText(self._words(report))

    def _words(self, report: JobReport) -> str:
        parts = []
        if report.kind == JobKind.APPLY and report.done:
            taken = sum(r.step.file.stamp.size for r in report.results if r.outcome == Outcome.DONE)
            parts.append(self.tr("{} in all.").format(wording.size(taken)))
        if report.stopped:
            parts.append(self.tr("It was stopped; the other photos are where they were."))
        if report.skipped:
            parts.append(self.tr("What was skipped was left as it is."))
        if report.kind == JobKind.APPLY and report.done:
            parts.append(self.tr("You can take it back now, or later from the history, even after a restart."))
        return " ".join(parts)
