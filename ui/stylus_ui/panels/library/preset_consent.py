"""ConsentAsk: may the plugins of a preset from elsewhere be loaded? Asked in place, never in the way."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from stylus_ui.context import UiContext
from stylus_ui.kit.binding import bind
from stylus_ui.kit.parts import button, column, label, row, set_state
from stylus_ui.presenters.library.preset_edits import PresetEdits
from stylus_ui.presenters.library.preset_shelf import ShelvedPreset
from stylus_ui.presenters.library.presets import PresetsPresenter


class ConsentAsk(QFrame):
    """Seen while the workspace holds a preset whose plugins wait for consent."""

    def __init__(self, context: UiContext, presets: PresetsPresenter, edits: PresetEdits) -> None:
        super().__init__()
        self._text = context.text
        self.setProperty("role", "notice")
        set_state(self, "busy")
        self._sentence = label("")
        self._sentence.setWordWrap(True)
        agree = button(context.text("Load these plugins"), edits.agree)
        self.setLayout(column(self._sentence, row(1, agree), margin=12))
        bind(self, presets.asks, self._show)

    def _show(self, shelved: ShelvedPreset | None) -> None:
        self.setVisible(shelved is not None)
        if shelved is not None:
            plugins = ", ".join(one.partition(" (")[0] for one in shelved.preset.plugins)
            said = self._text(
                "{name} came from elsewhere and contains settings for {plugins}. "
                "Load them only if you trust where it came from.",
                name=shelved.preset.name,
                plugins=plugins,
            )
            self._sentence.setText(said)
            self._sentence.setToolTip("\n".join(shelved.preset.plugins))
