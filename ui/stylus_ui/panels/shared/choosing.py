"""The dialog that chooses files to work on, in the folder of the last time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from stylus_daw.audio.formats.kinds import dialog_pattern
from stylus_ui.context import UiContext

FOLDER = "folders.{kind}"
AUDIO, STYLES = "audio", "styles"


def choose_files(
    context: UiContext,
    parent: QWidget,
    title: str,
    take: Callable[[Sequence[Path]], object],
    *,
    kind: str,
    only_audio: bool = True,
) -> None:
    """Let somebody choose files, beside the work and never in its way.

    Args:
        context: of the window.
        parent: of the dialog.
        title: translated.
        take: gets what was chosen.
        kind: each kind has a last folder of its own.
        only_audio: other files are not shown at first.
    """
    preferences, name, text = context.preferences, FOLDER.format(kind=kind), context.text
    dialog = QFileDialog(parent, title, preferences.get(name, ""))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    if only_audio:
        dialog.setNameFilters([f"{text('Audio')} ({dialog_pattern()})", f"{text('All files')} (*)"])

    def chosen(names: list[str]) -> None:
        preferences.set(name, str(Path(names[0]).parent))
        take([Path(one) for one in names])

    dialog.filesSelected.connect(chosen)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
