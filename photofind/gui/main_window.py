"""The main window: it puts the widgets together; ``wiring`` connects what they say to what should happen.

::

    toolbar     back · forward · all photos │ add · search by picture · similar │ duplicates │ order │ fast ─●─ exact
    search row  [ type what you remember                                                                      ]
    query bar   All photos > beach.jpg > [chip][chip]                                      120 photos look alike
    pages       the empty state, or the grid with its date scrubber, or the preview, or the review of duplicates
    notices     what went wrong, or wants to be confirmed, in place
    status bar  12,340 / 50,000 · 21/s · 29 min left                                     tile size
    panels      folders, saved searches (left), files that could not be read (bottom)

What the grid shows is the business of :class:`Browser`; what runs behind it that of :class:`BackgroundWork`.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from photofind.core.imaging import DecodeLimits
from photofind.core.records import SortKey
from photofind.core.settings import Settings
from photofind.gui.accuracy.control import AccuracyControl
from photofind.gui.actions import ActionSet, Menu
from photofind.gui.background import BackgroundWork
from photofind.gui.browser import Browser
from photofind.gui.commands import PhotoCommands
from photofind.gui.dialogs import Dialogs
from photofind.gui.drops import accept_unmoved, can_be_read
from photofind.gui.empty_state import EmptyState
from photofind.gui.filters.button import FilterButton
from photofind.gui.filters.chips import FilterChips
from photofind.gui.filters.control import FilterControl
from photofind.gui.grid.layout import MAX_TILE, MIN_TILE
from photofind.gui.grid.model import PhotoGridModel
from photofind.gui.grid.placeholder import Placeholder
from photofind.gui.grid.scrubber import DateScrubber
from photofind.gui.grid.view import PhotoGridView
from photofind.gui.intake import Intake
from photofind.gui.missed import MissedControl
from photofind.gui.notices import NoticeBar
from photofind.gui.panels.dock_title import DockTitle
from photofind.gui.panels.errors import ErrorsPanel
from photofind.gui.panels.folders import FoldersPanel
from photofind.gui.panels.saved import SavedPanel
from photofind.gui.preferences import Preferences
from photofind.gui.preview.pane import PreviewPane
from photofind.gui.progress_bar import ProgressBar
from photofind.gui.query_bar import QueryBar
from photofind.gui.query_wiring import QueryWiring
from photofind.gui.review.control import ReviewControl
from photofind.gui.saving import SavedControl
from photofind.gui.session import Session
from photofind.gui.speed import SpeedSlider
from photofind.gui.tool_bar import OrderButton, ToolBar
from photofind.gui.wiring import Wiring
from photofind.gui.words_field import WordsField

_SMALL_ICON = 16
_PICTURES_FIRST_MS = 500


class MainWindow(QMainWindow):
    """The window on one library; :meth:`start` sets it going, closing it ends all that it started."""

    closed = Signal()
    """The window is gone, and nothing that ran behind it runs any more."""

    library_wanted = Signal(object)
    """The user wants to see the library in another folder (a Path)."""

    def __init__(self, library: Path, settings: Settings, preferences: Preferences) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setWindowTitle("photofind")
        self.setAcceptDrops(True)
        self.preferences = preferences
        self._closing = False
        self.session = Session(library, settings, cache_bytes=preferences.cache_megabytes << 20, parent=self)
        self._is_listing = self.session.library_exists()
        if self._is_listing:  # in its thread, while the widgets are made in this one
            self.session.listing.load(SortKey(preferences.sort), descending=preferences.sort_descending)
        self.action_set = ActionSet(self)
        self._make_widgets()
        self._lay_out()
        self.browser = Browser(self.model, self.grid, self.session.listing, self.session.searching, self.speed, self)
        self.intake = Intake(self.notices, self)
        limits = DecodeLimits.of(megapixels=settings.photo_megapixels, megabytes=settings.photo_megabytes)
        self.commands = PhotoCommands(self.session, self.notices, limits, self)
        self.background = BackgroundWork(
            self.session, self.progress, self.folders, self.errors, self.notices, self.speed, self
        )
        self.queries = QueryWiring(self, limits)
        self.missed = MissedControl(self)
        self.accuracy = AccuracyControl(self)
        self.wiring = Wiring(self)
        self.dialogs = Dialogs(self)
        self.filter_control = FilterControl(self)
        self.saved_control = SavedControl(self)
        self.review_control = ReviewControl(self)
        self._restore_appearance()

    def start(self) -> None:
        """Show the library, and then let its writer look for what has changed."""
        self._list_photos()
        # What runs behind the window would compete with its first pictures, if there are any.
        delay = _PICTURES_FIRST_MS if self.session.library_exists() else 0
        QTimer.singleShot(delay, self, self._start_background)

    def start_reading(self) -> None:
        """Show the library as it is."""
        self._list_photos()
        self.session.searching.warm()

    def _list_photos(self) -> None:
        self.browser.start(
            SortKey(self.preferences.sort), descending=self.preferences.sort_descending, is_asked=self._is_listing
        )

    def _start_background(self) -> None:
        if not self._closing:
            self.session.warm()
            self.background.start()
            self.review_control.start()

    # Pages

    def show_grid(self) -> None:
        """Show the photos, and let the keyboard go to them unless the user is typing."""
        self.pages.setCurrentWidget(self.grid_page)
        if not self.words.hasFocus():
            self.grid.setFocus()

    def show_empty_state(self) -> None:
        """Invite to add a folder."""
        focused: QWidget | None = self.focusWidget()
        self.pages.setCurrentWidget(self.empty_state)
        if focused is None or self.pages.isAncestorOf(focused):
            self.empty_state.setFocus()

    def show_preview(self, photo_id: int) -> None:
        """Show one photo in full, among those that the grid lists."""
        self.pages.setCurrentWidget(self.preview)
        self.preview.show_photo(photo_id, self.model.ids)
        self.preview.setFocus()

    # Making

    def _make_widgets(self) -> None:
        self.model = PhotoGridModel(self)
        self.grid = PhotoGridView(self.model, self.session.thumbnails.view(self), self)
        self.placeholder = Placeholder(self.grid, self.model)
        self.scrubber = DateScrubber(self)
        self.empty_state = EmptyState(self)
        self.preview = PreviewPane(
            self.session.thumbnails.view(self),
            self.session.library,
            self.session.settings,
            self,
            pictures=self.session.pictures,
        )
        self.words = WordsField(self)
        self.query_bar = QueryBar(self.session.thumbnails, self)
        self.filter_chips = FilterChips(self)
        self.filter_button = FilterButton(self.action_set["filters"], self)
        self.saved = SavedPanel(self)
        self.notices = NoticeBar(self)
        self.speed = SpeedSlider(self)
        self.progress = ProgressBar(self)
        self.folders = FoldersPanel(self)
        self.errors = ErrorsPanel(self)
        self.tile_slider = QSlider(Qt.Orientation.Horizontal, self)
        self.tile_slider.setRange(MIN_TILE, MAX_TILE)
        self.tile_slider.setFixedWidth(120)
        self.tile_slider.setAccessibleName(self.tr("Size of the thumbnails"))
        self.tile_slider.setToolTip(self.tr("Size of the thumbnails (Ctrl+wheel)"))

    def _lay_out(self) -> None:
        self.grid_page = QWidget(self)
        row = QHBoxLayout(self.grid_page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.grid, 1)
        row.addWidget(self.scrubber)
        self.pages = QStackedWidget(self)
        for page in (self.grid_page, self.empty_state, self.preview):
            self.pages.addWidget(page)
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._search_row())
        self.filter_place = QVBoxLayout()
        column.addLayout(self.filter_place)
        column.addWidget(self.query_bar)
        column.addWidget(self.filter_chips)
        column.addWidget(self.pages, 1)
        column.addWidget(self.notices)
        self.setCentralWidget(content)
        self.query_bar.follow(self.filter_button)
        self.menus = self.action_set.build_menus(self.menuBar())
        self.libraries_menu = QMenu(self.tr("Recent libraries"), self)
        self.action_set.insert_menu_after("open_library", self.menus[Menu.FILE], self.libraries_menu)
        self.addToolBar(self._tool_bar())
        self.statusBar().addWidget(self.progress, 1)
        self.statusBar().addPermanentWidget(self._tile_row())
        self.folders_dock = self._dock(
            self.tr("Folders"), "folders-dock", self.folders, Qt.DockWidgetArea.LeftDockWidgetArea
        )
        self.saved_dock = self._dock(
            self.tr("Saved searches"), "saved-dock", self.saved, Qt.DockWidgetArea.LeftDockWidgetArea
        )
        self.errors_dock = self._dock(
            self.tr("Files that could not be read"), "errors-dock", self.errors, Qt.DockWidgetArea.BottomDockWidgetArea
        )

    def _search_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 6, 8, 2)
        row.setSpacing(6)
        row.addWidget(self.words, 1)
        row.addWidget(self.filter_button)
        self.setTabOrder(self.words, self.filter_button)
        return row

    def _tool_bar(self) -> ToolBar:
        bar = ToolBar(self.tr("Tools"), self)
        bar.setObjectName("tools")
        bar.add_actions(
            self.action_set,
            ("back", "forward", "home"),
            ("add_folder", "search_file", "find_similar"),
            ("duplicates",),
        )
        bar.add_spacer()
        bar.addWidget(OrderButton(self.action_set, bar))
        bar.addSeparator()
        bar.addWidget(self.speed)
        return bar

    def _tile_row(self) -> QWidget:
        row = QWidget(self)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for end in (self._tile_button("smaller"), self.tile_slider, self._tile_button("larger")):
            layout.addWidget(end)
        return row

    def _tile_button(self, key: str) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(self.action_set[key])
        button.setAutoRaise(True)
        button.setIconSize(QSize(_SMALL_ICON, _SMALL_ICON))
        button.setAccessibleName(self.action_set[key].iconText())
        return button

    def _dock(self, title: str, name: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setTitleBarWidget(DockTitle(dock))
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        dock.hide()
        return dock

    def _restore_appearance(self) -> None:
        self.resize(1200, 800)
        self.restoreGeometry(self.preferences.geometry)
        self.restoreState(self.preferences.window_state)
        size = self.preferences.tile_size
        self.grid.set_tile_size(size)
        self.tile_slider.setValue(size)
        self.setWindowTitle(f"{os.path.basename(self.session.library)} - photofind")

    # Events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Welcome what could be searched by, unless it is our own photos."""
        if event.source() is None and can_be_read(event.mimeData()) and accept_unmoved(event):
            self.empty_state.set_drop_highlight(on=True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Go on to welcome it."""
        accept_unmoved(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Expect no drop any more."""
        super().dragLeaveEvent(event)
        self.empty_state.set_drop_highlight(on=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Search by what is dropped, or offer to add it."""
        accept_unmoved(event)
        self.empty_state.set_drop_highlight(on=False)
        self.intake.take(event.mimeData())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Escape step back, and a slash begin to type, when nothing else had a use for them."""
        if event.text() == "/" and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.queries.focus_words()
        elif event.key() != Qt.Key.Key_Escape or not self.wiring.step_back():
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Vanish at once, and end what runs behind the window; nothing that was read is lost."""
        event.accept()
        if self._closing:
            return
        self._closing = True
        self._keep_appearance()
        self.dialogs.close()
        self.accuracy.close()
        self.hide()
        self.dialogs.stop_jobs()
        self.session.ended.connect(self.closed)
        self.browser.stop()
        self.intake.close()
        self.session.pictures.close()  # or else who waits for a picture would keep the next two waiting
        self.preview.shutdown()
        self.review_control.close()
        self.session.begin_shutdown()

    def _keep_appearance(self) -> None:
        self.preferences.geometry = self.saveGeometry()
        self.preferences.window_state = self.saveState()
        self.preferences.tile_size = self.grid.tile_size
        sort, descending = self.browser.sort
        self.preferences.sort, self.preferences.sort_descending = sort.value, descending
        self.preferences.sync()
