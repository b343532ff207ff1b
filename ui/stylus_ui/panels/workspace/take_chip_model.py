"""ChipModel: the chips of takes for Qt's list, which lays a thousand of them out without asking Python once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from stylus_ui.context import UiContext
from stylus_ui.kit.binding import bind
from stylus_ui.presenters.workspace.take_strip import TakeChip, TakeStrip

CHIP = int(Qt.ItemDataRole.UserRole)
FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
Index = QModelIndex | QPersistentModelIndex


class ChipModel(QStandardItemModel):
    """Mirrors the presenter's chips; of those that are as they were, nothing is told again.

    Args:
        context: of the window.
        strip: whose chips.
        size_of: how much room a chip takes.
        parent: the list.
    """

    def __init__(
        self, context: UiContext, strip: TakeStrip, size_of: Callable[[TakeChip], QSize], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._text, self._strip, self._size_of = context.text, strip, size_of
        self._chips: tuple[TakeChip, ...] = ()
        bind(self, strip.chips, self._take_over)

    def index_of(self, job: str) -> QModelIndex:
        """Where a take is; invalid if it is not here."""
        at = next((at for at, chip in enumerate(self._chips) if chip.job == job), None)
        return QModelIndex() if at is None else self.index(at, 0)

    def setData(self, index: Index, value: object, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        """Somebody has written another name."""
        chip = index.data(CHIP)
        if isinstance(chip, TakeChip) and isinstance(value, str) and value.strip() != chip.said:
            self._strip.rename(chip.job, value)
        return True

    def _take_over(self, chips: tuple[TakeChip, ...]) -> None:
        before, self._chips = self._chips, chips
        first = _common([one.job for one in before], [one.job for one in chips])
        last = _common([one.job for one in before[first:]][::-1], [one.job for one in chips[first:]][::-1])
        if gone := len(before) - first - last:
            self.removeRows(first, gone)
        if fresh := chips[first : len(chips) - last]:
            self.invisibleRootItem().insertRows(first, [self._item(chip) for chip in fresh])
        kept = (*enumerate(before[:first]), *enumerate(before[len(before) - last :], len(chips) - last))
        self._refill([at for at, old in kept if chips[at] != old])

    def _refill(self, places: Sequence[int]) -> None:
        """Where chips say something else, the list is told once."""
        if places:
            with QSignalBlocker(self):
                for at in places:
                    self._fill(self.item(at), self._chips[at])
            self.dataChanged.emit(self.index(places[0], 0), self.index(places[-1], 0))

    def _item(self, chip: TakeChip) -> QStandardItem:
        item = QStandardItem()
        item.setFlags(FLAGS)
        self._fill(item, chip)
        return item

    def _fill(self, item: QStandardItem, chip: TakeChip) -> None:
        spoken = self._text("Take {number}, {said}", number=chip.number, said=chip.tip)
        item.setText(chip.said)
        item.setToolTip(spoken)
        item.setAccessibleText(spoken)
        item.setSizeHint(self._size_of(chip))
        item.setData(chip, CHIP)


def _common(one: list[str], other: list[str]) -> int:
    """How many at the beginning are the same."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
