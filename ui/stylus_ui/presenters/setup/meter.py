"""Meter: how busy processor and graphics card are and how much memory is free, in a few quiet words. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stylus_daw.engine.machine.graphics import GraphicsLoad, GraphicsSeen, is_own_process
from stylus_daw.engine.machine.main_memory import free_main_memory
from stylus_daw.engine.machine.processor import ProcessorLoad
from stylus_ui.context import UiContext
from stylus_ui.state.observable import Property
from stylus_ui.state.sizes import size_said

LITTLE = 2 * 1024**3
"""Bytes of free memory below which a render may have to wait or take smaller steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterShown:
    """What it says.

    Attributes:
        said: short, for the bar; empty: nothing is known.
        meant: as a sentence.
        is_short: of memory.
    """

    said: str = ""
    meant: str = ""
    is_short: bool = False


class Meter:
    """Looks when it is asked to, on a thread: one look at a time.

    Attributes:
        shown: what it says.

    Args:
        context: of the window.
        load: share of the processor since the last look. free: bytes of main memory.
        card: the graphics card that one of our processes uses; None: none does, or nobody tells.
    """

    def __init__(
        self,
        context: UiContext,
        *,
        load: Callable[[], float | None] | None = None,
        free: Callable[[], int | None] = free_main_memory,
        card: Callable[[], GraphicsSeen | None] | None = None,
    ) -> None:
        self._context, self._load, self._free = context, load or ProcessorLoad().look, free
        self._graphics = GraphicsLoad()
        self._card = card or (lambda: self._graphics.look(is_own_process))
        self._is_looking = False
        self.shown: Property[MeterShown] = Property(MeterShown())

    def look(self) -> None:
        """Look now; the last look is shown until this one is there."""
        if not self._is_looking:
            self._is_looking = True
            self._context.background.run(
                lambda: (self._load(), self._free(), self._card()),
                done=lambda read: self._show(*read),
                failed=lambda _: self._end(),
            )

    def _end(self) -> None:
        self._is_looking = False

    def _show(self, load: float | None, free: int | None, card: GraphicsSeen | None) -> None:
        self._end()
        text = self._context.text
        parts, meant = [], []
        if load is not None:
            percent = text.number(100 * load)
            parts.append(text("{percent} %", percent=percent))
            meant.append(text("The processor is at {percent} %.", percent=percent))
        if free is not None:
            room = size_said(text, free)
            parts.append(text("{size} free", size=room))
            meant.append(text("{size} of main memory are free.", size=room))
        if card is not None:
            room, percent = size_said(text, card.free), text.number(100 * card.share)
            parts.append(text("GPU {percent} % · {size} free", percent=percent, size=room))
            told = text(
                "The graphics card is at {percent} %; {size} of its memory are free.", percent=percent, size=room
            )
            meant.append(told)
        is_short = free is not None and free < LITTLE
        self.shown.value = MeterShown(said=" · ".join(parts), meant=" ".join(meant), is_short=is_short)
