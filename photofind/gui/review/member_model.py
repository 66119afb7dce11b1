# ruff: noqa: N802 - overrides keep Qt's names
"""The members of the current group: what is shown of each, and the mark it has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from photofind.core.duplicates.keeping import Ground, Suggestion
from photofind.core.evidence import DuplicateGroup, Evidence, Member
from photofind.gui.names import displayable
from photofind.gui.review import words
from photofind.gui.review.marks import KEEP, REMOVE, SKIP, UNMARKED
from photofind.gui.review.overview import Codes
from photofind.gui.review.weighing import Known, same_file

_Index = QModelIndex | QPersistentModelIndex

CARD_ROLE: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Card:
    """One member as it is shown: its evidence is about it as a copy of the one that is kept, if that is known.

    ``mark`` is one of :mod:`marks`.
    """

    member: Member
    suggestion: Suggestion
    mark: int

    @property
    def is_protected(self) -> bool:
        """Whether it lies in a folder that nothing is taken from."""
        return self.suggestion.rule is Ground.PROTECTED and self.suggestion.keep is True


class MemberModel(QAbstractListModel):
    """Rows of members, the reference first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._group: DuplicateGroup | None = None
        self._suggestions: tuple[Suggestion, ...] = ()
        self._codes: Codes = np.empty(0, np.uint8)
        self._known: Known = {}

    @property
    def group(self) -> DuplicateGroup | None:
        """The group that is shown."""
        return self._group

    @property
    def codes(self) -> Codes:
        """The marks of the members, shape (n,)."""
        return self._codes

    def clear(self) -> None:
        """Show no group."""
        self._show(None, (), np.empty(0, np.uint8), {})

    def set_group(
        self, group: DuplicateGroup, suggestions: tuple[Suggestion, ...], codes: Codes, known: Known | None = None
    ) -> None:
        """Show another group; ``suggestions`` and ``codes`` are parallel to its members.

        ``known`` is what is known of pairs of its contents: of a second one as a copy of a first.
        """
        self._show(group, suggestions, codes, known or {})

    def _show(
        self, group: DuplicateGroup | None, suggestions: tuple[Suggestion, ...], codes: Codes, known: Known
    ) -> None:
        self.beginResetModel()
        self._group, self._suggestions, self._codes, self._known = group, suggestions, codes.copy(), known
        self.endResetModel()

    def set_codes(self, codes: Codes) -> None:
        """Show other marks of the same members."""
        if len(codes) == len(self._codes):
            self._codes = codes.copy()
            if len(codes):
                self.dataChanged.emit(self.index(0), self.index(len(codes) - 1))

    def member(self, row: int) -> Member | None:
        """Return the member of a row, None when there is none."""
        members = self._group.members if self._group is not None else ()
        return members[row] if 0 <= row < len(members) else None

    def card(self, row: int) -> Card | None:
        """Return what a row shows, None when there is none."""
        if self.member(row) is None:
            return None
        kept, member = self.compared(self.kept_row(), row)
        shown = kept if row == self.kept_row() else member
        return Card(shown, self._suggestions[row], int(self._codes[row]))

    def compared(self, first: int, second: int) -> tuple[Member, Member]:
        """Return two members with what is known of the second as a copy of the first.

        Members know what they are to the group's reference, which need not be one of the two.
        """
        assert self._group is not None
        one, other = self._group.members[first], self._group.members[second]
        if first == second:  # the reference knows of it, unless it was found by way of another
            other = self._group.members[0]
        evidence = self._between(one, other)
        return (one, other) if evidence is None else (replace(one, evidence=None), replace(other, evidence=evidence))

    def _between(self, one: Member, other: Member) -> Evidence | None:
        if one.photo_id != other.photo_id and one.content_id == other.content_id:
            return same_file()
        return self._known.get(one.content_id, {}).get(other.content_id)

    def row_of(self, photo_id: int) -> int:
        """Return the row of a photo, -1 when it is no member."""
        members = self._group.members if self._group is not None else ()
        return next((row for row, member in enumerate(members) if member.photo_id == photo_id), -1)

    def mark_words(self, row: int) -> str:
        """Return what a member is marked to become, nothing when it is not marked."""
        card = self.card(row)
        return "" if card is None else "".join(self._mark_words(card))

    def kept_row(self) -> int:
        """Return the member that the others are held against: one that is kept, else suggested to be, else the first.

        One that is to be removed is no match for the others unless all are.
        """
        kept = np.flatnonzero(self._codes == KEEP)
        if len(kept):
            return int(kept[0])
        stays = [row for row, each in enumerate(self._suggestions) if each.keep and self._codes[row] != REMOVE]
        left = np.flatnonzero(self._codes != REMOVE)
        return stays[0] if stays else int(left[0]) if len(left) else 0

    def suggested_codes(self) -> Codes | None:
        """Return the marks that are suggested, shape (n,); None when nothing is suggested for this group."""
        if not any(suggestion.keep is False for suggestion in self._suggestions):
            return None
        codes = {True: KEEP, False: REMOVE, None: UNMARKED}
        return np.array([codes[suggestion.keep] for suggestion in self._suggestions], np.uint8)

    def cautions(self) -> int:
        """Return how many photos are suggested to go but deserve a look first."""
        return sum(suggestion.is_bold for suggestion in self._suggestions)

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of members."""
        return 0 if (parent is not None and parent.isValid()) or self._group is None else len(self._group.members)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a row's card, or its words."""
        card = self.card(index.row()) if index.isValid() else None
        if card is None:
            return None
        if role == CARD_ROLE:
            return card
        if role == Qt.ItemDataRole.DisplayRole:
            return displayable(card.member.path)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(self._told(card))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join([*self._mark_words(card), *self._told(card)])
        return None

    def _mark_words(self, card: Card) -> list[str]:
        names = {KEEP: self.tr("Keep"), REMOVE: self.tr("Remove"), SKIP: self.tr("Skip")}
        return [names[card.mark]] if card.mark in names else []

    def _told(self, card: Card) -> list[str]:
        member = card.member
        lines = [displayable(member.path), words.measures(member), words.date_words(member)]
        lines += words.evidence_lines(member.evidence) if member.evidence else [words.verdict_line(None)]
        lines += words.suggestion_lines(card.suggestion)
        if card.is_protected:
            lines.append(self.tr("In a protected folder: nothing takes it away."))
        if member.offline:
            lines.append(self.tr("On a drive that is not connected."))
        return lines
