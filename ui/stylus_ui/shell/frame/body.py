"""What the window holds: its places, what covers them, and what its own keys do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QDialog, QSplitter, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.keys import Keys
from stylus_ui.kit.parts import column, hairline, icon_button, label, row
from stylus_ui.panels.daws.meter import MeterView
from stylus_ui.panels.shared.choosing import AUDIO, choose_files
from stylus_ui.panels.shared.drop_zone import DropZone
from stylus_ui.panels.workspace.render_bar import RenderBar
from stylus_ui.presenters.workspace.intake import Intake
from stylus_ui.shell.frame import places
from stylus_ui.shell.frame.key_sheet import KeySheet
from stylus_ui.shell.frame.layout_memory import LayoutMemory
from stylus_ui.shell.frame.right_column import RightColumn
from stylus_ui.shell.frame.toast import Toasts
from stylus_ui.shell.frame.window import BAR, SIZE, MainWindow
from stylus_ui.shell.frame.work import Work
from stylus_ui.state.notices import Notice, NoticeAction, NoticeKind
from stylus_ui.workspace.workpiece import Content

SIDE, HISTORY = MEASURES.panel_side, 200
TRANSPORT = 56


class Body(QObject):
    """Fills the window, once.

    Args:
        window: to be filled.
        context: shared by all parts.
        start_core: tried again from the notice of a core that did not start.
        quit_app: called by the key that quits.
    """

    def __init__(
        self,
        window: MainWindow,
        context: UiContext,
        *,
        start_core: Callable[[], object] = lambda: None,
        quit_app: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(window)
        self._window, self._context, self._start_core = window, context, start_core
        self.intake = Intake(context)
        self._splitters: dict[str, QSplitter] = {}
        window.setCentralWidget(self._central())
        self.toasts = Toasts(context, window, before=self._title, after=(self._meter, self._status))
        self._drops = DropZone(context, window, self.intake.take)
        self._keys = Keys(window, context.shortcuts)
        self._memory = LayoutMemory(window, self._splitters, context.preferences)
        self._set_keys(quit_app or window.close)
        window.setFocus()
        bind(window, context.core_problem, self._tell_core_problem)
        bind(window, context.workspace.workpiece, lambda workpiece: self._name(workpiece.content))

    def show_notice(self, notice: Notice) -> None:
        """Show a notice in the bar, unless the window shows the same already."""
        if not notice.is_seen:
            self.toasts.show_notice(notice)

    def keep_layout(self) -> None:
        """Remember the layout now, before the window closes."""
        self._memory.keep()

    # Places

    def _central(self) -> QWidget:
        middle = self._split("middle", Qt.Orientation.Vertical, self._work(), self._place(places.HISTORY), HISTORY)
        right = RightColumn(self._context, self._place(places.CONTROLS), self._place(places.CHAIN))
        self._splitters["right"] = right
        across = self._split("across", Qt.Orientation.Horizontal, middle, right, SIDE)
        left = self._place(places.PRESETS)
        across.insertWidget(0, left)
        across.setSizes([SIDE, SIZE[0] - 2 * SIDE, SIDE])
        for number in range(3):
            across.setStretchFactor(number, int(number == 1))
        body = QWidget()
        body.setProperty("role", "window")
        body.setLayout(column(self._bar(), hairline(), across, spacing=0))
        return body

    def _bar(self) -> QWidget:
        context, text = self._context, self._context.text
        bar = QWidget()
        bar.setProperty("role", "panel")
        bar.setFixedHeight(BAR)
        self._title = label("Stylus", "title")
        self._status = places.filled(places.STATUS, context) if places.exists(places.STATUS) else QWidget()
        theme = icon_button(context, "contrast", text("Light or dark"), context.theme.toggle, action="theme")
        keys = icon_button(context, "keyboard", text("All keys"), self._show_keys, action="help")
        settings = icon_button(context, "settings", text("Settings"), self._show_settings, action="settings")
        self._meter = MeterView(context)
        line = row(self._title, 1, self._meter, self._status, theme, keys, settings, spacing=MEASURES.grid)
        line.setContentsMargins(16, 0, 8, 0)
        bar.setLayout(line)
        return bar

    def _work(self) -> QWidget:
        transport = self._place(places.TRANSPORT)
        transport.setFixedHeight(TRANSPORT)
        below = QWidget()
        parts = (self._place(places.STYLES), hairline(is_vertical=True), RenderBar(self._context))
        below.setLayout(row(*parts, spacing=0))
        return Work(self._place(places.LANES), transport, below)

    def _place(self, place: places.Place) -> QWidget:
        made = places.filled(place, self._context)
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        if made.property("role") is None:
            made.setProperty("role", "panel")
        return made

    def _split(self, name: str, way: Qt.Orientation, first: QWidget, second: QWidget, size: int) -> QSplitter:
        """Two parts; the second has ``size`` pixels, the first the rest, and all that the window gains."""
        splitter = QSplitter(way)
        splitter.setHandleWidth(MEASURES.hairline)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(first)
        splitter.addWidget(second)
        splitter.setSizes([10_000, size])
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 0)
        self._splitters[name] = splitter
        return splitter

    # Keys

    def _set_keys(self, quit_app: Callable[[], object]) -> None:
        context = self._context
        for name, call in {
            "undo": context.workspace.undo,
            "redo": context.workspace.redo,
            "theme": context.theme.toggle,
            "help": self._show_keys,
            "settings": self._show_settings,
            "open": self._open,
            "quit": quit_app,
        }.items():
            context.shortcuts.on(name, call)

    def _open(self) -> None:
        title = self._context.text("Open audio or presets")
        choose_files(self._context, self._window, title, self.intake.take, kind=AUDIO, only_audio=False)

    def _show_keys(self) -> None:
        self._open_dialog(KeySheet(self._context, self._window))

    def _show_settings(self) -> None:
        self.show_dialog(places.SETTINGS)

    def show_dialog(self, place: places.Place) -> None:
        """Open a dialog beside the work, never in its way; say so where it is missing."""
        there = self._window.findChildren(QDialog, place.panel)
        dialog = next((one for one in there if one.isVisible()), None) or places.opened(place, self._context)
        if dialog is None:
            name = self._context.text(place.name)
            said = self._context.text("{name} cannot be opened. The log says why.", name=name)
            self.show_notice(Notice(kind=NoticeKind.BAD, text=said, key=place.panel))
            return
        if dialog.parent() is not self._window:
            dialog.setParent(self._window, Qt.WindowType.Dialog)
            dialog.setObjectName(place.panel)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _open_dialog(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # What is told

    def _name(self, content: Content | None) -> None:
        self._window.setWindowTitle(f"{content.path.name} · Stylus" if content else "Stylus")

    def _tell_core_problem(self, problem: str) -> None:
        if problem:
            again = NoticeAction(label=self._context.text("Try again"), call=self._start_core)
            notice = Notice(kind=NoticeKind.BAD, text=problem, action=again, stays=True, key="core")
            QTimer.singleShot(0, self, lambda: self.show_notice(notice))
