"""The panel of the curve and the measuring of the index, connected with the window.

::

    a run has ended, or nothing was to do ──is it due?──▶ WorkerLink.maintain("calibrate", if_due) ──▶ maintained
                                                                                                          │
                         the slider and the curve ◀── BackgroundWork.read_shape() ◀───────────────────────┘

A setting that changes what a search finds makes it due as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QToolButton

from photofind.core.library import Library
from photofind.gui.accuracy.panel import AccuracyPanel
from photofind.gui.worker_link import WorkerProgress

if TYPE_CHECKING:
    from photofind.gui.main_window import MainWindow

CALIBRATE: Final = "calibrate"
_ICON = 18


class AccuracyControl(QObject):
    """Opens the panel, moves the slider for it, and has the index measured when that is due or wanted."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.panel = AccuracyPanel(window)
        self.button = self._button()
        window.speed.add_button(self.button)
        window.action_set["accuracy"].triggered.connect(lambda: self.open())
        self.panel.chosen.connect(window.speed.choose)
        self.panel.measure_requested.connect(self._measure)
        window.speed.moved.connect(self._show)
        worker = window.session.worker
        worker.finished.connect(self._on_finished)
        worker.maintenance_progressed.connect(self._on_progressed)
        worker.maintained.connect(self._on_maintained)
        worker.failed.connect(lambda *_: self.panel.end_progress())
        worker.gave_up.connect(lambda *_: self.panel.end_progress())
        self._per_hit = window.session.settings.rerank_candidates
        window.session.settings_changed.connect(self._on_settings_changed)
        self._show()

    def open(self) -> None:
        """Show the curve below the slider."""
        self._show()
        self.panel.open_below(self._window.speed)

    def close(self) -> None:
        """Show it no more."""
        self.panel.close()

    def _button(self) -> QToolButton:
        action = self._window.action_set["accuracy"]
        button = QToolButton(self._window.speed)
        button.setDefaultAction(action)
        button.setToolButtonStyle(button.toolButtonStyle().ToolButtonIconOnly)
        button.setAutoRaise(True)
        button.setIconSize(QSize(_ICON, _ICON))
        button.setAccessibleName(action.iconText())
        return button

    def _show(self) -> None:
        self.panel.show_positions(self._window.speed.positions, self._window.speed.position)

    def _measure(self) -> None:
        self.panel.show_progress(0, 0)
        self._window.session.worker.maintain(CALIBRATE)

    def _on_finished(self, report: dict[str, object]) -> None:
        """Have the index measured once the photos are read, if it has never been or has outgrown what was measured."""
        if not report.get("stopped"):
            self._measure_if_due()

    def _on_settings_changed(self) -> None:
        per_hit = self._window.session.settings.rerank_candidates
        if per_hit != self._per_hit:
            self._per_hit = per_hit
            self._measure_if_due()

    def _measure_if_due(self) -> None:
        self._window.session.searching.ask(Library.is_calibration_due, self._on_due, failed=lambda _: None)

    def _on_due(self, is_due: bool) -> None:  # noqa: FBT001 - a receiver
        if is_due:
            self._window.session.worker.maintain(CALIBRATE, if_due=True)

    def _on_progressed(self, progress: WorkerProgress) -> None:
        if progress.phase == CALIBRATE:
            self.panel.show_progress(progress.done, progress.total)

    def _on_maintained(self, task: str, done: bool) -> None:  # noqa: FBT001 - a slot
        del done
        if task == CALIBRATE:
            self.panel.end_progress()
        self._window.background.read_shape()  # of an index that was trained anew, too
