"""What is going to be done, before anything is done: how many photos, how much, from where, what stays, what not.

Another action may take another plan, since a photo is replaced by a link to the same bytes only: the page asks for it
and waits for :meth:`PlanPage.set_plan`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from photofind.core.duplicates.planning import LeftOut, summarize
from photofind.core.plans import Action, Plan
from photofind.gui import numbers, theme
from photofind.gui.names import displayable
from photofind.gui.review.applying import JobProgress, JobReport
from photofind.gui.review.dialogs import wording
from photofind.gui.review.dialogs.making import headline, quiet
from photofind.gui.review.dialogs.steps import RIGHT, Column, Row, StepsTable, step_row

_LEFT_OUT: Final = (Column.NAME, Column.FOLDER, Column.REASON)
_PHOTOS: Final = (Column.NAME, Column.FOLDER, Column.SIZE, Column.WHY, Column.KEPT)


class PlanPage(QWidget):
    """Shows a plan and lets the user choose what is done with its photos.

    Parameters
    ----------
    plan
        What was decided in the review.
    left_out
        Photos that were to go and are no part of the plan.
    """

    plan_wanted = Signal(object, object)
    """Another action was chosen, which needs a plan of its own: an :class:`Action`, and a folder to move to or None."""

    plan_changed = Signal()
    """There is another plan, or none for the time being."""

    def __init__(self, plan: Plan, left_out: Sequence[LeftOut], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self._left_out = tuple(left_out)
        self._choice = (plan.action, plan.target)
        self._target = plan.target
        self.skipped = 0
        self.headline = headline(self)
        self.summary = quiet("", self)
        self._make_actions()
        self._make_notes()
        self._make_tabs()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.headline)
        column.addWidget(self.summary)
        column.addWidget(self._actions)
        column.addWidget(self.left_out_note)
        column.addLayout(self._check_row)
        column.addWidget(self.tabs, 1)
        self._show_plan()

    @property
    def plan(self) -> Plan:
        """The plan that is shown; see :meth:`is_ready`."""
        return self._plan

    @property
    def action(self) -> Action:
        """What is chosen to be done; the plan for it may still be under way."""
        return self._choice[0]

    def set_plan(self, plan: Plan, left_out: Sequence[LeftOut] = ()) -> None:
        """Show another plan; one for an action that is not chosen any more is dropped."""
        if (plan.action, plan.target) == self._choice:
            self._plan, self._left_out = plan, tuple(left_out)
            self._show_plan()
            self.plan_changed.emit()

    def is_ready(self) -> bool:
        """Tell whether the plan is the one that is chosen: for moving, that takes a folder."""
        return (self._plan.action, self._plan.target) == self._choice

    def set_target(self, folder: str) -> None:
        """Move the photos to this folder."""
        self.move_to.setChecked(True)
        self._choose(Action.MOVE, os.path.abspath(folder))

    # The check

    def show_checking(self, progress: JobProgress) -> None:
        """Show how far the check is."""
        self._check_bar.setRange(0, max(1, progress.total))
        self._check_bar.setValue(progress.done)
        self._say_check(
            self.tr("Checking the files: {} of {}").format(
                numbers.grouped(progress.done), numbers.grouped(progress.total)
            )
        )

    def show_checked(self, report: JobReport) -> None:
        """Show what the check found."""
        self._check_bar.hide()
        skipped = report.skipped
        self.skipped = len(skipped)
        if report.error:
            self._say_check(report.error)
        elif skipped:
            self._say_check(self.tr("{} will be skipped; the last tab says why.").format(numbers.photos(len(skipped))))
        else:
            self._say_check(self.tr("All files were checked; each is checked again right before it is touched."))
        self._show_left_out([step_row(report.plan.action, result.step, result) for result in skipped])

    def _say_check(self, words: str) -> None:
        self.check_words.setText(words)
        self.check_words.show()

    # Making

    def _make_actions(self) -> None:
        self._actions = QWidget(self)
        self.trash = QRadioButton(self.tr("Move to the &trash"), self._actions)
        self.move_to = QRadioButton(self.tr("Move to a &folder:"), self._actions)
        self.hardlink = QRadioButton(self.tr("Replace by hard &links to the kept photo"), self._actions)
        self._group = QButtonGroup(self)
        for button, action in self._buttons():
            self._group.addButton(button)
            button.setPalette(theme.outlined(button.palette()))
            button.setChecked(action == self._plan.action)
        self._group.buttonClicked.connect(self._on_action)
        self.target = QLabel(self._actions)
        self.target.setTextFormat(Qt.TextFormat.PlainText)
        self.choose = QPushButton(self.tr("&Choose…"), self._actions)
        self.choose.setAutoDefault(False)
        self.choose.setAccessibleName(self.tr("Choose the folder to move to"))
        self.choose.clicked.connect(self._ask_target)
        folder = QHBoxLayout()
        folder.addWidget(self.move_to)
        folder.addWidget(self.target)
        folder.addWidget(self.choose)
        folder.addStretch(1)
        self.explanation = quiet("", self._actions)
        column = QVBoxLayout(self._actions)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(self.trash)
        column.addLayout(folder)
        column.addWidget(self.hardlink)
        column.addWidget(self.explanation)

    def _make_notes(self) -> None:
        self.left_out_note = QLabel(self)
        self.left_out_note.setTextFormat(Qt.TextFormat.PlainText)
        self.left_out_note.setWordWrap(True)
        self._check_bar = QProgressBar(self)
        self._check_bar.setTextVisible(False)
        self._check_bar.setMaximumSize(140, 8)
        self._check_bar.setAccessibleName(self.tr("Progress of the check"))
        self.check_words = quiet("", self)
        self._check_row = QHBoxLayout()
        self._check_row.addWidget(self._check_bar)
        self._check_row.addWidget(self.check_words, 1)

    def _make_tabs(self) -> None:
        self.folders = QTreeWidget(self)
        self.folders.setAccessibleName(self.tr("Folders that photos are taken from"))
        self.folders.setHeaderLabels([self.tr("From the folder"), self.tr("Photos")])
        self.folders.headerItem().setTextAlignment(1, RIGHT)
        self.folders.setRootIsDecorated(False)
        self.folders.setAlternatingRowColors(True)
        self.folders.setUniformRowHeights(True)
        self.folders.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.folders.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.photos = StepsTable(_PHOTOS, self.tr("Photos of the plan"), self)
        self.left_out = StepsTable(_LEFT_OUT, self.tr("Photos that will be skipped"), self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.folders, self.tr("Folders"))
        self.tabs.addTab(self.photos, self.tr("Photos"))
        self.tabs.addTab(self.left_out, self.tr("Skipped"))
        self.tabs.setTabVisible(2, False)

    # What is chosen

    def _buttons(self) -> tuple[tuple[QRadioButton, Action], ...]:
        return ((self.trash, Action.TRASH), (self.move_to, Action.MOVE), (self.hardlink, Action.HARDLINK))

    def _on_action(self, clicked: QAbstractButton) -> None:
        action = next(action for button, action in self._buttons() if button is clicked)
        self._choose(action, self._target if action == Action.MOVE else None)
        if action == Action.MOVE and self._target is None:
            self._ask_target()

    def _ask_target(self) -> None:
        dialog = QFileDialog(self, self.tr("Move the photos to"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.set_target)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose(self, action: Action, target: str | None) -> None:
        if (action, target) == self._choice:
            return
        self._choice = (action, target)
        self._target = target or self._target
        self.skipped = 0
        self._show_choice()
        self.plan_changed.emit()
        if action != Action.MOVE or target:
            self.plan_wanted.emit(action, target)

    # What is shown

    def _show_plan(self) -> None:
        self.skipped = 0
        summary = summarize(self._plan)
        self.summary.setText(
            self.tr("{} in {}; {} stay in their place.").format(
                wording.size(summary.bytes),
                wording.folders(len(summary.folders)),
                numbers.photos(wording.kept_count(self._plan)),
            )
        )
        self.folders.clear()
        for folder, count in summary.folders:
            entry = QTreeWidgetItem(self.folders, [displayable(folder), numbers.grouped(count)])
            entry.setToolTip(0, displayable(folder))
            entry.setTextAlignment(1, RIGHT)
            entry.setSizeHint(0, QSize(0, self.photos.verticalHeader().defaultSectionSize()))
        self.photos.steps.show_steps(self._plan.action, self._plan.steps)
        self.tabs.setTabText(0, self.tr("Folders ({})").format(numbers.grouped(len(summary.folders))))
        self.tabs.setTabText(1, self.tr("Photos ({})").format(numbers.grouped(summary.files)))
        reasons = Counter(left.refusal for left in self._left_out)
        self.left_out_note.setText(
            self.tr("{} left out: {}").format(numbers.photos(len(self._left_out)), wording.refused(reasons))
        )
        self.left_out_note.setVisible(bool(reasons))
        self._show_left_out([])
        self._show_choice()

    def _show_left_out(self, skipped: Sequence[Row]) -> None:
        rows = [*(Row(left.path, reason=wording.why_refused(left.refusal)) for left in self._left_out), *skipped]
        self.left_out.steps.show_rows(rows)
        self.tabs.setTabText(2, self.tr("Left out ({})").format(numbers.grouped(len(rows))))
        self.tabs.setTabVisible(2, bool(rows))

    def _show_choice(self) -> None:
        action = self._choice[0]
        question = {
            Action.TRASH: self.tr("Remove {}?"),
            Action.MOVE: self.tr("Move {}?"),
            Action.HARDLINK: self.tr("Replace {} by links?"),
        }[action]
        self.headline.setText(question.format(numbers.photos(len(self._plan.steps))))
        target = self._target
        self.target.setText(displayable(target) if target else self.tr("none is chosen yet"))
        self.target.setEnabled(action == Action.MOVE)
        self.choose.setEnabled(action == Action.MOVE)
        self.explanation.setText(
            {
                Action.TRASH: self.tr(
                    "They can be put back until the trash is emptied. Where there is no trash, photos stay where they"
                    " are."
                ),
                Action.MOVE: self.tr("Nothing in that folder is overwritten. They can be put back at any time."),
                Action.HARDLINK: self.tr(
                    "Every name stays, and the space is used once. Only for photos that are the same to the last byte;"
                    " whoever changes one changes both."
                ),
            }[action]
        )
        self._check_bar.setRange(0, 0)
        self._check_bar.setVisible(self.is_ready() and bool(self._plan.steps))
        self._say_check(self._waiting_for())

    def _waiting_for(self) -> str:
        if self._choice == (Action.MOVE, None):
            return self.tr("Choose a folder first.")
        if not self.is_ready():
            return self.tr("Making the plan…")
        return self.tr("Checking the files…") if self._plan.steps else self.tr("There is nothing to do this way.")
