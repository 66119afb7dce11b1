"""The speed/accuracy slider: how many inverted lists a query looks into, from one to all of them, and then "exact".

Its positions are those that the calibration of the library has measured, and beside it stands what the chosen one
reaches: "97 of 100 true neighbours · 1.3 ms". After a search, the milliseconds are those of that search; of a search
that the calibration says nothing about, by words say, only nprobe and milliseconds are told. Moves are debounced; the
last one wins.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from photofind.core.accuracy import Accuracy, OperatingPoint
from photofind.gui.accuracy.fitting_label import FittingLabel
from photofind.gui.accuracy.marked_slider import MarkedSlider
from photofind.gui.accuracy.positions import Positions
from photofind.gui.accuracy.words import AccuracyWords

DEBOUNCE_MS = 60
_WIDEST = OperatingPoint(1, 1.0, 1.0, 1.0, 0.0, 88.8, 88.8)
"""Digits of one width: the label must not move what stands beside it when its text changes."""


@dataclass(frozen=True, slots=True)
class _Search:
    """What a search did; ``nprobe`` None: it compared with every photo."""

    nprobe: int | None
    ms: float
    promised: bool


class SpeedSlider(QWidget):
    """A slider over nprobe with a label that says what its position reaches, and a button for the whole curve."""

    changed = Signal()
    """The user chose another position, and the slider has come to rest."""

    moved = Signal()
    """What the label says has changed: another position, another calibration, or a search."""

    fitted = Signal()
    """The index is another; whether there is anything to choose may have changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._positions = Positions((), 0)
        self._wish: int | None = None
        self._exact = False
        self._search: _Search | None = None
        self._words = AccuracyWords(self)
        self._make_widgets()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self.changed)
        self._slider.valueChanged.connect(self._on_moved)
        self.set_index(1, 1)

    @property
    def nprobe(self) -> int | None:
        """The chosen number of lists; None as long as the user leaves it to the program."""
        if self._wish is None or not self.is_useful:
            return self._wish
        return self._positions.nprobes[self._positions.nearest(self._wish)]

    @property
    def is_exact(self) -> bool:
        """Whether every photo is to be compared."""
        return self._exact

    @property
    def is_useful(self) -> bool:
        """Whether there is anything to choose: all searches of a small library are exact."""
        return self._positions.are_a_choice

    @property
    def positions(self) -> Positions:
        """What can be chosen."""
        return self._positions

    @property
    def position(self) -> int:
        """What is chosen, by the user or by the program."""
        return self._slider.value()

    def set_index(self, nlist: int, default_nprobe: int, accuracy: Accuracy | None = None) -> None:
        """Fit the slider to the index of the library; the user keeps what comes closest to his choice."""
        positions = Positions.of(nlist, default_nprobe, accuracy)
        if positions == self._positions:
            return
        self._positions = positions
        nprobe = positions.default_nprobe if self._wish is None else self._wish
        is_at_end = self._exact or not self.is_useful
        self._slider.blockSignals(True)
        self._slider.setRange(0, positions.exact)
        self._slider.setValue(positions.exact if is_at_end else positions.nearest(nprobe))
        self._slider.blockSignals(False)
        self._slider.set_mark(positions.default if self.is_useful else None)
        for widget in (self._slider, *self._ends):  # what the label tells is worth reading in any case
            widget.setEnabled(self.is_useful)
        self._tell()
        self.fitted.emit()

    def set_accuracy(self, accuracy: Accuracy | None) -> None:
        """Show what a calibration of the same index has measured; the default stays until the index says another."""
        self.set_index(self._positions.nlist, self._positions.default_nprobe, accuracy)

    def choose(self, position: int) -> None:
        """Move to a position, as the user does with the slider."""
        if self.is_useful:
            self._slider.setValue(position)

    def set_exact(self, *, exact: bool) -> None:
        """Move to the end that compares with every photo, or back to the program's choice."""
        if exact:
            self._slider.setValue(self._positions.exact)
            self._wish, self._exact = None, True
            self._begin()
        else:
            self.reset()

    def reset(self) -> None:
        """Leave the choice to the program again."""
        self._slider.setValue(self._positions.default)
        self._wish, self._exact = None, False
        self._begin()

    def show_result(self, nprobe: int, *, exact: bool, elapsed_ms: float, promised: bool = False) -> None:
        """Say how a query was answered; ``promised`` when the calibration says how good such an answer is."""
        self._search = _Search(None if exact else nprobe, elapsed_ms, promised)
        self._tell()

    def forget_result(self) -> None:
        """Say what the position reaches: what is shown now is no answer."""
        if self._search is not None:
            self._search = None
            self._tell()

    def add_button(self, button: QToolButton) -> None:
        """Put a button at the end."""
        self._row.addWidget(button)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let a double click on the slider leave the choice to the program again."""
        if watched is self._slider and event.type() == QEvent.Type.MouseButtonDblClick:
            self.reset()
            return True
        return super().eventFilter(watched, event)

    def _make_widgets(self) -> None:
        self._slider = MarkedSlider(self)
        self._slider.setAccessibleName(self.tr("Speed and accuracy of the search"))
        self._slider.setPageStep(2)
        self._slider.installEventFilter(self)
        self._label = FittingLabel(self)
        self._label.setAccessibleName(self.tr("What this position finds, and how fast"))
        self._label.set_room(self._words.label(_WIDEST, _WIDEST.ms_median))
        self._ends = [QLabel(self.tr("Fast"), self), QLabel(self.tr("Exact"), self)]
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._label, 1)
        for widget in (self._ends[0], self._slider, self._ends[1]):
            self._row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def _on_moved(self, position: int) -> None:
        self._exact = position == self._positions.exact
        self._wish = None if self._exact else self._positions.nprobes[position]
        self._begin()

    def _begin(self) -> None:
        self._search = None
        self._tell()
        self._timer.start()

    # What is said

    def _tell(self) -> None:
        self._label.say(self._said())
        self._slider.setAccessibleDescription(self._label.text())
        self.setToolTip("\n".join(self._tip()))
        self.moved.emit()

    def _said(self) -> list[str]:
        """Return what the label says, and less where there is less room."""
        words, search, point = self._words, self._search, self._promise()
        if search is not None and point is None:
            return words.searched(search.nprobe, search.ms)
        if point is not None:
            return words.label(point, search.ms if search is not None else point.ms_median)
        if self._exact or not self.is_useful:
            accuracy = self._positions.accuracy if self.is_useful else None
            return words.searched(None, accuracy.exact_ms) if accuracy is not None else [words.exact()]
        return words.unmeasured(self.nprobe or self._positions.default_nprobe)

    def _promise(self) -> OperatingPoint | None:
        """Return what the calibration says of the search that is told of, or else of the position; None if nothing."""
        accuracy = self._positions.accuracy if self.is_useful else None
        if self._search is None or accuracy is None:
            return self._positions.point(self.position) if accuracy is not None else None
        if self._search.nprobe is None or not self._search.promised:
            return None
        return accuracy.at(self._search.nprobe)

    def _tip(self) -> list[str]:
        if not self.is_useful:
            return [self._words.small_library()]
        lines = self._words.details(self._positions, self.position)
        if self._positions.accuracy is not None:
            lines.append(self._words.origin(self._positions.accuracy))
        if self._search is not None:
            lines.append(self._words.last_search(self._search.nprobe, self._search.ms))
        lines.append(
            self.tr("Fewer lists are faster, more find more. Double-click for the usual setting, at the mark.")
        )
        return lines
