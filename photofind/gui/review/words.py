"""What the review says: kinds, verdicts with their numbers, and why a suggestion is made, in words of the user's."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt

from photofind.core.duplicates.keep_rules import has_copy_name
from photofind.core.duplicates.keeping import Caution, Fact, Ground, KeepRule, Suggestion
from photofind.core.evidence import Evidence, GroupKind, Member, Verdict
from photofind.gui import numbers
from photofind.gui.action_spec import QT_TRANSLATE_NOOP
from photofind.gui.names import displayable

CONTEXT: Final = "Review"
_HASH_BITS: Final = 256
_THOUSAND: Final = 1000

_KINDS: Final = {
    GroupKind.EXACT: QT_TRANSLATE_NOOP("Review", "Exact copies"),
    GroupKind.NEAR: QT_TRANSLATE_NOOP("Review", "Edited copies"),
    GroupKind.SIMILAR: QT_TRANSLATE_NOOP("Review", "Similar shots"),
}
_VERDICTS: Final = {
    Verdict.SAME_FILE: QT_TRANSLATE_NOOP("Review", "Same file"),
    Verdict.SAME_PICTURE: QT_TRANSLATE_NOOP("Review", "Same picture, other file"),
    Verdict.REENCODED: QT_TRANSLATE_NOOP("Review", "Re-encoded"),
    Verdict.RESIZED: QT_TRANSLATE_NOOP("Review", "Resized"),
    Verdict.CROPPED: QT_TRANSLATE_NOOP("Review", "Cropped"),
    Verdict.EDITED: QT_TRANSLATE_NOOP("Review", "Edited"),
    Verdict.SIMILAR: QT_TRANSLATE_NOOP("Review", "Similar shot"),
}
_KEPT_BY: Final = {
    Ground.PROTECTED: QT_TRANSLATE_NOOP("Review", "protected folder"),
    Ground.OFFLINE: QT_TRANSLATE_NOOP("Review", "its drive is away"),
    Ground.LINKED: QT_TRANSLATE_NOOP("Review", "it is the kept file by another path"),
}
_REMOVED_BY: Final = {
    KeepRule.LARGER: QT_TRANSLATE_NOOP("Review", "smaller picture"),
    KeepRule.FORMAT: QT_TRANSLATE_NOOP("Review", "lesser format"),
    KeepRule.METADATA: QT_TRANSLATE_NOOP("Review", "less metadata"),
    KeepRule.PREFERRED: QT_TRANSLATE_NOOP("Review", "less preferred folder"),
    KeepRule.OLDER: QT_TRANSLATE_NOOP("Review", "newer file"),
    KeepRule.SHORTER_PATH: QT_TRANSLATE_NOOP("Review", "longer path"),
    Ground.PROTECTED: QT_TRANSLATE_NOOP("Review", "other one protected"),
    Ground.ORIGINAL: QT_TRANSLATE_NOOP("Review", "made from the kept one"),
    Ground.COMPRESSED: QT_TRANSLATE_NOOP("Review", "more compressed"),
}
_COPY_NAME: Final = QT_TRANSLATE_NOOP("Review", "named like a copy")
_CAUTIONS: Final = {
    Caution.EDITED: QT_TRANSLATE_NOOP("Review", "Look first: one of the two was edited."),
    Caution.CROPPED: QT_TRANSLATE_NOOP("Review", "Look first: one of the two was cropped."),
    Caution.RAW: QT_TRANSLATE_NOOP("Review", "Look first: one of the two is the RAW file."),
    Caution.BETTER: QT_TRANSLATE_NOOP("Review", "Look first: this is the better one, the other is protected."),
}


def kind_words(kind: GroupKind) -> str:
    """Return what groups of a kind are called."""
    return QCoreApplication.translate(CONTEXT, _KINDS[kind])


def verdict_words(verdict: Verdict) -> str:
    """Return what a verdict is called."""
    return QCoreApplication.translate(CONTEXT, _VERDICTS[verdict])


def verdict_line(evidence: Evidence | None) -> str:
    """Return the verdict on a member with the number that says most; the reference is what others are compared with."""
    if evidence is None:
        return QCoreApplication.translate("Review", "The others are compared with this one")
    words = verdict_words(evidence.verdict)
    if evidence.verdict in (Verdict.SAME_FILE, Verdict.SAME_PICTURE):
        return words
    sure = QCoreApplication.translate("Review", "{} % sure").format(_per_cent(evidence.score, 1))
    if evidence.verdict is Verdict.SIMILAR:
        sure = _similarity(evidence)
    return " · ".join(part for part in (words, sure) if part)


def evidence_lines(evidence: Evidence) -> list[str]:
    """Return all numbers that are known of a pair, one a line."""
    translate = QCoreApplication.translate
    lines = [verdict_line(evidence)]
    if evidence.verdict is not Verdict.SIMILAR:
        lines.append(_similarity(evidence))
    if evidence.hash_distance is not None:
        lines.append(translate("Review", "{} of {} bits differ").format(evidence.hash_distance, _HASH_BITS))
    if evidence.matches is not None:
        lines.append(translate("Review", "{} details match").format(numbers.grouped(evidence.matches)))
    if evidence.overlap is not None:
        lines.append(translate("Review", "both show {} % of the view").format(_per_cent(evidence.overlap, 0)))
    if evidence.difference is not None:
        lines.append(translate("Review", "brightness differs by {} %").format(_per_cent(evidence.difference, 1)))
    return [line for line in lines if line]


def suggestion_line(suggestion: Suggestion) -> str:
    """Return what is suggested for a member, with the rule that decided; empty when nothing is."""
    if suggestion.keep is None:
        return ""
    translate = QCoreApplication.translate
    words = translate("Review", "Suggested: keep") if suggestion.keep else translate("Review", "Suggested: remove")
    reasons: dict[Any, str] = _KEPT_BY if suggestion.keep else _REMOVED_BY
    reason = reasons.get(suggestion.rule, "")
    if suggestion.rule is KeepRule.SHORTER_PATH and has_copy_name(str(suggestion.own_fact)):
        reason = _COPY_NAME
    return f"{words} ({translate(CONTEXT, reason)})" if reason else words


def suggestion_lines(suggestion: Suggestion) -> list[str]:
    """Return the suggestion, what its rule compared, and why it deserves a look, one a line."""
    lines = [suggestion_line(suggestion)]
    if suggestion.own_fact is not None and suggestion.kept_fact is not None:
        own, kept = _fact(suggestion.rule, suggestion.own_fact), _fact(suggestion.rule, suggestion.kept_fact)
        lines.append(QCoreApplication.translate("Review", "this one: {}; the kept one: {}").format(own, kept))
    if suggestion.caution is not None:
        lines.append(QCoreApplication.translate(CONTEXT, _CAUTIONS[suggestion.caution]))
    return [line for line in lines if line]


def measures(member: Member) -> str:
    """Return size in pixels and bytes, and the format: ``4032 x 3024 · 3.1 MB · JPEG``."""
    facts = member.facts
    pixels = f"{facts.width} \N{MULTIPLICATION SIGN} {facts.height}" if facts.width and facts.height else ""
    parts = (pixels, size_words(member.stamp.size), facts.format.upper())
    return " · ".join(part for part in parts if part)


def date_words(member: Member) -> str:
    """Return when a photo was taken, or else when its file was changed."""
    form = QCoreApplication.translate("Review", "d MMM yyyy, HH:mm", "the form of a date")
    taken = member.facts.taken_at
    if taken:
        return QLocale().toString(QDateTime.fromString(taken, Qt.DateFormat.ISODate), form)
    return QCoreApplication.translate("Review", "file of {}").format(_day(member.stamp.mtime_ns))


def _day(mtime_ns: int) -> str:
    form = QCoreApplication.translate("Review", "d MMM yyyy, HH:mm", "the form of a date")
    return QLocale().toString(QDateTime.fromMSecsSinceEpoch(mtime_ns // 1_000_000), form)


def size_words(size: int) -> str:
    """Return a number of bytes as people read it."""
    return QLocale().formattedDataSize(size, 1 if size >= _THOUSAND else 0, QLocale.DataSizeFormat.DataSizeSIFormat)


def _fact(rule: object, fact: Fact) -> str:
    if isinstance(fact, tuple):
        return f"{fact[0]} \N{MULTIPLICATION SIGN} {fact[1]}"
    if isinstance(fact, int):
        return _day(fact) if rule is KeepRule.OLDER else numbers.grouped(fact)
    return displayable(str(fact))


def _similarity(evidence: Evidence) -> str:
    if evidence.similarity is None:
        return ""
    return QCoreApplication.translate("Review", "{} % alike").format(_per_cent(evidence.similarity, 0))


def _per_cent(share: float, digits: int) -> str:
    """Return a share in percent; what is not quite all is never rounded up to all."""
    percent = share * 100
    step = 10.0**-digits
    if share < 1 and percent > 100 - step:
        percent = 100 - step
    return numbers.decimal(percent, 0 if percent == 100 else digits)
