"""The places of the window and who fills them. A panel that is missing or fails leaves a quiet placeholder."""

from __future__ import annotations

import importlib
import logging
from dataclasses import dataclass
from importlib.util import find_spec

from PySide6.QtWidgets import QDialog, QWidget

from stylus_ui.context import UiContext
from stylus_ui.kit.parts import EmptyPlace
from stylus_ui.state.text import later

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of the window.

    Attributes:
        module, panel: whose constructor takes a UiContext.
        name: English; for screen readers and placeholders.
        icon: of the placeholder.
    """

    module: str
    panel: str
    name: str
    icon: str


PRESETS = Place(
    module="stylus_ui.panels.library.presets", panel="PresetPanel", name=later("Presets"), icon="list-music"
)
LANES = Place(
    module="stylus_ui.panels.lanes.lanes",
    panel="LanesPanel",
    name=later("Content and result"),
    icon="audio-waveform",
)
TRANSPORT = Place(
    module="stylus_ui.panels.listening.transport", panel="TransportPanel", name=later("Transport"), icon="play"
)
STYLES = Place(module="stylus_ui.panels.sound.styles", panel="StylesPanel", name=later("Styles"), icon="palette")
CONTROLS = Place(
    module="stylus_ui.panels.sound.controls", panel="ControlsPanel", name=later("Controls"), icon="sliders-horizontal"
)
CHAIN = Place(module="stylus_ui.panels.sound.chain", panel="ChainPanel", name=later("Chain"), icon="layers")
HISTORY = Place(
    module="stylus_ui.panels.history.history", panel="HistoryPanel", name=later("Queue and history"), icon="list"
)
STATUS = Place(module="stylus_ui.panels.daws.status", panel="StatusPanel", name=later("DAW status"), icon="plug")
SETTINGS = Place(module="stylus_ui.dialogs.settings", panel="SettingsDialog", name=later("Settings"), icon="settings")
FIRST_RUN = Place(
    module="stylus_ui.dialogs.first_run.dialog", panel="FirstRunDialog", name=later("Welcome"), icon="sparkles"
)


def filled(place: Place, context: UiContext) -> QWidget:
    """The panel of a place; a placeholder if it is missing or fails, so that the rest can be used."""
    made = _made(place, context)
    if made is None:
        made = EmptyPlace(context, icon=place.icon, title=context.text(place.name))
    made.setAccessibleName(context.text(place.name))
    made.setObjectName(place.panel)
    return made


def opened(place: Place, context: UiContext) -> QDialog | None:
    """A dialog, made anew; None if it is missing or fails."""
    made = _made(place, context)
    return made if isinstance(made, QDialog) else None


def exists(place: Place) -> bool:
    """Whether the place has a module."""
    return find_spec(place.module) is not None


def _made(place: Place, context: UiContext) -> QWidget | None:
    try:
        module = importlib.import_module(place.module)
    except ModuleNotFoundError as error:
        if error.name != place.module:
            logger.exception("%s cannot be imported", place.module)
        return None
    try:
        return getattr(module, place.panel)(context)
    except Exception:
        logger.exception("%s failed", place.panel)
        return None
