"""The Render button, with how far it is in words and the way to stop it; the lane shows it as a picture."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind, listen
from stylus_ui.kit.elided import Elided
from stylus_ui.kit.keys import hint
from stylus_ui.kit.parts import button, column, icon_button, label, row
from stylus_ui.presenters.workspace.render_button import RenderButton, RenderLook

WIDTH = 200
RETURN = "⏎"


class RenderBar(QWidget):
    """One column: what happens, how far it is, and the button. Its size never changes."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        text = context.text
        self._presenter = RenderButton(context)
        self._stage = label("", "small")
        self._cancel = icon_button(context, "x", text("Cancel this render"), self._presenter.cancel, action="cancel")
        self._render = button(text("Render"), self._presenter.press, role="primary")
        self._sound, self._edited = Elided("", is_strong=True), label(text("edited"), "small")
        sound = row(self._sound, self._edited)
        sound.setStretch(0, 1)
        above = row(self._stage, 1, self._cancel, spacing=MEASURES.half)
        self.setLayout(column(sound, 1, above, self._render, margin=MEASURES.grid * 2))
        self.setFixedWidth(WIDTH + MEASURES.grid * 4)
        policy = self._cancel.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._cancel.setSizePolicy(policy)
        self._render.setCursor(Qt.CursorShape.PointingHandCursor)
        bind(self, self._presenter.look, self._show)
        listen(self, context.workspace.problem, self._presenter.failed)

    def _show(self, look: RenderLook) -> None:
        self._render.setText(f"{look.label}  {RETURN}")
        self._render.setAccessibleName(look.label)
        self._render.setEnabled(look.is_enabled)
        self._render.setToolTip(look.why_not or hint(look.label, "render"))
        self._sound.setText(look.sound)
        self._edited.setVisible(look.is_edited)
        self._stage.setText(look.stage)
        self._cancel.setVisible(look.is_running)
