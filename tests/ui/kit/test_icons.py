"""Icons on buttons."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QPushButton

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.icons import icon, pixmap, set_icon
from tests.support.ui.file_watch import watched_files


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


def test_an_icon_is_read_once_and_drawn_once_for_each_size_and_colour(look: UiContext) -> None:
    icon(look.theme, "star")
    QPixmapCache.clear()
    with watched_files() as files:
        first, again, larger = (pixmap(look.theme, "star", size=size) for size in (16, 16, 24))
        other = pixmap(look.theme, "star", "bad")
    assert files.seen == []
    assert first.cacheKey() == again.cacheKey()
    assert len({first.cacheKey(), larger.cacheKey(), other.cacheKey()}) == 3
    assert first.toImage() != other.toImage()


def test_another_theme_draws_an_icon_in_its_own_colour(look: UiContext) -> None:
    shown = icon(look.theme, "star")
    before = shown.pixmap(QSize(16, 16), 1.0).toImage()
    look.theme.toggle()
    assert shown.pixmap(QSize(16, 16), 1.0).toImage() != before


def test_a_button_that_shows_the_same_icon_again_follows_the_theme_once(look: UiContext, qtbot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    listeners = len(look.theme.palette.changed._listeners)
    for name in ("lock", "lock-open", "lock", "lock"):
        set_icon(button, look.theme, name, "muted")
    assert len(look.theme.palette.changed._listeners) == listeners + 1
    drawn = button.icon().pixmap(QSize(16, 16), 1.0).toImage()
    assert drawn == icon(look.theme, "lock", "muted").pixmap(QSize(16, 16), 1.0).toImage()
