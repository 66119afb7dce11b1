"""What labels changed: for each place of the threshold, what was expected before and what is expected now."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from photofind.core.duplicates.calibration import Calibration
from photofind.gui import numbers
from photofind.gui.action_spec import QT_TRANSLATE_NOOP
from photofind.gui.review.dialogs.label_pairs import LabelOutcome
from photofind.gui.review.dialogs.making import headline, quiet
from photofind.gui.review.dialogs.steps import RIGHT
from photofind.gui.review.words import CONTEXT

_ARROW: Final = "\N{RIGHTWARDS ARROW}"
_NAMES: Final = {  # as the slider calls them
    "strict": QT_TRANSLATE_NOOP("Review", "strict"),
    "careful": QT_TRANSLATE_NOOP("Review", "careful"),
    "usual": QT_TRANSLATE_NOOP("Review", "usual"),
    "generous": QT_TRANSLATE_NOOP("Review", "generous"),
    "loose": QT_TRANSLATE_NOOP("Review", "loose"),
}


class OutcomePage(QWidget):
    """Shows what a round of labels changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = headline(self)
        self.words = quiet("", self)
        self.table = QTreeWidget(self)
        self.table.setAccessibleName(self.tr("What is expected of each threshold"))
        self.table.setHeaderLabels([self.tr("Threshold"), self.tr("Of those shown, copies"), self.tr("Copies found")])
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        header = self.table.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            self.table.headerItem().setTextAlignment(column, RIGHT)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.setSpacing(8)
        for widget in (self.headline, self.words):
            column_layout.addWidget(widget)
        column_layout.addWidget(self.table)
        column_layout.addWidget(
            quiet(
                self.tr(
                    "The review goes by this from now on. Estimates change little with twenty answers and more with"
                    " each round."
                ),
                self,
            )
        )
        column_layout.addStretch(1)

    def show_outcome(self, before: Calibration, outcome: LabelOutcome, *, answers: int) -> None:
        """Show what is expected before and after a round of so many answers."""
        words = self.tr("1 pair judged") if answers == 1 else self.tr("{} pairs judged")
        self.headline.setText(words.format(numbers.grouped(answers)))
        self.words.setText(
            self.tr("{} answers were given for this library so far. What is expected:").format(
                numbers.grouped(outcome.labels)
            )
        )
        self.table.clear()
        height = self.fontMetrics().height() + 8
        for old, new in zip(before.steps, outcome.after.steps, strict=True):
            name = QCoreApplication.translate(CONTEXT, _NAMES[new.name])
            cells = [name, _change(old.precision, new.precision), _change(old.recall, new.recall)]
            entry = QTreeWidgetItem(self.table, cells)
            entry.setSizeHint(0, QSize(0, height))
            for column in (1, 2):
                entry.setTextAlignment(column, RIGHT)
        rows = height * self.table.topLevelItemCount() + self.table.header().sizeHint().height()
        self.table.setFixedHeight(rows + 2 * self.table.frameWidth() + 2)


def _change(before: float, after: float) -> str:
    old, new = (numbers.decimal(100 * share, 1) for share in (before, after))
    return f"{new} %" if old == new else f"{old} {_ARROW} {new} %"
