"""PresetModel: the rows of the preset list for Qt, with what a screen reader says of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from stylus_ui.context import UiContext
from stylus_ui.presenters.library.preset_shelf import ShelvedPreset
from stylus_ui.presenters.library.presets import Heading, PresetsPresenter, Row

ROW = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class PresetModel(QAbstractListModel):
    """Rows of a presenter.

    Args:
        context: of the window.
        presenter: whose rows.
        parent: that owns it.
    """

    def __init__(self, context: UiContext, presenter: PresetsPresenter, parent: QObject) -> None:
        super().__init__(parent)
        self._text, self._presenter = context.text, presenter
        self._rows: tuple[Row, ...] = ()

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Other rows; where only what they show has changed, nothing moves."""
        if _ids(rows) == _ids(self._rows):
            self._rows = rows
            self.redraw()
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def redraw(self) -> None:
        """What the rows show has changed."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def index_of(self, preset_id: str) -> QModelIndex:
        """Where a preset is; an invalid index if it is not shown."""
        numbers = (at for at, row in enumerate(self._rows) if isinstance(row, ShelvedPreset) and row.id == preset_id)
        at = next(numbers, None)
        return QModelIndex() if at is None else self.index(at)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if isinstance(row, Heading):
            return row.title if role == Qt.ItemDataRole.DisplayRole else None
        return self._of_preset(row, Qt.ItemDataRole(role))

    def _of_preset(self, shelved: ShelvedPreset, role: Qt.ItemDataRole) -> object:
        if role is Qt.ItemDataRole.DisplayRole:
            return shelved.preset.name
        if role is Qt.ItemDataRole.ToolTipRole:
            return self._tip(shelved)
        if role is Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(self._spoken(shelved))
        return None

    def _tip(self, shelved: ShelvedPreset) -> str:
        preset = shelved.preset
        number = self._text("Recall it from the DAW by its number, #{number}.", number=preset.program)
        parts = (shelved.problem, preset.notes, number if preset.program is not None else "")
        return "\n".join(part for part in parts if part)

    def _spoken(self, shelved: ShelvedPreset) -> Sequence[str]:
        text, preset = self._text, shelved.preset
        parts = [preset.name]
        if preset.program is not None:
            parts.append(text("number {number}", number=preset.program))
        if shelved.is_favourite:
            parts.append(text("favourite"))
        if preset.id == self._presenter.loaded.value:
            parts.append(text("loaded"))
        return [*parts, *preset.tags, *([shelved.problem] if shelved.problem else [])]


def _ids(rows: tuple[Row, ...]) -> list[str]:
    return [row.id if isinstance(row, ShelvedPreset) else f"\n{row.title}" for row in rows]
