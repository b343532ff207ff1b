"""Where the engine computes, and how exactly."""

from __future__ import annotations

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import Choice, Page, ProblemLine, Setting, settings
from stylus_ui.kit.binding import bind
from stylus_ui.presenters.models.engine_look import EngineSeen
from stylus_ui.presenters.models.models import models_of
from stylus_ui.presenters.setup.settings import (
    DEVICES,
    MEMORY_LIMITS,
    PRECISION_NAMES,
    SettingsPresenter,
)
from stylus_ui.state.wishes import DEVICE, MEMORY, PRECISION


class EnginePage(Page):
    """Device, precision, memory."""

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
            1,
        )
        bind(self, self.look.seen, self._show)
        self.look.look()

    def _limits(self) -> dict[int, str]:
        text = self._context.text
        limits = {one: text("At most {size}", size=f"{one} GB") for one in MEMORY_LIMITS if one}
        return {0: text("All that is free"), **limits}

    def _set(self, name: str, value: str | int) -> None:
        self._presenter.set(name, value)
        self.look.look()

    def _show(self, seen: EngineSeen) -> None:
        text = self._context.text
        is_new = seen.is_looking and not seen.reason
        self.device_line.say(text("Looking at this computer…") if is_new else seen.reason)
        self.problem.tell(seen.problem, text("Use automatic"), self._use_automatic)

    def _use_automatic(self) -> None:
        for choice in (self.device, self.precision, self.memory):
            choice.setCurrentIndex(0)
        for name, value in ((DEVICE, ""), (PRECISION, ""), (MEMORY, 0)):
            self._presenter.set(name, value)
        self.look.look()
