"""What the dialogs call actions, their ends and sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from photofind.core.catalog.journal import RunRecord
from photofind.core.duplicates.planning import Refusal
from photofind.core.evidence import Verdict
from photofind.core.plans import Action, Outcome, Plan, Step, StepResult
from photofind.gui import numbers
from photofind.gui.action_spec import QT_TRANSLATE_NOOP
from photofind.gui.names import displayable
from photofind.gui.review.applying import JobKind, JobReport
from photofind.gui.review.words import verdict_words

_CONTEXT: Final = "Actions"
_BY_HAND: Final = "marked by hand"  # as plans have it
_REFUSALS: Final = {
    Refusal.NOTHING_STAYS: QT_TRANSLATE_NOOP("Actions", "No copy of it would have stayed."),
    Refusal.PROTECTED: QT_TRANSLATE_NOOP("Actions", "It is in a protected folder."),
    Refusal.OFFLINE: QT_TRANSLATE_NOOP("Actions", "Its drive is not connected."),
    Refusal.SAME_FILE: QT_TRANSLATE_NOOP("Actions", "It is the file that stays, by another path."),
    Refusal.NOT_IDENTICAL: QT_TRANSLATE_NOOP("Actions", "Its bytes differ from those of the photo that stays."),
    Refusal.NEEDED: QT_TRANSLATE_NOOP("Actions", "It stays in the place of another photo."),
}
_TALLIES: Final = {
    Refusal.NOTHING_STAYS: QT_TRANSLATE_NOOP("Actions", "without a copy that stays"),
    Refusal.PROTECTED: QT_TRANSLATE_NOOP("Actions", "in protected folders"),
    Refusal.OFFLINE: QT_TRANSLATE_NOOP("Actions", "on drives that are not connected"),
    Refusal.SAME_FILE: QT_TRANSLATE_NOOP("Actions", "that are the file that stays"),
    Refusal.NOT_IDENTICAL: QT_TRANSLATE_NOOP("Actions", "with other bytes than what stays"),
    Refusal.NEEDED: QT_TRANSLATE_NOOP("Actions", "needed in the place of another"),
}


def verb(action: Action, count: int) -> str:
    """Return what the button says that carries a plan out."""
    translate = QCoreApplication.translate
    words = {
        Action.TRASH: translate("Actions", "Move {} to the trash"),
        Action.MOVE: translate("Actions", "Move {} to the folder"),
        Action.HARDLINK: translate("Actions", "Replace {} by links"),
    }[action]
    return words.format(numbers.photos(count))


def working(kind: JobKind, action: Action) -> str:
    """Return what is going on."""
    translate = QCoreApplication.translate
    if kind == JobKind.UNDO:
        return translate("Actions", "Putting photos back")
    return {
        Action.TRASH: translate("Actions", "Moving photos to the trash"),
        Action.MOVE: translate("Actions", "Moving photos to the folder"),
        Action.HARDLINK: translate("Actions", "Replacing photos by links"),
    }[action]


def ended(report: JobReport) -> str:
    """Return what became of a job, with what was skipped and what was not reached."""
    parts = [_done(report)]
    skipped = len(report.skipped)
    if skipped:
        parts.append(QCoreApplication.translate("Actions", "{} skipped").format(numbers.grouped(skipped)))
    left = report.total - len(report.results)
    if left > 0:
        parts.append(QCoreApplication.translate("Actions", "{} not reached").format(numbers.grouped(left)))
    return ", ".join(parts)


def _done(report: JobReport) -> str:
    translate = QCoreApplication.translate
    photos = numbers.photos(report.done)
    if report.kind == JobKind.UNDO:
        return translate("Actions", "{} put back").format(photos)
    return {
        Action.TRASH: translate("Actions", "{} moved to the trash"),
        Action.MOVE: translate("Actions", "{} moved to the folder"),
        Action.HARDLINK: translate("Actions", "{} replaced by links"),
    }[report.plan.action].format(photos)


def state(action: Action, result: StepResult | None) -> str:
    """Return where a step stands; nothing for one that was not begun."""
    translate = QCoreApplication.translate
    if result is None:
        return ""
    if result.outcome == Outcome.DONE:
        return {
            Action.TRASH: translate("Actions", "in the trash"),
            Action.MOVE: translate("Actions", "moved"),
            Action.HARDLINK: translate("Actions", "a link"),
        }[action]
    return {
        Outcome.SKIPPED: translate("Actions", "skipped"),
        Outcome.UNDONE: translate("Actions", "put back"),
        Outcome.FAILED: translate("Actions", "failed"),
    }[result.outcome]


def size(size_bytes: int) -> str:
    """Return a number of bytes as people read it."""
    return QLocale().formattedDataSize(size_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def folders(number: int) -> str:
    """Return ``1 folder`` or ``3 folders``."""
    translate = QCoreApplication.translate
    if number == 1:
        return translate("Actions", "1 folder")
    return translate("Actions", "{} folders").format(numbers.grouped(number))


def kept_count(plan: Plan) -> int:
    """Return how many photos are kept in the place of those that a plan takes away."""
    return len({step.kept.path for step in plan.steps})


def refused(reasons: Mapping[Refusal, int]) -> str:
    """Return for what reasons photos are left out, with how many for each if there are several."""
    counted = [(QCoreApplication.translate(_CONTEXT, _TALLIES[each]), count) for each, count in reasons.items()]
    if len(counted) == 1:
        return counted[0][0]
    ordered = sorted(counted, key=lambda entry: -entry[1])
    return " · ".join(f"{numbers.grouped(count)} {words}" for words, count in ordered)


def why_refused(refusal: Refusal) -> str:
    """Return why a photo is left out."""
    return QCoreApplication.translate(_CONTEXT, _REFUSALS[refusal])


def why(step: Step) -> str:
    """Return what a photo is to the one that is kept, and why it goes."""
    verdict = verdict_words(Verdict(step.verdict)) if step.verdict in set(Verdict) else step.verdict
    by_hand = QCoreApplication.translate("Actions", "marked by hand")
    reason = by_hand if step.reason == _BY_HAND else step.reason
    return displayable(" · ".join(words for words in (verdict, reason) if words))


def what(action: Action, count: int) -> str:
    """Return what was to be done, for a list."""
    translate = QCoreApplication.translate
    words = {
        Action.TRASH: translate("Actions", "{} to the trash"),
        Action.MOVE: translate("Actions", "{} to a folder"),
        Action.HARDLINK: translate("Actions", "{} replaced by links"),
    }[action]
    return words.format(numbers.photos(count))


def run_state(record: RunRecord) -> str:
    """Return how a run stands, in a word or two."""
    translate = QCoreApplication.translate
    if record.unsettled:
        return translate("Actions", "interrupted")
    if record.done and record.undone:
        return translate("Actions", "partly taken back")
    if record.undone:
        return translate("Actions", "taken back")
    if not record.done:
        return translate("Actions", "nothing was done")
    left = record.skipped + record.failed
    if left:
        return translate("Actions", "done, {} skipped").format(numbers.grouped(left))
    return translate("Actions", "done")


def about_run(record: RunRecord) -> str:
    """Return a run in numbers, and the folder that photos were moved to."""
    translate = QCoreApplication.translate
    parts = []
    if record.done:
        parts.append(translate("Actions", "{} can be put back").format(numbers.photos(record.done)))
    if record.undone:
        parts.append(translate("Actions", "{} put back").format(numbers.grouped(record.undone)))
    if record.skipped:
        parts.append(translate("Actions", "{} skipped").format(numbers.grouped(record.skipped)))
    if record.failed:
        parts.append(translate("Actions", "{} failed").format(numbers.grouped(record.failed)))
    if record.unsettled:
        parts.append(translate("Actions", "{} interrupted").format(numbers.grouped(record.unsettled)))
    if record.target:
        parts.append(translate("Actions", "moved to {}").format(displayable(record.target)))
    return " · ".join(parts)


def interrupted(record: RunRecord) -> str:
    """Return what to tell of a run that ended in the middle."""
    translate = QCoreApplication.translate
    words = {
        Action.TRASH: translate("Actions", "An action was interrupted: {} of {} had been moved to the trash."),
        Action.MOVE: translate("Actions", "An action was interrupted: {} of {} had been moved to the folder."),
        Action.HARDLINK: translate("Actions", "An action was interrupted: {} of {} had been replaced by links."),
    }[record.action]
    return words.format(numbers.grouped(record.done), numbers.photos(record.steps))
