"""The dialog of the index's health; it stands beside the window, reads the numbers and has the writer do the upkeep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from photofind.core.health import IndexHealth
from photofind.core.library import Library
from photofind.gui import numbers, theme
from photofind.gui.health.offers import Offers, UpkeepProgress
from photofind.gui.health.report import HealthReport
from photofind.gui.health.words import HealthWords
from photofind.gui.names import displayable
from photofind.gui.notices import NoticeBar
from photofind.gui.session import Session
from photofind.gui.worker_link import WorkerProgress

if TYPE_CHECKING:
    from photofind.core.doctor import Diagnosis

_SIZE: Final = QSize(720, 720)
_ICON: Final = 22
_MOST_PROBLEMS: Final = 8


class HealthDialog(QDialog):
    """Shows how the index is and what can be done about it; it deletes nothing and blocks nothing."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Index health"))
        self._session = session
        self._words = HealthWords(self)
        self._asked: set[str] = set()
        self._running = ""
        self._is_reading = False
        self._is_stale = False
        self._worries = False
        self._make_widgets()
        self._lay_out()
        self._connect()
        self.resize(_SIZE)
        self.refresh()

    @property
    def verdict(self) -> str:
        """The sentence at the top, and what is below it."""
        return f"{self._verdict.text()}\n{self._details.text()}".rstrip()

    def refresh(self) -> None:
        """Read the numbers, unless they are being read: then once more after that."""
        if not self._session.library_exists():
            self._show_state(self.tr("There is no library yet. Add a folder of photos first."))
            return
        if self._is_reading:
            self._is_stale = True
            return
        self._is_reading = True
        self._session.searching.ask(Library.health, self._on_health, failed=self._on_unreadable)

    def maintain(self, task: str) -> None:
        """Have the writer do a task."""
        self._asked.add(task)
        self._show_busy()
        if not self._running:
            self.progress.show_waiting(task)
        self._session.worker.maintain(task)

    # Making

    def _make_widgets(self) -> None:
        self._sign = QLabel(self)
        self._verdict = QLabel(self.tr("Reading…"), self)
        self._verdict.setTextFormat(Qt.TextFormat.PlainText)
        self._verdict.setWordWrap(True)
        font = self._verdict.font()
        font.setPointSizeF(font.pointSizeF() * 1.15)
        font.setBold(True)
        self._verdict.setFont(font)
        self._verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._details = QLabel(self)
        self._details.setTextFormat(Qt.TextFormat.PlainText)
        self._details.setWordWrap(True)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._details.hide()
        self.offers = Offers(self)
        self.progress = UpkeepProgress(self)
        self.report = HealthReport(self._session.settings.default_recall, self)
        self.notices = NoticeBar(self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        theme.remove_icons(self._buttons)
        self.copy = self._button(self.tr("Copy as te&xt"), self.tr("Copy all of this, to be pasted elsewhere"))
        self.check = self._button(
            self.tr("Check the &library"), self.tr("Read all files of the library and tell what is damaged")
        )

    def _button(self, text: str, tip: str) -> QPushButton:
        button = self._buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        assert isinstance(button, QPushButton)
        button.setAutoDefault(False)
        button.setToolTip(tip)
        button.setEnabled(False)
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        said = QVBoxLayout()
        said.addWidget(self._verdict)
        said.addWidget(self._details)
        top.addLayout(said, 1)
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Sunken)
        area = QScrollArea(self)
        area.setWidget(_padded(self.report))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(self.tr("Numbers of the index"))
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self.offers)
        column.addWidget(self.progress)
        column.addWidget(line)
        column.addWidget(area, 1)
        column.addWidget(self.notices)
        column.addWidget(self._buttons)

    def _connect(self) -> None:
        worker = self._session.worker
        self._buttons.rejected.connect(self.reject)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report.text()))
        self.check.clicked.connect(self._on_check)
        self.offers.wanted.connect(self.maintain)
        self.progress.stop_clicked.connect(worker.stop_maintenance)
        worker.maintenance_progressed.connect(self._on_progressed)
        worker.maintained.connect(self._on_maintained)
        worker.failed.connect(self._on_failed)
        worker.finished.connect(self._on_library_changed)
        worker.removed.connect(self._on_library_changed)
        worker.ready.connect(self._on_library_changed)
        self._session.settings_changed.connect(self._on_settings_changed)

    # What is known

    def _on_health(self, health: IndexHealth) -> None:
        self._is_reading = False
        self._worries = self._words.worries(health)
        self._say(self._words.verdict(health), "\n".join(health.problems))
        self.offers.set_health(health)
        self.report.set_health(health)
        for button in (self.copy, self.check):
            button.setEnabled(True)
        self._read_again()

    def _on_unreadable(self, sentence: str) -> None:
        self._is_reading = False
        self._worries = True
        self._show_state(sentence)
        self.check.setEnabled(True)
        self._read_again()

    def _read_again(self) -> None:
        if self._is_stale:
            self._is_stale = False
            self.refresh()

    def _show_state(self, sentence: str) -> None:
        self._say(sentence)
        self.offers.clear()

    def _say(self, verdict: str, details: str = "") -> None:
        self._verdict.setText(verdict)
        self._details.setText(displayable(details))
        self._details.setVisible(bool(details))
        self._paint_sign()

    def _on_library_changed(self, *_: object) -> None:
        self.refresh()

    def _on_settings_changed(self) -> None:
        self.report.set_default_recall(self._session.settings.default_recall)
        self.refresh()

    # What is done

    def _on_progressed(self, progress: WorkerProgress) -> None:
        if not progress.paused:
            self._running = progress.phase
        self._show_busy()
        self.progress.show_progress(progress)

    def _on_maintained(self, task: str, done: bool) -> None:  # noqa: FBT001 - a slot
        was_asked = task in self._asked
        self._asked.discard(task)
        self._running = ""
        self._show_busy()
        if self._asked:
            self.progress.show_waiting(min(self._asked))
        else:
            self.progress.hide()
        if done:
            self.refresh()
        elif was_asked:
            self.notices.show_notice(self.tr("That was not done; the index is as it was."), kind="info")

    def _on_failed(self, message: str, fixable: bool) -> None:  # noqa: FBT001 - a slot
        if self._asked or self.progress.isVisible():
            self.notices.show_notice(message, kind="warning" if fixable else "error")

    def _show_busy(self) -> None:
        self.offers.set_busy(frozenset(self._asked | {self._running}))

    def _on_check(self) -> None:
        self.check.setEnabled(False)
        self.check.setText(self.tr("Checking…"))
        self._session.searching.ask(Library.examine, self._on_checked, failed=self._on_check_failed)

    def _on_checked(self, diagnosis: Diagnosis) -> None:
        self._end_check()
        found = diagnosis.unmended
        if not found:
            self.notices.show_notice(self.tr("All files of the library are sound."), kind="info")
            return
        lines = [self.tr("Close photofind and run `photofind doctor` to mend this:"), *found[:_MOST_PROBLEMS]]
        if len(found) > _MOST_PROBLEMS:
            lines.append(self.tr("… and {} more").format(numbers.grouped(len(found) - _MOST_PROBLEMS)))
        if diagnosis.orphan_files:
            lines.append(self.tr("While photos are read, files that are still being written count as left over, too."))
        self.notices.show_notice("\n".join(lines), kind="warning")

    def _on_check_failed(self, sentence: str) -> None:
        self._end_check()
        self.notices.show_notice(sentence, kind="warning")

    def _end_check(self) -> None:
        self.check.setText(self.tr("Check the &library"))
        self.check.setEnabled(True)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the change between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_sign"):
            self._paint_sign()

    def _paint_sign(self) -> None:
        name, tone = ("warning", "warning") if self._worries else ("check", "info")
        colour = theme.tone_colour(self.palette(), "warning" if tone == "warning" else "info")
        self._sign.setPixmap(theme.pixmap(name, _ICON, colour, ratio=self.devicePixelRatioF()))


def _padded(report: QWidget) -> QWidget:
    """Return a widget that keeps what it holds at the top, and off the scroll bar."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 12, 0)
    column.addWidget(report)
    column.addStretch(1)
    return holder
