"""StyleList: every style of the blend below each other, for those that have no card."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.peak_loader import PeakLoader
from stylus_ui.kit.binding import bind
from stylus_ui.kit.parts import column
from stylus_ui.panels.sound.style_card import StyleCardView
from stylus_ui.presenters.sound.styles import StyleCard, StylesPresenter

WIDTH, ROW = 240, 64


class StyleList(QFrame):
    """Opens over the panel and closes at a click beside it."""

    def __init__(self, context: UiContext, presenter: StylesPresenter, loader: PeakLoader, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._context, self._presenter, self._loader = context, presenter, loader
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(context.text("All styles"))
        self._rows: dict[object, StyleCardView] = {}
        self._column = column(margin=8)
        self.setLayout(self._column)
        bind(self, presenter.cards, self._show)

    def _show(self, cards: tuple[StyleCard, ...]) -> None:
        for path in self._rows.keys() - {card.path for card in cards}:
            gone = self._rows.pop(path)
            gone.hide()
            gone.deleteLater()
        for number, card in enumerate(cards, start=1):
            if card.path not in self._rows:
                self._rows[card.path] = self._row(card)
            self._rows[card.path].show_card(card, number=number)
        self.adjustSize()
        if len(cards) < 2:
            self.close()

    def _row(self, card: StyleCard) -> StyleCardView:
        made = StyleCardView(self._context, self._presenter, card, self._loader)
        made.setFixedSize(WIDTH, ROW)
        self._column.addWidget(made)
        return made
