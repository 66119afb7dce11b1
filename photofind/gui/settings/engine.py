"""The page of the engine: how hard it works, what it refuses to read, and the model that compares photos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QSpinBox, QWidget

from photofind.core.encoders import ModelPack, list_packs, resolve
from photofind.core.errors import PackError
from photofind.core.settings import Settings, usable_processors
from photofind.core.status import LibraryStatus
from photofind.gui.settings.page import SettingsPage, choose, chosen

SPANS: Final[dict[str, tuple[int, int]]] = {
    "workers": (1, 256),
    "photo_seconds": (1, 3600),
    "photo_megabytes": (1, 1 << 20),
    "photo_megapixels": (1, 4000),
    "worker_megabytes": (300, 1 << 20),
}
"""What the fields accept, which is what the core accepts."""


class EnginePage(SettingsPage):
    """Everything on it counts from the next scan on."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("engine", parent)
        self.set_title(self.tr("Engine"))
        self._settings = settings
        self.numbers: dict[str, QSpinBox] = {}
        self.column.addWidget(self.quiet(self.tr("All of this counts from the next scan on."), below=True))
        form = self.add_form()
        self._add_effort(form)
        self._add_limits(form)
        self._add_model(form)
        reset = QPushButton(self.tr("&Reset to the defaults"), self)
        reset.clicked.connect(lambda: self._show(Settings()))
        row = QHBoxLayout()
        row.addWidget(reset)
        row.addStretch(1)
        self.column.addStretch(1)
        self.column.addLayout(row)
        self._show(settings)

    def set_settings(self, settings: Settings) -> None:
        """Show what holds now."""
        self._settings = settings
        self._show(settings)

    def set_status(self, status: LibraryStatus) -> None:
        """Tell which model the library was made with, and whether it has a choice of its own."""
        if status.wanted_model:
            words = self.tr("This library keeps to {}, which was chosen for it; see the page Models.")
            self.model_note.setText(words.format(status.wanted_model))
            self.model.setEnabled(False)
        elif status.model:
            self.model_note.setText(self.tr("The photos of this library were read with {}.").format(status.model))
        self.model_note.setVisible(bool(status.wanted_model or status.model))

    def refresh_models(self) -> None:
        """Offer the packs that are installed now; the choice stays."""
        now = chosen(self.model)
        self.model.clear()
        for label, value in self._models():
            self.model.addItem(label, value)
        choose(self.model, now)

    def changes(self) -> Mapping[str, object]:
        """Return the settings that differ, None for one that is to have its default again."""
        wanted: dict[str, object] = {name: box.value() for name, box in self.numbers.items()}
        wanted["priority"] = chosen(self.priority)
        wanted["model"] = chosen(self.model)
        defaults = Settings()
        return {
            name: None if value == getattr(defaults, name) else value
            for name, value in wanted.items()
            if value != self._kept(name)
        }

    def _kept(self, name: str) -> object:
        """Return a setting as its field shows it."""
        value = getattr(self._settings, name)
        if name in SPANS:
            return round(value)
        return _entry_of(value) if name == "model" else value

    def _show(self, settings: Settings) -> None:
        for name, box in self.numbers.items():
            box.setValue(round(getattr(settings, name)))
        choose(self.priority, settings.priority)
        choose(self.model, _entry_of(settings.model))

    def _add_effort(self, form: QFormLayout) -> None:
        processors = usable_processors()
        hint = (
            self.tr("This computer has 1 processor.")
            if processors == 1
            else self.tr("This computer has {} processors.").format(processors)
        )
        self._add_number(form, "workers", self.tr("&Photos read at a time:"), "", hint)
        priorities = [(self.tr("Low"), "low"), (self.tr("Normal"), "normal")]
        self.priority = self.combo(priorities, "low")
        self.add_row(form, self.tr("P&riority:"), self.priority, self.tr("Low lets other programs go first."))

    def _add_limits(self, form: QFormLayout) -> None:
        self._add_number(form, "photo_seconds", self.tr("&Longest time for a photo:"), self.tr(" s"))
        self._add_number(form, "photo_megapixels", self.tr("Largest p&hoto:"), self.tr(" megapixels"))
        self._add_number(form, "photo_megabytes", self.tr("Largest &file:"), self.tr(" MB"))
        hint = self.tr("What goes beyond is left out, and stands in the list of files that could not be read.")
        self._add_number(form, "worker_megabytes", self.tr("&Memory of a reader:"), self.tr(" MB"), hint)

    def _add_number(self, form: QFormLayout, name: str, label: str, suffix: str, hint: str = "") -> None:
        self.numbers[name] = self.spin(SPANS[name], SPANS[name][0], suffix)
        self.add_row(form, label, self.numbers[name], hint)

    def _add_model(self, form: QFormLayout) -> None:
        self.model = self.combo(self._models(), _entry_of(self._settings.model))
        self.add_row(
            form,
            self.tr("M&odel pack:"),
            self.model,
            self.tr("With another model all photos are read again; until then, search goes on with the old one."),
        )
        self.model_note = self.quiet("")
        self.model_note.hide()
        self.column.addWidget(self.model_note)

    def _models(self) -> list[tuple[str, str]]:
        """Return the installed packs in all variants, and the chosen one even if it is not installed."""
        packs, _ = list_packs()
        found = [
            (self._model_label(pack, name), _entry_of(f"{pack.name}:{name}")) for pack in packs for name in pack.keys
        ]
        chosen_now = _entry_of(self._settings.model)
        if chosen_now not in [entry for _, entry in found]:
            words = self.tr("{} (not installed)").format(chosen_now or self.tr("Standard"))
            found.append((words, chosen_now))
        return sorted(found, key=lambda choice: bool(choice[1]))

    def _model_label(self, pack: ModelPack, variant: str) -> str:
        words = f"{pack.name} {variant}"
        return self.tr("{} (standard)").format(words) if not _entry_of(f"{pack.name}:{variant}") else words


def _entry_of(spec: str) -> str:
    """Return a spec as the combo box holds it: nothing for the standard one, else with its variant."""
    try:
        full, standard = resolve(spec).spec, resolve("").spec
    except PackError:
        return spec
    return "" if full == standard else full
