"""Messages in place: one bar at the edge of the content, never a box in the way.

A notice that ends by itself is shown at once; one that stays gives way to it and comes back afterwards. Notices that
say the same are one notice with a count. Time stands still while the pointer is over the bar.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QEnterEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from photofind.gui import theme
from photofind.gui.names import displayable
from photofind.gui.theme import Tone

NoticeAction = tuple[str, Callable[[], object]]
"""The label of a button, and what it does."""

_TIMEOUTS: Final[dict[Tone, int]] = {"info": 8_000, "warning": 15_000, "error": 0}
_ICON_SIZE: Final = 20
_MARGIN: Final = 8
_STRIPE: Final = 4


@dataclass(slots=True)
class _Notice:
    """``timeout`` in milliseconds, 0 when the notice stays until it is closed; ``left`` of it."""

    id: int
    text: str
    kind: Tone
    actions: tuple[NoticeAction, ...]
    timeout: int
    left: int
    times: int = 1


@dataclass(slots=True)
class _Queue:
    """Which notices there are, and which of them is to be seen."""

    waiting: list[_Notice] = field(default_factory=list)
    current: _Notice | None = None

    def find(self, text: str, kind: Tone) -> _Notice | None:
        return next((notice for notice in self.waiting if notice.text == text and notice.kind == kind), None)

    def remove(self, notice_id: int) -> None:
        self.waiting = [notice for notice in self.waiting if notice.id != notice_id]

    def choose(self) -> _Notice | None:
        """Return the notice to show.

        The newest question comes first: it answers what the user has just done. Without any, it is the current one if
        that ends by itself, else the next that does, else the first.
        """
        asking = [notice for notice in self.waiting if notice.actions and notice.kind == "info"]
        if asking:
            self.current = asking[-1]
            return self.current
        kept = self.current if self.current in self.waiting else None
        if kept is None or not kept.timeout:
            timed = (notice for notice in self.waiting if notice.timeout)
            self.current = next(timed, kept or next(iter(self.waiting), None))
        return self.current


class NoticeBar(QWidget):
    """Shows notices one at a time; hidden while there are none."""

    closed = Signal(object)
    """A notice ended: its id. It was closed, acted upon, withdrawn, or its time was over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notices")
        self.setAccessibleName(self.tr("Message"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._queue = _Queue()
        self._shown: _Notice | None = None
        self._ids = itertools.count(1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._sign = QLabel(self)
        self._sign.setFixedSize(_ICON_SIZE, _ICON_SIZE)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)  # names of files are in it
        self._text.setWordWrap(True)
        self._more = QLabel(self)
        self._more.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._close = QToolButton(self)
        self._close.setAutoRaise(True)
        self._close.setIcon(theme.icon("close"))
        self._close.setIconSize(QSize(16, 16))
        self._close.setToolTip(self.tr("Close this message (Esc)"))
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.clicked.connect(self._on_close_clicked)
        self._buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(_MARGIN + _STRIPE + 8, _MARGIN + 2, _MARGIN + 4, _MARGIN + 2)
        self._row.setSpacing(10)
        self._row.addWidget(self._sign)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._more)
        self._row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """What the bar says now; empty when it says nothing."""
        return self._shown.text if self._shown else ""

    @property
    def count(self) -> int:
        """How many notices there are, with those that wait."""
        return len(self._queue.waiting)

    def show_notice(
        self, text: str, *, kind: Tone = "info", actions: Sequence[NoticeAction] = (), timeout_ms: int | None = None
    ) -> int:
        """Show a notice, or count it to the one that says the same; return its id for :meth:`withdraw`.

        Parameters
        ----------
        actions
            Buttons: a label, and what to call when it is clicked. The notice ends with it.
        timeout_ms
            When it ends by itself, 0 for never; None takes the usual time of its kind. Errors stay.
        """
        text = displayable(text)
        timeout = _TIMEOUTS[kind] if timeout_ms is None else timeout_ms
        notice = self._queue.find(text, kind)
        if notice is None:
            notice = _Notice(next(self._ids), text, kind, tuple(actions), timeout, timeout)
            self._queue.waiting.append(notice)
        else:
            notice.actions, notice.timeout, notice.left = tuple(actions), timeout, timeout
            notice.times += 1
            if notice is self._shown:
                self._shown = None  # to be shown anew, with its count and its whole time
        self._update()
        return notice.id

    def withdraw(self, notice_id: int) -> None:
        """End a notice that does not hold any more; one that is over already is fine."""
        if any(notice.id == notice_id for notice in self._queue.waiting):
            self._queue.remove(notice_id)
            self._update()
            self.closed.emit(notice_id)

    # What is shown

    def _update(self) -> None:
        notice = self._queue.choose()
        if notice is not self._shown:
            self._leave()
            self._shown = notice
            if notice is not None:
                self._fill(notice)
            self.setVisible(notice is not None)
        self._show_count()

    def _leave(self) -> None:
        """Stop the time of the notice that was shown; it may come back."""
        if self._shown is not None and self._timer.isActive():
            self._shown.left = self._timer.remainingTime()
        self._timer.stop()

    def _fill(self, notice: _Notice) -> None:
        self._text.setText(notice.text)
        self._set_buttons(notice.actions)
        self._paint_sign()
        if not self.underMouse():
            self._run()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, notice.text))
        self.update()

    def _set_buttons(self, actions: Sequence[NoticeAction]) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()  # it may be the one whose click is being handled
            button.deleteLater()
        self._buttons = []
        for label, act in actions:
            button = QPushButton(label, self)
            button.clicked.connect(lambda _=False, act=act: self._on_action(act))
            self._row.insertWidget(self._row.count() - 2, button)
            button.show()  # at once, or else the bar would first be laid out without it
            self._buttons.append(button)

    def _show_count(self) -> None:
        if self._shown is None:
            return
        others = len(self._queue.waiting) - 1
        parts = [f"{self._shown.times}\N{MULTIPLICATION SIGN}"] if self._shown.times > 1 else []
        parts += [self.tr("{} more").format(others)] if others else []
        self._more.setText(" · ".join(parts))
        self._more.setVisible(bool(parts))

    def _paint_sign(self) -> None:
        if self._shown is not None:
            colour = theme.tone_colour(self.palette(), self._shown.kind)
            name = self._shown.kind
            self._sign.setPixmap(theme.pixmap(name, _ICON_SIZE, colour, ratio=self.devicePixelRatioF()))

    # Ending

    def _run(self) -> None:
        if self._shown is not None and self._shown.timeout:
            self._timer.start(max(1, self._shown.left))

    def _on_timeout(self) -> None:
        if self._shown is not None:
            self.withdraw(self._shown.id)

    def _on_close_clicked(self) -> None:
        if self._shown is not None:
            self.withdraw(self._shown.id)

    def _on_action(self, act: Callable[[], object]) -> None:
        self._on_close_clicked()
        act()

    # Events

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Let time stand still."""
        self._leave()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Let time go on."""
        self._run()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Close with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self._on_close_clicked()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_sign()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a card in the tone of the notice."""
        del event
        if self._shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(_MARGIN - 2.5, 3.5, 2.5 - _MARGIN, -3.5)
        painter.setPen(QPen(theme.hairline(self.palette()), 1))
        painter.setBrush(theme.tint(self.palette(), self._shown.kind))
        painter.drawRoundedRect(card, 6, 6)
        stripe = QRectF(card.topLeft() + QPointF(4, 6), QSize(_STRIPE - 1, round(card.height()) - 12))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.tone_colour(self.palette(), self._shown.kind))
        painter.drawRoundedRect(stripe, 1.5, 1.5)
