"""The bar at the bottom of the review: what was decided so far, and what can be done with it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from photofind.gui import numbers, theme
from photofind.gui.review.marks import Progress
from photofind.gui.review.thin_bar import ThinBar
from photofind.gui.review.words import size_words

_BAR_WIDTH: Final = 140


class SummaryBar(QWidget):
    """Says what was decided; while suggestions are being applied, how far that is."""

    remove_requested = Signal()
    """The user wants what is marked to be removed."""

    rest_requested = Signal()
    """The user wants the suggestions to hold where nothing is decided."""

    stop_requested = Signal()
    """The user does not want any more suggestions to be applied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("What was decided"))
        self._label = QLabel(self)
        self._bar = ThinBar(_BAR_WIDTH, self)
        self._bar.setAccessibleName(self.tr("Applying suggestions"))
        self.stop = QPushButton(self.tr("Stop"), self)
        self.rest = QPushButton(self.tr("Apply suggestions to the rest…"), self)
        self.rest.setToolTip(self.tr("Mark what is suggested in all groups where nothing is decided"))
        self.remove = QPushButton(theme.icon("trash"), self.tr("Remove marked…"), self)
        self.remove.setToolTip(self.tr("Show what would be done with the marked photos, before anything is"))
        for button in (self.stop, self.rest, self.remove):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stop.clicked.connect(self.stop_requested)
        self.rest.clicked.connect(self.rest_requested)
        self.remove.clicked.connect(self.remove_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self._label, 1)
        for widget in (self._bar, self.stop, self.rest, self.remove):
            row.addWidget(widget)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.show_progress(Progress(0, 0, 0))
        self.show_applying(0, 0)

    @property
    def text(self) -> str:
        """What the bar says."""
        return self._label.text()

    def show_progress(self, progress: Progress) -> None:
        """Say what was decided."""
        groups = progress.groups
        decided = self.tr("1 group decided") if groups == 1 else self.tr("{} groups decided")
        marked = self.tr("1 photo to remove") if progress.photos == 1 else self.tr("{} photos to remove")
        words = [decided.format(numbers.grouped(groups))]
        if progress.photos:
            words += [marked.format(numbers.grouped(progress.photos)), size_words(progress.bytes)]
        self._label.setText(" · ".join(words))
        self._label.setToolTip(self._label.text())
        self.remove.setEnabled(progress.photos > 0)

    def show_applying(self, done: int, total: int) -> None:
        """Show how many groups the suggestions were applied to; ``total`` 0 when that is over."""
        is_busy = total > 0
        for widget in (self._bar, self.stop):
            widget.setVisible(is_busy)
        self.rest.setEnabled(not is_busy)
        self._bar.show_share(done / max(total, 1))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return little: a narrow window cuts the words."""
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the line above the bar."""
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, theme.hairline(self.palette()))
        painter.end()
