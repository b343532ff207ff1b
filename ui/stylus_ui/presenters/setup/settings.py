"""SettingsPresenter: what can be set, what is set, and when it takes effect. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stylus_daw.desktop import registration
from stylus_daw.settings import HOME_VARIABLE
from stylus_ui.drawing.theme import Mode
from stylus_ui.state.observable import Property, Signal
from stylus_ui.state.text import LANGUAGES, later
from stylus_ui.state.wishes import DEVICE, FOLDERS, MEMORY, PORT, PRECISION, PRECISIONS

if TYPE_CHECKING:
    from stylus_ui.context import UiContext

THEMES = {Mode.SYSTEM: later("As the system"), Mode.DARK: later("Dark"), Mode.LIGHT: later("Light")}
SCALE, LANGUAGE, TRAY, PAGE = "scale_percent", "language", "window.closes_to_tray", "settings.page"
DEVICES = {"": later("Automatic"), "cpu": later("Processor only")}
PRECISION_NAMES = {
    "": later("Automatic"),
    "bf16": later("bfloat16: half the memory"),
    "fp16": later("float16: half the memory"),
    "fp32": later("float32: exact"),
}
MEMORY_LIMITS = (0, 2, 4, 6, 8, 12, 16, 24)
NEXT_START = (SCALE, LANGUAGE, DEVICE, PRECISION, MEMORY, PORT, FOLDERS)
assert set(PRECISION_NAMES) == {"", *PRECISIONS}


class SettingsPresenter:
    """Reads and writes the preferences behind the pages.

    Attributes:
        waiting: names of preferences that take effect at the next start.
        is_in_menu: the desktop's menu has this program, and a double-click on a preset opens it; None where the system
            does that in another way.
        problem: emits why the desktop could not be told.
    """

    def __init__(self, context: UiContext) -> None:
        self._context, self._preferences = context, context.preferences
        self._before: dict[str, object] = {}
        self.waiting: Property[frozenset[str]] = Property(frozenset())
        self.is_in_menu: Property[bool | None] = Property(False if registration.can_register() else None)
        self.problem: Signal[Exception] = Signal()
        if self.is_in_menu.value is not None:
            self._look_in_menu()

    # General

    @property
    def theme(self) -> Mode:
        return self._context.theme.mode.value

    @theme.setter
    def theme(self, mode: Mode) -> None:
        self._context.theme.mode.value = mode

    @property
    def scale_percent(self) -> int:
        return self._preferences.get(SCALE, 100)

    @property
    def languages(self) -> Mapping[str, str]:
        """By code; the empty code is the system's language."""
        return {"": self._context.text("As the system"), **LANGUAGES}

    @property
    def language(self) -> str:
        return self._preferences.get(LANGUAGE, "")

    @property
    def closes_to_tray(self) -> bool:
        return self._preferences.get(TRAY, True)

    def put_in_menu(self, is_wanted: bool) -> None:
        """Tell the desktop of this program, or let it forget."""

        def change() -> None:
            registration.register(has_window=True) if is_wanted else registration.unregister()

        def failed(error: Exception) -> None:
            self._look_in_menu()
            self.problem.emit(error)

        self._context.background.run(change, done=lambda _: self._look_in_menu(), failed=failed)

    def _look_in_menu(self) -> None:
        def show(is_there: bool) -> None:
            self.is_in_menu.value = is_there

        self._context.background.run(registration.is_registered, done=show)

    @property
    def page(self) -> str:
        """The page that was looked at last."""
        return self._preferences.get(PAGE, "")

    # Engine

    @property
    def device(self) -> str:
        return self._preferences.get(DEVICE, "")

    @property
    def precision(self) -> str:
        return self._preferences.get(PRECISION, "")

    @property
    def memory_gb(self) -> int:
        """0: all that is free."""
        return self._preferences.get(MEMORY, 0)

    # DAW

    @property
    def port(self) -> int:
        """The one that is tried first."""
        return self._preferences.get(PORT, self._context.settings.port)

    @property
    def port_in_use(self) -> int:
        """0: the core is not up."""
        app = self._context.app
        return app.server.port if app else 0

    @property
    def folders(self) -> tuple[Path, ...]:
        """Outside the jobs folder, what DAWs may name sources in."""
        named = self._preferences.get(FOLDERS, [])
        return tuple(Path(one) for one in named if isinstance(one, str))

    def add_folder(self, folder: Path) -> None:
        if folder not in self.folders:
            self.set(FOLDERS, [*map(str, self.folders), str(folder)])

    def remove_folder(self, folder: Path) -> None:
        self.set(FOLDERS, [str(one) for one in self.folders if one != folder])

    @property
    def home_variable(self) -> str:
        """What moves the state folder."""
        return HOME_VARIABLE

    # All

    def set(self, name: str, value: bool | int | str | list[str]) -> None:
        """Remember, and say so where it takes effect later."""
        before = self._before.setdefault(name, self._current(name))
        self._preferences.set(name, value)
        if name in NEXT_START:
            others = self.waiting.value - {name}
            self.waiting.value = others if value == before else others | {name}

    def _current(self, name: str) -> object:
        """What counts now, set or not."""
        known = {
            SCALE: self.scale_percent,
            LANGUAGE: self.language,
            DEVICE: self.device,
            PRECISION: self.precision,
            MEMORY: self.memory_gb,
            PORT: self.port,
            FOLDERS: [str(one) for one in self.folders],
        }
        return known.get(name)
