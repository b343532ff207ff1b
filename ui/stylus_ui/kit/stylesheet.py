"""The style sheet of the whole window, built from the theme's tokens. No Qt.

Widgets say what they are by a dynamic property ``role`` (see `stylus_ui.kit.parts`), never by colours of their own.
"""

from __future__ import annotations

from string import Template

from stylus_ui.drawing.theme import FALLBACK_FAMILIES, FONT_FAMILY, LIGHT, MEASURES, Palette, blended
from stylus_ui.kit.icons_folder import FOLDER


def stylesheet(palette: Palette) -> str:
    """The sheet for a palette."""
    colours = {token: getattr(palette, token) for token in Palette.__slots__}
    rules = Template((FOLDER.parent / "window.qss").read_text("utf-8"))
    return rules.substitute(
        colours,
        edge_soft=blended(palette.surface, palette.edge, 0.5),
        families=", ".join(f'"{family}"' for family in (FONT_FAMILY, *FALLBACK_FAMILIES)),
        small=MEASURES.small,
        body=MEASURES.body,
        title=MEASURES.title,
        radius=MEASURES.radius,
        control=MEASURES.control,
        inner=MEASURES.control - 2,
        primary=MEASURES.control + 6,
        tool=MEASURES.icon - 2,
        chevron_down=_drawn("chevron-down", palette),
        check=_drawn("check", palette),
    )


def _drawn(name: str, palette: Palette) -> str:
    """Path of a small picture that a style sheet may name; one for each palette, made beforehand."""
    shade = "light" if palette is LIGHT else "dark"
    return (FOLDER / "sheet" / f"{name}-{shade}.svg").as_posix()
