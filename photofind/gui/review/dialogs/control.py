"""Opens the dialogs beside the review for one window, and tells there what happened when no dialog does.

::

    choices of the review ──thread──▶ plan ──▶ ApplyDialog ──▶ jobs ──▶ applied(folders), or a notice with Undo
    at the start ──thread──▶ an interrupted plan? ──▶ a notice with Show and Undo

Nothing here waits: plans are made, journals read and files exported in a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from photofind.core.actions.acting import Actor
from photofind.core.actions.protection import ProtectedFolders
from photofind.core.actions.soundness import untouchable
from photofind.core.catalog.journal import JOURNAL_FILE, Journal, RunRecord
from photofind.core.duplicates.planning import LeftOut, make_plan
from photofind.core.imaging.pictures import IN_PLACE, Pictures
from photofind.core.paths import acting_lock_file
from photofind.core.plans import Action, Plan
from photofind.core.settings import Settings
from photofind.gui.errands import Errands
from photofind.gui.notices import NoticeAction, NoticeBar
from photofind.gui.review.applying import ActionJobs, JobKind, JobReport, OpenActor
from photofind.gui.review.dialogs import wording
from photofind.gui.review.dialogs.apply import ApplyDialog, PlanMade
from photofind.gui.review.dialogs.exporting import Choice, ExportDialog, export
from photofind.gui.review.dialogs.history import HistoryDialog
from photofind.gui.review.dialogs.label_pairs import Ask, LibraryLabels
from photofind.gui.review.dialogs.labels import LabelDialog
from photofind.gui.review.dialogs.unfinished import unfinished_plans
from photofind.gui.session import Session
from photofind.gui.theme import Tone
from photofind.gui.trash import open_trash

_Dialog = TypeVar("_Dialog", bound=QDialog)


class ReviewDialogs(QObject):
    """Each dialog is there once at most; :meth:`close` must be called when the window closes.

    Parameters
    ----------
    window
        What the dialogs belong to.
    notices
        Where results are told when no dialog shows them.
    library
        The library's folder.
    settings
        Returns the engine's settings as they hold now.
    ask
        Asks the library in a thread.
    open_actor
        Opens what acts on files, for the thread that calls it.
    pictures
        What decodes the photos that are shown.
    """

    acted = Signal(object)
    """A plan was carried out or taken back, in part at least: its :class:`JobReport`."""

    applied = Signal(object)
    """Files changed: the folders, as a list of paths, that have to be indexed again."""

    labelled = Signal()
    """The user judged pairs: what is expected of the thresholds is another by now."""

    def __init__(
        self,
        window: QWidget,
        notices: NoticeBar,
        library: Path,
        settings: Callable[[], Settings],
        ask: Ask,
        open_actor: OpenActor,
        *,
        pictures: Pictures = IN_PLACE,
    ) -> None:
        super().__init__(window)
        self._pictures = pictures
        self._window = window
        self._notices = notices
        self._journal = library / JOURNAL_FILE
        self._settings = settings
        self._ask = ask
        self._open_actor = open_actor
        self._shown: list[QDialog] = []
        self._errands = Errands("photofind-plans", self)
        self.jobs = ActionJobs(open_actor, self)
        self.jobs.applied.connect(self.applied)
        self.jobs.ended.connect(self._on_ended)

    @classmethod
    def of(cls, window: QWidget, notices: NoticeBar, session: Session) -> ReviewDialogs:
        """Return the dialogs of a window on a library, with the user's own trash."""
        journal, trash = session.library / JOURNAL_FILE, open_trash()

        @contextmanager
        def open_actor() -> Iterator[Actor]:
            with Journal.open(journal) as opened:
                yield Actor(opened, trash, untouchable(session.settings, session.library), lock=acting_lock_file())

        return cls(
            window,
            notices,
            session.library,
            lambda: session.settings,
            session.searching.ask,
            open_actor,
            pictures=session.pictures,
        )

    def close(self) -> None:
        """Stop what runs; returns when the file that is at work is done."""
        for dialog in list(self._shown):
            dialog.close()
        self._errands.close()
        self.jobs.close()

    # What is to be done

    def show_plan(self, choices: Sequence[Choice]) -> None:
        """Show what would be done with the photos that are to go, once the plan is made."""
        make = self._maker(choices, Action.TRASH, None)
        self._errands.do(make, lambda made: self._open_plan(choices, made), self._complain)

    def _open_plan(self, choices: Sequence[Choice], made: PlanMade) -> None:
        if self._raised(ApplyDialog):
            return
        dialog = ApplyDialog(made, self.jobs, self._window)
        dialog.plan_wanted.connect(
            lambda action, target: self._errands.do(
                self._maker(choices, action, target), dialog.set_plan, dialog.complain
            )
        )
        dialog.export_requested.connect(lambda: self._ask_export(dialog, choices))
        self._show(dialog)

    def _maker(self, choices: Sequence[Choice], action: Action, target: str | None) -> Callable[[], PlanMade]:
        protected = self._settings().protected_folders

        def make() -> PlanMade:
            left_out: list[LeftOut] = []
            covers = ProtectedFolders(protected).covers
            plan = make_plan(choices, action, target, is_protected=covers, left_out=left_out.append)
            return PlanMade(plan, tuple(left_out))

        return make

    def _ask_export(self, dialog: ApplyDialog, choices: Sequence[Choice]) -> None:
        settings = self._settings()
        asking = ExportDialog(dialog)
        asking.chosen.connect(
            lambda path: self._errands.do(partial(export, path, choices, settings), dialog.say, dialog.complain)
        )
        asking.open()

    # What was done

    def show_history(self, run: int | None = None) -> None:
        """Show what was done, at one run if it is named."""
        shown = self._raised(HistoryDialog)
        if shown is not None:
            shown.reload(run)
            return
        dialog = HistoryDialog(self._journal, self.jobs, self._window)
        if run is not None:
            dialog.reload(run)
        self._show(dialog)

    def look_for_unfinished(self) -> None:
        """Tell in the window when an action was interrupted; call it once when the window opens."""
        look = partial(unfinished_plans, self._journal, self._open_actor)
        self._errands.do(look, self._tell_unfinished, self._complain)

    def _tell_unfinished(self, records: Sequence[RunRecord]) -> None:
        for record in records:
            actions: list[NoticeAction] = [(self.tr("Show"), partial(self.show_history, record.run))]
            if record.done:
                actions.append((self.tr("Undo"), partial(self._undo_run, record)))
            self._notices.show_notice(wording.interrupted(record), kind="warning", actions=actions, timeout_ms=0)

    def _undo_run(self, record: RunRecord) -> None:
        def undo(plan: Plan | None) -> None:
            if plan is not None:
                self._undo(plan, record.done)

        self._errands.do(partial(_read_plan, self._journal, record.run), undo, self._complain)

    def _undo(self, plan: Plan, total: int) -> None:
        if not self.jobs.undo(plan, total=total):
            self._complain(self.tr("Wait until the photos that are being moved are through, then try again."))

    def _on_ended(self, report: JobReport) -> None:
        """Tell in the window what no open dialog tells."""
        if report.kind != JobKind.CHECK:
            self.acted.emit(report)
        if report.kind == JobKind.CHECK or any(_tells(dialog, report) for dialog in self._shown):
            return
        actions: list[NoticeAction] = [(self.tr("Show"), self.show_history)]
        if report.kind == JobKind.APPLY and report.done:
            actions.insert(0, (self.tr("Undo"), partial(self._undo, report.plan, report.done)))
        words = " ".join(part for part in (self.tr("{}.").format(wording.ended(report)), report.error) if part)
        kind: Tone = "warning" if report.error or report.skipped else "info"
        self._notices.show_notice(words, kind=kind, actions=actions)

    # Labels

    def show_labels(self) -> None:
        """Ask the user about pairs that are in doubt."""
        if self._raised(LabelDialog) is None:
            dialog = LabelDialog(LibraryLabels(self._ask), self._settings(), self._window, pictures=self._pictures)
            dialog.labelled.connect(self.labelled)
            self._show(dialog)

    # Dialogs

    def _raised(self, kind: type[_Dialog]) -> _Dialog | None:
        """Bring the dialog of a kind to the front, if there is one."""
        shown = next((dialog for dialog in self._shown if isinstance(dialog, kind)), None)
        if shown is not None:
            shown.raise_()
            shown.activateWindow()
        return shown

    def _show(self, dialog: QDialog) -> None:
        self._shown.append(dialog)
        dialog.finished.connect(lambda: self._shown.remove(dialog))
        dialog.setModal(False)
        dialog.show()

    def _complain(self, words: str) -> None:
        self._notices.show_notice(words, kind="warning")


def _tells(dialog: QDialog, report: JobReport) -> bool:
    return isinstance(dialog, HistoryDialog) or (
        isinstance(dialog, ApplyDialog) and dialog.plan_page.plan.id == report.plan.id
    )


def _read_plan(journal: Path, run: int) -> Plan | None:
    with Journal.open(journal) as opened:
        return opened.plan(run)
