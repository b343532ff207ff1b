"""PresetPanel: the preset library: search, tags, favourites, the list, and saving."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QPushButton, QStackedLayout, QWidget

from stylus_daw.presets.bundles.bundle import SUFFIX
from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.icons import icon, set_icon
from stylus_ui.kit.keys import hint
from stylus_ui.kit.parts import EmptyPlace, button, column, heading, icon_button, label, row
from stylus_ui.panels.library.preset_consent import ConsentAsk
from stylus_ui.panels.library.preset_form import PresetFormView
from stylus_ui.panels.library.preset_list import PresetList
from stylus_ui.panels.library.tag_menu import TagMenu
from stylus_ui.panels.shared.drop_frame import DropFrame
from stylus_ui.panels.shared.drop_zone import paths_of
from stylus_ui.presenters.library.preset_edits import PresetEdits
from stylus_ui.presenters.library.preset_saving import AskedFor, PresetForm
from stylus_ui.presenters.library.preset_shelf import Shelf, ShelvedPreset
from stylus_ui.presenters.library.presets import PresetsPresenter, Wanted
from stylus_ui.state.shortcuts import Shortcuts
from stylus_ui.workspace.dropped import has_presets

POLL_MS = 2000
SIDE = 16


class PresetPanel(DropFrame):
    """The left column."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self.presenter = PresetsPresenter(context)
        self.edits = PresetEdits(context, self.presenter)
        self.form = PresetForm(context, self.presenter, self.edits)
        self._lay_out()
        self._bind()
        self._set_keys(context.shortcuts)
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self._look_again)
        self._poll.start()

    # Layout

    def _lay_out(self) -> None:
        self.list = PresetList(
            self._context, self.presenter, self.edits, menu=self._open_menu, rename=self.form.ask_to_change
        )
        top = column(self._head(), self._search_line(), self._chips())
        top.setContentsMargins(SIDE, MEASURES.half, SIDE, MEASURES.half)
        bottom = column(
            self._broken_line(),
            ConsentAsk(self._context, self.presenter, self.edits),
            PresetFormView(self._context, self.form),
            self._save_button(),
        )
        bottom.setContentsMargins(SIDE, MEASURES.grid, SIDE, SIDE)
        layout = column(top, self._middle(), bottom, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _head(self) -> QWidget:
        context, text = self._context, self._text
        self._hover = icon_button(context, "headphones", text("Hear presets under the mouse"), self._toggle_hover)
        self._hover.setCheckable(True)
        self._hover.setChecked(self.presenter.hears_on_hover)
        self._tags = icon_button(context, "tag", text("Tags"), self._open_tags)
        self._stars = icon_button(context, "star", text("Favourites only"), self._toggle_favourites)
        self._stars.setCheckable(True)
        return heading(text("Presets"), self._hover, self._tags, self._stars)

    def _search_line(self) -> QLineEdit:
        self.search = QLineEdit()
        name = self._text("Search presets")
        self.search.setPlaceholderText(name)
        self.search.setAccessibleName(name)
        self.search.setToolTip(hint(name, "search"))
        self.search.setClearButtonEnabled(True)
        magnifier = icon(self._context.theme, "search", "muted")
        self.search.addAction(magnifier, QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self.presenter.find)
        self.search.returnPressed.connect(self.presenter.use_first)
        self.search.installEventFilter(self)
        return self.search

    def _chips(self) -> QWidget:
        self._chip_line = QWidget()
        self._chip_row = row(1, spacing=MEASURES.half)
        self._chip_line.setLayout(self._chip_row)
        return self._chip_line

    def _middle(self) -> QWidget:
        text = self._text
        again = button(text("Show all"), self._show_all)
        nothing = EmptyPlace(self._context, icon="search", title=text("No preset matches"), action=again)
        middle = QWidget()
        self._stack = QStackedLayout(middle)
        self._stack.addWidget(self.list)
        self._stack.addWidget(nothing)
        return middle

    def _broken_line(self) -> QWidget:
        self._broken = label("", "small")
        self._broken.setWordWrap(True)
        return self._broken

    def _save_button(self) -> QWidget:
        self._save = button(self._text("Save preset"), self.form.ask_to_save)
        set_icon(self._save, self._context.theme, "plus", "muted")
        return self._save

    def _bind(self) -> None:
        bind(self, self.presenter.wanted, self._show_wanted)
        bind(self, self.presenter.rows, lambda rows: self._stack.setCurrentIndex(int(not rows)))
        bind(self, self.presenter.shelf, self._show_shelf)
        bind(self, self.presenter.can_hear, self._hover.setEnabled)
        bind(self, self.form.can_save, self._show_can_save)
        bind(self, self.form.open, self._show_form)
        self.destroyed.connect(lambda presenter=self.presenter: presenter.close())

    def _set_keys(self, shortcuts: Shortcuts) -> None:
        shortcuts.on("search", self._go_to_search)
        shortcuts.on("save_preset", self.form.ask_to_save)

    # What is shown

    def _show_wanted(self, wanted: Wanted) -> None:
        self._stars.setChecked(wanted.favourites_only)
        if self.search.text() != wanted.text:
            self.search.setText(wanted.text)
        self._show_chips(wanted.tags)

    def _show_chips(self, tags: tuple[str, ...]) -> None:
        for chip in self._chip_line.findChildren(QPushButton):
            self._chip_row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for at, tag in enumerate(tags):
            self._chip_row.insertWidget(at, self._chip(tag))
        self._chip_line.setVisible(bool(tags))

    def _chip(self, tag: str) -> QWidget:
        chip = button(tag, lambda: self.presenter.toggle_tag(tag), role="tag")
        set_icon(chip, self._context.theme, "x", "muted")
        chip.setAccessibleName(self._text("No longer only {tag}", tag=tag))
        chip.setToolTip(chip.accessibleName())
        return chip

    def _show_shelf(self, shelf: Shelf) -> None:
        count = len(shelf.broken)
        self._broken.setVisible(bool(count))
        self._broken.setText(self._text.count("{count} file is not a preset.", "{count} files are not presets.", count))
        self._broken.setToolTip("\n".join(one.reason for one in shelf.broken))

    def _show_can_save(self, can: bool) -> None:
        self._save.setEnabled(can)
        why_not = self._text("A preset needs a style. Drop a sound into the styles first.")
        self._save.setToolTip(hint(self._text("Save as a preset"), "save_preset") if can else why_not)

    def _show_form(self, asked: AskedFor | None) -> None:
        self._save.setVisible(asked is None)

    # What is done

    def _toggle_hover(self) -> None:
        self.presenter.hears_on_hover = self._hover.isChecked()

    def _toggle_favourites(self) -> None:
        self.presenter.show_favourites(self._stars.isChecked())

    def _show_all(self) -> None:
        self.presenter.show_all()
        self.search.setFocus()

    def _go_to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _look_again(self) -> None:
        if self.isVisible() and self.window().isActiveWindow():
            self.presenter.poll()

    def changeEvent(self, event: QEvent) -> None:
        """The window has come to the front: somebody may have changed the library meanwhile."""
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self.presenter.poll()
        super().changeEvent(event)

    def eventFilter(self, watched, event: QEvent) -> bool:
        """Down leads from the search into the list, Escape empties it."""
        if watched is self.search and isinstance(event, QKeyEvent):
            key, is_press = event.key(), event.type() is QEvent.Type.KeyPress
            if key == Qt.Key.Key_Escape and self.search.text():
                event.accept()
                if is_press:
                    self.search.clear()
                return True
            if key == Qt.Key.Key_Down and is_press:
                self.list.take_keyboard()
                return True
        return super().eventFilter(watched, event)

    # Menus

    def _open_tags(self) -> None:
        menu = TagMenu(self._context, self.presenter, self)
        menu.popup(self._tags.mapToGlobal(QPoint(0, self._tags.height())))

    def menu_of(self, shelved: ShelvedPreset) -> QMenu:
        """Everything that can be done to a preset."""
        text, one, edits = self._text, shelved.id, self.edits
        menu = QMenu(self)
        menu.addAction(text("Load"), lambda: self.presenter.use(one))
        menu.addAction(text("Render with it"), lambda: self.presenter.render_with(one)).setShortcut("Return")
        hear = menu.addAction(text("Hear its style"), lambda: self.presenter.hear(one))
        hear.setShortcut("Shift+Space")
        hear.setEnabled(self.presenter.can_hear.value and shelved.style is not None)
        star = text("Remove from favourites") if shelved.is_favourite else text("Mark as a favourite")
        menu.addAction(star, lambda: edits.toggle_favourite(one))
        menu.addSeparator()
        menu.addAction(text("Rename and tag…"), "F2", lambda: self.form.ask_to_change(one))
        menu.addAction(text("Duplicate"), lambda: edits.duplicate(one))
        menu.addAction(text("Export…"), lambda: self._export(shelved))
        menu.addAction(text("Show in its folder"), lambda: QDesktopServices.openUrl(_url(shelved.folder)))
        menu.addSeparator()
        delete = menu.addAction(text("Delete"), "Del", lambda: edits.delete(one))
        delete.setEnabled(shelved.is_own)
        return menu

    def _open_menu(self, shelved: ShelvedPreset, at: QPoint) -> None:
        menu = self.menu_of(shelved)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _export(self, shelved: ShelvedPreset) -> None:
        dialog = QFileDialog(self, self._text("Export the preset"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX.lstrip("."))
        dialog.selectFile(f"{shelved.preset.name.replace('/', '-')}{SUFFIX}")
        dialog.fileSelected.connect(lambda name: self.edits.export(shelved.id, Path(name)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # Drops

    def may_take(self, event: QDragEnterEvent) -> bool:
        return event.source() is not self.list and has_presets(paths_of(event.mimeData()))

    def take(self, paths: Sequence[Path]) -> None:
        self.edits.take_in(paths)


def _url(path: Path) -> QUrl:
    return QUrl.fromLocalFile(str(path))
