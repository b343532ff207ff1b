"""Puts the theme on a QApplication: font, palette, style sheet; follows the system's light and dark."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from stylus_ui.drawing.theme import FALLBACK_FAMILIES, FONT_FAMILY, MEASURES, Palette, Theme
from stylus_ui.kit.binding import bind
from stylus_ui.kit.stylesheet import stylesheet

SCALES = range(100, 301, 25)
SCALE_VARIABLE = "QT_SCALE_FACTOR"


def scale_factor(percent: int) -> str:
    """What Qt wants in its environment before it starts; out of 100..300, the nearest end.

    >>> scale_factor(150), scale_factor(1000)
    ('1.5', '3')
    """
    return f"{min(max(percent, SCALES[0]), SCALES[-1]) / 100:g}"


def put_on(application: QApplication, theme: Theme) -> None:
    """Dress the application, now and whenever the theme or the system changes."""
    application.setStyle("Fusion")
    _load_fonts()
    application.setFont(font())
    hints = application.styleHints()
    theme.system_is_dark = hints.colorScheme() is not Qt.ColorScheme.Light
    hints.colorSchemeChanged.connect(lambda scheme: _follow(theme, scheme))
    bind(application, theme.palette, lambda palette: _dress(application, palette))


def font(size: int = MEASURES.body, *, is_strong: bool = False) -> QFont:
    """The window's font, for what is painted by hand; ``size`` is one of the theme's three."""
    made = QFont([FONT_FAMILY, *FALLBACK_FAMILIES])
    made.setPixelSize(size)
    made.setWeight(QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)
    return made


def _follow(theme: Theme, scheme: Qt.ColorScheme) -> None:
    theme.system_is_dark = scheme is not Qt.ColorScheme.Light


def _dress(application: QApplication, palette: Palette) -> None:
    application.setPalette(_qt_palette(palette))
    application.setStyleSheet(stylesheet(palette))


def _qt_palette(palette: Palette) -> QPalette:
    """For what style sheets do not reach: dialogs of Qt, placeholder text, links."""
    made = QPalette()
    roles = QPalette.ColorRole
    tokens = {
        roles.Window: palette.window,
        roles.WindowText: palette.text,
        roles.Base: palette.sunken,
        roles.AlternateBase: palette.surface,
        roles.Text: palette.text,
        roles.Button: palette.raised,
        roles.ButtonText: palette.text,
        roles.ToolTipBase: palette.raised,
        roles.ToolTipText: palette.text,
        roles.Highlight: palette.style,
        roles.HighlightedText: palette.on_style,
        roles.Link: palette.style,
        roles.PlaceholderText: palette.muted,
    }
    for role, colour in tokens.items():
        made.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.faint))
    return made


def _load_fonts() -> None:
    folder = Path(str(resources.files("stylus_ui"))) / "assets" / "fonts"
    for file in sorted(folder.glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))
