"""How far a plan is: a bar and a count; it can be stopped between two photos."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from photofind.core.plans import Action
from photofind.gui import numbers
from photofind.gui.review.applying import JobKind, JobProgress
from photofind.gui.review.dialogs import wording
from photofind.gui.review.dialogs.making import headline, quiet


class ProgressPage(QWidget):
    """Shows the :class:`JobProgress` of a job that changes files."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = headline(self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.count = quiet("", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.headline)
        column.addWidget(self.bar)
        column.addWidget(self.count)
        column.addWidget(
            quiet(
                self.tr(
                    "Each photo is compared again right before it is touched. This goes on when you close this dialog."
                ),
                self,
            )
        )
        column.addStretch(1)

    def begin(self, kind: JobKind, action: Action, total: int) -> None:
        """Show a job that begins."""
        self.headline.setText(wording.working(kind, action))
        self.show_progress(JobProgress(kind, 0, total, 0))

    def show_progress(self, progress: JobProgress) -> None:
        """Show how far it is."""
        self.bar.setRange(0, max(1, progress.total))
        self.bar.setValue(progress.done)
        words = self.tr("{} of {}").format(numbers.grouped(progress.done), numbers.photos(progress.total))
        if progress.skipped:
            words = self.tr("{}, {} skipped").format(words, numbers.grouped(progress.skipped))
        self.count.setText(words)

    def show_stopping(self) -> None:
        """Say that the photo at work is the last one."""
        self.headline.setText(self.tr("Stopping after this photo"))
