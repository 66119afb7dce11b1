"""What the filters of one window do: the panel, the chips and the button follow the browser, and ask it for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from photofind.core.library import Library
from photofind.core.queries import Filters
from photofind.core.records import RootSummary
from photofind.gui.filters.describing import parts_of

if TYPE_CHECKING:
    from photofind.gui.filters.panel import FilterPanel
    from photofind.gui.main_window import MainWindow


class FilterControl(QObject):
    """Connects a window's filter widgets; what they offer is read when the panel opens."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._panel: FilterPanel | None = None
        chips, actions = window.filter_chips, window.action_set
        chips.filters_changed.connect(self._on_taken_off)
        actions["filters"].toggled.connect(self._on_toggled)
        actions["clear_filters"].triggered.connect(lambda: self._on_taken_off(Filters()))
        window.background.roots_changed.connect(self._on_roots)
        window.background.library_changed.connect(self._on_library_changed)
        window.browser.place_changed.connect(self._show)
        actions["home"].triggered.connect(self._on_home)
        window.query_bar.home_requested.connect(self._on_home)
        self._show()

    @property
    def panel(self) -> FilterPanel:
        """The panel, which is made when it is first wanted: a window that opens would wait for it."""
        if self._panel is None:
            from photofind.gui.filters.panel import FilterPanel

            window = self._window
            self._panel = FilterPanel(window)
            self._panel.hide()
            self._panel.set_filters(window.browser.filters)
            self._panel.filters_changed.connect(self._on_wanted)
            self._panel.refused.connect(lambda text: window.notices.show_notice(text, kind="warning"))
            self._panel.closed.connect(self._on_closed)
            window.filter_place.addWidget(self._panel)
        return self._panel

    def _show(self) -> None:
        """Show the filters of the place that the browser is at."""
        w, filters = self._window, self._window.browser.filters
        if self._panel is not None:
            self._panel.set_filters(filters)
        w.filter_chips.set_filters(filters)
        w.filter_button.set_count(len(parts_of(filters)))
        w.action_set.set_enabled("clear_filters", enabled=bool(filters))

    # What the user does

    def _on_wanted(self, filters: Filters) -> None:
        w = self._window
        if w.pages.currentWidget() is w.preview:
            focused: QWidget | None = w.focusWidget()
            w.show_grid()
            if focused is not None and self.panel.isAncestorOf(focused):
                focused.setFocus()  # who types a date goes on with that
        w.browser.set_filters(filters)

    def _on_home(self) -> None:
        """Let all photos be all photos, also when a filter was chosen a moment ago."""
        if self._panel is not None:
            self._panel.forget_changes()

    def _on_taken_off(self, filters: Filters) -> None:
        self._on_wanted(filters)
        if self._window.pages.currentWidget() is self._window.grid_page:
            self._window.grid.setFocus()  # the chip that was pressed is gone

    def _on_toggled(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        w = self._window
        focused: QWidget | None = w.focusWidget()
        has_focus = focused is not None and self.panel.isAncestorOf(focused)
        self.panel.setVisible(shown)
        if shown:
            self._read_choices()
            self.panel.begin()
        elif has_focus:
            w.grid.setFocus()

    def _on_closed(self) -> None:
        self._window.action_set["filters"].setChecked(False)

    # What there is to choose from

    def _on_roots(self, roots: list[RootSummary]) -> None:
        if self._panel is not None:
            self._panel.set_folders([root.path for root in roots])

    def _on_library_changed(self, settled: bool) -> None:  # noqa: FBT001 - a slot
        if settled and self._panel is not None and self._panel.isVisible():
            self._read_choices()

    def _read_choices(self) -> None:
        ask = self._window.session.searching.ask
        ask(lambda library: library.roots(), self._on_roots)
        ask(_choices, self._on_choices)

    def _on_choices(self, choices: tuple[list[str], list[str]]) -> None:
        cameras, formats = choices
        self.panel.set_cameras(cameras)
        self.panel.set_formats(formats)


def _choices(library: Library) -> tuple[list[str], list[str]]:
    return library.cameras(), library.formats()
