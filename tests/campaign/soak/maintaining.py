"""What the user of the soak has the program do: reading anew, pausing, looking after the index, other libraries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from photofind.gui.main_window import MainWindow
from tests.campaign.soak.searching import trigger

if TYPE_CHECKING:
    from tests.campaign.soak.user import SoakUser


def pause(user: SoakUser, window: MainWindow) -> None:
    """Pause the writer, or let it go on, which is what most often holds."""
    window.background.set_paused(paused=user.chances.random() < 0.3)


def look_after_index(user: SoakUser, window: MainWindow) -> None:
    """Measure, compact or train the index, or stop that."""
    task = user.chances.choice(("calibrate", "compact", "recluster", ""))
    if task:
        window.session.worker.maintain(task)
    else:
        window.session.worker.stop_maintenance()


def stop(user: SoakUser, window: MainWindow) -> None:
    """Stop the writer: small pictures are alike, and to compare them all would take hours."""
    del user
    window.session.worker.stop()


def take_folder(user: SoakUser, window: MainWindow) -> None:
    """Remove a folder from the library, or add it."""
    if user.chances.random() < 0.4:
        window.session.worker.remove_folder(str(user.places.extra))
    else:
        window.background.add_folders([str(user.places.extra)])


def retry(user: SoakUser, window: MainWindow) -> None:
    """Read again what could not be read."""
    del user
    window.session.worker.retry()


def change_settings(user: SoakUser, window: MainWindow) -> None:
    """Search by other settings."""
    window.session.use(replace(window.session.settings, rerank_candidates=user.chances.choice((4, 8))))


def go_to_other_library(user: SoakUser, window: MainWindow) -> None:
    """Open the other of the two libraries, if there are two."""
    at_home = window.session.library == user.places.library
    if user.places.other.exists():
        window.library_wanted.emit(user.places.other if at_home else user.places.library)


ACTS: Final = (
    (trigger("rescan_all"), 0.5),
    (pause, 1.0),
    (stop, 1.0),
    (look_after_index, 0.15),
    (take_folder, 0.1),
    (retry, 0.2),
    (change_settings, 0.1),
    (go_to_other_library, 0.06),
)
