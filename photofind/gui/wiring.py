"""What happens when: signals of the main window's widgets and actions, connected to what they should bring about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDockWidget, QFileDialog

from photofind.core.imaging.suffixes import PHOTO_SUFFIXES
from photofind.core.records import RootSummary, SortKey
from photofind.gui.commands import MOST_PATHS

if TYPE_CHECKING:
    from photofind.gui.main_window import MainWindow

_TILE_STEP = 24


class Wiring(QObject):
    """The behaviour of a main window that is neither the browser's nor the background work's."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._is_adding = False
        self._are_folders_known = False
        self._has_folders = window.session.library_exists()  # unless its folders say otherwise
        self._is_double_click = False
        self._connect_grid()
        self._connect_query()
        self._connect_preview()
        self._connect_background()
        self._connect_actions()
        self._update_actions()

    # Connections

    def _connect_grid(self) -> None:
        w = self._window
        w.grid.viewport().installEventFilter(self)
        w.grid.paths_of = w.commands.paths_of
        w.grid.photo_clicked.connect(self._on_photo_clicked)
        w.grid.photo_opened.connect(self._on_photo_opened)
        w.grid.preview_requested.connect(w.show_preview)
        w.grid.selection_changed.connect(self._update_actions)
        w.grid.selectionModel().currentChanged.connect(self._update_actions)
        w.pages.currentChanged.connect(self._update_actions)
        w.grid.tile_size_changed.connect(w.tile_slider.setValue)
        w.grid.menu_requested.connect(self._on_menu_requested)
        w.tile_slider.valueChanged.connect(w.grid.set_tile_size)
        w.grid.visible_rows_changed.connect(w.scrubber.set_view)
        w.scrubber.row_requested.connect(w.grid.scroll_to_row)
        w.model.modelReset.connect(lambda: w.scrubber.set_days(w.model.days))

    def _connect_query(self) -> None:
        w = self._window
        w.browser.place_changed.connect(self._on_place_changed)
        w.browser.listed.connect(self._on_listed)
        w.queries.asked.connect(self._leave_preview)
        w.queries.answered.connect(self._update_actions)
        w.query_bar.went.connect(lambda distance: self._travel(partial(w.browser.go, distance)))
        w.query_bar.home_requested.connect(partial(self._travel, partial(w.browser.visit, None)))
        w.intake.folders_offered.connect(self._add_folders)

    def _connect_preview(self) -> None:
        w = self._window
        w.preview.closed.connect(self._on_preview_closed)
        w.preview.current_changed.connect(w.grid.set_current_id)
        w.preview.find_similar_requested.connect(lambda photo_id: w.queries.find_similar([photo_id]))
        w.preview.menu_requested.connect(self._on_menu_requested)

    def _connect_background(self) -> None:
        w = self._window
        w.background.library_changed.connect(lambda settled: w.browser.refresh(settled=settled))
        w.browser.refreshing.connect(w.session.thumbnails.forget)
        w.background.roots_changed.connect(self._on_roots_changed)
        w.session.worker.failed.connect(self._on_worker_failed)
        w.session.worker.gave_up.connect(self._on_worker_failed)
        w.session.worker.maintenance_progressed.connect(w.progress.show_progress)
        w.session.worker.maintained.connect(lambda *_: w.progress.show_rest())
        w.background.pause_changed.connect(w.action_set["pause"].setChecked)
        w.progress.errors_clicked.connect(w.errors_dock.show)
        w.folders.add_requested.connect(self._choose_folder)
        w.empty_state.add_requested.connect(self._choose_folder)
        w.errors.closed.connect(w.errors_dock.hide)

    def _connect_actions(self) -> None:
        w = self._window
        browser, commands = w.browser, w.commands
        handlers: dict[str, Callable[[], object]] = {
            "add_folder": self._choose_folder,
            "rescan_all": w.background.rescan,
            "quit": w.close,
            "paste": self._paste,
            "copy_image": lambda: commands.copy_image(self._chosen()),
            "copy_path": lambda: commands.copy_paths(self._chosen()),
            "select_all": w.grid.selectAll,
            "select_none": w.grid.clearSelection,
            "home": partial(self._travel, partial(browser.visit, None)),
            "back": self._go_back,
            "forward": partial(self._travel, partial(browser.go, 1)),
            "larger": lambda: w.grid.set_tile_size(w.grid.tile_size + _TILE_STEP),
            "smaller": lambda: w.grid.set_tile_size(w.grid.tile_size - _TILE_STEP),
            "find_similar": lambda: w.queries.find_similar(self._chosen()),
            "more_like": lambda: w.queries.more_like(self._chosen()),
            "less_like": lambda: w.queries.more_like(self._chosen(), weight=-1.0),
            "words": w.queries.focus_words,
            "preview": self._preview_chosen,
            "open_default": lambda: commands.open_default(self._chosen()),
            "show_in_manager": lambda: commands.show_in_manager(self._chosen()),
            "search_file": self._choose_pictures,
            "clear_query": partial(self._travel, w.queries.clear),
        }
        for key, handler in handlers.items():
            w.action_set[key].triggered.connect(partial(_call, handler))
        for sort in SortKey:
            w.action_set[f"sort_{sort.value}"].triggered.connect(partial(self._on_sort_chosen, sort))
        w.action_set["sort_reversed"].triggered.connect(self._on_sort_reversed)
        w.action_set["pause"].triggered.connect(lambda paused: w.background.set_paused(paused=paused))
        w.action_set["expand"].triggered.connect(lambda on: browser.set_expand(expand=on))
        w.action_set["exact"].triggered.connect(lambda exact: w.speed.set_exact(exact=exact))
        w.speed.changed.connect(lambda: w.action_set["exact"].setChecked(w.speed.is_exact))
        w.speed.fitted.connect(self._update_actions)
        _bind_visibility(w.action_set["folders_panel"], w.folders_dock)
        _bind_visibility(w.action_set["saved_panel"], w.saved_dock)
        _bind_visibility(w.action_set["errors_panel"], w.errors_dock)
        details = w.action_set["details_panel"]
        details.toggled.connect(lambda on: w.preview.set_details_visible(on=on))
        w.preview.details_toggled.connect(details.setChecked)

    # The grid

    def _is_any_chosen(self) -> bool:
        w = self._window
        return w.pages.currentWidget() is w.preview or len(w.grid.selected_ids()) > 0 or w.grid.current_id() is not None

    def _chosen(self) -> list[int]:
        """Return the photos an action is about: the one in the preview, the selected ones, or the current one.

        No action takes more than that many, and a list of a million would be felt.
        """
        w = self._window
        if w.pages.currentWidget() is w.preview and w.preview.current_id is not None:
            return [w.preview.current_id]
        selected: list[int] = w.grid.selected_ids()[: MOST_PATHS + 1].tolist()
        current = w.grid.current_id()
        return selected or ([current] if current is not None else [])

    def _on_photo_clicked(self, photo_id: int) -> None:
        if self._window.preferences.click_action == "click":
            self._window.queries.find_similar([photo_id])

    def _on_photo_opened(self, photo_id: int) -> None:
        if self._is_double_click and self._window.preferences.click_action == "double_click":
            self._window.queries.find_similar([photo_id])
        else:
            self._window.show_preview(photo_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Tell a photo that is opened by a double click from one that is opened by a key."""
        if event.type() in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
            self._is_double_click = event.type() == QEvent.Type.MouseButtonDblClick
        return super().eventFilter(watched, event)

    def _on_menu_requested(self, position: QPoint, photo_id: int | None) -> None:
        if photo_id is not None:
            self._window.action_set.context_menu(self._window).popup(position)

    def _on_sort_chosen(self, sort: SortKey, checked: bool = True) -> None:  # noqa: FBT001, FBT002 - a slot
        if checked:
            self._show_sorted(sort, reversed_=False)

    def _on_sort_reversed(self, reversed_: bool) -> None:  # noqa: FBT001 - a slot
        self._show_sorted(self._window.browser.sort[0], reversed_=reversed_)

    def _show_sorted(self, sort: SortKey, *, reversed_: bool) -> None:
        """Show all photos in an order; the answer to a query has one of its own."""
        self._window.browser.set_sort(sort, descending=_is_descending(sort) != reversed_)
        self._travel(self._window.queries.clear)

    def _preview_chosen(self) -> None:
        for photo_id in self._chosen()[:1]:
            self._window.show_preview(photo_id)

    # Places

    def _on_place_changed(self) -> None:
        self._choose_page()
        self._update_actions()

    def _on_listed(self, photos: int) -> None:
        if photos and not self._are_folders_known:
            self._has_folders = True
            self._choose_page()

    def _is_reviewing(self) -> bool:
        """Tell whether the review is shown, which is a page only when it was wanted."""
        w = self._window
        return w.pages.currentWidget() not in (w.grid_page, w.empty_state, w.preview)

    # The preview

    def _leave_preview(self) -> None:
        if self._window.pages.currentWidget() is self._window.preview:
            self._on_preview_closed()

    def _travel(self, go: Callable[[], None]) -> None:
        self._leave_preview()
        self._window.words.cancel_pending()
        go()
        if self._window.pages.currentWidget() is self._window.grid_page:
            self._window.grid.setFocus()  # what was pressed, a chip or a crumb, may be gone

    def _go_back(self) -> None:
        if self._is_reviewing():
            self.leave_page()
        else:
            self._travel(partial(self._window.browser.go, -1))

    def leave_page(self) -> None:
        """Show the photos instead of a page that lay over them, or the invitation when there are none."""
        self._window.show_grid()
        self._choose_page()

    def step_back(self) -> bool:
        """Leave the preview or the review, or else the query, for what was shown before; tell whether there was one."""
        w = self._window
        if w.pages.currentWidget() is w.preview:
            self._on_preview_closed()
        elif self._is_reviewing():
            self.leave_page()
        elif w.browser.query is None:
            return False
        elif w.browser.can_go_back:
            w.browser.go(-1)
        else:
            w.browser.visit(None)
        return True

    def _on_preview_closed(self) -> None:
        self._window.show_grid()

    def _paste(self) -> None:
        mime: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None when the clipboard's owner is gone
        self._window.intake.take(QMimeData() if mime is None else mime)

    # Folders

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self._window, self.tr("Add a folder of photos"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self._add_folders([folder]))
        _open(dialog)

    def _add_folders(self, folders: list[str]) -> None:
        self._is_adding = True
        self._window.show_grid()
        self._window.background.add_folders(folders)

    def _on_roots_changed(self, roots: list[RootSummary]) -> None:
        self._are_folders_known, self._has_folders = True, bool(roots)
        self._is_adding = self._is_adding and not roots
        self._choose_page()

    def _on_worker_failed(self) -> None:
        self._is_adding = False  # the folder may have been refused
        self._choose_page()

    def _choose_page(self) -> None:
        """Invite to add a folder where all photos would be shown and there are no folders."""
        w = self._window
        if not self._has_folders and not self._is_adding and w.browser.query is None:
            w.show_empty_state()
        elif w.pages.currentWidget() is w.empty_state:
            w.show_grid()

    def _choose_pictures(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(PHOTO_SUFFIXES))
        dialog = QFileDialog(self._window, self.tr("Search by pictures"), "", self.tr("Pictures ({})").format(patterns))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._window.intake.take_files)
        _open(dialog)

    # Actions

    def _update_actions(self) -> None:
        w = self._window
        page, actions = w.pages.currentWidget(), w.action_set
        reviewing = self._is_reviewing()
        chosen = page in (w.grid_page, w.preview) and self._is_any_chosen()
        actions.set_enabled(
            "find_similar", "more_like", "open_default", "show_in_manager", "copy_path", "copy_image", enabled=chosen
        )
        actions.set_enabled("preview", enabled=chosen and page is w.grid_page)
        actions.set_enabled("details_panel", enabled=page is w.preview)
        actions.set_enabled("select_all", "select_none", enabled=page is w.grid_page)
        actions.set_enabled("back", enabled=w.browser.can_go_back or reviewing)
        actions.set_enabled("forward", enabled=w.browser.can_go_forward)
        actions.set_enabled("home", enabled=w.browser.query is not None or reviewing)
        actions.set_enabled("clear_query", "expand", enabled=not w.browser.is_listing)
        actions.set_enabled("less_like", enabled=chosen and not w.browser.is_listing)
        actions["expand"].setChecked(w.browser.query is not None and w.browser.query.expand)
        sort, descending = w.browser.sort
        actions[f"sort_{sort.value}"].setChecked(True)
        actions["sort_reversed"].setChecked(descending != _is_descending(sort))
        actions.set_enabled("exact", enabled=w.speed.is_useful)


def _is_descending(sort: SortKey) -> bool:
    """Tell which way an order runs unless it is reversed: the newest and the largest come first."""
    return sort in (SortKey.DATE, SortKey.SIZE)


def _open(dialog: QFileDialog) -> None:
    """Let the user choose files without holding up anything else, such as the end of the program."""
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _call(handler: Callable[[], object], *_: object) -> None:
    """Call a handler without what the signal brings along."""
    handler()


def _bind_visibility(action: QAction, dock: QDockWidget) -> None:
    action.toggled.connect(dock.setVisible)
    dock.visibilityChanged.connect(lambda _: action.setChecked(not dock.isHidden()))
