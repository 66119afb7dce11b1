"""What the fast search missed: every answer that is not exact is checked behind the user's back.

::

    the complete answer is on the grid ──a moment──▶ SearchLink.check ──▶ "none missed" │ "3 missed · show"
                                                                                                  │
                          the grid, with the three at their places and marked ◀───────────────────┘

Whatever asks for other photos ends the check and forgets what it found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer

from photofind.core.queries import ExactCheck, Query, SearchResult
from photofind.gui.answer import AnswerWords
from photofind.gui.numbers import grouped

if TYPE_CHECKING:
    from photofind.gui.main_window import MainWindow

_QUIET_MS = 300


class MissedControl(QObject):
    """Has answers checked, says what they lack, and puts it on the grid when the user wants to see it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._browser, self._searching = window.browser, window.session.searching
        self._outcome, self._grid, self._model = window.query_bar.outcome, window.grid, window.model
        self._answer: tuple[Query, SearchResult] | None = None
        self._check: ExactCheck | None = None
        self._is_shown = False
        self._words = AnswerWords(self)
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self._on_quiet)
        self._browser.asking.connect(self._forget)
        self._browser.answered.connect(self._on_answered)
        self._outcome.missed_clicked.connect(self._toggle)

    @property
    def check(self) -> ExactCheck | None:
        """What the check of the answer that is shown has found; None as long as it is not over."""
        return self._check

    def _forget(self) -> None:
        self._quiet.stop()
        self._searching.cancel_check()
        self._answer, self._check, self._is_shown = None, None, False
        self._outcome.say_check("")

    def _on_answered(self, query: Query, result: SearchResult) -> None:
        if not result.exact and result.hits:
            self._answer = query, result
            self._quiet.start()

    def _on_quiet(self) -> None:
        if self._answer is None:
            return
        query, result = self._answer
        self._outcome.say_check(self.tr("checking…"), tip=self.tr("Comparing with every photo"))
        self._searching.check(query, [hit.photo_id for hit in result.hits], self._on_checked)

    def _on_checked(self, check: ExactCheck | None) -> None:
        self._check = check
        self._say()

    def _toggle(self) -> None:
        if self._check is None:
            return
        self._is_shown = not self._is_shown
        missed = self._check.missed if self._is_shown else ()
        self._browser.show_missed(missed, self.tr("missed by the fast search"))
        self._bring_into_view()
        self._say()

    def _bring_into_view(self) -> None:
        """Let one of those that were missed be seen; the best of them may lie far down."""
        grid, rows = self._grid, np.flatnonzero(self._model.missed(0, len(self._model.ids) - 1))
        first, last = grid.visible_rows()
        if len(rows) and not ((rows >= first) & (rows <= last)).any():
            grid.bring_into_view(int(rows[0]))

    def _say(self) -> None:
        check = self._check
        if check is None or not check.nearest:  # it could not be made, or there is nothing left of the library
            self._outcome.say_check("")
            return
        lacking = f" {self._words.left_out(check.left_out)}" if check.left_out else ""
        if not check.missed:
            tip = self.tr("Compared with every photo: nothing of the {} best is missing.")
            self._outcome.say_check(self.tr("none missed"), tip=tip.format(grouped(check.nearest)) + lacking)
            return
        words = self.tr("{} missed · hide") if self._is_shown else self.tr("{} missed · show")
        tip = self.tr("Compared with every photo: of the {} best, the fast search missed {}.")
        count = len(check.missed)
        self._outcome.say_check(
            words.format(grouped(count)), tip=tip.format(grouped(check.nearest), grouped(count)) + lacking, is_link=True
        )
