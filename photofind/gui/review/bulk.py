"""Applying the suggestions to all groups where nothing is decided: which verdicts that holds for, and what it marks.

The user is asked by verdict, because that is what the risk depends on. Similar shots are never among them, and neither
are photos that deserve a look whatever their verdict is: a RAW file beside its picture, or the better one of two of
which the other is protected.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from photofind.core.duplicates.keeping import Caution, Suggestion
from photofind.core.duplicates.planning import relation
from photofind.core.evidence import DuplicateGroup, GroupKind, Verdict
from photofind.gui import numbers, theme
from photofind.gui.review.marks import KEEP, REMOVE, UNMARKED
from photofind.gui.review.overview import Codes
from photofind.gui.review.words import verdict_words

USUAL: Final = frozenset({Verdict.SAME_FILE, Verdict.SAME_PICTURE, Verdict.REENCODED, Verdict.RESIZED})
"""What is marked unless the user wants more or less: verdicts under which nothing of the picture is lost."""

_VERDICTS: Final = tuple(verdict for verdict in Verdict if verdict is not Verdict.SIMILAR)
_COVERED_BY: Final = {Caution.EDITED: Verdict.EDITED, Caution.CROPPED: Verdict.CROPPED}


def marks_of(group: DuplicateGroup, suggestions: Sequence[Suggestion], verdicts: Collection[Verdict]) -> Codes:
    """Return the marks that the suggestions come to, shape (n,): those to remove only where a verdict allows it.

    The verdict is the one between a photo and the one that is kept instead. Where nothing may be removed, nothing is
    marked at all.
    """
    codes = np.full(len(group.members), UNMARKED, np.uint8)
    if group.kind is GroupKind.SIMILAR:
        return codes
    by_id = {member.photo_id: member for member in group.members}
    for row, (member, suggestion) in enumerate(zip(group.members, suggestions, strict=True)):
        kept = by_id.get(suggestion.kept) if suggestion.kept is not None else None
        if suggestion.keep:
            codes[row] = KEEP
        elif suggestion.keep is False and kept is not None and relation(member, kept) in verdicts:
            caution = suggestion.caution
            if caution is None or _COVERED_BY.get(caution) in verdicts:
                codes[row] = REMOVE
    if not np.any(codes == REMOVE):
        codes[:] = UNMARKED
    return codes


class BulkDialog(QDialog):
    """Asks for which verdicts the suggestions are to hold; show it with ``open``."""

    chosen = Signal(object)
    """A frozenset of verdicts."""

    def __init__(self, groups: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Apply suggestions to the rest"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._boxes: dict[Verdict, QCheckBox] = {}
        open_groups = self.tr("Nothing is decided in 1 group.")
        if groups != 1:
            open_groups = self.tr("Nothing is decided in {} groups.").format(numbers.grouped(groups))
        column = QVBoxLayout(self)
        column.setSpacing(6)
        question = self.tr("Mark what is suggested for copies that are:")
        column.addWidget(QLabel(f"{open_groups} {question}"))
        column.addSpacing(4)
        for verdict in _VERDICTS:
            box = self._boxes[verdict] = QCheckBox(self._label(verdict), self)
            box.setPalette(theme.outlined(box.palette()))
            box.setChecked(verdict in USUAL)
            box.toggled.connect(self._on_toggled)
            column.addWidget(box)
        note = QLabel(
            self.tr("Similar shots are never marked this way. Photos are only marked: nothing is removed yet.")
        )
        note.setWordWrap(True)
        note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column.addSpacing(4)
        column.addWidget(note)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.mark = self._buttons.addButton(self.tr("Mark"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.mark.setDefault(True)
        theme.remove_icons(self._buttons)
        self._buttons.accepted.connect(self._on_accepted)
        self._buttons.rejected.connect(self.reject)
        column.addWidget(self._buttons)

    def verdicts(self) -> frozenset[Verdict]:
        """Return the verdicts that are ticked."""
        return frozenset(verdict for verdict, box in self._boxes.items() if box.isChecked())

    def set_verdict(self, verdict: Verdict, *, on: bool) -> None:
        """Tick a verdict, or not."""
        self._boxes[verdict].setChecked(on)

    def _label(self, verdict: Verdict) -> str:
        if verdict is Verdict.CROPPED:
            return self.tr("{} (part of the picture is lost if the kept one is the crop)").format(
                verdict_words(verdict)
            )
        if verdict is Verdict.EDITED:
            return self.tr("{} (the edited version may be the one you want)").format(verdict_words(verdict))
        return verdict_words(verdict)

    def _on_toggled(self) -> None:
        self.mark.setEnabled(bool(self.verdicts()))

    def _on_accepted(self) -> None:
        verdicts = self.verdicts()
        self.accept()
        self.chosen.emit(verdicts)
