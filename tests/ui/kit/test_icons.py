"""Icons on buttons."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.icons import set_icon


def test_an_icon_beside_words_keeps_its_shape_and_its_distance(look: UiContext, qtbot) -> None:
    worded, bare = QPushButton("Scan"), QPushButton()
    for button in (worded, bare):
        qtbot.addWidget(button)
        set_icon(button, look.theme, "square", "text")
    assert worded.iconSize().width() - bare.iconSize().width() == MEASURES.half
    wide, plain = (one.icon().pixmap(one.iconSize(), 1.0).toImage() for one in (worded, bare))
    assert wide.copy(0, 0, MEASURES.icon, MEASURES.icon) == plain
    gap = [(x, y) for x in range(MEASURES.icon, wide.width()) for y in range(wide.height())]
    assert all(wide.pixelColor(x, y).alpha() == 0 for x, y in gap)
