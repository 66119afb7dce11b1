"""What was done to files: each time a plan was carried out, its photos with their reasons, and the way back.

::

    journal ──▶ runs (above) ──the current one──▶ its steps (below) ──▶ Undo all · Undo selected ──▶ jobs ──▶ journal …

Nothing here is remembered by the window: all of it is read from the journal, so it is there after a restart as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from photofind.core.catalog.journal import Journal, JournalStep, RunRecord, StepState
from photofind.core.plans import Plan
from photofind.gui import numbers
from photofind.gui.errands import Errands
from photofind.gui.notices import NoticeBar
from photofind.gui.panels.making import empty_note
from photofind.gui.review.applying import ActionJobs, JobKind, JobProgress, JobReport
from photofind.gui.review.dialogs import wording
from photofind.gui.review.dialogs.making import quiet
from photofind.gui.review.dialogs.steps import RIGHT, Column, StepsTable

_SIZE: Final = QSize(900, 620)
_RUN: Final = Qt.ItemDataRole.UserRole
_STEPS: Final = (Column.NAME, Column.FOLDER, Column.STATE, Column.REASON, Column.KEPT)
_WHEN, _WHAT, _SIZE_COLUMN, _STATE = range(4)


class HistoryDialog(QDialog):
    """Lists what was done and takes it back; deletes itself when it is closed. Show it with ``show``.

    Parameters
    ----------
    journal
        The journal's file; it need not exist.
    jobs
        What takes plans back.
    """

    def __init__(self, journal: Path, jobs: ActionJobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("History of removed duplicates"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._journal = journal
        self._jobs = jobs
        self._wanted: int | None = None
        self._shown_run: int | None = None
        self._steps: list[JournalStep] = []
        self._errands = Errands("photofind-history", self)
        self.notices = NoticeBar(self)
        self._make_runs()
        self._make_steps()
        self._make_buttons()
        self._lay_out()
        jobs.ended.connect(self._on_ended)
        jobs.progressed.connect(self._on_progressed)
        jobs.running_changed.connect(self._update_buttons)
        self.finished.connect(self._errands.close)
        self.resize(_SIZE)
        self._update_buttons()
        self.reload()

    def reload(self, run: int | None = None) -> None:
        """Read the journal again; turn to ``run``, or stay at the one that is shown."""
        record = self.current()
        self._wanted = run if run is not None else record.run if record else self._wanted
        self._errands.do(partial(read_history, self._journal), self._show_runs, self._complain)

    def current(self) -> RunRecord | None:
        """Return the run whose steps are shown."""
        entry = self.runs.currentItem()
        record = entry.data(_WHEN, _RUN) if entry is not None else None
        return record if isinstance(record, RunRecord) else None

    def undo_all(self) -> None:
        """Take back all of the current run that was done."""
        self._undo([step for step in self._steps if step.state == StepState.DONE], whole=True)

    def undo_selected(self) -> None:
        """Take back the steps that are selected."""
        self._undo(self._selected(), whole=False)

    # Making

    def _make_runs(self) -> None:
        self.runs = QTreeWidget(self)
        self.runs.setAccessibleName(self.tr("What was done, the latest first"))
        self.runs.setHeaderLabels([self.tr("When"), self.tr("What"), self.tr("Size"), self.tr("State")])
        self.runs.setRootIsDecorated(False)
        self.runs.setUniformRowHeights(True)
        self.runs.setAlternatingRowColors(True)
        header = self.runs.header()
        for column in (_WHEN, _WHAT, _SIZE_COLUMN):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.runs.currentItemChanged.connect(self._on_current_changed)
        self.empty = empty_note(self, self.tr("Nothing was removed yet. What you remove will be listed here."))
        self._pages = QStackedWidget(self)

    def _make_steps(self) -> None:
        self.steps = StepsTable(_STEPS, self.tr("Photos of this action"), self)
        self.steps.selectionModel().selectionChanged.connect(self._update_buttons)
        self.about = quiet("", self)

    def _make_buttons(self) -> None:
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(160)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.bar.hide()
        self.count = quiet("", self)
        self.all = self._button(self.tr("&Undo all"), self.undo_all)
        self.all.setToolTip(self.tr("Put every photo of this action back to where it was"))
        self.selected = self._button(self.tr("Undo &selected"), self.undo_selected)
        self.selected.setToolTip(self.tr("Put the selected photos back to where they were"))
        self.stop = self._button(self.tr("S&top"), self._jobs.stop)
        self.close_button = self._button(self.tr("Close"), self.reject)
        self.close_button.setDefault(True)

    def _lay_out(self) -> None:
        below = QWidget(self)
        lower = QVBoxLayout(below)
        lower.setContentsMargins(0, 4, 0, 0)
        lower.addWidget(self.about)
        lower.addWidget(self.steps, 1)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.runs)
        split.addWidget(below)
        split.setSizes([160, 400])
        self._pages.addWidget(self.empty)
        self._pages.addWidget(split)
        row = QHBoxLayout()
        row.addWidget(self.bar)
        row.addWidget(self.count)
        row.addStretch(1)
        for button in (self.stop, self.selected, self.all, self.close_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self._pages, 1)
        column.addWidget(self.notices)
        column.addLayout(row)

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    # What the journal says

    def _show_runs(self, records: Sequence[RunRecord]) -> None:
        with QSignalBlocker(self.runs):  # what is shown below stays until it is read anew
            self.runs.clear()
            for record in records:
                entry = self._add_run(record)
                if self.runs.currentItem() is None or record.run == self._wanted:
                    self.runs.setCurrentItem(entry)
        self._pages.setCurrentIndex(1 if records else 0)
        self._on_current_changed()

    def _add_run(self, record: RunRecord) -> QTreeWidgetItem:
        what = wording.what(record.action, record.steps)
        size = wording.size(record.bytes) if record.done else ""
        entry = QTreeWidgetItem(self.runs, [_local(record.started_at), what, size, wording.run_state(record)])
        entry.setData(_WHEN, _RUN, record)
        entry.setTextAlignment(_SIZE_COLUMN, RIGHT)
        entry.setSizeHint(_STATE, QSize(0, self.fontMetrics().height() + 8))
        return entry

    def _on_current_changed(self) -> None:
        record = self.current()
        if record is None or record.run != self._shown_run:
            self._shown_run = record.run if record is not None else None
            self._fill([])
        if record is not None:
            self.about.setText(wording.about_run(record))
            read = partial(read_steps, self._journal, record.run)
            self._errands.do(read, partial(self._show_steps, record.run), self._complain)

    def _show_steps(self, run: int, steps: list[JournalStep]) -> None:
        if run == self._shown_run:  # or else the user looks at another one by now
            place = self.steps.verticalScrollBar().value()
            self._fill(steps)
            self.steps.verticalScrollBar().setValue(place)

    def _fill(self, steps: list[JournalStep]) -> None:
        self._steps = steps
        record = self.current()
        if record is not None:
            self.steps.steps.show_steps(record.action, [step.step for step in steps], [s.result() for s in steps])
        self._update_buttons()

    def _complain(self, words: str) -> None:
        self.notices.show_notice(words, kind="warning")

    # Undo

    def _selected(self) -> list[JournalStep]:
        steps = (self._steps[row] for row in self.steps.selected_rows() if row < len(self._steps))
        return [step for step in steps if step.state == StepState.DONE]

    def _undo(self, steps: list[JournalStep], *, whole: bool) -> None:
        record = self.current()
        if record is None or not steps:
            return
        plan = Plan(record.plan_id, record.made_at, record.action, tuple(s.step for s in self._steps), record.target)
        if self._jobs.undo(plan, None if whole else [step.step for step in steps], total=len(steps)):
            self.count.setText(wording.working(JobKind.UNDO, record.action))
            self.bar.setRange(0, 0)

    def _on_progressed(self, progress: JobProgress) -> None:
        if progress.kind == JobKind.UNDO:
            self.bar.setRange(0, max(1, progress.total))
            self.bar.setValue(progress.done)
            self.count.setText(
                self.tr("{} of {}").format(numbers.grouped(progress.done), numbers.photos(progress.total))
            )

    def _on_ended(self, report: JobReport) -> None:
        if report.kind == JobKind.CHECK:
            return
        self.reload()
        if report.error or report.skipped:
            self._complain(report.error or f"{wording.ended(report)}. {report.skipped[0].reason}")
        elif report.kind == JobKind.UNDO:
            self.notices.show_notice(self.tr("{}.").format(wording.ended(report)), kind="info")

    def _update_buttons(self) -> None:
        running = self._jobs.is_running
        self.bar.setVisible(running)
        self.count.setVisible(running)
        self.stop.setVisible(running)
        done = sum(step.state == StepState.DONE for step in self._steps)
        self.all.setEnabled(not running and done > 0)
        self.selected.setEnabled(not running and bool(self._selected()))


def read_history(journal: Path) -> list[RunRecord]:
    """Return what a journal knows, the latest first; nothing when there is none. To be called in another thread."""
    if not journal.exists():
        return []
    with Journal.open(journal) as opened:
        return opened.history()


def read_steps(journal: Path, run: int) -> list[JournalStep]:
    """Return the steps of a run. To be called in another thread."""
    with Journal.open(journal) as opened:
        return opened.steps(run)


def _local(moment: str) -> str:
    """Return a time in UTC, ISO 8601, as people here write it."""
    form = QCoreApplication.translate("Review", "d MMM yyyy, HH:mm", "the form of a date")
    return QLocale().toString(QDateTime.fromString(moment, Qt.DateFormat.ISODate).toLocalTime(), form)
