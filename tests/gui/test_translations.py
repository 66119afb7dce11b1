"""The translations: complete, of the texts that the program has now, compiled, and seen in the window."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import PySide6
import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import photofind.gui
from photofind.core.paths import resources
from photofind.gui.language import install_translators
from photofind.gui.preferences import Preferences
from tests.support.gallery import Gallery
from tests.support.windows import Opened

_SOURCES = Path(photofind.gui.__file__).parent
_FILES = sorted((resources() / "translations").glob("photofind_*.ts"))
_LUPDATE = Path(PySide6.__file__).parent / "lupdate"

Message = tuple[str, str, str, str]
"""Context, text, translation, and the mark of a message that is not as it should be."""


def messages(path: Path) -> list[Message]:
    root = ElementTree.parse(path).getroot()
    found: list[Message] = []
    for context in root.iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            found.append(
                (
                    context.findtext("name", ""),
                    message.findtext("source", ""),
                    translation.text or "",
                    translation.get("type", ""),
                )
            )
    return found


def fields(text: str) -> int:
    return sum(field is not None for _, field, _, _ in Formatter().parse(text))


def test_there_is_german() -> None:
    assert "photofind_de.ts" in [path.name for path in _FILES]


@pytest.mark.skipif(not _LUPDATE.is_file(), reason="this installation of Qt has no lupdate")
@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_every_text_of_the_program_is_translated(path: Path, tmp_path: Path) -> None:
    copy = shutil.copy(path, tmp_path)
    subprocess.run(
        [_LUPDATE, *sorted(_SOURCES.rglob("*.py")), "-locations", "none", "-ts", copy],
        check=True,
        capture_output=True,
        timeout=60,
    )
    unlike = [(context, text, mark) for context, text, _, mark in messages(Path(copy)) if mark]
    assert not unlike, "CONTRIBUTING.md tells how to bring a translation up to date"


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_translations_have_the_places_of_their_texts(path: Path) -> None:
    for _, text, translation, _ in messages(path):
        assert fields(text) == fields(translation), text
        assert text.endswith(":") == translation.endswith(":"), text
        assert text.count("&") == translation.count("&"), text


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_the_compiled_file_says_the_same(path: Path) -> None:
    translator = QTranslator()
    assert translator.load(str(path.with_suffix(".qm")))
    for context, text, translation, _ in messages(path):
        assert translator.translate(context, text) == translation


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    translators = install_translators(qapp, "de")
    yield
    QLocale.setDefault(before)
    for translator in translators:
        qapp.removeTranslator(translator)
        translator.deleteLater()


@pytest.mark.usefixtures("german")
def test_the_window_comes_up_in_german(qtbot: QtBot, gallery: Gallery, tmp_path: Path) -> None:
    opened = Opened(qtbot, gallery.library, gallery.settings, Preferences(tmp_path / "window.ini"))
    window = opened.window
    titles = [menu.title() for menu in window.menus.values()]
    assert titles == ["&Datei", "&Bearbeiten", "&Ansicht", "&Foto", "&Suche", "&Hilfe"]
    assert window.action_set["find_similar"].iconText() == "Ähnliche finden"
    assert window.action_set["add_folder"].iconText() == "Ordner hinzufügen"
    said = [label.text() for label in window.empty_state.findChildren(QLabel)]
    assert "Alles bleibt auf diesem Rechner." in said
    window.progress.set_photos(12_340)
    assert window.progress.text == "12.340 Fotos"
    opened.close()


@pytest.mark.usefixtures("german")
def test_no_two_entries_of_a_menu_have_the_same_key(qtbot: QtBot, gallery: Gallery, tmp_path: Path) -> None:
    opened = Opened(qtbot, gallery.library, gallery.settings, Preferences(tmp_path / "window.ini"))
    photo = opened.window.action_set.context_menu(opened.window)
    for menu in (*opened.window.menus.values(), photo):
        keys = [
            action.text().split("&")[1][:1].casefold()
            for action in menu.actions()
            if "&" in action.text() and not action.isSeparator()
        ]
        assert len(keys) == len(set(keys)), (menu.title() or menu.accessibleName(), keys)
    opened.close()
