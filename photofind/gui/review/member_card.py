# ruff: noqa: N802 - overrides keep Qt's names
"""Draws the card of a member, and tells which of its marks a point is on.

::

    +---------+  IMG_2041.jpg                      (lock)
    | picture |  …/holidays/2021
    |         |  4032 x 3024 · 3.1 MB · JPEG
    |         |  12 May 2021, 14:03
    |         |  Cropped · 99.8 % sure
    |         |  Suggested: remove (smaller picture)
    +---------+  [ok Keep] [bin Remove] [- Skip]
"""

from __future__ import annotations

import os
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from photofind.gui import theme
from photofind.gui.grid.source import TileSource
from photofind.gui.names import displayable
from photofind.gui.review import painting, words
from photofind.gui.review.marks import KEEP, REMOVE, SKIP
from photofind.gui.review.member_model import CARD_ROLE, Card

_Index = QModelIndex | QPersistentModelIndex

WIDTH: Final = 400
PICTURE: Final = 132
_LINES: Final = 6
_MARGIN: Final = 3
_PAD: Final = 9
_MARK_GAP: Final = 4
_LINE_GAP: Final = 2


def card_height(font: QFont) -> int:
    """Return how high a card is in a font."""
    return _LINES * _line_height(font) + _mark_height(font) + _PAD // 2 + 2 * (_PAD + _MARGIN)


def mark_rects(card: QRect, font: QFont) -> dict[int, QRect]:
    """Return where the buttons of the marks are on a card."""
    small = painting.small_font(font)
    height = _mark_height(font)
    left = card.x() + _MARGIN + _PAD + PICTURE + _PAD
    top = card.bottom() - _MARGIN - _PAD - height + 1
    rects: dict[int, QRect] = {}
    for mark in (KEEP, REMOVE, SKIP):
        width = painting.mark_width(small, painting.MARK_LOOKS[mark])
        rects[mark] = QRect(left, top, width, height)
        left += width + _MARK_GAP
    return rects


def mark_at(point: QPoint, size: QSize, font: QFont) -> int | None:
    """Return the mark whose button a point of a card is on, None when it is on none."""
    rects = mark_rects(QRect(QPoint(0, 0), size), font)
    return next((mark for mark, rect in rects.items() if rect.contains(point)), None)


class CardDelegate(QStyledItemDelegate):
    """Draws the cards."""

    def __init__(self, source: TileSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._source = source

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one card."""
        card = index.data(CARD_ROLE)
        if not isinstance(card, Card):
            return
        colours: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        area: QRect = option.rect
        ground = area.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painting.draw_card(
            painter,
            ground,
            colours,
            current=bool(state & QStyle.StateFlag.State_Selected),
            hovered=bool(state & QStyle.StateFlag.State_MouseOver),
            focus=bool(state & QStyle.StateFlag.State_HasFocus),
        )
        font = QFont(option.font)
        inside = ground.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        self._draw_picture(painter, QRect(inside.x(), inside.y(), PICTURE, inside.height()), card, colours)
        lines = inside.adjusted(PICTURE + _PAD, 0, 0, 0)
        self._draw_lines(painter, lines, card, colours, font)
        painter.setFont(painting.small_font(font))
        for mark, rect in mark_rects(area, font).items():
            painting.draw_mark(painter, rect, painting.MARK_LOOKS[mark], colours, on=card.mark == mark)
        painter.setFont(font)

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Return the size of every card."""
        return QSize(WIDTH, card_height(option.font))

    def _draw_picture(self, painter: QPainter, box: QRect, card: Card, colours: QPalette) -> None:
        tile = self._source.tile(int(card.member.photo_id))
        if card.mark == REMOVE:
            painter.setOpacity(0.45)
        painting.draw_picture(painter, box, tile, colours, fill=False)
        painter.setOpacity(1.0)
        if card.mark in painting.MARK_LOOKS:
            self._draw_badge(painter, box, card.mark, colours)

    def _draw_badge(self, painter: QPainter, box: QRect, mark: int, colours: QPalette) -> None:
        look = painting.MARK_LOOKS[mark]
        place = QRect(box.x() + 5, box.y() + 5, 24, 24)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(painting.tone_of(colours, look.tone))
        painter.drawEllipse(place)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painting.draw_sign(painter, place, look.icon, colours.color(QPalette.ColorRole.Base))

    def _draw_lines(self, painter: QPainter, area: QRect, card: Card, colours: QPalette, font: QFont) -> None:
        member = card.member
        text, quiet = colours.color(QPalette.ColorRole.WindowText), theme.muted(colours)
        height = _line_height(font)
        line = QRect(area.x(), area.y(), area.width(), height)
        middle, right = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight
        painter.setFont(painting.bold_font(font))
        folder, name = os.path.split(member.path)
        signs = self._draw_signs(painter, line, card, colours)
        painting.draw_line(painter, line.adjusted(0, 0, -signs, 0), displayable(name), text, middle)
        painter.setFont(painting.small_font(font))
        rows = (
            (displayable(folder), quiet, middle),
            (words.measures(member), text, right),
            (words.date_words(member), quiet, right),
            (words.verdict_line(member.evidence), text, right),
            (words.suggestion_line(card.suggestion), quiet, right),
        )
        for content, colour, elide in rows:
            line.translate(0, height)
            painting.draw_line(painter, line, content, colour, elide)

    def _draw_signs(self, painter: QPainter, line: QRect, card: Card, colours: QPalette) -> int:
        """Draw what is special about a member at the end of its first line; return the room that takes."""
        signs = [name for name, on in (("lock", card.is_protected), ("offline", card.member.offline)) if on]
        if card.suggestion.caution is not None:
            signs.append("warning")
        place = QRect(line.right() - painting.SIGN + 1, line.y(), painting.SIGN, line.height())
        for name in signs:
            tone = painting.tone_of(colours, "warning" if name == "warning" else "muted")
            painting.draw_sign(painter, place, name, tone)
            place.translate(-painting.SIGN - 4, 0)
        return len(signs) * (painting.SIGN + 4)


def _line_height(font: QFont) -> int:
    return QFontMetrics(font).height() + _LINE_GAP


def _mark_height(font: QFont) -> int:
    return QFontMetrics(painting.small_font(font)).height() + 8
