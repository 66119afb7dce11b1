"""What can be done about the index: a sentence and a button for each, and how far that is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from photofind.core.health import IndexHealth
from photofind.gui import numbers, theme
from photofind.gui.health.words import HealthWords, Offer
from photofind.gui.review.thin_bar import ThinBar
from photofind.gui.worker_link import WorkerProgress

TASKS: Final = ("calibrate", "compact", "recluster")
_BAR: Final = 160
_ICON: Final = 16
_SIGN: Final = 22  # as wide as the sign of the verdict above


class Offers(QWidget):
    """Three rows: measuring, compacting, training anew; with a sign at those that are worth while."""

    wanted = Signal(str)
    """The user wants a task of :meth:`WorkerLink.maintain` to be done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = HealthWords(self)
        self._offers: dict[str, Offer] = {}
        self._busy: frozenset[str] = frozenset()
        self._signs: dict[str, QLabel] = {}
        self.sentences: dict[str, QLabel] = {}
        self.buttons: dict[str, QPushButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (task, label) in enumerate(self._labels().items()):
            self._signs[task] = QLabel(self)
            self._signs[task].setFixedWidth(_SIGN)
            sentence = self.sentences[task] = QLabel(self)
            sentence.setTextFormat(Qt.TextFormat.PlainText)
            sentence.setWordWrap(True)
            sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            button = self.buttons[task] = QPushButton(label, self)
            button.setAutoDefault(False)
            button.setEnabled(False)
            button.clicked.connect(lambda _=False, task=task: self.wanted.emit(task))
            grid.addWidget(self._signs[task], row, 0)
            grid.addWidget(sentence, row, 1)
            grid.addWidget(button, row, 2)
        self.hide()

    def set_health(self, health: IndexHealth) -> None:
        """Offer what would help the index as it is now."""
        words = self._words
        offers = (words.measuring(health), words.compaction(health), words.training(health))
        self._offers = dict(zip(TASKS, offers, strict=True))
        for task, offer in self._offers.items():
            self.sentences[task].setText(offer.sentence)
            self.buttons[task].setAccessibleDescription(offer.sentence)
        self._update()
        self.show()

    def set_busy(self, tasks: frozenset[str]) -> None:
        """Offer nothing that is asked for already."""
        self._busy = tasks
        self._update()

    def clear(self) -> None:
        """Offer nothing: it is not known how the index is."""
        self._offers = {}
        self._update()
        self.hide()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the change between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._update()

    def _labels(self) -> dict[str, str]:
        labels = (self.tr("&Measure now"), self.tr("&Compact"), self.tr("&Train anew"))
        return dict(zip(TASKS, labels, strict=True))

    def _update(self) -> None:
        ratio = self.devicePixelRatioF()
        accent, muted = theme.accent(self.palette()), theme.muted(self.palette())
        for task in self.buttons:
            offer = self._offers.get(task)
            self.buttons[task].setEnabled(offer is not None and offer.possible and task not in self._busy)
            is_worth = offer is not None and offer.worth
            sign = theme.pixmap("info" if is_worth else "check", _ICON, accent if is_worth else muted, ratio=ratio)
            self._signs[task].setPixmap(sign)
            self._signs[task].setAccessibleName(self.tr("Recommended") if is_worth else self.tr("Not needed"))


class UpkeepProgress(QWidget):
    """How far the upkeep under way is, and a button that stops it."""

    stop_clicked = Signal()
    """The user wants it to end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLabel(self)
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = ThinBar(_BAR, self)
        self.bar.setAccessibleName(self.tr("Share that is done"))
        self.stop = QPushButton(self.tr("&Stop"), self)
        self.stop.setAutoDefault(False)
        self.stop.setToolTip(self.tr("End this; the index stays as it was"))
        self.stop.clicked.connect(self.stop_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(self.bar)
        row.addWidget(self.stop)
        self.hide()

    def show_waiting(self, task: str) -> None:
        """Show that a task has its turn soon."""
        self._show(self.tr("{} Waiting for its turn…").format(self.words_of(task)), -1.0)

    def show_progress(self, progress: WorkerProgress) -> None:
        """Show a moment of a task."""
        share = progress.done / progress.total if progress.total else -1.0
        if progress.paused:
            self._show(self.tr("Paused; the status bar of the window goes on."), max(share, 0.0))
            return
        line = self.words_of(progress.phase)
        if progress.eta is not None:
            line = f"{line} {numbers.time_left(progress.eta)}"
        self._show(line, share)

    def words_of(self, task: str) -> str:
        """Return what a task is at."""
        return {
            "calibrate": self.tr("Measuring what searches find…"),
            "compact": self.tr("Compacting the index…"),
            "recluster": self.tr("Training the index anew…"),
        }.get(task, "")

    def _show(self, line: str, share: float) -> None:
        self.line.setText(line)
        self.line.setAccessibleName(line)
        self.bar.show_share(min(share, 1.0))
        self.show()
