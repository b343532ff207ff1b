"""TagMenu: every tag of the library, found by typing; it stays open while tags are chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget, QWidgetAction

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.parts import column
from stylus_ui.presenters.library.presets import PresetsPresenter


class TagMenu(QMenu):
    """A field above the tags: letters leave those that contain them, Enter chooses the first.

    Args:
        context: of the window.
        presenter: of the presets.
        parent: of the menu.
    """

    def __init__(self, context: UiContext, presenter: PresetsPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter, text = presenter, context.text
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field = QLineEdit()
        self.field.setPlaceholderText(text("Find a tag"))
        self.field.setAccessibleName(text("Find a tag"))
        self.field.textChanged.connect(self._find)
        self.field.returnPressed.connect(self._choose_first)
        above = QWidget()
        above.setLayout(column(self.field, margin=MEASURES.half))
        holder = QWidgetAction(self)
        holder.setDefaultWidget(above)
        self.addAction(holder)
        self._tags = {tag: self._added(tag, count) for tag, count in presenter.tags}

    @property
    def shown(self) -> list[str]:
        """The tags that are left."""
        return [tag for tag, action in self._tags.items() if action.isVisible()]

    def _added(self, tag: str, count: int) -> QAction:
        action = self.addAction(f"{tag}  ({count})")
        action.setCheckable(True)
        action.setChecked(tag in self._presenter.wanted.value.tags)
        action.triggered.connect(lambda _=False: self._presenter.toggle_tag(tag))
        return action

    def _find(self, letters: str) -> None:
        for tag, action in self._tags.items():
            action.setVisible(letters.strip().casefold() in tag)

    def _choose_first(self) -> None:
        if self.shown:
            self._tags[self.shown[0]].trigger()
            self.field.clear()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choosing a tag leaves the menu open: the next one is chosen, too."""
        action = self.actionAt(event.position().toPoint())
        if action in self._tags.values():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
