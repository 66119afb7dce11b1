"""The filters that hold, as small chips above the photos: each says one condition and can be taken off."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from photofind.core.queries import Filters
from photofind.gui import theme
from photofind.gui.filters.describing import FilterPart, parts_of, without
from photofind.gui.filters.flow import FlowLayout

_ROUND = 11.0
_LONGEST = 220


class FilterChip(QFrame):
    """One condition and a button that takes it off; Delete and Backspace do, too."""

    removed = Signal(object)
    """The :class:`FilterPart`."""

    def __init__(self, part: FilterPart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.part = part
        self.setAccessibleName(self.tr("Filter: {}").format(part.label))
        self.setToolTip(part.tip)
        name = QLabel(self)
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setText(name.fontMetrics().elidedText(part.label, Qt.TextElideMode.ElideMiddle, _LONGEST))
        self.button = QToolButton(self)
        self.button.setAutoRaise(True)
        self.button.setIcon(theme.icon("close"))
        self.button.setIconSize(QSize(12, 12))
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.setToolTip(self.tr("Take this filter off"))
        self.button.setAccessibleName(self.tr("Take off the filter {}").format(part.label))
        self.button.clicked.connect(lambda: self.removed.emit(self.part))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 1, 2, 1)
        row.setSpacing(2)
        row.addWidget(name)
        row.addWidget(self.button)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take the filter off with Delete."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.part)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a rounded outline, which tells it from what is searched by."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.muted(self.palette()))
        painter.setBrush(self.palette().base())
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
        painter.end()


class FilterChips(QWidget):
    """The chips of all filters that hold; hidden when there are none."""

    filters_changed = Signal(object)
    """The user took something off: the :class:`Filters` that are left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filter-chips")
        self.setAccessibleName(self.tr("Filters that hold"))
        self._filters = Filters()
        self._chips: list[FilterChip] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        sign = QLabel(self)
        sign.setPixmap(theme.icon("filter").pixmap(16, 16))
        self._clear = QToolButton(self)
        self._clear.setAutoRaise(True)
        self._clear.setText(self.tr("Clear filters"))
        self._clear.setAccessibleName(self._clear.text())
        self._clear.clicked.connect(lambda: self.filters_changed.emit(Filters()))
        self._flow = FlowLayout(self, gap=6)
        self._flow.setContentsMargins(10, 4, 8, 4)
        for widget in (sign, self._clear):
            self._flow.addWidget(widget)
        self.hide()

    @property
    def chips(self) -> list[FilterChip]:
        """The chips shown."""
        return list(self._chips)

    def set_filters(self, filters: Filters) -> None:
        """Show the filters that hold."""
        if filters == self._filters:
            return
        self._filters = filters
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()  # it may be the one whose click is being handled
            chip.deleteLater()
        self._chips = [FilterChip(part, self) for part in parts_of(filters)]
        for chip in self._chips:
            chip.removed.connect(lambda part: self.filters_changed.emit(without(self._filters, part)))
            self._flow.addWidget(chip)
            chip.show()
        self._flow.removeWidget(self._clear)
        self._flow.addWidget(self._clear)  # to the end
        self.setVisible(bool(self._chips))
        self.updateGeometry()
