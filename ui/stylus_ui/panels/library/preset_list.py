"""PresetList: the list of presets under mouse and keyboard. It changes things only through its presenters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView

from stylus_ui.context import UiContext
from stylus_ui.kit.binding import bind, listen
from stylus_ui.panels.library.preset_covers import Covers
from stylus_ui.panels.library.preset_delegate import Part, PresetDelegate
from stylus_ui.panels.library.preset_model import ROW, PresetModel
from stylus_ui.panels.shared.row_list import RowList
from stylus_ui.presenters.library.preset_edits import PresetEdits
from stylus_ui.presenters.library.preset_shelf import ShelvedPreset
from stylus_ui.presenters.library.presets import PresetsPresenter, Row

HOVER_MS = 350
KEYS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_F2, Qt.Key.Key_Delete}


class PresetList(RowList):
    """The list.

    Args:
        context: of the window.
        presenter: what is shown, heard and loaded.
        edits: of the library.
        menu: opens the menu of a preset at a place of the screen.
        rename: asks for another name.
    """

    def __init__(
        self,
        context: UiContext,
        presenter: PresetsPresenter,
        edits: PresetEdits,
        *,
        menu: Callable[[ShelvedPreset, QPoint], object],
        rename: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._presenter, self._edits, self._menu, self._rename = presenter, edits, menu, rename
        self._covers = Covers(context, self)
        self._rows = PresetModel(context, presenter, self)
        self._painter = PresetDelegate(context, presenter, self._covers, self)
        self._hover = QTimer(self, singleShot=True, interval=HOVER_MS)
        self._hovered = self._awaited = ""
        self._set_up(context)
        self._bind(context)

    def _set_up(self, context: UiContext) -> None:
        self.setModel(self._rows)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(context.text("Preset list"))
        self.entered.connect(self._rest_on)
        self._hover.timeout.connect(lambda: self._presenter.start_hearing(self._hovered))

    def _bind(self, context: UiContext) -> None:
        bind(self, self._presenter.rows, self._show)
        presenter = self._presenter
        redrawn_by: tuple[Any, ...] = (
            presenter.loaded,
            presenter.is_edited,
            presenter.heard,
            presenter.can_hear,
            context.theme.palette,
        )
        for source in redrawn_by:
            bind(self, source, lambda _: self.viewport().update())
        listen(self, self._covers.arrived, lambda _: self.viewport().update())
        listen(self, presenter.reveal, self.show_preset)

    def _show(self, rows: tuple[Row, ...]) -> None:
        """Other rows; what had the keyboard keeps it, and the list stays where it was."""
        current, place = self.current, self.verticalScrollBar().value()
        self._rows.set_rows(rows)
        if current is not None:
            self.setCurrentIndex(self._rows.index_of(current.id))
        self.verticalScrollBar().setValue(place)
        if self._awaited:
            self.show_preset(self._awaited)

    @property
    def current(self) -> ShelvedPreset | None:
        """The preset that the keyboard is on."""
        return self._preset(self.currentIndex())

    def show_preset(self, preset_id: str) -> None:
        """Bring it into sight and the keyboard onto it; one that is still to be read as soon as it is there."""
        index = self._rows.index_of(preset_id)
        self._awaited = "" if index.isValid() else preset_id
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def take_keyboard(self) -> None:
        """The keyboard goes into the list, onto the first preset if it was nowhere."""
        self.setFocus()
        if self.current is None and self._presenter.found:
            self.show_preset(self._presenter.found[0].id)

    # Mouse

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_drag = self.state() is QAbstractItemView.State.DraggingState
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        shelved = self._preset(index)
        if shelved is None or was_drag or event.button() is not Qt.MouseButton.LeftButton:
            return
        if index != self.currentIndex():
            return
        part = self._painter.part_at(self.visualRect(index), event.position().toPoint())
        {Part.STAR: self._edits.toggle_favourite, Part.PLAY: self._presenter.hear, Part.ROW: self._presenter.use}[part](
            shelved.id
        )

    def leaveEvent(self, event: QEvent) -> None:
        self._leave()
        super().leaveEvent(event)

    def _rest_on(self, index: QModelIndex | QPersistentModelIndex) -> None:
        if not self._presenter.hears_on_hover:
            return
        self._leave()
        shelved = self._preset(index)
        if shelved is not None:
            self._hovered = shelved.id
            self._hover.start()

    def _leave(self) -> None:
        self._hover.stop()
        if self._hovered and self._hovered == self._presenter.heard.value:
            self._presenter.stop_hearing()
        self._hovered = ""

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N803
        """A bundle is written, then dragged, if the button is still held."""
        shelved = self.current
        if shelved is not None:
            self._edits.bundle(shelved.id, self.drag_file)

    # Keyboard

    def event(self, event: QEvent) -> bool:
        """The list keeps its own keys from the window's."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            shift_space = event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
            if shift_space or (plain and event.key() in KEYS - {Qt.Key.Key_Space}):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shelved, key = self.current, event.key()
        if shelved is None or key not in KEYS - {Qt.Key.Key_Home}:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._presenter.render_with(shelved.id)
        elif key == Qt.Key.Key_Space:
            self._presenter.hear(shelved.id)
        elif key == Qt.Key.Key_F2:
            self._rename(shelved.id)
        elif shelved.is_own:
            self._edits.delete(shelved.id)

    def open_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        shelved = self._preset(index)
        if shelved is not None:
            self.setCurrentIndex(index)
            self._menu(shelved, self.viewport().mapToGlobal(at))

    @staticmethod
    def _preset(index: QModelIndex | QPersistentModelIndex) -> ShelvedPreset | None:
        row = index.data(ROW) if index.isValid() else None
        return row if isinstance(row, ShelvedPreset) else None
