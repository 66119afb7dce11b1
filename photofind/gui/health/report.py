"""What is known of the index, as rows that can be read, selected and copied: a verdict, facts, segments, list sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from photofind.core.health import IndexHealth, SegmentHealth
from photofind.gui import numbers, theme
from photofind.gui.health.histogram import SizesChart
from photofind.gui.health.training_words import TrainingWords
from photofind.gui.health.words import HealthWords, Section

_LABEL_WIDTH: Final = 210
_ROWS_SHOWN: Final = 6
_NARROWEST: Final = 72
_SELECTABLE: Final = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class HealthReport(QWidget):
    """Shows an :class:`IndexHealth`; :meth:`text` is the same to be pasted elsewhere."""

    def __init__(self, default_recall: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._default_recall = default_recall
        self._words, self._training = HealthWords(self), TrainingWords(self)
        self._health: IndexHealth | None = None
        self._body: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def set_default_recall(self, default_recall: float) -> None:
        """Show what is found at another default position."""
        self._default_recall = default_recall
        if self._health is not None:
            self.set_health(self._health)

    def set_health(self, health: IndexHealth) -> None:
        """Show how the index is now."""
        self._health = health
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.deleteLater()
        self._body = self._made(health)
        self._column.addWidget(self._body)

    def text(self) -> str:
        """Return everything as lines of text; nothing before there is anything."""
        health = self._health
        if health is None:
            return ""
        lines = [self._words.verdict(health), *health.problems]
        for section in self._sections(health):
            lines += ["", section.title, *(f"{fact.label}: {fact.value} - {fact.note}" for fact in section.facts)]
        if health.segments:
            lines += ["", self.tr("Segments"), *("\t".join(_cells(segment)) for segment in health.segments)]
        offers = (self._words.measuring(health), self._words.compaction(health), self._words.training(health))
        return "\n".join([*lines, "", *(offer.sentence for offer in offers), ""])

    def _sections(self, health: IndexHealth) -> list[Section]:
        words, training = self._words, self._training
        found = (
            training.accuracy(health, self._default_recall),
            words.contents(health),
            words.space(health),
            training.training(health),
            words.lists(health),
        )
        return [section for section in found if section is not None]

    # Making

    def _made(self, health: IndexHealth) -> QWidget:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        for section in self._sections(health):
            column.addLayout(self._made_section(body, section))
        if health.lists is not None and health.nlist > 1:
            chart = SizesChart(body)
            chart.set_lists(health.lists)
            column.addWidget(chart)
            column.addWidget(_quiet(self.tr("Lists by the number of their vectors"), body))
        if health.segments:
            column.addWidget(_title(self.tr("Segments"), body))
            column.addWidget(self._made_segments(body, health.segments))
            column.addWidget(
                _quiet(self.tr("The files of the index; a search looks into each, so a few large ones are best."), body)
            )
        return body

    def _made_section(self, body: QWidget, section: Section) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(_title(section.title, body))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        for row, fact in enumerate(section.facts):
            label = QLabel(fact.label, body)
            value = Value(fact.value, worries=fact.worries, parent=body)
            value.setAccessibleName(fact.label)
            value.setAccessibleDescription(fact.note)
            note = _quiet(fact.note, body)
            note.setContentsMargins(0, 0, 0, 6)
            grid.addWidget(label, 2 * row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, 2 * row, 1)
            grid.addWidget(note, 2 * row + 1, 1)
        column.addLayout(grid)
        return column

    def _made_segments(self, body: QWidget, segments: Sequence[SegmentHealth]) -> QTreeWidget:
        table = QTreeWidget(body)
        table.setAccessibleName(self.tr("Segments of the index"))
        table.setHeaderLabels([self.tr("Rows"), self.tr("Vectors"), self.tr("Dead"), self.tr("Size")])
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        for segment in segments:
            item = QTreeWidgetItem(table, _cells(segment))
            for column in range(1, table.columnCount()):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for column in range(1, table.columnCount()):
            table.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        header = table.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_NARROWEST)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        row = table.sizeHintForRow(0)
        table.setFixedHeight(
            header.sizeHint().height() + row * min(len(segments), _ROWS_SHOWN) + 2 * table.frameWidth()
        )
        table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return table


class Value(QLabel):
    """A value that can be selected and copied; in the colour of warnings when it ``worries``."""

    def __init__(self, text: str, *, worries: bool, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._worries = worries
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(_SELECTABLE)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab leads to what can be done
        self.setWordWrap(True)
        self._colour()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the palette."""
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._colour()
        super().changeEvent(event)

    def _colour(self) -> None:
        if self._worries:
            colours = QPalette(self.palette())
            colours.setColor(QPalette.ColorRole.WindowText, theme.tone_colour(colours, "warning"))
            self.setPalette(colours)


def _cells(segment: SegmentHealth) -> list[str]:
    rows = f"{numbers.grouped(segment.first_vid)} - {numbers.grouped(max(segment.first_vid, segment.end_vid - 1))}"
    return [rows, numbers.grouped(segment.vectors), numbers.grouped(segment.dead), numbers.data_size(segment.bytes)]


def _title(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def _quiet(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setWordWrap(True)
    return label
