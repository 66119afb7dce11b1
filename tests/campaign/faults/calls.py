"""What only the window writes: saved searches, settings, decisions, its own file; called in a copy of the server."""

from __future__ import annotations

from pathlib import Path

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
