"""States of settings and first run that are looked at (see `stylus_ui.screenshots`)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from stylus_daw.chain.plugins.cache import ScanOutcome
from stylus_daw.farm.worker_said import WorkerSaid
from stylus_daw.housekeeping.policy import Kind
from stylus_ui.dialogs.farm_page import FarmPage
from stylus_ui.dialogs.first_run.dialog import FirstRunDialog
from stylus_ui.dialogs.plugins_page import PluginsPage
from stylus_ui.dialogs.settings import PAGES, SettingsDialog
from stylus_ui.dialogs.storage_page import StoragePage
from stylus_ui.presenters.models.downloads import Download, Step
from stylus_ui.presenters.models.engine_look import EngineSeen, MemoryNeed
from stylus_ui.presenters.models.model_library import KnownModel, known_models
from stylus_ui.presenters.models.models import models_of
from stylus_ui.presenters.setup.demo import DemoLook, DemoStep
from stylus_ui.presenters.setup.farm import Chosen, FarmSeen
from stylus_ui.presenters.setup.first_daws import DawRow
from stylus_ui.presenters.setup.first_run import STEPS
from stylus_ui.presenters.setup.plugins import PluginRow

if TYPE_CHECKING:
    from stylus_ui.screenshots.states import Studio

SD = KnownModel(
    name="stable-diffusion-v1-5",
    title="Stable Diffusion 1.x",
    bytes=2_132_000_000,
    path="/sd",
    is_download=True,
    licence="CreativeML OpenRAIL-M: commercial use allowed, with the use restrictions of its attachment A",
    sha256="6ce0161689b3853acaa03779ec93eafe75a02f4ced659bee03f50797806fa2fa",
)
SEEN = EngineSeen(
    reason="CPU, 8 threads, float32",
    memory={
        "stylus-mini": MemoryNeed(needed=430_000_000, fits=True),
        SD.name: MemoryNeed(needed=9_800_000_000, fits=False),
    },
)
ASKED = Download(
    step=Step.CONSENT,
    hub_id="stable-diffusion-v1-5/stable-diffusion-v1-5",
    bytes=2_132_000_000,
    licence="creativeml-openrail-m",
    folder=Path("/home/you/.local/share/stylus-daw/models/downloads/sd-v1-5"),
)
PLUGINS = (
    PluginRow(
        path=Path("/usr/lib/vst3/Old Tape.vst3"),
        name="Old Tape",
        outcome=ScanOutcome.CRASHED,
        reason="Old Tape took its process down when it was loaded (signal 11).",
    ),
    PluginRow(path=Path("/p/Bloom.vst3"), name="Bloom", maker="Airfield", version="2.1.0", format="VST3"),
    PluginRow(path=Path("/p/Room.vst3"), name="Convolution Room", maker="Airfield", version="1.4", format="VST3"),
    PluginRow(path=Path("/p/K.vst3"), name="Keys", maker="Ostinato", version="5.0.2", format="VST3", is_effect=False),
    PluginRow(path=Path("/p/Q.vst3"), name="Parametric Q", maker="Ostinato", version="3.3", format="VST3"),
)
FARM = Chosen(address="rack.local", certificates=Path("/home/you/farm"))
WORKERS = (
    WorkerSaid(
        address="tls://192.168.1.20:40001",
        name="rack-0",
        device="cuda:0",
        complaint="",
        now={"fraction": 0.62, "stage": "hearing the notes"},
    ),
    WorkerSaid(address="tls://192.168.1.20:40002", name="rack-1", device="cuda:1", complaint="", now={}),
    WorkerSaid(
        address="tls://192.168.1.31:40001",
        name="loft",
        device="cpu",
        complaint="loft has stylus-daw 0.0.9, this machine 0.1.0. Install the same version on both.",
        now={},
    ),
)
DAWS = (
    DawRow(name="reaper", title="REAPER", is_here=True),
    DawRow(
        name="ardour",
        title="Ardour",
        is_here=True,
        is_installed=True,
        steps=("In Ardour, open Edit > Lua Scripts > Script Manager.", "Give the action a shortcut."),
    ),
    DawRow(name="live", title="Ableton Live"),
    DawRow(name="bitwig", title="Bitwig Studio"),
)


def storage(studio: Studio) -> QWidget:
    """Some of everything, and stems that somebody wants to clear."""
    for number, name in enumerate(("Bass Line - Warm Strings", "Keys - Glass Vibes", "Drums - Vinyl"), start=1):
        _old(studio.home / "stems" / f"{name} 00000{number}.wav", number * 9_400_000)
    _old(studio.home / "cache" / "styles" / "one.safetensors", 48_000_000)
    dialog = page(studio, "storage")
    studio.settle()
    made = dialog.findChild(StoragePage)
    assert made is not None
    made.storage.ask(Kind.STEMS)
    return dialog


def _old(path: Path, size: int) -> None:
    """A file of a year ago that takes no room."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.truncate(size)
    last_year = time.time() - 31_536_000
    os.utime(path, times=(last_year, last_year))


def page(studio: Studio, name: str) -> QWidget:
    """A page of the settings on a machine that has been used."""
    _still(studio)
    dialog = SettingsDialog(studio.context, page=name)
    return _shown(studio, dialog)


def models(studio: Studio) -> QWidget:
    """Two models, and one that is asked for."""
    dialog = page(studio, "models")
    studio.settle()
    shelf = models_of(studio.context)
    shelf.known.value = (*known_models(studio.home), SD)
    shelf.downloads.now.value = ASKED
    return dialog


def plugins(studio: Studio) -> QWidget:
    """A few, one of which crashed and is looked at."""
    dialog = page(studio, "plugins")
    studio.settle()
    made = dialog.findChild(PluginsPage)
    assert made is not None
    made.plugins.rows.value = PLUGINS
    made.table.selectRow(0)
    return dialog


def farm(studio: Studio) -> QWidget:
    """Three workers: one renders, one waits, one does not fit."""
    dialog = page(studio, "farm")
    studio.settle()
    made = dialog.findChild(FarmPage)
    assert made is not None
    made.farm.look = lambda: None
    made.farm.chosen.value = FARM
    made.farm.seen.value = FarmSeen(workers=WORKERS)
    return dialog


def first(studio: Studio, name: str) -> QWidget:
    """A step of the first run."""
    _still(studio)
    dialog = FirstRunDialog(studio.context)
    studio.settle()
    dialog.presenter.daws.daws.value = DAWS
    dialog.presenter.go_to(name)
    return _shown(studio, dialog)


def demo(studio: Studio) -> QWidget:
    """The demo is rendered."""
    dialog = first(studio, "demo")
    assert isinstance(dialog, FirstRunDialog)
    dialog.presenter.demo.look.value = DemoLook(step=DemoStep.DONE, fraction=1.0)
    return dialog


def _still(studio: Studio) -> None:
    """Pictures do not wait for the engine."""
    look = models_of(studio.context).look
    look.look = lambda: None
    look.seen.value = SEEN


def _shown(studio: Studio, dialog: QDialog) -> QWidget:
    dialog.setParent(studio.window, dialog.windowFlags())
    dialog.show()
    return dialog


STATES: Mapping[str, Callable[[Studio], QWidget]] = {
    **{f"settings-{name}": partial(page, name=name) for name in PAGES},
    **{f"first-{step.name}": partial(first, name=step.name) for step in STEPS},
    "settings-storage-asked": storage,
    "settings-models-full": models,
    "settings-farm-full": farm,
    "settings-plugins-full": plugins,
    "first-demo-done": demo,
}
