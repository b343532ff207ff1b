"""HistoryPanel: the queue and everything that was rendered."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QStackedLayout, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.icons import icon
from stylus_ui.kit.keys import hint
from stylus_ui.kit.parts import EmptyPlace, button, column, heading, label
from stylus_ui.panels.history.list import HistoryList
from stylus_ui.panels.shared.row_list import mime_of
from stylus_ui.presenters.history.actions import TOOLS, Do, HistoryActions, in_menu
from stylus_ui.presenters.history.entry import HistoryEntry
from stylus_ui.presenters.history.history import Counts, History
from stylus_ui.presenters.history.stem_files import FORMS, Form, StemFiles
from stylus_ui.state.notices import Notice, NoticeKind
from stylus_ui.workspace.takes import TakeState

TICK_MS = 1000
SIDE = 16


class HistoryPanel(QWidget):
    """Below the work.

    Attributes:
        presenter: the jobs.
        list: their rows.
    """

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self.presenter = History(context)
        self.work = HistoryActions(context, self.presenter)
        self.files = StemFiles(context, self._open)
        self._lay_out()
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self.presenter.tick)
        bind(self, self.presenter.counts, self._show_counts)
        bind(self, self.presenter.is_loaded, lambda _: self._show_counts(self.presenter.counts.value))
        bind(self, context.core_problem, lambda _: self._show_counts(self.presenter.counts.value))
        presenter = self.presenter
        forgets = [
            context.shortcuts.on("export", self._export_current),
            context.shortcuts.on("cancel_all", self.work.cancel_all),
        ]
        self.destroyed.connect(lambda *_: ([forget() for forget in forgets], presenter.close()))

    def _lay_out(self) -> None:
        context, text = self._context, self._text
        self._queue = label("", "small")
        self.list = HistoryList(
            context,
            self.presenter,
            do=self.do,
            menu=self._open_menu,
            hand_out=self.files.hand_out,
            name=self.work.rename,
        )
        self._empty = EmptyPlace(
            context,
            icon="list-music",
            title=text("Nothing rendered yet"),
            said=text("Renders appear here, whether you start them here or in your DAW."),
        )
        self._cancel_all = button(text("Cancel all"), self.work.cancel_all, role="flat")
        self._cancel_all.setToolTip(hint(text("Cancel all renders"), "cancel_all"))
        head = column(heading(text("Queue and history"), self._queue, self._cancel_all))
        head.setContentsMargins(SIDE, MEASURES.half, SIDE, 0)
        self._pages = QStackedLayout()
        for page in (self._empty, self.list, QWidget()):
            self._pages.addWidget(page)
        layout = column(head, self._pages, spacing=0)
        layout.setStretch(1, 1)
        layout.setContentsMargins(0, 0, 0, MEASURES.half)
        self.setLayout(layout)
        self.setMinimumHeight(MEASURES.row + 2 * MEASURES.row)

    def _show_counts(self, counts: Counts) -> None:
        text = self._text
        is_loading = not self.presenter.is_loaded.value and not self._context.core_problem.value
        self._pages.setCurrentIndex(1 if counts.shown else 2 if is_loading else 0)
        waiting = text.count("{count} waiting", "{count} waiting", counts.waiting) if counts.waiting else ""
        self._queue.setText(waiting)
        self._cancel_all.setVisible(counts.own > 1)
        if counts.rendering != self._ticks.isActive():
            self._ticks.start() if counts.rendering else self._ticks.stop()

    # What is done

    def do(self, do: Do, entry: HistoryEntry) -> None:
        """A tool of a row."""
        {
            Do.CANCEL: lambda: self.work.cancel(entry.job),
            Do.RETRY: lambda: self.work.retry(entry),
            Do.COMPARE: lambda: self.work.compare(entry),
            Do.EXPORT: lambda: self._ask_export(entry),
            Do.COPY: lambda: self.files.hand_out(entry, self._copy),
            Do.REVEAL: lambda: self._open(entry.request.stem.parent),
            Do.USE: lambda: self.work.use(entry),
            Do.STAR: lambda: self.work.star(entry),
            Do.RENAME: lambda: self.list.rename(entry.job),
            Do.DELETE: lambda: self.work.delete(entry),
            Do.LOG: lambda: self._open(self._context.settings.log),
        }[do]()

    def menu_of(self, entry: HistoryEntry) -> QMenu:
        """Everything that can be done with a row."""
        menu = QMenu(self)
        for do in in_menu(entry):
            tool = TOOLS[do]
            action = menu.addAction(icon(self._context.theme, tool.icon, "muted"), self._text(tool.label))
            action.triggered.connect(lambda *_, do=do: self.do(do, entry))
        return menu

    def _open_menu(self, entry: HistoryEntry, at: QPoint) -> None:
        menu = self.menu_of(entry)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _copy(self, stem: Path) -> None:
        QGuiApplication.clipboard().setMimeData(mime_of(stem))
        said = self._text("{name} is on the clipboard. Paste it into your DAW.", name=stem.name)
        self._context.notify(Notice(kind=NoticeKind.INFO, text=said, key="copied"))

    def _open(self, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    # Export

    def _export_current(self) -> None:
        """The row with the keyboard, else the result in the lane, else the newest stem."""
        entry = self._exported()
        if entry is not None:
            self._ask_export(entry)
        else:
            said = self._text("There is no stem to export yet. Render first.")
            self._context.notify(Notice(kind=NoticeKind.INFO, text=said, key="export"))

    def _exported(self) -> HistoryEntry | None:
        shown = self._context.workspace.takes.shown.value
        current = self.list.current if self.list.hasFocus() else None
        wanted = (current, self.presenter.entry(shown.job) if shown else None, *self.presenter.entries)
        return next((entry for entry in wanted if entry and entry.state is TakeState.DONE), None)

    def _ask_export(self, entry: HistoryEntry) -> None:
        dialog = QFileDialog(self, self._text("Export the result"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        kinds = {f"{self._text(form.label)} (*{form.suffix})": name for name, form in FORMS.items()}
        dialog.setNameFilters(list(kinds))
        dialog.setDefaultSuffix(FORMS[Form.BWF].suffix[1:])
        dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(FORMS[kinds[kind]].suffix[1:]))
        dialog.selectFile(str(self.files.suggested(entry, Form.BWF)))
        dialog.fileSelected.connect(
            lambda name: self.files.export(entry, kinds[dialog.selectedNameFilter()], Path(name))
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
