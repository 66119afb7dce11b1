"""The page of the models: which packs there are, which one this library uses, installing and removing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QTreeWidget, QTreeWidgetItem, QWidget

from photofind.core.encoders import ModelPack, list_packs
from photofind.core.encoders.registry import DEFAULT_PACK
from photofind.core.paths import bundled_models
from photofind.core.settings import Settings
from photofind.core.status import LibraryStatus
from photofind.gui.pack_jobs import PackJobs
from photofind.gui.panels.confirm import ConfirmBar
from photofind.gui.settings.pack_install import PackInstaller
from photofind.gui.settings.page import ErrorLabel, SettingsPage

_SPEC: Final = Qt.ItemDataRole.UserRole
_PACK: Final = Qt.ItemDataRole.UserRole + 1
_MODEL, _KNOWS, _SIZE, _STATE = range(4)


class PacksPage(SettingsPage):
    """Packs are installed and chosen at once, not with OK: reading the photos again takes long and is asked for."""

    use_requested = Signal(str)
    """The user wants this library to use a model: its spec."""

    packs_changed = Signal()
    """A pack was installed or removed."""

    refused = Signal(str)
    """Something could not be done: a sentence."""

    said = Signal(str)
    """Something was done: a sentence."""

    def __init__(self, jobs: PackJobs, settings: Settings, library: Path, parent: QWidget | None = None) -> None:
        super().__init__("models", parent)
        self.set_title(self.tr("Models"))
        self._jobs = jobs
        self._settings = settings
        self._library = library
        self._status: LibraryStatus | None = None
        self._packs: dict[str, ModelPack] = {}
        self._asked = ""
        self._make_list()
        self._make_buttons()
        self._lay_out()
        jobs.installed.connect(self._on_installed)
        jobs.removed.connect(self._on_removed)
        jobs.failed.connect(self.refused)
        jobs.stopped.connect(self._on_stopped)
        jobs.running_changed.connect(self._update_buttons)
        self.refresh()

    def set_status(self, status: LibraryStatus) -> None:
        """Show which model the library uses, and which one it changes to."""
        self._status = status
        self.refresh()

    def set_settings(self, settings: Settings) -> None:
        """Take what holds now: the model of the settings must not be removed."""
        self._settings = settings

    def refresh(self) -> None:
        """Read anew which packs there are."""
        current = self._chosen(_SPEC)
        packs, problems = list_packs()
        self._packs = {pack.name: pack for pack in packs}
        self.list.clear()
        for pack in packs:
            for variant in sorted(pack.variants, key=lambda name: name != pack.default):
                self._add(pack, variant)
        for row in range(self.list.topLevelItemCount()):
            entry = self.list.topLevelItem(row)
            if entry is not None and (row == 0 or entry.data(_MODEL, _SPEC) == current):
                self.list.setCurrentItem(entry)
        self.problems.setText("\n".join(map(str, problems)))
        self.problems.setVisible(bool(problems))
        self._update_buttons()

    # Making

    def _make_list(self) -> None:
        self.list = QTreeWidget(self)
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setHeaderLabels([self.tr("Model"), self.tr("Understands"), self.tr("Size"), self.tr("State")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        header = self.list.header()
        header.setStretchLastSection(True)
        for column in (_MODEL, _KNOWS, _SIZE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.list.currentItemChanged.connect(self._update_buttons)
        self.about = self.quiet("", below=True)
        self.about.setMinimumHeight(3 * self.fontMetrics().height())
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.problems = ErrorLabel(self)

    def _make_buttons(self) -> None:
        self.use = QPushButton(self.tr("&Use for this library"), self)
        self.use.setToolTip(self.tr("All photos are read again; until then, search goes on with the old model"))
        self.use.clicked.connect(self._on_use)
        self.remove = QPushButton(self.tr("&Remove…"), self)
        self.remove.clicked.connect(self._on_remove)
        for button in (self.use, self.remove):
            button.setAutoDefault(False)
        self.confirm = ConfirmBar(self.tr("Remove"), self.tr("Keep"), self)
        self.confirm.confirmed.connect(self._on_confirmed)
        self.installer = PackInstaller(self._jobs, self)
        self.installer.refused.connect(self.refused)

    def _lay_out(self) -> None:
        self.column.addWidget(
            self.quiet(
                self.tr(
                    "A model tells how alike photos are; some also understand words. All of them run here, offline."
                )
            )
        )
        self.shrinkable(self.list, 120)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.about)
        self.column.addWidget(self.problems)
        row = QHBoxLayout()
        row.addWidget(self.use)
        row.addWidget(self.remove)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.confirm)
        self.column.addSpacing(6)
        self.column.addWidget(self.installer)

    def _add(self, pack: ModelPack, variant: str) -> None:
        spec = f"{pack.name}:{variant}"
        # Networks of several variants may be one and the same file.
        sizes = {file.file: file.size for file in pack.files if file not in pack.variants.values()}
        sizes[pack.variant(variant).file] = pack.variant(variant).size
        size = QLocale().formattedDataSize(sum(sizes.values()), 1, QLocale.DataSizeFormat.DataSizeSIFormat)
        entry = QTreeWidgetItem(self.list, [f"{pack.name} {variant}", self._knows(pack), size, self._state(pack, spec)])
        entry.setData(_MODEL, _SPEC, spec)
        entry.setData(_MODEL, _PACK, pack.name)
        entry.setTextAlignment(_SIZE, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if spec == self._used():
            font = entry.font(_MODEL)
            font.setBold(True)
            entry.setFont(_MODEL, font)
            entry.setFont(_STATE, font)

    def _knows(self, pack: ModelPack) -> str:
        if pack.has_text:
            return self.tr("photos and words")
        return self.tr("photos, common words") if pack.name == DEFAULT_PACK else self.tr("photos")

    def _state(self, pack: ModelPack, spec: str) -> str:
        status = self._status
        if status is not None and spec == status.wanted_model and spec != status.model:
            return self.tr("this library changes to it")
        if spec == self._used():
            return self.tr("used by this library")
        return self.tr("comes with photofind") if _is_bundled(pack) else self.tr("installed")

    def _used(self) -> str | None:
        return self._status.model if self._status is not None else None

    # What the user does

    def _chosen(self, role: int) -> str:
        entry: QTreeWidgetItem | None = self.list.currentItem()
        return str(entry.data(_MODEL, role)) if entry is not None else ""

    def _update_buttons(self, *_: object) -> None:
        spec, pack = self._chosen(_SPEC), self._packs.get(self._chosen(_PACK))
        status = self._status
        going = (status.wanted_model or status.model) if status is not None else None
        self.use.setEnabled(bool(spec) and spec != going)
        removable = pack is not None and not _is_bundled(pack) and not self._jobs.is_running
        self.remove.setEnabled(removable)
        self.about.setText(self._about(pack) if pack is not None else "")

    def _about(self, pack: ModelPack) -> str:
        lines = [pack.description] if pack.description else []
        lines.append(self.tr("Version {}. Licence: {}. Source: {}").format(pack.version, pack.licence, pack.source))
        return "\n".join(lines)

    def _on_use(self) -> None:
        self.use.setEnabled(False)  # until the library says what it uses
        self.use_requested.emit(self._chosen(_SPEC))

    def _on_remove(self) -> None:
        self._asked = self._chosen(_PACK)
        self.confirm.ask(self.tr("Remove the model {} from this computer?").format(self._asked))

    def _on_confirmed(self) -> None:
        if self._asked:
            self._jobs.remove(self._asked, library=self._library, preferred=self._settings.model)

    # What has happened

    def _on_installed(self, name: str) -> None:
        self.installer.installed()
        self.refresh()
        for entry in self.list.findItems(f"{name} ", Qt.MatchFlag.MatchStartsWith, _MODEL)[:1]:
            self.list.setCurrentItem(entry)
        self.said.emit(self.tr("The model {} was installed.").format(name))
        self.packs_changed.emit()

    def _on_stopped(self) -> None:
        self.said.emit(self.tr("The installation was stopped; nothing was installed."))

    def _on_removed(self, name: str) -> None:
        self.refresh()
        self.said.emit(self.tr("The model {} was removed.").format(name))
        self.packs_changed.emit()


def _is_bundled(pack: ModelPack) -> bool:
    return pack.folder.parent == bundled_models()
