"""The chips of takes where there are very many of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QObject, QSize, Qt

from stylus_ui.context import UiContext
from stylus_ui.panels.workspace.take_chip_model import CHIP, ChipModel
from stylus_ui.panels.workspace.take_chips import HEIGHT, TakeChips
from stylus_ui.presenters.workspace.take_strip import TakeChip, TakeStrip

MANY = 300


def chip(number: int, said: str = "") -> TakeChip:
    return TakeChip(job=f"job-{number}", number=number, said=said or f"strength {number} %", tip=f"tip {number}")


class Measured:
    """A model that notes which chips were measured."""

    def __init__(self, context: UiContext) -> None:
        self.strip = TakeStrip(context)
        self.asked: list[int] = []
        self._owner = QObject()
        self.model = ChipModel(context, self.strip, self._size_of, self._owner)

    def _size_of(self, one: TakeChip) -> QSize:
        self.asked.append(one.number)
        return QSize(40, HEIGHT)

    @property
    def shown(self) -> list[TakeChip]:
        return [self.model.index(at, 0).data(CHIP) for at in range(self.model.rowCount())]


@pytest.fixture
def measured(look: UiContext) -> Measured:
    return Measured(look)


@pytest.mark.parametrize(
    ("then", "asked"),
    [
        ([*range(MANY), MANY], [MANY]),
        ([-1, *range(MANY)], [-1]),
        ([*range(100), *range(101, MANY)], []),
        ([*range(100), 1000, *range(101, MANY)], [1000]),
        ([], []),
    ],
)
def test_only_what_is_new_is_measured_when_takes_come_and_go(
    measured: Measured, then: Sequence[int], asked: Sequence[int]
) -> None:
    measured.strip.chips.value = tuple(chip(number) for number in range(MANY))
    measured.asked.clear()
    wanted = tuple(chip(number) for number in then)
    measured.strip.chips.value = wanted
    assert measured.shown == list(wanted)
    assert measured.asked == list(asked)


def test_chips_that_say_something_else_are_told_once(measured: Measured) -> None:
    measured.strip.chips.value = tuple(chip(number) for number in range(MANY))
    told = []
    measured.model.dataChanged.connect(lambda first, last, *_: told.append((first.row(), last.row())))
    others = tuple(replace(one, said="other", is_starred=True) for one in measured.strip.chips.value[10:20])
    chips = (*measured.strip.chips.value[:10], *others, *measured.strip.chips.value[20:])
    measured.strip.chips.value = chips
    assert told == [(10, 19)]
    assert measured.shown == list(chips)
    index = measured.model.index_of("job-12")
    assert (index.row(), index.data()) == (12, "other")
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Take 12, tip 12"
    assert not measured.model.index_of("job-999").isValid()


def test_the_one_that_is_looked_at_is_in_sight_after_others_have_grown(look: UiContext, qtbot) -> None:
    strip = TakeStrip(look)
    view = TakeChips(look, strip)
    qtbot.addWidget(view)
    view.resize(400, HEIGHT)
    view.show()
    strip.chips.value = tuple(chip(number, "a") for number in range(20))
    index = view.model().index(19, 0)
    view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    strip.shown.value = "job-19"
    strip.chips.value = tuple(chip(number, "a name that takes a lot of room") for number in range(20))
    qtbot.waitUntil(lambda: view.viewport().rect().contains(view.visualRect(index).topLeft()))
    assert view.visualRect(index).width() > 150
