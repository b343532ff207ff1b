"""StylesPanel: the styles of a render, how they are blended, and how much time the render may take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QSizePolicy

from stylus_daw.engine.request import Quality
from stylus_ui.context import UiContext
from stylus_ui.drawing.peak_cache import PeakCache
from stylus_ui.drawing.peak_loader import PeakLoader
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.parts import button, column, heading, icon_button, label, row, set_state
from stylus_ui.panels.shared.choosing import STYLES, choose_files
from stylus_ui.panels.shared.drop_frame import DropFrame
from stylus_ui.panels.shared.drop_zone import paths_of
from stylus_ui.panels.sound.blend_pad import BlendPad
from stylus_ui.panels.sound.style_card import StyleCardView
from stylus_ui.panels.sound.style_list import StyleList
from stylus_ui.presenters.sound.strip import GAP, HEAD, MORE, Strip, laid_out
from stylus_ui.presenters.sound.styles import StyleCard, StylesPresenter
from stylus_ui.state.text import later
from stylus_ui.workspace.dropped import may_help

MARGIN = 16
QUALITIES = {
    Quality.DRAFT: (later("Draft"), later("A first impression, soon.")),
    Quality.NORMAL: (later("Normal"), later("For most renders.")),
    Quality.HIGH: (later("High"), later("The best, and the longest wait.")),
}


class StylesPanel(DropFrame):
    """Cards, pad and quality in one strip."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self.presenter = StylesPresenter(context)
        cache = PeakCache.in_home(context.settings.home)
        self._loader = PeakLoader(cache, context.background, context.dispatcher)
        self._cards: dict[Path, StyleCardView] = {}
        self._lay_out()
        bind(self, self.presenter.cards, self._show)
        bind(self, self.presenter.quality, self._show_quality)
        bind(self, self.presenter.hears_quality, self._show_hears_quality)
        self.destroyed.connect(lambda presenter=self.presenter: presenter.close())

    # Layout

    def _lay_out(self) -> None:
        self._add = icon_button(self._context, "plus", self._text("Add sounds as styles…"), self._choose)
        self._head = heading(self._text("Styles"), self._quality_box(), self._add)
        self._card_grid = QGridLayout()
        self._card_grid.setContentsMargins(0, 0, 0, 0)
        self._card_grid.setSpacing(GAP)
        self._more = button("", self._open_list)
        self._more.setFixedWidth(MORE)
        self._more.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.pad = BlendPad(self._context, self.presenter)
        self._empty = self._empty_place()
        body = row(self._card_grid, self._more, self._empty, spacing=GAP)
        body.addStretch(1)
        for part in (0, 2):
            body.setStretch(part, 100)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(0)
        self._grid.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        self._grid.addLayout(body, 1, 0)
        self._grid.setRowStretch(1, 1)
        self._grid.setColumnStretch(0, 1)
        self.setLayout(self._grid)
        self.setMinimumWidth(2 * MARGIN + HEAD)

    def _quality_box(self) -> QComboBox:
        self._quality = QComboBox()
        self._quality.setAccessibleName(self._text("Quality"))
        for number, (quality, (name, meant)) in enumerate(QUALITIES.items()):
            self._quality.addItem(self._text(name), quality)
            self._quality.setItemData(number, self._text(meant), Qt.ItemDataRole.ToolTipRole)
        self._quality.activated.connect(lambda at: self.presenter.choose_quality(list(QUALITIES)[at]))
        return self._quality

    def _empty_place(self) -> QFrame:
        """What to drop here, and a button for those who do not drag."""
        place = QFrame()
        place.setProperty("role", "drop")
        said = label(self._text("Drop a sound whose character it should take on"), "muted")
        said.setWordWrap(True)
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        choose = button(self._text("Choose sounds…"), self._choose, role="flat")
        place.setLayout(column(1, said, row(1, choose, 1), 1, spacing=MEASURES.half, margin=GAP))
        return place

    # What is shown

    def _show(self, cards: tuple[StyleCard, ...]) -> None:
        for path in self._cards.keys() - {card.path for card in cards}:
            gone = self._cards.pop(path)
            self._card_grid.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for at, card in enumerate(cards):
            if card.path not in self._cards:
                self._cards[card.path] = StyleCardView(self._context, self.presenter, card, self._loader)
            self._cards[card.path].show_card(card, number=at + 1 if len(cards) > 1 else 0)
        self._empty.setVisible(not cards)
        self._fit()

    def _fit(self) -> None:
        """As many cards as there is room for; the others wait in a list."""
        cards, head = self.presenter.cards.value, self._head.height()
        strip = laid_out(len(cards), self.width() - 2 * MARGIN, self.height() - GAP - MARGIN - head)
        self._place_pad(strip)
        for at, card in enumerate(cards):
            view = self._cards[card.path]
            if at < strip.cards:
                self._card_grid.addWidget(view, at // strip.columns, at % strip.columns)
            view.setVisible(at < strip.cards)
        self._show_more(len(cards), strip.cards)

    def _place_pad(self, strip: Strip) -> None:
        self._grid.addWidget(self._head, 0, 0, 1, 1 if strip.is_beside else 2)
        self._grid.addWidget(self.pad, int(not strip.is_beside), 1, 2 if strip.is_beside else 1, 1)
        self.pad.setFixedWidth(max(strip.pad, 1))
        self.pad.setVisible(strip.pad > 0)

    def _show_more(self, count: int, shown: int) -> None:
        text, hidden = self._text, count - shown
        self._more.setVisible(hidden > 0)
        self._more.setText(text("+ {count}", count=hidden) if shown else text("{count} styles", count=count))
        self._more.setAccessibleName(text.count("{count} more style", "{count} more styles", hidden))
        self._more.setToolTip(text("Show all styles"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _show_quality(self, quality: Quality) -> None:
        self._quality.setCurrentIndex(list(QUALITIES).index(quality))

    def _show_hears_quality(self, hears: bool) -> None:
        """A choice that changes nothing is not offered, and says why."""
        self._quality.setEnabled(hears)
        why_not = self._text("The model in use renders the same at every quality.")
        self._quality.setToolTip(self._text("How much time a render may take") if hears else why_not)

    # What is done

    def _open_list(self) -> None:
        popup = StyleList(self._context, self.presenter, self._loader, self)
        popup.adjustSize()
        popup.move(self._more.mapToGlobal(QPoint(self._more.width() - popup.width(), -popup.height() - GAP)))
        popup.show()

    def _choose(self) -> None:
        title = self._text("Choose sounds as styles")
        choose_files(self._context, self, title, self.presenter.take_in, kind=STYLES)

    # Drops

    def may_take(self, event: QDragEnterEvent) -> bool:
        return may_help(paths_of(event.mimeData()))

    def take(self, paths: Sequence[Path]) -> None:
        self.presenter.take_in(paths)

    def show_over(self, is_over: bool) -> None:
        super().show_over(is_over)
        set_state(self._empty, "over" if is_over else "")
