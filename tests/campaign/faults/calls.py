"""What only the window writes: saved searches, settings, decisions, its own file; called in a copy of the server.

Beside it, what many commands end with: databases that are closed.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from pathlib import Path

from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.catalog.journal import JOURNAL_FILE, Journal
from photofind.core.catalog.pairs import PAIRS_FILE, PairStore
from photofind.core.saved import SavedSearches

NAMES = ("beach", "dogs", "Grandmother's birthday")


def save_searches(stage: Path) -> None:
    """Save three searches and rename one."""
    shelf = SavedSearches(stage / "library")
    for name in NAMES:
        shelf.save(name, {"format": 1, "terms": [{"of": {"words": name}, "weight": 1}]})
    shelf.rename(NAMES[0], "sea")


def save_settings(stage: Path) -> None:
    """Change two settings, as the dialog does."""
    from photofind.core.settings import save_settings as save

    path = stage / "home" / "config" / "photofind" / "settings.toml"
    save(path, {"workers": 2})
    save(path, {"photo_seconds": 77})


def save_preferences(stage: Path) -> None:
    """Change what the window remembers; its file may be refused, which is no reason to fail."""
    from photofind.gui.preferences import Preferences

    preferences = Preferences(stage / "home" / "config" / "photofind" / "window.ini")
    preferences.tile_size = 200
    preferences.sync()
    preferences.tile_size = 220
    preferences.sync()


def close_stores(stage: Path) -> None:
    """Open the databases beside the catalog for writing, say that they are open, and close them."""
    library = stage / "library"
    with ExitStack() as stack:
        for name, store in ((DECISIONS_FILE, DecisionStore), (JOURNAL_FILE, Journal)):
            stack.enter_context(closing(store.open(library / name)))
        stack.enter_context(closing(PairStore.open(library / PAIRS_FILE, writable=True)))
        sys.stdout.write("ready\n")
