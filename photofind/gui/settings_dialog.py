"""The settings: pages for window, libraries, folders, engine, index and models, in a dialog that does not block.

::

    pages ──▶ is something wrong? ──▶ preferences (window.ini)
      ▲             │ a notice          engine settings (settings.toml)
      └─────────────┘                     │
                                          └──▶ applied(what changed)

What is outside the files (another library, folders, a new model for this library) is asked for by signals. Models are
installed by jobs that outlive the dialog.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from photofind.core.errors import SettingsError
from photofind.core.paths import settings_file
from photofind.core.records import RootSummary
from photofind.core.settings import Settings, save_settings
from photofind.core.status import LibraryStatus
from photofind.gui import theme
from photofind.gui.notices import NoticeBar
from photofind.gui.pack_jobs import PackJobs
from photofind.gui.preferences import Preferences
from photofind.gui.settings.duplicates import DuplicatesPage
from photofind.gui.settings.engine import EnginePage
from photofind.gui.settings.folders import FoldersPage
from photofind.gui.settings.general import GeneralPage
from photofind.gui.settings.index import IndexPage
from photofind.gui.settings.library import LibraryPage
from photofind.gui.settings.packs import PacksPage
from photofind.gui.settings.page import SettingsPage

_SIZE: Final = QSize(760, 620)
_Button = QDialogButtonBox.StandardButton


@dataclass(frozen=True, slots=True)
class AppliedSettings:
    """What holds now: the engine's settings, and the names of what changed in them and in the preferences."""

    settings: Settings
    engine: frozenset[str]
    window: frozenset[str]


class SettingsDialog(QDialog):
    """The dialog; show it with ``open``. It deletes itself when it is closed.

    Parameters
    ----------
    preferences
        The window's; changed by OK and Apply.
    settings
        The engine's, as they hold now.
    library
        The folder of the open library.
    path
        The engine's settings file; None for the user's own.
    jobs
        What installs models; None for some that end with the dialog.
    """

    applied = Signal(object)
    """Settings were changed and written: :class:`AppliedSettings`."""

    pack_chosen = Signal(str)
    """Another model pack was chosen and written: its spec, nothing for the standard one."""

    pack_use_requested = Signal(str)
    """The user wants this library to use a model pack from now on: its spec. It does not wait for OK."""

    library_wanted = Signal(object)
    """The user wants another library: its folder (a Path), empty for a new one. The dialog closes."""

    health_requested = Signal()
    """The user wants to see how the search index is."""

    folder_add_requested = Signal()
    """The user wants to add a folder."""

    folder_remove_requested = Signal(str)
    """The user wants to forget a folder: its path."""

    def __init__(
        self,
        preferences: Preferences,
        settings: Settings,
        library: Path,
        parent: QWidget | None = None,
        *,
        path: Path | None = None,
        jobs: PackJobs | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self._preferences = preferences
        self._path = path or settings_file()
        self._complaint = 0
        self.general = GeneralPage(preferences, self)
        self.library = LibraryPage(preferences, library, self)
        self.folders = FoldersPage(settings, self)
        self.engine = EnginePage(settings, self)
        self.index = IndexPage(settings, self)
        self.duplicates = DuplicatesPage(settings, self)
        self.notices = NoticeBar(self)
        if jobs is None:
            jobs = PackJobs(self)
            self.finished.connect(jobs.close)
        self.packs = PacksPage(jobs, settings, library, self)
        self._pages: tuple[SettingsPage, ...] = (
            self.general,
            self.library,
            self.folders,
            self.duplicates,
            self.engine,
            self.index,
            self.packs,
        )
        self._lay_out()
        self._connect_pages()
        self.resize(_SIZE)

    def _connect_pages(self) -> None:
        self.library.library_wanted.connect(self._on_library_wanted)
        self.library.refused.connect(lambda reason: self.notices.show_notice(reason, kind="warning"))
        self.folders.add_requested.connect(self.folder_add_requested)
        self.folders.remove_requested.connect(self.folder_remove_requested)
        self.packs.use_requested.connect(self.pack_use_requested)
        self.packs.packs_changed.connect(self.engine.refresh_models)
        self.packs.refused.connect(lambda reason: self.notices.show_notice(reason, kind="warning"))
        self.packs.said.connect(lambda words: self.notices.show_notice(words, kind="info"))
        self.library.health_requested.connect(self.health_requested)
        self.index.health_requested.connect(self.health_requested)

    def set_status(self, status: LibraryStatus) -> None:
        """Show the numbers of the library; it takes a moment to read them, so they may come late."""
        for page in (self.library, self.engine, self.packs):
            page.set_status(status)

    def set_roots(self, roots: Sequence[RootSummary]) -> None:
        """Show the folders of the library, now or when they changed."""
        self.folders.set_roots(roots)

    def show_page(self, page: SettingsPage) -> None:
        """Turn to a page."""
        self.list.setCurrentRow(self._pages.index(page))

    def accept(self) -> None:
        """Apply everything and close; stay when something is wrong."""
        if self.apply():
            super().accept()

    def apply(self) -> bool:
        """Write what changed; tell what is wrong and return False when something is."""
        self.notices.withdraw(self._complaint)
        for page in self._pages:
            problem = page.problem()
            if problem:
                self.show_page(page)
                self._complaint = self.notices.show_notice(problem, kind="warning")
                return False
        changes = {name: value for page in self._engine_pages() for name, value in page.changes().items()}
        try:
            settings = save_settings(self._path, changes) if changes else self._settings
        except SettingsError as error:
            self._complaint = self.notices.show_notice(str(error), kind="error")
            return False
        self._tell(settings, set(changes), self.general.apply())
        return True

    def _tell(self, settings: Settings, engine: set[str], window: set[str]) -> None:
        if not engine and not window:
            return
        self._preferences.sync()
        self._settings = settings
        for page in (*self._engine_pages(), self.packs):
            page.set_settings(settings)
        self.applied.emit(AppliedSettings(settings, frozenset(engine), frozenset(window)))
        if "model" in engine:
            self.pack_chosen.emit(settings.model)

    def _engine_pages(self) -> tuple[FoldersPage, DuplicatesPage, EnginePage, IndexPage]:
        """Return the pages that change the engine's settings."""
        return self.folders, self.duplicates, self.engine, self.index

    def _lay_out(self) -> None:
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Pages of the settings"))
        self.list.setIconSize(QSize(22, 22))
        self.list.setSpacing(2)
        self.list.setFixedWidth(150)
        self._stack = QStackedWidget(self)
        for page in self._pages:
            QListWidgetItem(theme.icon(page.icon), page.title, self.list)
            self._stack.addWidget(_scrolled(page))
        self.list.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.list.setCurrentRow(0)
        row = QHBoxLayout()
        row.addWidget(self.list)
        row.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.addLayout(row, 1)
        column.addWidget(self.notices)
        column.addWidget(self._made_buttons())

    def _made_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(_Button.Ok | _Button.Apply | _Button.Cancel, self)
        theme.remove_icons(buttons)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        apply_button = buttons.button(_Button.Apply)
        assert isinstance(apply_button, QPushButton)
        apply_button.clicked.connect(self.apply)
        return buttons

    def _on_library_wanted(self, folder: Path) -> None:
        self.library_wanted.emit(folder)
        self.reject()


def _scrolled(page: SettingsPage) -> QScrollArea:
    """Return a page that scrolls where the screen is too small for it."""
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(page.title)
    return area
