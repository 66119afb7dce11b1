"""The panel below the slider: the curve, the numbers of one of its points, and a button to measure it anew."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from photofind.gui import theme
from photofind.gui.accuracy.chart import AccuracyChart
from photofind.gui.accuracy.positions import Positions
from photofind.gui.accuracy.words import AccuracyWords

_LINES = 3
_GAP = 4


class AccuracyPanel(QFrame):
    """Shows a calibration, or why there is none; it closes as a menu does."""

    chosen = Signal(int)
    """The user wants another position of the slider."""

    measure_requested = Signal()
    """The user wants the index measured now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAccessibleName(self.tr("Accuracy of the search"))
        self._words = AccuracyWords(self)
        self._positions = Positions.of(1, 1)
        self._position = 0
        self._progress = ""
        self.chart = AccuracyChart(self)
        self.chart.chosen.connect(self.chosen)
        self.chart.hovered.connect(self._on_hovered)
        self.measure = QPushButton(self.tr("Measure now"), self)
        self.measure.clicked.connect(self.measure_requested)
        self._title, self._reason = QLabel(self.tr("Found neighbours against time"), self), QLabel(self)
        self._details, self._origin = QLabel(self), QLabel(self)
        self._lay_out()
        self.show_positions(self._positions, 0)

    @property
    def text(self) -> str:
        """What is said besides the curve."""
        labels = (self._reason, self._details, self._origin)
        return "\n".join(label.text() for label in labels if not label.isHidden() and label.text())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw an edge that is seen in the dark, too."""
        painter = QPainter(self)
        painter.setPen(theme.hairline(self.palette()))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def open_below(self, widget: QWidget) -> None:
        """Come up below a widget, at its right end, wholly on its screen."""
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(widget.width() - self.width(), widget.height() + _GAP))
        room = widget.screen().availableGeometry()
        left = min(max(corner.x(), room.left()), room.right() - self.width())
        self.move(left, min(corner.y(), max(room.top(), room.bottom() - self.height())))
        self.show()
        self.chart.setFocus()

    def show_positions(self, positions: Positions, position: int) -> None:
        """Show what was measured, and which position is chosen."""
        self._positions, self._position = positions, position
        self.chart.show_positions(positions, position)
        self._update()
        self._tell(position)

    def show_progress(self, done: int, total: int) -> None:
        """Say how far measuring is."""
        share = min(100 * done // total, 100) if total > 0 else 0
        self._progress = self.tr("Measuring… {} %").format(share)
        self._update()

    def end_progress(self) -> None:
        """Say that nothing is being measured."""
        self._progress = ""
        self._update()

    def _lay_out(self) -> None:
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._reason.setWordWrap(True)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for label in (self._reason, self._origin):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._details.setMinimumHeight(_LINES * self._details.fontMetrics().lineSpacing())
        self._details.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._details.setAccessibleName(self.tr("What this point has measured"))
        self._pages = QStackedLayout()
        for page in (self.chart, self._reason):
            self._pages.addWidget(page)
        foot = QHBoxLayout()
        foot.addWidget(self._origin, 1)
        foot.addWidget(self.measure)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.addWidget(self._title)
        column.addLayout(self._pages, 1)
        column.addWidget(self._details)
        column.addLayout(foot)

    def _update(self) -> None:
        accuracy, is_choice = self._positions.accuracy, self._positions.are_a_choice
        is_measured = accuracy is not None and is_choice
        self._pages.setCurrentWidget(self.chart if is_measured else self._reason)
        self._reason.setText(
            self.tr("Not measured yet. It takes about a minute, and begins by itself when nothing else is to be done.")
            if is_choice
            else self._words.small_library()
        )
        self._reason.setHidden(is_measured)
        self._details.setVisible(is_measured)
        self._origin.setText(self._progress or (self._words.origin(accuracy) if accuracy and is_choice else ""))
        self.measure.setVisible(is_choice)
        self.measure.setEnabled(not self._progress)

    def _on_hovered(self, position: int) -> None:
        self._tell(position if position >= 0 else self._position)

    def _tell(self, position: int) -> None:
        self._details.setText("\n".join(self._words.details(self._positions, position)))
        colour = theme.accent(self.palette()) if position != self._position else self.palette().windowText().color()
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self._details.setPalette(palette)
