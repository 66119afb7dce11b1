"""The facts in which two photos differ, as a table; those that are equal are folded into one line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QToolButton, QWidget

from photofind.gui import theme
from photofind.gui.preview.details import WrappingText
from photofind.gui.preview.tool_row import ElidedLabel
from photofind.gui.review.compare.fact_delta import FactPair

_MOST_HEIGHT = 220
_SHARE = 28
_COLUMNS = 3
_ROW_GAP = 7


class FactTable(QScrollArea):
    """Shows facts of photos A and B, what differs first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Facts about both photos"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._facts: list[FactPair] = []
        self._heads = ("A", "B")
        self._unfolded = False
        self._most_height = _MOST_HEIGHT

    @property
    def differing(self) -> list[FactPair]:
        """The facts that differ."""
        return [fact for fact in self._facts if fact.differs]

    @property
    def equal(self) -> list[FactPair]:
        """The facts that do not."""
        return [fact for fact in self._facts if not fact.differs]

    @property
    def is_unfolded(self) -> bool:
        """Whether equal facts are shown, too."""
        return self._unfolded

    def set_facts(self, facts: Sequence[FactPair], heads: tuple[str, str]) -> None:
        """Show facts, below what the photos are called."""
        if (list(facts), heads) != (self._facts, self._heads):
            self._facts, self._heads = list(facts), heads
            self._show()

    def set_unfolded(self, *, on: bool) -> None:
        """Show or hide the facts that are equal."""
        self._unfolded = on
        self._show()

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        page = self.widget()  # there is none before the first facts
        height = 0 if page is None else page.sizeHint().height()
        return QSize(400, min(height, self._most_height))

    def minimumSizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(100, 0)

    def set_room(self, height: int) -> None:
        """Take no more than a share of the height that there is, so that most is left to the photos."""
        most = min(_MOST_HEIGHT, height * _SHARE // 100)
        if most != self._most_height:
            self._most_height = most
            self.updateGeometry()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Grow with the lines that texts break into."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return False

    def _show(self) -> None:
        page = _Page()
        form = page.form
        for column, head in enumerate(self._heads, start=1):
            form.addWidget(_head(head), 0, column)
        row = 1
        for fact in self.differing:
            self._add(form, row, fact, is_grey=False)
            page.marked.append(row)
            row += 1
        if self.equal:
            form.addWidget(self._fold_button(), row, 0, 1, _COLUMNS)
            row += 1
        for fact in self.equal if self._unfolded else ():
            self._add(form, row, fact, is_grey=True)
            row += 1
        form.setRowStretch(row, 1)
        self.setWidget(page)
        page.installEventFilter(self)
        self.updateGeometry()

    def _add(self, form: QGridLayout, row: int, fact: FactPair, *, is_grey: bool) -> None:
        name = QLabel(fact.name)
        name.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        name.setContentsMargins(8, 0, 0, 0)
        form.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        for column, text in ((1, fact.first), (2, fact.second)):
            value = WrappingText(text or "\N{EM DASH}")
            value.setAccessibleName(self.tr("{} of {}").format(fact.name, self._heads[column - 1]))
            if is_grey or not text:
                colours = value.palette()
                colours.setColor(QPalette.ColorRole.Text, theme.muted(self.palette()))
                value.setPalette(colours)
            form.addWidget(value, row, column, Qt.AlignmentFlag.AlignTop)

    def _fold_button(self) -> QToolButton:
        button = QToolButton()
        count = len(self.equal)
        text = self.tr("1 equal fact") if count == 1 else self.tr("{} equal facts").format(count)
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setArrowType(Qt.ArrowType.DownArrow if self._unfolded else Qt.ArrowType.RightArrow)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.set_unfolded(on=not self._unfolded))
        return button


class _Page(QWidget):
    """The table itself, with a tint behind the rows that differ."""

    def __init__(self) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        self.marked: list[int] = []
        self.form = QGridLayout(self)
        self.form.setContentsMargins(8, 2, 8, 6)
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(_ROW_GAP)
        for column in (1, 2):
            self.form.setColumnStretch(column, 1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        painter = QPainter(self)
        for row in self.marked:
            area = self.form.cellRect(row, 0).united(self.form.cellRect(row, _COLUMNS - 1))
            painter.fillRect(area.adjusted(0, -_ROW_GAP // 2 + 1, 0, _ROW_GAP // 2), theme.tint(self.palette()))
        painter.end()


def _head(text: str) -> QLabel:
    label = ElidedLabel()
    label.setText(text)
    font = QFont(label.font())
    font.setBold(True)
    label.setFont(font)
    return label
