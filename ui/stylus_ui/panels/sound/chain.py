"""ChainPanel: the effects in their order."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QMenu, QProgressBar, QScrollArea, QStackedLayout, QToolButton, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.elided import Elided
from stylus_ui.kit.parts import EmptyPlace, button, column, icon_button, label, row, set_state
from stylus_ui.panels.shared.section import SIDE, Section
from stylus_ui.panels.sound.chain_menus import add_menu, chain_menu
from stylus_ui.panels.sound.chain_row import ChainRow
from stylus_ui.presenters.sound.chain import ChainPresenter
from stylus_ui.presenters.sound.effect_row import EffectRow
from stylus_ui.presenters.sound.plugin_shelf import ScanShown

NEAR = 24


class ChainPanel(Section):
    """The lower right."""

    def __init__(self, context: UiContext) -> None:
        super().__init__(context, context.text("Chain"))
        self._context, self._text = context, context.text
        self.presenter = ChainPresenter(context)
        self.rows: dict[int, ChainRow] = {}
        self._order: tuple[int, ...] = ()
        self._lay_out()
        bind(self, self.presenter.rows, self._show)
        bind(self, self.presenter.asks, self._asks.setVisible)
        bind(self, self.presenter.shelf.scan, self._show_scan)
        self.destroyed.connect(lambda presenter=self.presenter: presenter.close())

    # Layout

    def _lay_out(self) -> None:
        lines = column(self._asks_line(), self._scan_line(), spacing=MEASURES.grid)
        lines.setContentsMargins(SIDE, 0, SIDE, 0)
        body = column(lines, self._middle(), spacing=0)
        body.setStretch(1, 1)
        context, text = self._context, self._text
        self._more = icon_button(context, "ellipsis", text("End, level, missing plugins"), self._open_chain_menu)
        self._plus = icon_button(context, "plus", text("Add an effect"), self._open_add_menu)
        self.fill(body, self._more, self._plus)

    def _asks_line(self) -> QWidget:
        text = self._text
        self._asks = QFrame()
        self._asks.setProperty("role", "notice")
        set_state(self._asks, "busy")
        said = label(text("The plugins came with the preset and are not loaded yet."), "")
        said.setWordWrap(True)
        agree = button(text("Load these plugins"), self.presenter.agree)
        self._asks.setLayout(column(said, row(1, agree), margin=12))
        return self._asks

    def _scan_line(self) -> QWidget:
        self._scan = QWidget()
        self._scan_said, self._scan_bar = Elided(""), QProgressBar()
        self._scan_said.setProperty("role", "muted")
        self._scan_bar.setAccessibleName(self._text("Progress of the scan"))
        cancel = icon_button(self._context, "x", self._text("Cancel the scan"), self.presenter.shelf.cancel)
        above = row(self._scan_said, cancel, spacing=MEASURES.half)
        above.setStretch(0, 1)
        self._scan.setLayout(column(above, self._scan_bar, spacing=0))
        return self._scan

    def _middle(self) -> QWidget:
        text = self._text
        self._inside = QWidget()
        self._list = column(1, spacing=0)
        self._list.setContentsMargins(SIDE - 4, 0, SIDE - 4, SIDE)
        self._inside.setLayout(self._list)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inside)
        self._insertion = QFrame(self._inside)
        self._insertion.setProperty("role", "insertion")
        self._insertion.hide()
        add = button(text("Add an effect"), self._open_add_menu)
        said = text("Effects work on the result, from top to bottom.")
        self._empty = EmptyPlace(self._context, icon="layers", title=text("No effects"), said=said, action=add)
        middle = QWidget()
        self._stack = QStackedLayout(middle)
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(self._empty)
        return middle

    # What is shown

    def _show(self, rows: tuple[EffectRow, ...]) -> None:
        self._stack.setCurrentIndex(int(not rows))
        for key in self.rows.keys() - {one.key for one in rows}:
            gone = self.rows.pop(key)
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for one in rows:
            if one.key in self.rows:
                self.rows[one.key].show_row(one)
            else:
                self.rows[one.key] = self._made(one)
        self._put_in_order(tuple(one.key for one in rows))
        self.say(self._text.count("{count} effect", "{count} effects", len(rows)) if rows else "")

    def _put_in_order(self, order: tuple[int, ...]) -> None:
        if order == self._order:
            return
        held = next((key for key in order if self.rows[key].head.hasFocus()), None)
        for at, key in enumerate(order):
            self._list.insertWidget(at, self.rows[key])
        for before, after in pairwise(order):
            QWidget.setTabOrder(self.rows[before], self.rows[after])
        self._order = order
        if held is not None:
            self._scroll.ensureWidgetVisible(self.rows[held])

    def _made(self, shown: EffectRow) -> ChainRow:
        made = ChainRow(self._context, self.presenter, shown)
        made.dragged.connect(lambda at, made=made: self._carry(made, at))
        made.dropped.connect(lambda is_taken, made=made: self._drop(made, is_taken))
        made.stepped.connect(lambda by, made=made: self._step(made, by))
        return made

    def _show_scan(self, shown: ScanShown) -> None:
        text = self._text
        self._scan.setVisible(shown.is_running)
        self._scan_bar.setRange(0, shown.total)
        self._scan_bar.setValue(shown.done)
        of = text("{done} of {total}: {name}", done=shown.done + 1, total=shown.total, name=shown.name)
        self._scan_said.setText(of if shown.total else text("Looking for plugins…"))

    # Dragging

    def _place(self, at: QPoint) -> int:
        """Before which row the mouse is; the number of rows: after the last."""
        y = self._inside.mapFromGlobal(at).y()
        middles = [self.rows[key].y() + self.rows[key].head.height() / 2 for key in self._order]
        return sum(y > middle for middle in middles)

    def _carry(self, carried: ChainRow, at: QPoint) -> None:
        place = self._place(at)
        last = self.rows[self._order[-1]]
        y = self.rows[self._order[place]].y() if place < len(self._order) else last.y() + last.height()
        self._insertion.setGeometry(SIDE - 4, max(0, y - 1), self._inside.width() - 2 * (SIDE - 4), 2)
        self._insertion.show()
        self._insertion.raise_()
        self._scroll.ensureVisible(0, self._inside.mapFromGlobal(at).y(), 0, NEAR)
        carried.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._target = place

    def _drop(self, carried: ChainRow, is_taken: bool) -> None:
        self._insertion.hide()
        carried.unsetCursor()
        if is_taken:
            key = carried.shown.key
            before = self._order.index(key)
            self.presenter.move(key, self._target - (1 if self._target > before else 0))

    # Keyboard

    def _step(self, row_: ChainRow, by: int) -> None:
        at = self._order.index(row_.shown.key) + by
        if 0 <= at < len(self._order):
            self.rows[self._order[at]].head.setFocus(Qt.FocusReason.TabFocusReason)
        elif by > 0:
            self._plus.setFocus(Qt.FocusReason.TabFocusReason)

    # Menus

    def _open_add_menu(self) -> None:
        self._pop_up(add_menu(self._context, self.presenter, self), self._plus)

    def _open_chain_menu(self) -> None:
        self._pop_up(chain_menu(self._context, self.presenter, self), self._more)

    def _pop_up(self, menu: QMenu, at: QToolButton) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at.mapToGlobal(QPoint(0, at.height())))
