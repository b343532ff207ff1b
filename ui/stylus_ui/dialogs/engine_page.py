"""Where the engine computes, how exactly, and what it keeps on the disk."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QPushButton

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import Choice, Page, ProblemLine, Setting, section, settings
from stylus_ui.kit.binding import bind
from stylus_ui.kit.parts import button
from stylus_ui.presenters.setup.engine_look import EngineSeen
from stylus_ui.presenters.setup.models import models_of
from stylus_ui.presenters.setup.settings import (
    CACHES,
    DEVICES,
    MEMORY_LIMITS,
    PRECISION_NAMES,
    CacheSize,
    SettingsPresenter,
)
from stylus_ui.presenters.setup.sizes import size_said
from stylus_ui.state.wishes import DEVICE, MEMORY, PRECISION


class EnginePage(Page):
    """Device, precision, memory, caches."""

    def __init__(self, context: UiContext, presenter: SettingsPresenter) -> None:
        self._context, self._presenter, text = context, presenter, context.text
        self.look = models_of(context).look
        devices = {key: text(said) for key, said in DEVICES.items()}
        if presenter.device not in devices:
            devices[presenter.device] = presenter.device
        self.device = Choice(devices, presenter.device, lambda one: self._set(DEVICE, one))
        precisions = {key: text(said) for key, said in PRECISION_NAMES.items()}
        self.precision = Choice(precisions, presenter.precision, lambda one: self._set(PRECISION, one))
        self.memory = Choice(self._limits(), presenter.memory_gb, lambda one: self._set(MEMORY, one))
        self.device_line = Setting(text("Device"), "", self.device)
        self.problem = ProblemLine(context)
        self._caches: Mapping[str, tuple[Setting, QPushButton]] = {name: self._cache(name) for name in CACHES}
        super().__init__(
            text("Engine"),
            settings(
                self.device_line,
                Setting(
                    text("Precision"),
                    text("At the next start. Automatic is what this device is fastest with."),
                    self.precision,
                ),
                Setting(
                    text("Memory"),
                    text("At the next start. A limit leaves room for your session; renders take smaller steps."),
                    self.memory,
                ),
            ),
            self.problem,
            section(text("On the disk")),
            settings(*(line for line, _ in self._caches.values())),
            1,
        )
        bind(self, self.look.seen, self._show)
        bind(self, presenter.caches, self._show_caches)
        self.look.look()
        presenter.look_at_caches()

    def _limits(self) -> dict[int, str]:
        text = self._context.text
        limits = {one: text("At most {size}", size=f"{one} GB") for one in MEMORY_LIMITS if one}
        return {0: text("All that is free"), **limits}

    def _cache(self, name: str) -> tuple[Setting, QPushButton]:
        text = self._context.text
        clear = button(text("Clear"), lambda: self._presenter.clear(name))
        clear.setAccessibleName(text("Clear: {name}", name=text(CACHES[name][0])))
        return Setting(text(CACHES[name][0]), " ", clear), clear

    def _set(self, name: str, value: str | int) -> None:
        self._presenter.set(name, value)
        self.look.look()

    def _show(self, seen: EngineSeen) -> None:
        text = self._context.text
        is_new = seen.is_looking and not seen.reason
        self.device_line.say(text("Looking at this computer …") if is_new else seen.reason)
        self.problem.tell(seen.problem, text("Use automatic"), self._use_automatic)

    def _use_automatic(self) -> None:
        for choice in (self.device, self.precision, self.memory):
            choice.setCurrentIndex(0)
        for name, value in ((DEVICE, ""), (PRECISION, ""), (MEMORY, 0)):
            self._presenter.set(name, value)
        self.look.look()

    def _show_caches(self, caches: tuple[CacheSize, ...]) -> None:
        text = self._context.text
        for one in caches:
            line, clear = self._caches[one.name]
            size = text("{size}; made again when needed", size=size_said(text, one.bytes))
            line.say(size if one.bytes else text("Empty"))
            clear.setEnabled(bool(one.bytes))
