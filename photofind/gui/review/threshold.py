"""How alike photos have to be to count as copies: a slider in words, with what is to be expected of each place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from photofind.gui import numbers
from photofind.gui.action_spec import QT_TRANSLATE_NOOP
from photofind.gui.preview.tool_row import ElidedLabel
from photofind.gui.review.words import CONTEXT

_SETTLE_MS: Final = 250
_WIDTH: Final = 130
_NAMES: Final = {
    "strict": QT_TRANSLATE_NOOP("Review", "strict"),
    "careful": QT_TRANSLATE_NOOP("Review", "careful"),
    "usual": QT_TRANSLATE_NOOP("Review", "usual"),
    "generous": QT_TRANSLATE_NOOP("Review", "generous"),
    "loose": QT_TRANSLATE_NOOP("Review", "loose"),
}


class Step(Protocol):
    """A place of the slider; ``precision`` and ``recall`` are shares of pairs, 0 to 1."""

    @property
    def name(self) -> str:
        """What the place is called in the calibration."""

    @property
    def threshold(self) -> float:
        """The least score of a pair of copies."""

    @property
    def precision(self) -> float:
        """The expected share of the pairs shown that are copies."""

    @property
    def recall(self) -> float:
        """The expected share of the copies there are that are shown."""


class ThresholdSlider(QWidget):
    """Chooses a step; hidden as long as there are none."""

    threshold_changed = Signal(float)
    """The user chose another step, and the slider has come to rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setAccessibleName(self.tr("How alike copies have to be"))
        self._slider.setFixedWidth(_WIDTH)
        self._slider.setPageStep(1)
        self._slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self._slider.setTickInterval(1)
        self._slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._label = ElidedLabel()
        self._label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(QLabel(self.tr("Strict"), self))
        row.addWidget(self._slider)
        row.addWidget(QLabel(self.tr("Loose"), self))
        row.addSpacing(4)
        row.addWidget(self._label)
        self._label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setToolTip(
            self.tr("How alike photos have to be to count as copies of one picture. Exact copies are always shown.")
        )
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self._tell)
        self._slider.valueChanged.connect(self._on_moved)
        self.hide()

    @property
    def text(self) -> str:
        """What is expected of the step that is chosen."""
        return self._label.text()

    def set_steps(self, steps: Sequence[Step], threshold: float) -> None:
        """Offer steps, the strictest first, and choose the one whose threshold is nearest; tells nobody."""
        self._steps = tuple(steps)
        self.setVisible(bool(steps))
        if not steps:
            return
        nearest = min(range(len(steps)), key=lambda place: abs(steps[place].threshold - threshold))
        self._slider.blockSignals(True)
        self._slider.setRange(0, len(steps) - 1)
        self._slider.setValue(nearest)
        self._slider.blockSignals(False)
        self._say()

    def _on_moved(self) -> None:
        self._say()
        self._timer.start()

    def _tell(self) -> None:
        if self._steps:
            self.threshold_changed.emit(self._steps[self._slider.value()].threshold)

    def _say(self) -> None:
        step = self._steps[self._slider.value()]
        name = QCoreApplication.translate(CONTEXT, _NAMES[step.name]) if step.name in _NAMES else step.name
        expected = self.tr("{}: {} % right, finds {} %").format(name, _per_cent(step.precision), _per_cent(step.recall))
        self._label.setText(expected)
        self._slider.setAccessibleDescription(expected)


def _per_cent(share: float) -> str:
    """Return a share in percent; what is not quite all is never rounded up to all."""
    percent = share * 100
    if share < 1:
        percent = min(percent, 99.9)
    return numbers.decimal(percent, 0 if round(percent, 1) == round(percent) else 1)
