"""From a plan to its result: what is to be done, how far it is, what became of it, and the way back.

::

    plan page ──verb button──▶ progress page ──▶ result page ──Undo──▶ progress page ──▶ result page
        │ each choice: a check, behind the window      │ Stop: after the photo at work

Return never starts anything: Cancel is the default and has the focus, as in every question of the window. What starts
is a button that says what it does, or Ctrl+Return for those who work with the keyboard alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from photofind.core.duplicates.planning import LeftOut
from photofind.core.plans import Plan
from photofind.gui.notices import NoticeBar
from photofind.gui.review.applying import ActionJobs, JobKind, JobProgress, JobReport
from photofind.gui.review.dialogs import wording
from photofind.gui.review.dialogs.plan_page import PlanPage
from photofind.gui.review.dialogs.progress_page import ProgressPage
from photofind.gui.review.dialogs.result_page import ResultPage

_SIZE: Final = QSize(860, 600)


@dataclass(frozen=True, slots=True)
class PlanMade:
    """A plan, and the photos that were to go and are no part of it."""

    plan: Plan
    left_out: tuple[LeftOut, ...] = ()


class ApplyDialog(QDialog):
    """Shows one plan and carries it out; deletes itself when it is closed. Show it with ``show``.

    Closing it while photos are moved does not stop that: the jobs belong to the window, which tells the result.

    Parameters
    ----------
    made
        What was decided in the review.
    jobs
        What carries plans out.
    """

    plan_wanted = Signal(object, object)
    """Another action was chosen: an :class:`~photofind.core.plans.Action`, and the folder to move to or None.

    It takes a plan of its own, which :meth:`set_plan` wants to have.
    """

    export_requested = Signal()
    """The user wants the list as a file."""

    def __init__(self, made: PlanMade, jobs: ActionJobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Remove duplicates"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._jobs = jobs
        self._report: JobReport | None = None
        self.plan_page = PlanPage(made.plan, made.left_out, self)
        self.progress_page = ProgressPage(self)
        self.result_page = ResultPage(self)
        self.pages = QStackedWidget(self)
        for page in (self.plan_page, self.progress_page, self.result_page):
            self.pages.addWidget(page)
        self.notices = NoticeBar(self)
        self._lay_out()
        self.plan_page.plan_changed.connect(self._check)
        self.plan_page.plan_wanted.connect(self.plan_wanted)
        jobs.progressed.connect(self._on_progressed)
        jobs.ended.connect(self._on_ended)
        jobs.running_changed.connect(self._update_buttons)
        self.resize(_SIZE)
        self._check()
        self.cancel.setFocus()

    @property
    def report(self) -> JobReport | None:
        """What became of the plan, or of taking it back; None before that."""
        return self._report

    def set_plan(self, made: PlanMade) -> None:
        """Show the plan for the action that was chosen; it comes too late when something goes on already."""
        if self.pages.currentWidget() is self.plan_page:
            self.plan_page.set_plan(made.plan, made.left_out)

    def say(self, words: str) -> None:
        """Tell something in the dialog."""
        self.notices.show_notice(words, kind="info")

    def complain(self, words: str) -> None:
        """Tell what did not work."""
        self.notices.show_notice(words, kind="warning")

    def start(self) -> None:
        """Carry out the plan that is shown."""
        plan = self.plan_page.plan
        if self.pages.currentWidget() is self.plan_page and self.go.isEnabled() and self._jobs.apply(plan):
            self._show_progress(JobKind.APPLY, plan, len(plan.steps))

    def undo(self) -> None:
        """Take back what was done."""
        if self._report is not None and self._jobs.undo(self._report.plan, total=self._report.done):
            self._show_progress(JobKind.UNDO, self._report.plan, self._report.done)

    def done(self, result: int) -> None:
        """Close; a check ends, what changes photos goes on."""
        self._jobs.stop_check()
        super().done(result)

    # Making

    def _lay_out(self) -> None:
        self.export = self._button(self.tr("E&xport…"), self.export_requested.emit)
        self.export.setToolTip(self.tr("Write the list as a table (CSV) or as JSON, and change nothing"))
        self.stop = self._button(self.tr("&Stop"), self._on_stop)
        self.take_back = self._button(self.tr("&Undo"), self.undo)
        self.go = self._button("", self.start)
        self.cancel = self._button(self.tr("Cancel"), self.reject)
        self.cancel.setAutoDefault(True)
        self.cancel.setDefault(True)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shortcut = QShortcut(QKeySequence(Qt.Modifier.CTRL | key), self)
            shortcut.activated.connect(self.start)
        row = QHBoxLayout()
        row.addWidget(self.export)
        row.addStretch(1)
        for button in (self.stop, self.take_back, self.go, self.cancel):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.pages, 1)
        column.addWidget(self.notices)
        column.addLayout(row)

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    # What goes on

    def _check(self) -> None:
        if self.plan_page.is_ready() and self.plan_page.plan.steps:
            self._jobs.check(self.plan_page.plan)
        else:
            self._jobs.stop_check()
        self._update_buttons()

    def _show_progress(self, kind: JobKind, plan: Plan, total: int) -> None:
        self.progress_page.begin(kind, plan.action, total)
        self._show(self.progress_page)

    def _show(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        self._update_buttons()
        self.cancel.setFocus()

    def _on_stop(self) -> None:
        self._jobs.stop()
        self.stop.setEnabled(False)
        self.progress_page.show_stopping()

    def _on_progressed(self, progress: JobProgress) -> None:
        if progress.kind == JobKind.CHECK:
            self.plan_page.show_checking(progress)
        elif self.stop.isEnabled():
            self.progress_page.show_progress(progress)

    def _on_ended(self, report: JobReport) -> None:
        if report.plan.id != self.plan_page.plan.id:
            return
        if report.kind == JobKind.CHECK:
            self.plan_page.show_checked(report)
            self._update_buttons()
            return
        self._report = report
        self.result_page.show_report(report)
        self._show(self.result_page)

    def _update_buttons(self) -> None:
        page, plan = self.pages.currentWidget(), self.plan_page.plan
        planning = page is self.plan_page
        count = len(plan.steps) - self.plan_page.skipped
        self.go.setText(wording.verb(self.plan_page.action, count))
        self.go.setVisible(planning)
        self.go.setEnabled(count > 0 and self.plan_page.is_ready() and not self._jobs.is_running)
        self.go.setToolTip(self.tr("Ctrl+Return"))
        self.export.setVisible(planning)
        self.stop.setVisible(page is self.progress_page)
        self.stop.setEnabled(page is self.progress_page)
        self.take_back.setVisible(self._can_undo() and page is self.result_page)
        self.cancel.setText(self.tr("Cancel") if planning else self.tr("Close"))

    def _can_undo(self) -> bool:
        report = self._report
        return report is not None and report.kind == JobKind.APPLY and report.done > 0
