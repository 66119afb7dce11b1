"""One place of the breadcrumb: a button that leads back to it, and an arrow to what came after."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from photofind.gui.query import WindowQuery

_LONGEST = 110
_GAP = 4


class Crumb(QWidget):
    """A place that was shown before, None for all photos; a click calls ``act``."""

    def __init__(self, place: WindowQuery | None, act: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        text = self._label(place)
        crumb = QToolButton(self)
        crumb.setAutoRaise(True)
        crumb.setToolTip(self.tr("Go back to: {}").format(text))
        crumb.setText(text.replace("&", "&&"))
        crumb.setAccessibleName(self.tr("Back to {}").format(text))
        crumb.clicked.connect(lambda: act())  # without whether it is checked, which it never is
        arrow = QLabel("\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", self)
        arrow.setEnabled(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(crumb)
        row.addWidget(arrow)

    def _label(self, query: WindowQuery | None) -> str:
        if query is None:
            return self.tr("All photos")
        if query.is_listing:
            return self.tr("Filtered photos")
        name = query.parts[0].label
        first = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, _LONGEST)
        others = len(query.parts) - 1
        return self.tr("{} and {} more").format(first, others) if others else first
