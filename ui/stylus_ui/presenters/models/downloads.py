"""Downloads: one model from a hub, after the user has seen its size and licence and agreed. No Qt.

A download has a thread of its own, since it may take an hour; what has arrived stays when it is stopped, when
the line breaks, and when the program ends.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from stylus_daw.errors import JobCancelled, RequestError, StylusError
from stylus_ui.presenters.models.model_library import register
from stylus_ui.state.observable import Property, Signal

if TYPE_CHECKING:
    from stylus_daw.engine.shelf.download import DownloadPlan
    from stylus_ui.context import UiContext

logger = logging.getLogger(__name__)

SUGGESTED = "stable-diffusion-v1-5/stable-diffusion-v1-5"
"""What the project was made for, where there are a graphics card and a good line."""
SPEED_WINDOW_S = 5.0


class Step(StrEnum):
    """Where a download stands."""

    NONE = "none"
    ASKING = "asking"
    CONSENT = "consent"
    LOADING = "loading"
    CHECKING = "checking"
    STOPPED = "stopped"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """What is known of it.

    Attributes:
        step: where it stands.
        hub_id: ``owner/name``.
        bytes: all of it. here: what has arrived.
        licence: in the hub's words, or empty.
        folder: where it goes.
        seconds_left: None: not known yet.
        problem: why it failed.
        name: under which it was added.
    """

    step: Step = Step.NONE
    hub_id: str = ""
    bytes: int = 0
    here: int = 0
    licence: str = ""
    folder: Path = Path()
    seconds_left: float | None = None
    problem: str = ""
    name: str = ""

    @property
    def fraction(self) -> float:
        return self.here / self.bytes if self.bytes else 0.0

    @property
    def is_busy(self) -> bool:
        return self.step in (Step.ASKING, Step.LOADING, Step.CHECKING)


class Downloads:
    """Asks a hub, waits for consent, fetches, adds.

    Attributes:
        now: the download.
        unfinished: hub ids of which a part is here from earlier.
        arrived: emits the name of a model that was added.

    Args:
        context: of the window.
        endpoint: another hub than the usual one.
    """

    def __init__(self, context: UiContext, *, endpoint: str | None = None) -> None:
        self._context, self.endpoint = context, endpoint
        self._plan: DownloadPlan | None = None
        self._stopping = threading.Event()
        self.now: Property[Download] = Property(Download())
        self.unfinished: Property[tuple[str, ...]] = Property(())
        self.arrived: Signal[str] = Signal()

    def ask(self, written: str) -> None:
        """What that model consists of: its size and licence. Fetches its index only."""
        from stylus_daw.engine.shelf.hub import is_hub_id

        hub_id = written.strip().removeprefix("https://huggingface.co/").strip("/")
        if self.now.value.is_busy:
            return
        if not is_hub_id(hub_id):
            said = self._context.text("{id} is not a hub id. Hub ids look like owner/name.", id=written.strip() or "–")
            self.now.value = Download(step=Step.FAILED, problem=said)
            return
        self.now.value = Download(step=Step.ASKING, hub_id=hub_id)
        self._on_thread(lambda: self._asked(hub_id))

    def agree(self) -> None:
        """The user agreed: fetch what is missing. Also continues one that was stopped or failed."""
        now = self.now.value
        if self._plan is None and now.hub_id:
            self.ask(now.hub_id)
        elif self._plan is not None and not now.is_busy:
            plan = self._plan
            self._stopping.clear()
            self.now.value = replace(now, step=Step.LOADING, problem="", seconds_left=None)
            self._on_thread(lambda: self._load(plan))

    def stop(self) -> None:
        """What has arrived stays."""
        self._stopping.set()

    def dismiss(self) -> None:
        """Not this one, or not now."""
        self.stop()
        self._plan = None
        self.now.value = Download()
        self.look_for_unfinished()

    def throw_away(self, hub_id: str) -> None:
        """Delete what has arrived of one that was never finished."""
        folder = self._folder(hub_id)
        self._context.background.run(
            lambda: shutil.rmtree(folder, ignore_errors=True), done=lambda _: self.look_for_unfinished()
        )

    def look_for_unfinished(self) -> None:
        """Find folders of downloads that belong to no model."""
        home = self._context.settings.home
        self._context.background.run(lambda: unfinished_in(home), done=self._show_unfinished)

    def _show_unfinished(self, found: tuple[str, ...]) -> None:
        self.unfinished.value = tuple(one for one in found if one != self.now.value.hub_id)

    def _folder(self, hub_id: str) -> Path:
        from stylus_daw.engine.shelf.library import ModelLibrary

        return ModelLibrary(self._context.settings.home).downloads / hub_id.replace("/", "--")

    # On the thread

    def _on_thread(self, work: Callable[[], Download]) -> None:
        threading.Thread(target=lambda: self._guarded(work), name="download", daemon=True).start()

    def _guarded(self, work: Callable[[], Download]) -> None:
        before = self.now.value
        try:
            found = work()
        except JobCancelled:
            found = replace(self.now.value, step=Step.STOPPED, seconds_left=None)
        except StylusError as error:
            found = replace(before, step=Step.FAILED, here=self.now.value.here, problem=error.message)
        except Exception as error:
            logger.exception("The download failed")
            found = replace(before, step=Step.FAILED, problem=f"{type(error).__name__}: {error}")
        self._context.dispatcher.post(lambda: self._show(before.hub_id, found))

    def _asked(self, hub_id: str) -> Download:
        from stylus_daw.engine.machine.heavy import require_torch

        require_torch(f"{hub_id} is a Stable Diffusion, which")
        from stylus_daw.engine.shelf.download import plan_download
        from stylus_daw.engine.shelf.library import ModelLibrary

        if (there := ModelLibrary(self._context.settings.home).downloaded(hub_id)) is not None:
            said = self._context.text("{id} is already here; its name is {name}.", id=hub_id, name=there.name)
            raise RequestError("model.here", said)
        plan = plan_download(hub_id, self._folder(hub_id), endpoint=self.endpoint)
        self._plan = plan
        return Download(
            step=Step.CONSENT,
            hub_id=hub_id,
            bytes=plan.bytes,
            here=plan.bytes - plan.missing_bytes,
            licence=plan.licence,
            folder=plan.folder,
        )

    def _load(self, plan: DownloadPlan) -> Download:
        from stylus_daw.engine.shelf.download import fetch

        speed = Speed()

        def listen(here: int, total: int) -> None:
            if self._stopping.is_set():
                raise JobCancelled("The download was stopped.")
            left = speed.seconds_left(here, total)
            self._context.dispatcher.post(lambda: self._progress(plan.hub_id, here, left), key=self)

        fetch(plan, listen)
        self._context.dispatcher.post(lambda: self._checking(plan.hub_id))
        home, wish = self._context.settings.home, plan.hub_id.partition("/")[2]
        model = register(home, wish, plan.folder, origin=plan.hub_id)
        return Download(
            step=Step.DONE,
            hub_id=plan.hub_id,
            bytes=plan.bytes,
            here=plan.bytes,
            licence=plan.licence,
            folder=plan.folder,
            name=model.name,
        )

    # On the window's thread

    def _progress(self, hub_id: str, here: int, left: float | None) -> None:
        now = self.now.value
        if now.hub_id == hub_id and now.step is Step.LOADING:
            self.now.value = replace(now, here=here, seconds_left=left)

    def _checking(self, hub_id: str) -> None:
        if self.now.value.hub_id == hub_id:
            self.now.value = replace(self.now.value, step=Step.CHECKING, here=self.now.value.bytes, seconds_left=None)

    def _show(self, hub_id: str, found: Download) -> None:
        """Unless it was dismissed meanwhile; a model that came is a model all the same."""
        if self.now.value.hub_id == hub_id:
            self.now.value = found
        if found.step is Step.DONE:
            self._plan = None
            self.arrived.emit(found.name)
        self.look_for_unfinished()


class Speed:
    """How long it will still take, from what came in the last seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: list[tuple[float, int]] = []

    def seconds_left(self, here: int, total: int) -> float | None:
        """None while too little has come to say.

        >>> ticks = iter([0.0, 1.0, 2.0])
        >>> speed = Speed(lambda: next(ticks))
        >>> [speed.seconds_left(here, 100) for here in (0, 10, 20)]
        [None, None, 8.0]
        """
        now = self._clock()
        self._marks = [mark for mark in self._marks if now - mark[0] <= SPEED_WINDOW_S] + [(now, here)]
        first_at, first_here = self._marks[0]
        if now - first_at < 1.5 or here <= first_here:
            return None
        return (total - here) * (now - first_at) / (here - first_here)


def unfinished_in(home: Path) -> tuple[str, ...]:
    """Hub ids whose folder holds a part of a model that was never added."""
    from stylus_daw.engine.shelf.library import ModelLibrary

    library = ModelLibrary(home)
    added = {Path(model.path) for model in library.all()}
    folders = sorted(library.downloads.iterdir()) if library.downloads.is_dir() else []
    parts = [one for one in folders if "--" in one.name and one.resolve() not in added and _has_parts(one)]
    return tuple(one.name.replace("--", "/", 1) for one in parts)


def _has_parts(folder: Path) -> bool:
    """More than the index, which is fetched before anybody agrees."""
    return any(path.suffix in (".part", ".safetensors") for path in folder.rglob("*"))
