"""The window's dialogs and its menu of libraries. None of them blocks: each stands beside the window until closed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox

from photofind import __version__
from photofind.core.paths import settings_file
from photofind.gui import theme
from photofind.gui.hub import default_log_file
from photofind.gui.libraries import LibraryChooser, fill_libraries_menu
from photofind.gui.pack_jobs import PackJobs

if TYPE_CHECKING:
    from photofind.gui.main_window import MainWindow
    from photofind.gui.settings_dialog import AppliedSettings

_SUGGESTING: Final = frozenset({"keep_rules", "preferred_folders", "protected_folders"})
"""Settings that only say what is suggested in the review and what may be done there."""

_INDEX: Final = frozenset({"nlist_rule", "training_vectors", "rerank_candidates", "expansion_alpha", "default_recall"})
"""Settings that change no photo's embedding: searches take them at once, the writer when it trains the index anew."""


class Dialogs(QObject):
    """Opens the dialogs of one window; each is there once at most."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._shown: list[QDialog] = []
        self._pack_jobs: PackJobs | None = None
        actions = window.action_set
        actions["settings"].triggered.connect(self.show_settings)
        actions["index_health"].triggered.connect(self.show_health)
        actions["shortcuts"].triggered.connect(self.show_shortcuts)
        actions["log"].triggered.connect(self.show_log)
        actions["about"].triggered.connect(self.show_about)
        self._chooser = LibraryChooser(window)
        self._chooser.chosen.connect(window.library_wanted)
        self._chooser.refused.connect(lambda text: window.notices.show_notice(text, kind="warning"))
        actions["open_library"].triggered.connect(lambda: self._chooser.choose())
        window.libraries_menu.aboutToShow.connect(self._fill_libraries)
        window.session.worker.pack_wanted.connect(self._on_pack_wanted)

    def close(self) -> None:
        """Close what is open."""
        for dialog in self._window.findChildren(QDialog):
            dialog.close()

    def stop_jobs(self) -> None:
        """Stop what the dialogs began."""
        if self._pack_jobs is not None:
            self._pack_jobs.close()

    def show_report(self, summary: str, details: str) -> None:
        """Tell that something went wrong that should not have, and let the user take the details along."""
        self._window.notices.show_notice(
            summary,
            kind="error",
            actions=[(self.tr("Copy details"), partial(QGuiApplication.clipboard().setText, details))],
        )

    def show_settings(self) -> None:
        """Let the user change how photofind looks and works."""
        from photofind.gui.settings_dialog import SettingsDialog  # the window would wait for it at its start

        window = self._window
        if self._pack_jobs is None:
            self._pack_jobs = PackJobs(self)
        dialog = SettingsDialog(
            window.preferences, window.session.settings, window.session.library, window, jobs=self._pack_jobs
        )
        dialog.applied.connect(self._on_applied)
        dialog.library_wanted.connect(window.library_wanted)
        dialog.health_requested.connect(self.show_health)
        dialog.folder_add_requested.connect(window.action_set["add_folder"].trigger)
        dialog.folder_remove_requested.connect(window.session.worker.remove_folder)
        dialog.pack_use_requested.connect(window.session.worker.want_pack)
        window.background.roots_changed.connect(dialog.set_roots)
        ask = window.session.searching.ask
        ask(lambda library: library.status(), dialog.set_status)
        ask(lambda library: library.roots(), dialog.set_roots)
        self._show(dialog)

    def show_health(self) -> None:
        """Show how the search index is and what can be done about it."""
        from photofind.gui.health.dialog import HealthDialog

        if not self._raise_shown(HealthDialog):  # a second one would read all the numbers again
            self._show(HealthDialog(self._window.session, self._window))

    def show_shortcuts(self) -> None:
        """List all keys."""
        from photofind.gui.shortcuts import ShortcutsDialog

        self._show(ShortcutsDialog(self._window))

    def show_log(self) -> None:
        """Show the logs of the window and of its library, and let them be cleared."""
        from photofind.gui.log_dialog import LogDialog

        self._show(LogDialog(default_log_file(), self._window.session.library, self._window))

    def show_about(self) -> None:
        """Tell version, licence and where the data lies."""
        box = QMessageBox(self._window)
        box.setWindowTitle(self.tr("About photofind"))
        box.setIconPixmap(QGuiApplication.windowIcon().pixmap(64, 64))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("photofind {}").format(__version__))
        box.setInformativeText(
            self.tr(
                "Finds photos by how they look. Everything stays on this computer.\n\nLicence: Apache 2.0\nLibrary: {}"
                "\nSettings: {}\nLog: {}"
            ).format(self._window.session.library, settings_file(), default_log_file())
        )
        box.setStandardButtons(QMessageBox.StandardButton.Close)
        theme.remove_icons(box.findChild(QDialogButtonBox))
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._show(box)

    def _fill_libraries(self) -> None:
        window = self._window
        fill_libraries_menu(
            window.libraries_menu, window.preferences, window.session.library, window.library_wanted.emit
        )

    def _on_pack_wanted(self, _spec: str) -> None:
        from photofind.gui.settings_dialog import SettingsDialog

        for dialog in self._shown:
            if isinstance(dialog, SettingsDialog):
                self._window.session.searching.ask(lambda library: library.status(), dialog.set_status)

    def _on_applied(self, applied: AppliedSettings) -> None:
        window = self._window
        if applied.engine:
            window.session.use(applied.settings)
        window.session.thumbnails.set_cache_bytes(window.preferences.cache_megabytes << 20)
        if applied.engine & _SUGGESTING:
            window.review_control.suggest_again()
        if applied.engine - _SUGGESTING - _INDEX:
            window.background.rescan()  # the writer reads the settings at the beginning of each run

    def _show(self, dialog: QDialog) -> None:
        if self._raise_shown(type(dialog)):
            dialog.deleteLater()
            return
        self._shown.append(dialog)
        dialog.finished.connect(partial(self._on_finished, dialog))
        dialog.setModal(False)
        dialog.show()

    def _raise_shown(self, kind: type[QDialog]) -> bool:
        """Bring the dialog of a kind to the front; return False when there is none."""
        shown = next((other for other in self._shown if type(other) is kind), None)
        if shown is None:
            return False
        shown.raise_()
        shown.activateWindow()
        return True

    def _on_finished(self, dialog: QDialog, _result: int) -> None:
        self._shown.remove(dialog)
        dialog.deleteLater()
