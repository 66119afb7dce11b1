"""The language of the window: a translation, or English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QDate, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from photofind.gui.language import install_translators


@pytest.fixture(autouse=True)
def _english_afterwards(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


def test_english_needs_no_translation(qapp: QApplication) -> None:
    assert install_translators(qapp, "en") == []


def test_a_language_without_translation_stays_english(qapp: QApplication) -> None:
    assert install_translators(qapp, "xx") == []


def test_the_system_has_a_language(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "C")
    monkeypatch.delenv("LANGUAGE", raising=False)
    assert isinstance(install_translators(qapp, "system"), list)


def test_german_comes_with_the_texts_of_qt(qapp: QApplication) -> None:
    assert len(install_translators(qapp, "de")) == 2
    assert qapp.translate("Actions", "&Settings…") != "&Settings…"
    assert qapp.translate("QPlatformTheme", "Cancel") == "Abbrechen"
    assert QLocale().toString(QDate(2026, 3, 1), "MMMM") == "März"


def test_dates_are_in_the_language_of_the_texts(qapp: QApplication) -> None:
    QLocale.setDefault(QLocale("fr_FR"))
    install_translators(qapp, "en")
    assert QLocale().language() == QLocale.Language.English
    QLocale.setDefault(QLocale("en_GB"))
    install_translators(qapp, "en")
    assert QLocale().territory() == QLocale.Country.UnitedKingdom
