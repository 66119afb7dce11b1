"""The speed/accuracy slider: how many inverted lists a query looks into, from one to all of them, and then "exact".

Positions grow logarithmically, because recall does. Moves are debounced; the last one wins.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from photofind.gui import numbers

DEBOUNCE_MS = 60

RecallEstimate = Callable[[int], float | None]
"""From nprobe to the expected recall@10, 0 … 1; None when it was not measured."""


def nprobe_steps(nlist: int) -> list[int]:
    """Return the slider's values: about two for each doubling, from 1 to ``nlist`` inverted lists."""
    steps = {nlist}
    number = 0
    while (value := round(2 ** (number / 2))) < nlist:
        steps.add(value)
        number += 1
    return sorted(steps)


class SpeedSlider(QWidget):
    """A slider over nprobe with a label that says what the last query really did."""

    changed = Signal()
    """The user chose another position, and the slider has come to rest."""

    fitted = Signal()
    """The index is another; whether there is anything to choose may have changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[int] = []
        self._default = 1
        self._nprobe: int | None = None
        self._exact = False
        self._recall: RecallEstimate = lambda _: None
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setAccessibleName(self.tr("Speed and accuracy of the search"))
        self._slider.setFixedWidth(140)
        self._slider.setPageStep(2)
        self._slider.installEventFilter(self)
        self._label = QLabel(self)
        self._label.setAccessibleName(self.tr("How the last search was done"))
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._label.setMinimumWidth(self._label.fontMetrics().horizontalAdvance("nprobe 4,096 · 100.0 ms"))
        self._ends = [QLabel(self.tr("Fast"), self), QLabel(self.tr("Exact"), self)]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._label)
        layout.addSpacing(8)
        for widget in (self._ends[0], self._slider, self._ends[1]):
            layout.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self.changed)
        self._slider.valueChanged.connect(self._on_moved)
        self.set_index(1, 1)

    @property
    def nprobe(self) -> int | None:
        """The chosen number of lists; None as long as the user leaves it to the program."""
        return self._nprobe

    @property
    def is_exact(self) -> bool:
        """Whether every photo is to be compared."""
        return self._exact

    @property
    def is_useful(self) -> bool:
        """Whether there is anything to choose: all searches of a small library are exact."""
        return self._steps[-1] > 1

    def set_index(self, nlist: int, default_nprobe: int) -> None:
        """Fit the slider to the index of the library; a choice of the user's is kept."""
        if self._steps and (nlist, default_nprobe) == (self._steps[-1], self._default):
            return
        self._steps = nprobe_steps(nlist)
        self._default = default_nprobe
        at_end = self._exact or not self.is_useful
        self._slider.blockSignals(True)
        self._slider.setRange(0, len(self._steps))
        self._slider.setValue(len(self._steps) if at_end else self._position(self._nprobe or default_nprobe))
        self._slider.blockSignals(False)
        self._enable()
        self.fitted.emit()

    def set_recall(self, estimate: RecallEstimate) -> None:
        """Show what a calibration has measured, beside the position."""
        self._recall = estimate

    def set_exact(self, *, exact: bool) -> None:
        """Move to the end that compares with every photo, or back to the program's choice."""
        if exact:
            self._slider.setValue(len(self._steps))
            self._nprobe, self._exact = None, True
            self._timer.start()
        else:
            self.reset()

    def reset(self) -> None:
        """Leave the choice to the program again."""
        if self.is_useful:
            self._slider.setValue(self._position(self._default))
        self._nprobe, self._exact = None, False
        self._timer.start()

    def show_result(self, nprobe: int, *, exact: bool, elapsed_ms: float) -> None:
        """Say how a query was answered."""
        parts = [
            self._method(None if exact else nprobe),
            self.tr("{} ms").format(numbers.decimal(elapsed_ms, 1)),
        ]
        recall = self._recall(nprobe) if not exact else None
        if recall is not None:
            parts.append(self.tr("finds {} %").format(round(recall * 100)))
        self._label.setText(" · ".join(parts))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let a double click on the slider leave the choice to the program again."""
        if watched is self._slider and event.type() == QEvent.Type.MouseButtonDblClick:
            self.reset()
            return True
        return super().eventFilter(watched, event)

    def _position(self, nprobe: int) -> int:
        return min(bisect_left(self._steps, nprobe), len(self._steps) - 1)

    def _enable(self) -> None:
        useful = self.is_useful
        for widget in (self._slider, *self._ends):  # what the label tells is worth reading in any case
            widget.setEnabled(useful)
        self.setToolTip(
            self.tr(
                "How many lists of the index a search looks into: fewer is faster, more finds more. Double-click for"
                " the usual setting."
            )
            if useful
            else self.tr("This library is small enough to compare every photo: all searches are exact.")
        )

    def _method(self, nprobe: int | None) -> str:
        return self.tr("exact") if nprobe is None else self.tr("nprobe {}").format(numbers.grouped(nprobe))

    def _on_moved(self, position: int) -> None:
        self._exact = position == len(self._steps)
        self._nprobe = None if self._exact else self._steps[position]
        self._label.setText(self._method(self._nprobe))
        self._timer.start()
