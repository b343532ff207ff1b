"""Theme: the colours and measures of the window, as tokens. No Qt; `stylus_ui.kit.look` puts them on.

One accent means *style* and one means *content*, everywhere: lane, waveform, slot, slider. Red, amber and
green are states, never decoration.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stylus_ui.state.observable import Property


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours as ``#rrggbb``.

    Attributes:
        window: behind everything, the gaps between panels included.
        surface: of panels. sunken: of lanes and fields. raised: of buttons and chips. hover: of those under the mouse.
        line: hairlines. edge: the border of something that can be used (3:1 against the surface).
        text, muted, faint: what is said, what goes with it, what cannot be used now.
        style, content: the two accents; style_soft, content_soft: grounds in their colour, for text on them.
        on_style: text on ``style``.
        good, busy, bad: states. good_soft, busy_soft, bad_soft: grounds in their colour.
        focus: the ring around what has the keyboard.
    """

    window: str
    surface: str
    sunken: str
    raised: str
    hover: str
    line: str
    edge: str
    text: str
    muted: str
    faint: str
    style: str
    style_hover: str
    style_soft: str
    on_style: str
    content: str
    content_soft: str
    good: str
    good_soft: str
    busy: str
    busy_soft: str
    bad: str
    bad_soft: str
    focus: str


DARK = Palette(
    window="#131417",
    surface="#1a1c20",
    sunken="#111215",
    raised="#26292f",
    hover="#31353d",
    line="#2a2d33",
    edge="#6b717c",
    text="#eceef1",
    muted="#a3a9b3",
    faint="#6f7681",
    style="#b79cff",
    style_hover="#c9b5ff",
    style_soft="#2b2540",
    on_style="#17102b",
    content="#52c3dd",
    content_soft="#14303a",
    good="#5ecb8b",
    good_soft="#16301f",
    busy="#e9b44c",
    busy_soft="#352a13",
    bad="#ff8078",
    bad_soft="#3b1b1b",
    focus="#c9b5ff",
)
LIGHT = Palette(
    window="#eeeff2",
    surface="#fafafb",
    sunken="#f1f2f4",
    raised="#e7e9ed",
    hover="#dcdfe5",
    line="#dfe1e6",
    edge="#7d838e",
    text="#1a1c20",
    muted="#555b66",
    faint="#8a909b",
    style="#6a3fd1",
    style_hover="#5730b8",
    style_soft="#ebe4fb",
    on_style="#ffffff",
    content="#0a667f",
    content_soft="#dcf0f5",
    good="#15703c",
    good_soft="#dff3e6",
    busy="#875600",
    busy_soft="#f8ecd3",
    bad="#b3261e",
    bad_soft="#fbe3e1",
    focus="#6a3fd1",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Logical pixels; Qt scales them for the screen and the user's choice of scale."""

    grid: int = 8
    half: int = 4
    radius: int = 4
    hairline: int = 1
    control: int = 28
    """Height of a button, a field, a list row's least."""
    row: int = 36
    """Height of a row with an icon or a picture."""
    icon: int = 16
    small: int = 11
    body: int = 13
    title: int = 18
    panel_side: int = 264
    """Width of the left and right columns at first."""


MEASURES = Measures()
FONT_FAMILY = "Stylus Inter"
FALLBACK_FAMILIES = ("Inter", "SF Pro Text", "Segoe UI", "Noto Sans", "DejaVu Sans", "sans-serif")


class Mode(StrEnum):
    """What the user chose."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Theme:
    """The palette in use: the user's choice, or the system's.

    >>> theme = Theme()
    >>> theme.mode.value, theme.palette.value is DARK
    (<Mode.SYSTEM: 'system'>, True)
    >>> theme.system_is_dark = False
    >>> theme.colour("style")
    '#6a3fd1'
    >>> theme.toggle()
    >>> theme.is_dark
    True
    """

    measures = MEASURES

    def __init__(self, mode: Mode = Mode.SYSTEM, *, system_is_dark: bool = True) -> None:
        self._system_is_dark = system_is_dark
        self.mode = Property(mode)
        self.palette = Property(self._chosen())
        self.mode.changed.connect(lambda _: self._choose())

    @property
    def is_dark(self) -> bool:
        return self.palette.value is DARK

    @property
    def system_is_dark(self) -> bool:
        return self._system_is_dark

    @system_is_dark.setter
    def system_is_dark(self, is_dark: bool) -> None:
        self._system_is_dark = is_dark
        self._choose()

    def colour(self, token: str) -> str:
        """A colour of the palette in use by its name, ``#rrggbb``."""
        return getattr(self.palette.value, token)

    def toggle(self) -> None:
        """The other palette; where that is the system's, the system is followed again."""
        other_is_dark = not self.is_dark
        if other_is_dark == self._system_is_dark:
            self.mode.value = Mode.SYSTEM
        else:
            self.mode.value = Mode.DARK if other_is_dark else Mode.LIGHT

    def _choose(self) -> None:
        self.palette.value = self._chosen()

    def _chosen(self) -> Palette:
        is_dark = self._system_is_dark if self.mode.value is Mode.SYSTEM else self.mode.value is Mode.DARK
        return DARK if is_dark else LIGHT


def blended(one: str, other: str, share: float) -> str:
    """``share`` (0..1) of ``other`` in ``one``, as ``#rrggbb``.

    >>> blended("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
