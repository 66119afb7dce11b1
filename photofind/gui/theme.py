"""Colours and icons, in light and in dark.

``apply`` gives the application the Fusion style and one of two palettes of its own, and follows the system when it
changes between light and dark. Everything that paints asks the palette, or a function here that derives a colour from
it; icons are SVG files drawn in one ``currentColor``, which is put in when they are painted, so that an icon made
once is right after every change of palette.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from PySide6.QtCore import QByteArray, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from photofind.core.paths import resources

Tone = Literal["info", "warning", "error"]

_Role = QPalette.ColorRole
_Group = QPalette.ColorGroup
_MUTED_SHARE: Final = 0.66
_OUTLINE: Final = "#a6a8ae"


@dataclass(frozen=True, slots=True)
class _Scheme:
    """The colours of one palette; text on ``window``, ``base`` and ``accent`` keeps a contrast of 4.5 : 1 or more."""

    window: str
    base: str
    alternate: str
    button: str
    text: str
    faint: str
    accent: str
    on_accent: str
    tooltip: str
    edge: str
    shadow: str
    warning: str
    error: str


_ICON_KILOBYTES: Final = 2048
"""What Qt keeps of drawn icons: all that are in use at a time, on a dense screen too. A picture that a label has shown
comes into the same cache, and Qt's own limit of 10 MB takes hours to be reached."""

_LIGHT: Final = _Scheme(
    window="#f3f3f5",
    base="#ffffff",
    alternate="#f8f8f9",
    button="#fafafb",
    text="#1b1c1f",
    faint="#96989e",
    accent="#1f5fbf",
    on_accent="#ffffff",
    tooltip="#ffffff",
    edge="#c9cacf",
    shadow="#8b8d94",
    warning="#8a5300",
    error="#b3261e",
)
_DARK: Final = _Scheme(
    window="#222326",
    base="#191a1c",
    alternate="#1f2023",
    button="#2e2f33",
    text="#e7e8ea",
    faint="#74767c",
    accent="#6ba4ff",
    on_accent="#0b1526",
    tooltip="#333539",
    edge="#414348",
    shadow="#0c0c0d",
    warning="#f0b35a",
    error="#ff8a80",
)


def palette(*, dark: bool) -> QPalette:
    """Return the application's palette for the dark or the light scheme."""
    scheme = _DARK if dark else _LIGHT
    made = QPalette()
    for role, colour in _colours(scheme, dark=dark).items():
        made.setColor(role, QColor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText):
        made.setColor(_Group.Disabled, role, QColor(scheme.faint))
    made.setColor(_Group.Disabled, _Role.Highlight, QColor(scheme.edge))
    made.setColor(_Group.Disabled, _Role.Accent, QColor(scheme.faint))
    return made


def _colours(scheme: _Scheme, *, dark: bool) -> dict[QPalette.ColorRole, str]:
    return {
        _Role.Window: scheme.window,
        _Role.WindowText: scheme.text,
        _Role.Base: scheme.base,
        _Role.AlternateBase: scheme.alternate,
        _Role.Text: scheme.text,
        _Role.PlaceholderText: _mixed(QColor(scheme.text), QColor(scheme.base), _MUTED_SHARE).name(),
        _Role.Button: scheme.button,
        _Role.ButtonText: scheme.text,
        _Role.BrightText: "#ffffff",
        _Role.Light: "#3b3d42" if dark else "#ffffff",
        _Role.Midlight: "#34363a" if dark else "#e9e9ec",
        _Role.Mid: scheme.edge,
        _Role.Dark: "#141517" if dark else "#b4b6bc",
        _Role.Shadow: scheme.shadow,
        _Role.Highlight: scheme.accent,
        _Role.HighlightedText: scheme.on_accent,
        _Role.Accent: scheme.accent,
        _Role.Link: scheme.accent,
        _Role.LinkVisited: scheme.accent,
        _Role.ToolTipBase: scheme.tooltip,
        _Role.ToolTipText: scheme.text,
    }


def is_dark(colours: QPalette) -> bool:
    """Tell whether text is lighter than what it stands on."""
    return colours.color(_Role.WindowText).lightnessF() > colours.color(_Role.Window).lightnessF()


def accent(colours: QPalette) -> QColor:
    """Return the one colour that marks what is selected, focused or running."""
    return colours.color(_Role.Highlight)


def muted(colours: QPalette) -> QColor:
    """Return the colour of text of second rank; it is still readable on the window's and on lists' background."""
    return _mixed(colours.color(_Role.WindowText), colours.color(_Role.Window), _MUTED_SHARE)


def hairline(colours: QPalette) -> QColor:
    """Return the colour of thin lines between areas."""
    return _mixed(colours.color(_Role.WindowText), colours.color(_Role.Window), 0.18)


def tint(colours: QPalette, tone: Tone = "info") -> QColor:
    """Return a background that carries a tone and on which the window's text stays readable."""
    return _mixed(tone_colour(colours, tone), colours.color(_Role.Window), 0.14)


def tone_colour(colours: QPalette, tone: Tone) -> QColor:
    """Return the colour of signs of a tone; fit for text on the window's background."""
    if tone == "info":
        return accent(colours)
    scheme = _DARK if is_dark(colours) else _LIGHT
    return QColor(scheme.warning if tone == "warning" else scheme.error)


def outlined(colours: QPalette) -> QPalette:
    """Return a palette with which Fusion draws boxes and circles to tick so that they are seen, in light and in dark.

    Fusion takes the window's colour and darkens it, which leaves nothing to see in the dark.
    """
    changed = QPalette(colours)
    changed.setColor(_Role.Window, QColor(_OUTLINE))
    return changed


def _mixed(front: QColor, back: QColor, share: float) -> QColor:
    def channel(over: float, under: float) -> float:
        return over * share + under * (1.0 - share)

    return QColor.fromRgbF(
        channel(front.redF(), back.redF()),
        channel(front.greenF(), back.greenF()),
        channel(front.blueF(), back.blueF()),
    )


# The application


class _SchemeFollower(QObject):
    """Exchanges the application's palette when the system changes between light and dark."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._dark_by_default = is_dark(app.style().standardPalette())
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self._on_scheme_changed(app.styleHints().colorScheme())

    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        known = scheme != Qt.ColorScheme.Unknown
        self._app.setPalette(palette(dark=scheme == Qt.ColorScheme.Dark if known else self._dark_by_default))


def apply(app: QApplication) -> None:
    """Give the application its style and palette, now and whenever the system's scheme changes."""
    app.setStyle("Fusion")
    QPixmapCache.setCacheLimit(_ICON_KILOBYTES)
    # Fusion paints an icon on a highlighted entry as on any other, where it would be hard to see.
    app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)
    if not app.findChildren(_SchemeFollower):
        _SchemeFollower(app)


# Icons


def icon(name: str) -> QIcon:
    """Return the icon of a name, in the colours of the application's palette at the time it is painted.

    Raises
    ------
    FileNotFoundError
        When there is no such icon: a mistake in the program, or a damaged installation.
    """
    return QIcon(_TintedEngine(name, _source(name)))


def remove_icons(buttons: QDialogButtonBox | None) -> None:
    """Take the pictures off a dialog's buttons: those that Fusion brings along are of another time."""
    for button in buttons.buttons() if buttons is not None else ():
        button.setIcon(QIcon())


def app_icon() -> QIcon:
    """Return the program's own icon, which has colours of its own."""
    return QIcon(str(resources() / "icons" / "photofind.svg"))


def pixmap(name: str, size: int, colour: QColor, *, ratio: float = 1.0) -> QPixmap:
    """Return an icon in one colour, ``size`` logical pixels square, for a screen of the given pixel ratio."""
    drawn = _drawn(name, _source(name), QSize(size, size) * ratio, colour)
    drawn.setDevicePixelRatio(ratio)
    return drawn


@cache
def _source(name: str) -> bytes:
    return (resources() / "icons" / f"{name}.svg").read_bytes()


def _drawn(name: str, source: bytes, size: QSize, colour: QColor) -> QPixmap:
    key = f"photofind:{name}:{size.width()}x{size.height()}:{colour.rgba():x}"
    known = QPixmap()
    if QPixmapCache.find(key, known):
        return known
    fresh = QPixmap(size)
    fresh.fill(Qt.GlobalColor.transparent)
    painter = QPainter(fresh)
    _render(painter, source, QRectF(0, 0, size.width(), size.height()), colour)
    painter.end()
    QPixmapCache.insert(key, fresh)
    return fresh


def _render(painter: QPainter, source: bytes, area: QRectF, colour: QColor) -> None:
    side = min(area.width(), area.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(area.center())
    QSvgRenderer(QByteArray(source.replace(b"currentColor", colour.name().encode()))).render(painter, square)


class _TintedEngine(QIconEngine):
    """Draws an SVG file in the colour that the palette has for the icon's mode."""

    def __init__(self, name: str, source: bytes) -> None:
        super().__init__()
        self._name = name
        self._source = source

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        _render(painter, self._source, QRectF(rect), _colour(mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return _drawn(self._name, self._source, size, _colour(mode, state))

    def clone(self) -> QIconEngine:
        copy = _TintedEngine(self._name, self._source)
        _CLONES.append(copy)
        return copy

    def key(self) -> str:
        return "photofind"


# An icon that is changed in place copies its engine and owns the copy, which PySide does not know: it would end the
# copy with its last Python reference. Nothing in the window changes icons in place, so this stays empty.
_CLONES: Final[list[QIconEngine]] = []


def _colour(mode: QIcon.Mode, state: QIcon.State) -> QColor:
    colours = QGuiApplication.palette()
    if mode == QIcon.Mode.Disabled:
        return colours.color(_Group.Disabled, _Role.ButtonText)
    if mode == QIcon.Mode.Selected:
        return colours.color(_Role.HighlightedText)
    return accent(colours) if state == QIcon.State.On else colours.color(_Role.ButtonText)
