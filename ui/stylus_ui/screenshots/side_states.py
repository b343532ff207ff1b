"""States of the controls and the chain that are looked at (see `stylus_ui.screenshots`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

from stylus_daw.chain.spec import ChainSpec
from stylus_ui.panels.sound.chain import ChainPanel
from stylus_ui.panels.sound.controls import ControlsPanel
from stylus_ui.presenters.sound.plugin_shelf import ScanShown

if TYPE_CHECKING:
    from stylus_ui.screenshots.states import Studio

HEIGHT = 1160
EFFECTS = (
    {"kind": "low_shelf", "bypass": True},
    {"kind": "compressor"},
    {"kind": "plugin", "plugin": {"path": "/plugins/Plate.vst3", "name": "Plate"}},
    {"kind": "reverb"},
)
Panel = TypeVar("Panel", bound=QWidget)


def turned(studio: Studio) -> QWidget:
    """Every knob out of its default, the lesser ones unfolded."""
    controls = _panel(studio, ControlsPanel)
    workspace = studio.context.workspace
    workspace.edit_settings(
        strength=1.3, structure=0.25, transients=0.4, dry_wet=0.8, low_keep_hz=120.0, tempo_sync=True, tempo_bpm=93.5
    )
    workspace.edit(takes=4, seed_locked=False)
    controls.presenter.is_unfolded.value = True
    return controls


def chained(studio: Studio) -> QWidget:
    """Effects: one unfolded, one bypassed, and a plugin that is not on this machine."""
    chain = _panel(studio, ChainPanel)
    chain.setMinimumHeight(HEIGHT // 2)
    studio.context.workspace.edit_chain(ChainSpec.model_validate({"effects": EFFECTS}))
    studio.settle()
    chain.rows[chain.presenter.rows.value[1].key].unfold(True)
    return chain


def scanning(studio: Studio) -> QWidget:
    """Nothing in the chain, and plugins are looked for."""
    chain = _panel(studio, ChainPanel)
    chain.presenter.shelf.scan.value = ScanShown(is_running=True, done=11, total=48, name="Plate")
    return chain


STATES: Mapping[str, Callable[[Studio], QWidget]] = {"controls": turned, "chain": chained, "scanning": scanning}
"""By the name of the picture."""


def _panel(studio: Studio, kind: type[Panel]) -> Panel:
    studio.window.resize(studio.window.width(), HEIGHT)
    found = studio.window.findChild(kind)
    assert found is not None
    return found
