# ruff: noqa: N802 - overrides keep Qt's names
"""The row at the top of the review: the way back, the threshold, how far finding is, and what else there is to open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from photofind.gui import numbers, theme
from photofind.gui.action_spec import QT_TRANSLATE_NOOP
from photofind.gui.preview.tool_row import ElidedLabel
from photofind.gui.review.commands import BY_KEY
from photofind.gui.review.thin_bar import ThinBar
from photofind.gui.review.threshold import ThresholdSlider
from photofind.gui.review.words import CONTEXT

_ICON: Final = 18
_BAR: Final = 90
_NARROW: Final = 960

_PHASES: Final = {
    "hash": QT_TRANSLATE_NOOP("Review", "Looking at {} of {} photos …"),
    "join": QT_TRANSLATE_NOOP("Review", "Looking for candidates: {} of {} …"),
    "compare": QT_TRANSLATE_NOOP("Review", "Comparing {} of {} …"),
}


@dataclass(frozen=True, slots=True)
class FindState:
    """How far looking for duplicates is; ``total`` 0 when that is not known."""

    is_running: bool = False
    phase: str = ""
    done: int = 0
    total: int = 0
    is_paused: bool = False

    def words(self) -> str:
        """Return what is being done."""
        if self.is_paused:
            return QCoreApplication.translate("Review", "Paused")
        if self.phase not in _PHASES or not self.total:
            return QCoreApplication.translate("Review", "Getting ready …")
        words = QCoreApplication.translate(CONTEXT, _PHASES[self.phase])
        return words.format(numbers.grouped(self.done), numbers.grouped(self.total))

    def share(self) -> float:
        """Return how much of the phase is done, below 0 when that is not known."""
        return self.done / self.total if self.total else -1.0


class Header(QWidget):
    """The row; it asks for everything and does nothing itself."""

    closed = Signal()
    find_requested = Signal()
    history_requested = Signal()
    label_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        back = self._button("back", BY_KEY["close"].label(), BY_KEY["close"].hint())
        back.clicked.connect(self.closed)
        title = QLabel(self.tr("Duplicates"), self)
        font = title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        title.setFont(font)
        self.threshold = ThresholdSlider(self)
        self._words = _Words()
        self._words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._bar = ThinBar(_BAR, self)
        self._bar.setAccessibleName(self.tr("Looking for duplicates"))
        self.search = self._button("rescan", self.tr("Find"), self.tr("Look for duplicates among photos that are new"))
        self.search.clicked.connect(self.find_requested)
        self.judge = self._button(
            "label-pairs", self.tr("Label pairs…"), self.tr("Judge 20 pairs, so that the threshold fits this library")
        )
        self.judge.clicked.connect(self.label_requested)
        self.past = self._button("clock", self.tr("History…"), self.tr("Show what was removed, and bring it back"))
        self.past.clicked.connect(self.history_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 5)
        row.setSpacing(6)
        row.addWidget(back)
        row.addWidget(title)
        row.addSpacing(14)
        row.addWidget(self.threshold)
        row.addWidget(self._words, 1)
        for widget in (self._bar, self.search, self.judge, self.past):
            row.addWidget(widget)
        back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._texts = (self.search, self.judge, self.past)
        self.show_finding(FindState())

    @property
    def text(self) -> str:
        """What is said of looking for duplicates."""
        return self._words.text()

    def show_finding(self, find: FindState) -> None:
        """Show how far looking for duplicates is."""
        self._words.setText(find.words() if find.is_running else "")
        self._bar.setVisible(find.is_running)
        self.search.setVisible(not find.is_running)
        self._bar.show_share(find.share())

    def minimumSizeHint(self) -> QSize:
        """Return little: a narrow window cuts the row."""
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the words of the buttons where there is no room."""
        super().resizeEvent(event)
        for button in self._texts:
            show_words(button, on=event.size().width() >= _NARROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line below the row."""
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.hairline(self.palette()))
        painter.end()

    def _button(self, icon: str, text: str, hint: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(icon))
        button.setIconSize(QSize(_ICON, _ICON))
        button.setText(text)
        button.setToolTip(hint)
        button.setAccessibleName(text.removesuffix("…"))
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button


class _Words(ElidedLabel):
    """What is being done, beside its bar."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTrailing), shown)
        painter.end()


def show_words(button: QToolButton, *, on: bool) -> None:
    """Show a button with its words, or as its icon alone."""
    style = Qt.ToolButtonStyle
    button.setToolButtonStyle(style.ToolButtonTextBesideIcon if on else style.ToolButtonIconOnly)
