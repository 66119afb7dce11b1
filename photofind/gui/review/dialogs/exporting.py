"""The groups of a review as a file for other programs: what they are, what speaks for it, and what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from photofind.core.catalog.decisions import Mark
from photofind.core.duplicates.exporting import Document, csv_text, group_document, json_text, write_text
from photofind.core.duplicates.keeping import Keeper
from photofind.core.duplicates.planning import Decisions
from photofind.core.evidence import DuplicateGroup
from photofind.core.settings import Settings

Choice = tuple[DuplicateGroup, Decisions]
"""A group, and what is to become of its photos."""

_DECIDED: Final = {Mark.KEEP: "keep", Mark.REMOVE: "remove", Mark.SKIP: None}


class ExportDialog(QFileDialog):
    """Asks for the name of a file; its suffix says whether it is a table or JSON. Show it with ``open``."""

    chosen = Signal(object)
    """The file (a Path) to write."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, self.tr("Export the list"))
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters([self.tr("Table ({})").format("*.csv"), self.tr("JSON ({})").format("*.json")])
        self.setDefaultSuffix("csv")
        self.selectFile("duplicates.csv")
        self.filterSelected.connect(lambda chosen: self.setDefaultSuffix("json" if "*.json" in chosen else "csv"))
        self.fileSelected.connect(lambda name: self.chosen.emit(Path(name)))
        self.finished.connect(self.deleteLater)


def export(path: Path, choices: Iterable[Choice], settings: Settings) -> str:
    """Write groups to a file, as JSON if its name says so, else as CSV; return a sentence that says so.

    To be called in a thread.

    Raises
    ------
    StorageError
        When the file cannot be written.
    """
    documents = _documents(choices, Keeper.of(settings))
    is_json = path.suffix.lower() == ".json"
    write_text(path, json_text({"groups": documents}, {}) if is_json else csv_text(documents))
    return QCoreApplication.translate("Actions", "The list was written to {}.").format(path)


def _documents(choices: Iterable[Choice], keeper: Keeper) -> Iterator[Document]:
    """Yield groups as the command line prints them, with the user's marks instead of what was suggested."""
    for group, decisions in choices:
        document = group_document(group, keeper.suggest(group))
        for member, photo in zip(group.members, document["photos"], strict=True):
            decision = decisions.get(member.photo_id)
            if isinstance(decision, Mark):
                photo.update(suggest=_DECIDED[decision], rule=None, reason="marked by hand")
        yield document
