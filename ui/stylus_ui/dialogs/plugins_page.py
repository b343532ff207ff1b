"""The plugin manager: what scans found, what must not be loaded, where to look."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QProgressBar, QPushButton, QStackedLayout, QWidget

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import PAGE_MARGIN, ProblemLine, sentence
from stylus_ui.dialogs.plugin_table import PluginTable
from stylus_ui.dialogs.reveal import ask_for_folder, reveal
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind, listen
from stylus_ui.kit.icons import set_icon
from stylus_ui.kit.parts import EmptyPlace, button, column, hairline, label, row, set_state
from stylus_ui.presenters.setup.plugin_words import about_said, found_said, scan_said, state_said
from stylus_ui.presenters.setup.plugins import PluginRow, Plugins, ScanProgress, found_in
from stylus_ui.presenters.setup.settings import SettingsPresenter
from stylus_ui.state.failures import notice_of

DETAIL_HEIGHT = 88


class PluginsPage(QWidget):
    """Search, scan, list; below it what is to be said of the chosen one, and what can be done with it."""

    def __init__(self, context: UiContext, presenter: SettingsPresenter) -> None:
        super().__init__()
        self._context, text = context, context.text
        self.plugins = Plugins(context)
        self.setAccessibleName(text("Plugins"))
        self.table = PluginTable(context)
        self.table.chosen.connect(lambda: self._show_chosen())
        self.problem = ProblemLine(context)
        self.setLayout(
            column(
                label(text("Plugins"), "title"),
                sentence(text("VST3 and AU for the chain. One that fails here harms neither Stylus nor your DAW.")),
                self._tools(),
                self._progress_line(),
                self.problem,
                self._middle(),
                self._detail(),
                margin=PAGE_MARGIN,
            )
        )
        self.layout().setStretch(5, 1)  # type: ignore[union-attr]
        self._is_scanning = False
        bind(self, self.plugins.rows, self._show)
        bind(self, self.plugins.scanning, self._show_scan)
        listen(self, self.plugins.problem, self._fail)
        self.destroyed.connect(lambda _=None, plugins=self.plugins: plugins.close())
        self.plugins.refresh()

    # Layout

    def _tools(self) -> QWidget:
        text = self._context.text
        self.search = QLineEdit()
        self.search.setPlaceholderText(text("Search plugins"))
        self.search.setAccessibleName(text("Search plugins"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._show(self.plugins.rows.value))
        self.folders: QPushButton = button(text("Folders"), self._open_folders)
        set_icon(self.folders, self._context.theme, "folder", "muted")
        self.scan: QPushButton = button(text("Scan"), self._scan_or_stop)
        set_icon(self.scan, self._context.theme, "refresh-cw", "muted")
        made = QWidget()
        line = row(self.search, self.folders, self.scan)
        line.setContentsMargins(0, MEASURES.grid, 0, MEASURES.grid)
        made.setLayout(line)
        return made

    def _progress_line(self) -> QWidget:
        self._scanned = sentence("", "small")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self._context.text("Scan"))
        self._scan_line = QWidget()
        self._scan_line.setLayout(column(self._scanned, self.progress, spacing=MEASURES.half))
        return self._scan_line

    def _middle(self) -> QWidget:
        text = self._context.text
        look = button(text("Scan"), self.plugins.scan)
        said = text("Stylus looks where plugins are usually installed. Nothing is loaded into your session.")
        empty = EmptyPlace(self._context, icon="plug", title=text("No plugins are known yet"), said=said, action=look)
        nothing = EmptyPlace(self._context, icon="search", title=text("No plugin matches"))
        made = QWidget()
        self._stack = QStackedLayout(made)
        for part in (self.table, empty, nothing):
            self._stack.addWidget(part)
        return made

    def _detail(self) -> QWidget:
        text = self._context.text
        self.name, self.about = label("", "strong"), sentence("", "small")
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.show_file: QPushButton = button(text("Show in its folder"), self._reveal, role="flat")
        self.retry: QPushButton = button(text("Try again"), self._retry)
        self.block: QPushButton = button(text("Block"), self._block_or_allow)
        words = column(self.name, self.about, 1, spacing=MEASURES.half)
        made = QWidget()
        line = row(words, self.show_file, self.retry, self.block)
        line.setStretch(0, 1)
        for one in (self.show_file, self.retry, self.block):
            line.setAlignment(one, Qt.AlignmentFlag.AlignTop)
        made.setLayout(column(hairline(), line))
        made.setFixedHeight(DETAIL_HEIGHT)
        self._detail_part = made
        return made

    # What is shown

    def _show(self, rows: tuple[PluginRow, ...] | None) -> None:
        found = found_in(rows or (), self.search.text())
        self.table.show_rows(found, [state_said(self._context.text, one) for one in found])
        self._stack.setCurrentIndex(0 if found or rows is None else 2 if rows else 1)
        self._detail_part.setVisible(bool(rows))
        self._show_chosen()

    def _show_chosen(self) -> None:
        one, text = self.table.chosen_row, self._context.text
        self.name.setText(one.name if one else "")
        self.about.setText(about_said(text, one))
        set_state(self.about, "" if one is None or one.is_well else "bad")
        is_idle = self.plugins.scanning.value is None
        for made, is_seen in (
            (self.show_file, bool(one)),
            (self.block, bool(one)),
            (self.retry, one is not None and not one.is_well and not one.is_blocked),
        ):
            made.setVisible(is_seen)
            made.setEnabled(is_idle or made is self.show_file)
        self.block.setText(text("Allow") if one is not None and one.is_blocked else text("Block"))

    def _show_scan(self, progress: ScanProgress | None) -> None:
        text, was_scanning = self._context.text, self._is_scanning
        self._is_scanning = progress is not None
        self._scan_line.setVisible(self._is_scanning or was_scanning)
        self.progress.setVisible(self._is_scanning)
        if was_scanning and not self._is_scanning:
            folders = len(self.plugins.system_folders) + len(self.plugins.own_folders)
            self._scanned.setText(found_said(text, len(self.plugins.rows.value or ()), folders))
        self.scan.setText(text("Stop") if progress else text("Scan"))
        if progress is not None:
            self._scanned.setText(scan_said(text, progress))
            self.progress.setRange(0, max(progress.total, 0))
            self.progress.setValue(progress.done)
        self._show_chosen()

    def _fail(self, error: Exception) -> None:
        self.problem.tell(notice_of(self._context.text, error).text, self._context.text("Close"))

    # What is done

    def _scan_or_stop(self) -> None:
        if self.plugins.scanning.value is None:
            self.plugins.scan()
        else:
            self.plugins.stop()

    def _reveal(self) -> None:
        if self.table.chosen_row is not None:
            reveal(self.table.chosen_row.path.parent)

    def _retry(self) -> None:
        if self.table.chosen_row is not None:
            self.plugins.retry(self.table.chosen_row.path)

    def _block_or_allow(self) -> None:
        one = self.table.chosen_row
        if one is not None:
            (self.plugins.allow if one.is_blocked else self.plugins.block)(one.path)

    def folders_menu(self) -> QMenu:
        """Where scans look; the user's own folders can be taken out."""
        text, made = self._context.text, QMenu(self)
        for folder in self.plugins.system_folders:
            made.addAction(str(folder)).setEnabled(False)
        for folder in self.plugins.own_folders:
            said = text("Remove {folder}", folder=folder)
            made.addAction(said, lambda folder=folder: self.plugins.remove_folder(folder))
        made.addSeparator()
        made.addAction(text("Add a folder…"), self._add_folder)
        if any(not row.is_well and not row.is_blocked for row in self.plugins.rows.value or ()):
            made.addAction(text("Try all that failed again"), self.plugins.retry_failed)
        return made

    def _open_folders(self) -> None:
        self.folders_menu().popup(self.folders.mapToGlobal(self.folders.rect().bottomLeft()))

    def _add_folder(self) -> None:
        ask_for_folder(self, self._context.text("Choose a folder with plugins"), self.plugins.add_folder)
