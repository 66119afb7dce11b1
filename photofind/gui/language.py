"""The language of the window: translations of the program's own texts and of Qt's."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from photofind.core.paths import resources

_SOURCE: Final = "en"
"""The language that the program's texts are written in."""


def install_translators(app: QCoreApplication, language: str) -> list[QTranslator]:
    """Install the translations of a language and return them; texts without one stay English.

    Parameters
    ----------
    language
        A code such as ``"de"``, or ``"system"`` for the language that the user's system has.
    """
    code = _system_language() if language == "system" else language
    own = resources() / "translations" / f"photofind_{code}.qm"
    if not own.is_file():  # Qt's buttons alone in another language would look like a mistake
        _speak(_SOURCE)
        return []
    _speak(code)
    places = [own, f"{QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)}/qtbase_{code}.qm"]
    installed = []
    for place in places:
        translator = QTranslator(app)
        if translator.load(str(place)):
            app.installTranslator(translator)
            installed.append(translator)
        else:
            translator.deleteLater()
    return installed


def _speak(code: str) -> None:
    """Let dates and numbers follow the texts; what the system has for their language, such as en_GB, is kept."""
    current, wanted = QLocale().language(), QLocale(code).language()
    # A system without a language has plain numbers and English months.
    if current != wanted and not (current == QLocale.Language.C and code == _SOURCE):
        QLocale.setDefault(QLocale(code))


def _system_language() -> str:
    """Return the code of the user's most preferred language."""
    wanted = QLocale.system().uiLanguages()
    return wanted[0].replace("_", "-").split("-")[0].lower() if wanted else _SOURCE
