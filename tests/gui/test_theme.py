"""Colours that can be read, and icons that follow them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPalette, QPixmapCache
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from photofind.gui import theme

_Role = QPalette.ColorRole
_READABLE = 4.5  # WCAG 2.1, 1.4.3


def _luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def _contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(autouse=True)
def _same_palette_afterwards(qapp: QApplication) -> Iterator[None]:
    before = qapp.palette()
    yield
    qapp.setPalette(before)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    ("front", "back"),
    [
        (_Role.WindowText, _Role.Window),
        (_Role.Text, _Role.Base),
        (_Role.Text, _Role.AlternateBase),
        (_Role.ButtonText, _Role.Button),
        (_Role.HighlightedText, _Role.Highlight),
        (_Role.ToolTipText, _Role.ToolTipBase),
        (_Role.PlaceholderText, _Role.Base),
        (_Role.PlaceholderText, _Role.Window),
        (_Role.Link, _Role.Base),
        (_Role.Link, _Role.Window),
    ],
)
def test_text_can_be_read(dark: bool, front: QPalette.ColorRole, back: QPalette.ColorRole) -> None:
    colours = theme.palette(dark=dark)
    assert _contrast(colours.color(front), colours.color(back)) >= _READABLE


@pytest.mark.parametrize("dark", [False, True])
def test_derived_colours_can_be_read(dark: bool) -> None:
    colours = theme.palette(dark=dark)
    for back in (_Role.Window, _Role.Base):
        assert _contrast(theme.muted(colours), colours.color(back)) >= _READABLE
        assert _contrast(theme.accent(colours), colours.color(back)) >= _READABLE
    tones: list[theme.Tone] = ["info", "warning", "error"]
    for tone in tones:
        assert _contrast(theme.tone_colour(colours, tone), colours.color(_Role.Window)) >= _READABLE
        assert _contrast(colours.color(_Role.WindowText), theme.tint(colours, tone)) >= _READABLE


def test_dark_and_light_are_told_apart() -> None:
    assert theme.is_dark(theme.palette(dark=True))
    assert not theme.is_dark(theme.palette(dark=False))


def _ink(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off) -> QColor:
    """Return the colour of the most opaque pixel."""
    image = icon.pixmap(QSize(24, 24), 1.0, mode, state).toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=lambda colour: colour.alpha())


def _is_like(one: QColor, other: QColor) -> bool:
    channels = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return all(abs(a - b) <= 3 for a, b in channels)


def test_icons_take_the_colour_of_the_palette_and_follow_it(qapp: QApplication) -> None:
    icon = theme.icon("close")
    for dark in (False, True):
        colours = theme.palette(dark=dark)
        qapp.setPalette(colours)
        assert _is_like(_ink(icon), colours.color(_Role.ButtonText))
        assert _is_like(_ink(icon, QIcon.Mode.Selected), colours.color(_Role.HighlightedText))
        assert _is_like(_ink(icon, state=QIcon.State.On), theme.accent(colours))
        disabled = colours.color(QPalette.ColorGroup.Disabled, _Role.ButtonText)
        assert _is_like(_ink(icon, QIcon.Mode.Disabled), disabled)


@pytest.mark.usefixtures("qapp")
def test_icons_are_sharp_on_screens_of_high_density() -> None:
    assert theme.icon("close").pixmap(QSize(24, 24), 2.0).size() == QSize(48, 48)
    drawn = theme.pixmap("close", 20, QColor("red"), ratio=2.0)
    assert drawn.size() == QSize(40, 40)
    assert drawn.deviceIndependentSize().toSize() == QSize(20, 20)
    assert not theme.app_icon().pixmap(64, 64).isNull()


@pytest.mark.usefixtures("qapp")
def test_an_icon_that_is_changed_in_place_stays_whole() -> None:
    original = theme.icon("close")
    copy = QIcon(original)
    copy.setIsMask(True)
    del original
    assert not copy.pixmap(16, 16).isNull()


def test_a_button_on_screen_changes_with_the_palette(qtbot: QtBot, qapp: QApplication) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    button.setIcon(theme.icon("photo"))
    button.setIconSize(QSize(24, 24))
    button.resize(40, 40)
    shots = []
    for dark in (False, True):
        qapp.setPalette(theme.palette(dark=dark))
        shots.append(button.grab().toImage())
    assert shots[0] != shots[1]


@pytest.mark.usefixtures("qapp")
def test_an_icon_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        theme.icon("no-such-icon")


def test_the_application_gets_style_and_palette_once(qapp: QApplication) -> None:
    theme.apply(qapp)
    theme.apply(qapp)
    assert qapp.style().objectName() == "fusion"
    assert QPixmapCache.cacheLimit() <= 2048
    assert qapp.palette().color(_Role.Highlight) in [theme.accent(theme.palette(dark=dark)) for dark in (False, True)]
    assert len([child for child in qapp.children() if type(child).__name__ == "_SchemeFollower"]) == 1


def test_the_palette_follows_the_scheme_of_the_system(qapp: QApplication) -> None:
    theme.apply(qapp)
    for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
        qapp.styleHints().colorSchemeChanged.emit(scheme)
        assert theme.is_dark(qapp.palette()) == (scheme == Qt.ColorScheme.Dark)
