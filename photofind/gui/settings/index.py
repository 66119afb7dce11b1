"""The page of the search index: how it is trained, and how searches use it.

A field holds its range, which its line of explanation names, so that no wrong value can be written; what is written
into the file by hand is refused by the core.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from photofind.core.settings import NLIST_RULES, Settings
from photofind.gui import numbers
from photofind.gui.settings.page import SettingsPage, choose, chosen

SPANS: Final[dict[str, tuple[int, int]]] = {"training_vectors": (39, 256), "rerank_candidates": (1, 64)}
"""What the fields for whole numbers accept, which is what the core accepts."""

DECIMAL_SPANS: Final[dict[str, tuple[float, float]]] = {"expansion_alpha": (0.0, 10.0), "default_recall": (0.5, 1.0)}
"""What the other fields accept; a recall is shown in percent."""

_PERCENT: Final = 100.0
_DIGITS: Final = 3  # of a share, so that it has one after the point as a percentage


class IndexPage(SettingsPage):
    """The first two settings count when the index is trained the next time, the others at once."""

    health_requested = Signal()
    """The user wants to see how the index is."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("index", parent)
        self.set_title(self.tr("Search index"))
        self._settings = settings
        self.numbers: dict[str, QSpinBox] = {}
        self.column.addWidget(self.quiet(self.tr("The defaults suit libraries of every size."), below=True))
        form = self.add_form()
        form.addRow(self._subtitle(self.tr("From the next training of the index on")))
        self._add_training(form)
        form.addRow(self._subtitle(self.tr("From the next search on")))
        self._add_searching(form)
        self.column.addStretch(1)
        self.column.addLayout(self._made_buttons())
        self._show(settings)

    def set_settings(self, settings: Settings) -> None:
        """Show what holds now."""
        self._settings = settings
        self._show(settings)

    def changes(self) -> Mapping[str, object]:
        """Return the settings that differ, None for one that is to have its default again."""
        wanted: dict[str, object] = {name: box.value() for name, box in self.numbers.items()}
        wanted["nlist_rule"] = chosen(self.nlist_rule)
        wanted["expansion_alpha"] = round(self.alpha.value(), 1)
        wanted["default_recall"] = round(self.recall.value() / _PERCENT, _DIGITS)
        defaults = Settings()
        return {
            name: None if value == getattr(defaults, name) else value
            for name, value in wanted.items()
            if value != self._kept(name)
        }

    def _kept(self, name: str) -> object:
        """Return a setting as its field shows it."""
        value = getattr(self._settings, name)
        digits = {"expansion_alpha": 1, "default_recall": _DIGITS}.get(name)
        return value if digits is None else round(float(value), digits)

    def _show(self, settings: Settings) -> None:
        for name, box in self.numbers.items():
            box.setValue(getattr(settings, name))
        choose(self.nlist_rule, settings.nlist_rule)
        self.alpha.setValue(settings.expansion_alpha)
        self.recall.setValue(settings.default_recall * _PERCENT)

    # Making

    def _add_training(self, form: QFormLayout) -> None:
        rules = [(self._rule_words(rule), rule) for rule in NLIST_RULES]
        self.nlist_rule = self.combo(rules, NLIST_RULES[0])
        hint = self.tr(
            "The index sorts photos into lists, and a search looks into some of them. Automatic, or 4, 8 or 16 times"
            " the square root of the number of photos."
        )
        self.add_row(form, self.tr("&Inverted lists:"), self.nlist_rule, hint)
        hint = self.tr("More let the lists fit the photos better, and make training slower.")
        self._add_number(form, "training_vectors", self.tr("&Training photos for each list:"), hint)

    def _add_searching(self, form: QFormLayout) -> None:
        low, high = DECIMAL_SPANS["default_recall"]
        self.recall = self._decimal(low * _PERCENT, high * _PERCENT, 0.5, self.tr(" %"))
        hint = self.tr(
            "So many of the ten nearest photos shall be found where the speed slider stands by itself, as measured on"
            " this library."
        )
        self.add_row(
            form, self.tr("&Default recall:"), self.recall, self._with_range(low * 100, high * 100, " %", hint)
        )
        hint = self.tr(
            "For each photo that is wanted, so many candidates of the index are compared exactly. More of them find a"
            " little more, and take longer."
        )
        self._add_number(form, "rerank_candidates", self.tr("&Candidates for each hit:"), hint)
        low, high = DECIMAL_SPANS["expansion_alpha"]
        self.alpha = self._decimal(low, high, 0.5, "")
        hint = self.tr(
            "Alpha, for “Look for more of the same”: the higher, the more the search follows the very best hits; with"
            " 0, the ten best count alike."
        )
        self.add_row(form, self.tr("&Exponent of expansion:"), self.alpha, self._with_range(low, high, "", hint))

    def _add_number(self, form: QFormLayout, name: str, label: str, hint: str) -> None:
        low, high = SPANS[name]
        self.numbers[name] = self.spin((low, high), low, "")
        self.add_row(form, label, self.numbers[name], self._with_range(low, high, "", hint))

    def _decimal(self, low: float, high: float, step: float, suffix: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setRange(low, high)
        box.setDecimals(1)
        box.setSingleStep(step)
        box.setSuffix(suffix)
        box.setMinimumWidth(140)
        return box

    def _with_range(self, low: float, high: float, unit: str, hint: str) -> str:
        words = self.tr("{low} to {high}{unit}. {hint}")
        return words.format(low=numbers.grouped(round(low)), high=numbers.grouped(round(high)), unit=unit, hint=hint)

    def _subtitle(self, text: str) -> QLabel:
        label = QLabel(text, self)
        font = label.font()
        font.setBold(True)
        label.setFont(font)
        label.setContentsMargins(0, 4, 0, 4)
        return label

    def _made_buttons(self) -> QHBoxLayout:
        self.reset = QPushButton(self.tr("&Reset to the defaults"), self)
        self.reset.clicked.connect(lambda: self._show(Settings()))
        self.health = QPushButton(self.tr("Index &health…"), self)
        self.health.setToolTip(self.tr("See how the index is, and train it anew"))
        self.health.clicked.connect(self.health_requested)
        row = QHBoxLayout()
        row.addWidget(self.reset)
        row.addStretch(1)
        row.addWidget(self.health)
        return row

    def _rule_words(self, rule: str) -> str:
        if rule == "auto":
            return self.tr("Automatic")
        return self.tr("{} times √ photos").format(rule.split("-")[0])
