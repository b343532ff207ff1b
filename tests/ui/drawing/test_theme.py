"""Colours that can be read, and which of them are in use."""

from __future__ import annotations

import re

import pytest

from stylus_ui.drawing.theme import DARK, LIGHT, Mode, Palette, Theme
from stylus_ui.kit.icons_folder import FOLDER
from stylus_ui.kit.stylesheet import stylesheet

PALETTES = pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
GROUNDS = ("window", "surface", "sunken", "raised", "hover")
SAID = ("text", "muted", "style", "content", "good", "busy", "bad")
AA_TEXT, AA_PARTS = 4.5, 3.0


@PALETTES
def test_whatever_is_said_can_be_read_on_every_ground(palette: Palette) -> None:
    pairs = {
        (said, ground): contrast(getattr(palette, said), getattr(palette, ground))
        for said in SAID
        for ground in GROUNDS
    }
    assert {pair: ratio for pair, ratio in pairs.items() if ratio < AA_TEXT} == {}


@PALETTES
def test_accents_and_states_can_be_read_on_their_own_grounds(palette: Palette) -> None:
    for name in ("style", "content", "good", "busy", "bad"):
        ground = getattr(palette, f"{name}_soft")
        for said in (getattr(palette, name), palette.text, palette.muted):
            assert contrast(said, ground) >= AA_TEXT, (name, said)
    assert contrast(palette.on_style, palette.style) >= AA_TEXT
    assert contrast(palette.on_style, palette.style_hover) >= AA_TEXT


@PALETTES
def test_what_can_be_used_has_an_edge_that_can_be_seen(palette: Palette) -> None:
    for ground in ("surface", "window", "sunken"):
        assert contrast(palette.edge, getattr(palette, ground)) >= AA_PARTS
        assert contrast(palette.focus, getattr(palette, ground)) >= AA_PARTS


def test_the_system_is_followed_until_the_user_chooses() -> None:
    theme = Theme(system_is_dark=True)
    theme.system_is_dark = False
    assert theme.palette.value is LIGHT
    theme.mode.value = Mode.DARK
    theme.system_is_dark = False
    assert theme.palette.value is DARK
    theme.toggle()
    assert (theme.palette.value, theme.mode.value) == (LIGHT, Mode.SYSTEM)


@PALETTES
def test_the_style_sheet_takes_its_colours_from_the_palette_and_its_pictures_from_the_folder(palette: Palette) -> None:
    sheet = stylesheet(palette)
    assert "$" not in sheet.split("*/", 1)[1]
    source = (FOLDER.parent / "window.qss").read_text("utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3}", source), "a colour that is not a token"
    pictures = re.findall(r"url\(([^)]+)\)", sheet)
    assert pictures
    for picture in pictures:
        assert (FOLDER / "sheet" / picture.rsplit("/", 1)[1]).is_file()


def test_every_icon_takes_the_colour_that_it_is_given() -> None:
    for file in FOLDER.glob("*.svg"):
        assert "currentColor" in file.read_text("utf-8"), file.name


def test_icons_are_drawn_in_the_palettes_colour_and_follow_it(look) -> None:
    from PySide6.QtGui import QColor

    from stylus_ui.kit.icons import pixmap

    for mode in (Mode.DARK, Mode.LIGHT):
        look.theme.mode.value = mode
        image = pixmap(look.theme, "square", "style", size=24, ratio=2).toImage()
        assert (image.width(), image.devicePixelRatio()) == (48, 2)
        colours = {
            image.pixelColor(x, y).name() for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() > 250
        }
        assert QColor(look.theme.colour("style")).name() in colours


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1..21 (WCAG 2.2, by relative luminance)."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0..1."""
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
