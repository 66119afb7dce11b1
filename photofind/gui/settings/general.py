"""The page of what concerns the window."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from photofind.gui.preferences import CACHE_MEGABYTES, CLICK_ACTIONS, LANGUAGES, Preferences
from photofind.gui.settings.page import SettingsPage, choose, chosen


class GeneralPage(SettingsPage):
    """Language, what a click does, and the memory for thumbnails."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__("general", parent)
        self.set_title(self.tr("General"))
        self._preferences = preferences
        form = self.add_form()
        languages = [(self.tr("System"), "system"), ("English", "en"), ("Deutsch", "de")]
        self.language = self.combo(languages, "system")
        self.add_row(form, self.tr("&Language:"), self.language, self.tr("From the next start on."))
        clicks = [(self.tr("A click"), "click"), (self.tr("A double click"), "double_click")]
        self.click_action = self.combo(clicks, "click")
        self.add_row(
            form,
            self.tr("&Find similar photos by:"),
            self.click_action,
            self.tr("With a double click, a single click only selects. Counts at once."),
        )
        self.cache = self.spin(CACHE_MEGABYTES, CACHE_MEGABYTES[0], self.tr(" MB"))
        self.cache.setSingleStep(32)
        self.add_row(
            form,
            self.tr("&Memory for thumbnails:"),
            self.cache,
            self.tr("More makes scrolling back and forth smoother. From the next start on."),
        )
        self.column.addStretch(1)
        self.load()

    def load(self) -> None:
        """Show what the preferences hold."""
        choose(self.language, self._preferences.language)
        choose(self.click_action, self._preferences.click_action)
        self.cache.setValue(self._preferences.cache_megabytes)

    def apply(self) -> set[str]:
        """Put what changed into the preferences; return the names of the changed ones."""
        kept = self._preferences
        changed: set[str] = set()
        language = next(code for code in LANGUAGES if code == chosen(self.language))
        click_action = next(action for action in CLICK_ACTIONS if action == chosen(self.click_action))
        if language != kept.language:
            kept.language = language
            changed.add("language")
        if click_action != kept.click_action:
            kept.click_action = click_action
            changed.add("click_action")
        if self.cache.value() != kept.cache_megabytes:
            kept.cache_megabytes = self.cache.value()
            changed.add("cache_megabytes")
        return changed
