"""Twenty questions: are these two the same picture? The answers correct what is expected of each threshold.

::

    looking ──▶ a pair ──Y · N · skip · back──▶ the next pair … ──▶ what the answers changed
                  └── each answer is stored at once, so closing keeps those so far
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from photofind.core.imaging.pictures import IN_PLACE, Pictures
from photofind.core.settings import Settings
from photofind.gui import numbers
from photofind.gui.notices import NoticeBar
from photofind.gui.panels.making import empty_note
from photofind.gui.preview.image_view import is_command
from photofind.gui.review.dialogs.label_outcome import OutcomePage
from photofind.gui.review.dialogs.label_pairs import LabelOutcome, LabelPair, LabelRound, LabelSource
from photofind.gui.review.dialogs.making import headline, quiet
from photofind.gui.review.dialogs.pair_pictures import PairPictures

_SIZE: Final = QSize(980, 680)


class LabelDialog(QDialog):
    """Asks about pairs one after another; deletes itself when it is closed. Show it with ``show``.

    Parameters
    ----------
    source
        Where pairs come from and answers go.
    settings
        How large a photo may be.
    pictures
        What decodes the photos.
    """

    labelled = Signal()
    """Labels were given: what is expected of the thresholds is another by now. Comes once, at the end."""

    def __init__(
        self,
        source: LabelSource,
        settings: Settings,
        parent: QWidget | None = None,
        *,
        pictures: Pictures = IN_PLACE,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Teach by examples"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._source = source
        self._round: LabelRound | None = None
        self._current = 0
        self._answers: dict[int, bool] = {}
        self._is_told = True
        self.notices = NoticeBar(self)
        self.pictures = PairPictures(settings, self, pictures=pictures)
        self.outcome = OutcomePage(self)
        self.looking = empty_note(self, self.tr("Looking for pairs that are in doubt…"))
        self.pages = QStackedWidget(self)
        self._lay_out()
        self.resize(_SIZE)
        self.begin()

    def begin(self) -> None:
        """Ask about another twenty pairs."""
        self._round, self._current, self._answers = None, 0, {}
        self.looking.setText(self.tr("Looking for pairs that are in doubt…"))
        self._show(self.looking)
        self._source.begin(self._on_found, self._on_failed)

    def answer(self, *, is_copy: bool) -> None:
        """Take the user's word on the pair that is shown, and go on."""
        pair = self._pair()
        if pair is not None:
            self._source.store(pair, self._complain, is_copy=is_copy)
            self._answers[self._current] = is_copy
            self._is_told = False
            self._go(self._current + 1)

    def skip(self) -> None:
        """Go on without a word; what was said of this pair before holds."""
        if self._pair() is not None:
            self._go(self._current + 1)

    def back(self) -> None:
        """Look at the pair before again."""
        if self._round is not None and self._current > 0:
            self._go(self._current - 1)

    def done(self, result: int) -> None:
        """Close; what was answered is kept."""
        self.pictures.close_pictures()
        self._tell()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take Y, N, skip and back from the keyboard."""
        act = {
            Qt.Key.Key_Y: lambda: self.answer(is_copy=True),
            Qt.Key.Key_J: lambda: self.answer(is_copy=True),  # as in German
            Qt.Key.Key_N: lambda: self.answer(is_copy=False),
            Qt.Key.Key_S: self.skip,
            Qt.Key.Key_Right: self.skip,
            Qt.Key.Key_B: self.back,
            Qt.Key.Key_Left: self.back,
            Qt.Key.Key_Backspace: self.back,
        }.get(Qt.Key(event.key()))
        if act is None or is_command(event) or self.pages.currentWidget() is not self._question:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():  # a key that is held is one answer, not twenty
            act()

    # Making

    def _lay_out(self) -> None:
        self._question = self._made_question()
        for page in (self.looking, self._question, self.outcome):
            self.pages.addWidget(page)
        self.again = self._button(self.tr("&Another round"), self.begin)
        self.back_button = self._button(self.tr("Back (B)"), self.back)
        self.skip_button = self._button(self.tr("Skip (S)"), self.skip)
        self.no = self._button(self.tr("No, two pictures (N)"), lambda: self.answer(is_copy=False))
        self.yes = self._button(self.tr("Yes, the same (Y)"), lambda: self.answer(is_copy=True))
        self.close_button = self._button(self.tr("Close"), self.reject)
        self.close_button.setToolTip(self.tr("Your answers so far are kept"))
        row = QHBoxLayout()
        row.addWidget(self.close_button)
        row.addStretch(1)
        for button in (self.again, self.back_button, self.skip_button, self.no, self.yes):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.pages, 1)
        column.addWidget(self.notices)
        column.addLayout(row)

    def _made_question(self) -> QWidget:
        page = QWidget(self)
        self.place = QLabel(page)
        self.bar = QProgressBar(page)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.said = quiet("", page)
        self.said.setMinimumHeight(self.said.fontMetrics().height())  # so that nothing jumps when it speaks
        top = QHBoxLayout()
        top.addWidget(headline(page, self.tr("Are these two the same picture?")), 1)
        top.addWidget(self.place)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(
            quiet(
                self.tr(
                    "Yes, if one was made from the other: smaller, cropped, mirrored, recoloured, with a frame. No, if"
                    " the camera was released twice."
                ),
                page,
            )
        )
        column.addWidget(self.bar)
        column.addWidget(self.pictures, 1)
        column.addWidget(self.said)
        return page

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    # The pairs

    @property
    def _pairs(self) -> Sequence[LabelPair]:
        return self._round.pairs if self._round is not None else ()

    def _pair(self) -> LabelPair | None:
        return self._pairs[self._current] if self._current < len(self._pairs) else None

    def _on_found(self, found: LabelRound) -> None:
        self._round = found
        if found.pairs:
            self._show(self._question)
            self._go(0)
        else:
            self.looking.setText(
                self.tr("There are no pairs in doubt that you have not judged yet. Look for duplicates first.")
            )

    def _go(self, place: int) -> None:
        self._current = place
        pair = self._pair()
        if pair is None:
            self._finish()
            return
        total = len(self._pairs)
        self.place.setText(self.tr("{} of {}").format(numbers.grouped(place + 1), numbers.grouped(total)))
        self.bar.setRange(0, total)
        self.bar.setValue(place)
        self.said.setText(self._said(place))
        following = self._pairs[place + 1 : place + 2]
        self.pictures.show_pair(
            (pair.first, pair.second), [member for each in following for member in (each.first, each.second)]
        )
        self._update_buttons()

    def _said(self, place: int) -> str:
        answer = self._answers.get(place)
        if answer is None:
            return ""
        return self.tr("You said: yes, the same.") if answer else self.tr("You said: no, two pictures.")

    def _finish(self) -> None:
        if not self._answers:
            self.reject()
            return
        self.looking.setText(self.tr("Working out what your answers change…"))
        self._show(self.looking)
        self._source.read_outcome(self._on_outcome, self._on_failed)

    def _on_outcome(self, found: LabelOutcome) -> None:
        if self._round is None:
            return
        self.outcome.show_outcome(self._round.before, found, answers=len(self._answers))
        self._show(self.outcome)
        self._tell()

    # What is shown

    def _show(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        self._update_buttons()
        self.setFocus()  # the keys are answers, whatever button was used last

    def _update_buttons(self) -> None:
        asking = self.pages.currentWidget() is self._question
        for button in (self.back_button, self.skip_button, self.no, self.yes):
            button.setVisible(asking)
        self.back_button.setEnabled(self._current > 0)
        self.again.setVisible(self.pages.currentWidget() is self.outcome)

    def _on_failed(self, words: str) -> None:
        self.looking.setText(words)
        self._show(self.looking)

    def _complain(self, words: str) -> None:
        self.notices.show_notice(words, kind="warning")

    def _tell(self) -> None:
        if not self._is_told:
            self._is_told = True
            self.labelled.emit()
