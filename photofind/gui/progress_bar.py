"""What the writer is doing, in one line of the status bar: how far it is, how fast, how long still, pause, problems.

::

    idle       12,340 photos
    looking    Looking for photos… 1,234 found                        [pause]
    reading    12,340 / 50,000 · 21/s · 29 min left   ━━━━────────    [pause]  3 problems
    upkeep     Measuring how much fast searches find…  ━━━━────────   [pause]
    problem    ⚠ Another photofind is writing this library …
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QWidget

from photofind.gui import numbers, theme
from photofind.gui.names import displayable
from photofind.gui.preview.tool_row import ElidedLabel
from photofind.gui.worker_runner import WorkerProgress

_ICON = 16
_BAR_WIDTH = 120
_BAR_HEIGHT = 4
_STEPS = 1000
_UPKEEP = ("calibrate", "compact", "recluster")


class ThinBar(QProgressBar):
    """A progress bar that is a line: quiet enough to be there for hours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, _STEPS)
        self.setTextVisible(False)
        self.setFixedSize(_BAR_WIDTH, _BAR_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: D102, N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect())
        radius = area.height() / 2
        painter.setBrush(theme.hairline(self.palette()))
        painter.drawRoundedRect(area, radius, radius)
        share = self.value() / _STEPS
        if share > 0:
            area.setWidth(max(area.height(), area.width() * share))
            painter.setBrush(theme.accent(self.palette()) if self.isEnabled() else theme.muted(self.palette()))
            painter.drawRoundedRect(area, radius, radius)
        painter.end()


class ProgressBar(QWidget):
    """Shows the state of the library and of the work on it; the window tells it, it knows nothing by itself."""

    pause_clicked = Signal()
    """The user wants the work to rest."""

    resume_clicked = Signal()
    """The user wants it to go on."""

    errors_clicked = Signal()
    """The user wants to see what could not be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progress")
        self.setAccessibleName(self.tr("Background work"))
        self._photos = 0
        self._progress: WorkerProgress | None = None
        self._total = 0
        self._paused = False
        self._is_upkeep = False
        self._problem = ""
        self._make_widgets()
        self.show_idle(0)

    @property
    def text(self) -> str:
        """The line as it is shown, in full."""
        return self._text.text()

    def show_progress(self, progress: WorkerProgress) -> None:
        """Show a moment of a run."""
        self._problem = ""
        if progress.phase != "paused" or progress.total > self._total:  # a paused run does not say how much is left
            self._total = progress.total
        self._progress = progress
        if progress.phase != "paused":
            self._is_upkeep = progress.phase in _UPKEEP
        self._update()

    def show_idle(self, photos: int) -> None:
        """Show that nothing is being done."""
        self._problem = ""
        self._progress = None
        self._total = 0
        self.set_photos(photos)

    def show_rest(self) -> None:
        """Show that upkeep of the index is over; anything else that is shown stays."""
        if self._progress is not None and self._is_upkeep:
            self.show_idle(self._photos)

    def show_problem(self, message: str) -> None:
        """Show why nothing is being done, until something is."""
        self._problem = message
        self._progress = None
        self._total = 0
        self._update()

    def set_photos(self, photos: int) -> None:
        """Note how many photos the library has."""
        self._photos = photos
        self._update()

    def set_paused(self, *, paused: bool) -> None:
        """Note whether the work is to rest."""
        self._paused = paused
        self._update()

    def set_errors(self, errors: int) -> None:
        """Note how many files could not be read."""
        self._errors.setVisible(errors > 0)
        self._errors.setText(numbers.problems(errors))

    def set_offline(self, folders: Sequence[str]) -> None:
        """Note which folders are on drives that are away."""
        self._offline.setVisible(bool(folders))
        count = len(folders)
        self._offline_text.setVisible(bool(folders))
        self._offline_text.setText(
            self.tr("1 folder offline") if count == 1 else self.tr("{} folders offline").format(numbers.grouped(count))
        )
        tip = self.tr("Not connected now; the photos stay in the library:\n{}").format(
            "\n".join(map(displayable, folders))
        )
        self._offline.setToolTip(tip)
        self._offline_text.setToolTip(tip)

    # Making

    def _make_widgets(self) -> None:
        self._sign = QLabel(self)
        self._sign.setAccessibleName(self.tr("Warning"))
        self._text = ElidedLabel()
        self._text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._bar = ThinBar(self)
        self._bar.setAccessibleName(self.tr("Share of the photos that is read"))
        self._pause = self._button()
        self._pause.clicked.connect(self._on_pause_clicked)
        self._errors = self._button()
        self._errors.setIcon(theme.icon("warning"))
        self._errors.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._errors.setAccessibleName(self.tr("Files that could not be read"))
        self._errors.setToolTip(self.tr("Show the files that could not be read"))
        self._errors.clicked.connect(self.errors_clicked)
        self._errors.hide()
        self._offline = QLabel(self)
        self._offline.setAccessibleName(self.tr("Offline"))
        self._offline_text = QLabel(self)
        self._offline_text.setAccessibleName(self.tr("Folders that are offline"))
        for widget in (self._offline, self._offline_text):
            widget.hide()
        self.setMinimumHeight(self._pause.sizeHint().height())  # a button that comes shall not move all above it
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._text)
        row.addWidget(self._bar)
        row.addWidget(self._pause)
        row.addSpacing(4)
        row.addWidget(self._errors)
        row.addSpacing(4)
        row.addWidget(self._offline)
        row.addWidget(self._offline_text)
        row.addStretch(1)

    def _button(self) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setIconSize(QSize(_ICON, _ICON))
        return button

    # Showing

    def _update(self) -> None:
        text = self._line()
        if text != self._text.text():
            self._text.setText(text)
            self._text.setAccessibleName(text)
        self._sign.setVisible(bool(self._problem))
        self._show_bar()
        self._show_pause()
        self._paint_signs()

    def _show_bar(self) -> None:
        progress = self._progress
        shown = progress is not None and progress.phase in ("embed", "paused", *_UPKEEP) and self._total > 0
        self._bar.setVisible(shown)
        self._bar.setEnabled(not self._paused)
        if shown and progress is not None:
            self._bar.setValue(round(_STEPS * min(1.0, progress.done / self._total)))

    def _show_pause(self) -> None:
        self._pause.setVisible(self._progress is not None or self._paused)
        self._pause.setIcon(theme.icon("resume" if self._paused else "pause"))
        if self._is_upkeep:
            text = self.tr("Go on") if self._paused else self.tr("Pause")
        else:
            text = self.tr("Go on reading photos") if self._paused else self.tr("Pause reading photos")
        self._pause.setToolTip(text)
        self._pause.setAccessibleName(text)

    def _paint_signs(self) -> None:
        ratio = self.devicePixelRatioF()
        warning = theme.tone_colour(self.palette(), "warning")
        self._sign.setPixmap(theme.pixmap("warning", _ICON, warning, ratio=ratio))
        self._offline.setPixmap(theme.pixmap("offline", _ICON, theme.muted(self.palette()), ratio=ratio))

    def _line(self) -> str:
        if self._problem:
            return self._problem
        if self._progress is not None:
            return self._line_of(self._progress)
        text = numbers.photos(self._photos) if self._photos else self.tr("No photos yet")
        return self.tr("{} · paused").format(text) if self._paused else text

    def _line_of(self, progress: WorkerProgress) -> str:
        done, total = numbers.grouped(progress.done), numbers.grouped(self._total)
        if self._paused or progress.paused:
            return self.tr("Paused · {} / {}").format(done, total) if self._total else self.tr("Paused")
        if progress.phase == "scan":
            if not self._total:
                return self.tr("Looking for photos…")
            found = self.tr("Looking for photos… {} found").format(total)
            return self.tr("{} · {} read").format(found, done) if progress.done else found
        if progress.phase == "index":
            return self.tr("Arranging photos for fast search…")
        if progress.phase in _UPKEEP:
            return self._line_of_upkeep(progress)
        parts = [self.tr("{} / {}").format(done, total)]
        if progress.rate > 0:
            parts.append(self.tr("{}/s").format(numbers.rate(progress.rate)))
        if progress.eta is not None:
            parts.append(numbers.time_left(progress.eta))
        return " · ".join(parts)

    def _line_of_upkeep(self, progress: WorkerProgress) -> str:
        line = {
            "calibrate": self.tr("Measuring how much fast searches find…"),
            "compact": self.tr("Making the search index compact…"),
            "recluster": self.tr("Training the search index anew…"),
        }[progress.phase]
        return line if progress.eta is None else f"{line} {numbers.time_left(progress.eta)}"

    def _on_pause_clicked(self) -> None:
        if self._paused:
            self.resume_clicked.emit()
        else:
            self.pause_clicked.emit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the change between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_signs()
