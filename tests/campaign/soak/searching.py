"""What the user of the soak asks for: photos, words, files, filters, the slider, and searches saved by name."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest

from photofind.core.queries import Filters, Orientation
from photofind.gui.main_window import MainWindow
from tests.support.windows import drop_on

if TYPE_CHECKING:
    from tests.campaign.soak.user import SoakUser

_WORDS: Final = ("red", "green -blue", "blue 2019", "name:0001", "in:set", "may 2020", "last year", "zzz", "a", "")
_MOST_SAVED: Final = 12
_MODIFIERS: Final = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def click_photo(user: SoakUser, window: MainWindow) -> None:
    """Click on a photo that is seen: search by it, or select it."""
    if window.pages.currentWidget() is not window.grid_page:
        return
    row = user.row(window, visible=True)
    if row is not None:
        point = window.grid.card(row).center()
        QTest.mouseClick(window.grid.viewport(), Qt.MouseButton.LeftButton, user.chances.choice(_MODIFIERS), point)


def type_words(user: SoakUser, window: MainWindow) -> None:
    """Type words, or some of their letters, and perhaps finish them."""
    window.action_set["words"].trigger()
    QTest.keyClicks(window.words, user.chances.choice(_WORDS))
    if user.chances.random() < 0.5:
        QTest.keyClick(window.words, Qt.Key.Key_Return)


def drop_files(user: SoakUser, window: MainWindow) -> None:
    """Drop pictures, one of which may not exist."""
    names = [user.probe() for _ in range(user.chances.randint(1, 3))]
    if user.chances.random() < 0.1:
        names.append(str(user.places.probes / "gone.jpg"))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(name) for name in names])
    drop_on(window, mime)


def trigger(*keys: str) -> Callable[[SoakUser, MainWindow], None]:
    """Return an action that triggers one of the table's that is enabled."""

    def act(user: SoakUser, window: MainWindow) -> None:
        window.action_set[user.chances.choice(keys)].trigger()

    act.__name__ = f"trigger_{keys[0]}"
    return act


def move_slider(user: SoakUser, window: MainWindow) -> None:
    """Move the slider between fast and exact."""
    chance = user.chances.random()
    if chance < 0.2:
        window.speed.set_exact(exact=user.chances.random() < 0.5)
    else:
        window.speed.choose(user.chances.randint(0, window.speed.positions.exact))


def set_filters(user: SoakUser, window: MainWindow) -> None:
    """Choose filters, or take them off."""
    chances = user.chances
    year = chances.randint(2015, 2024)
    choices = (
        Filters(),
        Filters(since=datetime.date(year, 1, 1)),
        Filters(since=datetime.date(year, 1, 1), until=datetime.date(year, chances.randint(2, 12), 1)),
        Filters(names=(str(chances.randint(0, 99)),)),
        Filters(formats=("JPEG",), orientation=Orientation.SQUARE),
        Filters(folders=(str(user.places.extra),)),
        Filters(max_megapixels=0.5, has_gps=False),
    )
    window.browser.set_filters(chances.choice(choices))


def type_filter(user: SoakUser, window: MainWindow) -> None:
    """Open the panel of the filters, type a day, and perhaps close it."""
    window.action_set["filters"].setChecked(user.chances.random() < 0.7)
    panel = window.filter_control.panel
    field = user.chances.choice((panel.since, panel.until))
    if panel.isVisible():
        field.clear()
        QTest.keyClicks(field, user.chances.choice(("2018", "2019-05", "x", "2020-02-30", "")))


def change_chip(user: SoakUser, window: MainWindow) -> None:
    """Take a chip away, weigh it, or look at its menu."""
    chips = window.query_bar.chips
    if not chips:
        return
    chip = user.chances.choice(chips)
    chance = user.chances.random()
    if chance < 0.4:
        chip.removed.emit(chip.part)
    elif chance < 0.8:
        chip.replaced.emit(chip.part, chip.part.weighted(user.chances.choice((-1.0, 0.5, 2.0))))
    else:
        menu = chip.menu()
        menu.popup(window.mapToGlobal(window.rect().center()))
        menu.close()


def show_missed(user: SoakUser, window: MainWindow) -> None:
    """Show or hide what the fast search has missed."""
    del user
    window.query_bar.outcome.missed_clicked.emit()


def save_search(user: SoakUser, window: MainWindow) -> None:
    """Save the search that is shown; remove one where there are many."""
    saved = window.saved
    if saved.list.count() >= _MOST_SAVED:
        saved.list.setCurrentRow(user.chances.randrange(saved.list.count()))
        saved.remove_button.click()
        return
    window.action_set["save_search"].trigger()
    if saved.is_asking:
        saved.name.setText(f"search {user.chances.randrange(30)}")
        QTest.keyClick(saved.name, Qt.Key.Key_Return)


def run_saved(user: SoakUser, window: MainWindow) -> None:
    """Search again by what was saved."""
    saved = window.saved
    if saved.list.count():
        saved.list.setCurrentRow(user.chances.randrange(saved.list.count()))
        current = saved.current()
        if current is not None:
            saved.run_requested.emit(current)


ACTS: Final = (
    (click_photo, 14.0),
    (type_words, 5.0),
    (drop_files, 4.0),
    (trigger("find_similar", "more_like", "less_like", "expand"), 5.0),
    (trigger("back", "forward", "home", "clear_query", "clear_filters"), 12.0),
    (trigger("copy_image", "copy_path", "paste"), 2.0),
    (move_slider, 5.0),
    (set_filters, 4.0),
    (type_filter, 2.0),
    (change_chip, 4.0),
    (show_missed, 2.0),
    (save_search, 2.0),
    (run_saved, 2.0),
)
