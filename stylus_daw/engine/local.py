"""LocalEngine: the engine for the rest of the app. Keeps the last checkpoint loaded."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spectrogram import Image
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.checkpoint import Checkpoint, Hearing
from stylus_daw.engine.machine.faults import is_out_of_memory, let_go, out_of_memory
from stylus_daw.engine.progress import ReportProgress, ignore
from stylus_daw.engine.request import Sampler, StyleRequest, StyleSettings
from stylus_daw.engine.result_cache import KeptResults
from stylus_daw.engine.share import Share
from stylus_daw.engine.shelf.registry import open_checkpoint
from stylus_daw.engine.shelf.unheard import is_quality_heard
from stylus_daw.engine.transfer import stylized
from stylus_daw.errors import EngineError

log = logging.getLogger(__name__)


class LocalEngine:
    """Renders in this process, on a device of this machine; keeps the model's results for the last regions.

    Args:
        scratch: where long sounds and images are stored meanwhile.
        kept: results of earlier renders; by default a new store.
    """

    def __init__(self, scratch: Scratch | None = None, kept: KeptResults | None = None) -> None:
        self._scratch = scratch or Scratch()
        self._loaded: tuple[tuple[str, str], Checkpoint] | None = None
        self._results = kept or KeptResults()
        self._told: dict[str, str] = {}

    def checkpoint(self, name: str, device: str = "auto") -> Checkpoint:
        """The checkpoint of that name, loaded once."""
        key = (name, device)
        if self._loaded is None or self._loaded[0] != key:
            self._loaded = None
            self._results.clear()  # the same weights may mean something else: prediction, precision, device, LoRA
            self._loaded = (key, open_checkpoint(name, device))
            log.info("loaded %s: %s", name, self._loaded[1].place.reason)
        return self._loaded[1]

    def stylize(self, request: StyleRequest, device: str = "auto", progress: ReportProgress = ignore) -> Sound:
        """See :func:`stylus_daw.engine.transfer.stylized`."""
        checkpoint = self.checkpoint(request.settings.checkpoint, device)
        self._told = {}
        try:
            return stylized(
                request,
                checkpoint,
                scratch=self._scratch,
                kept=self._results,
                progress=progress,
                tell=self._told.update,
            )
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            place = checkpoint.place
            let_go(error, place)
        hears_quality = is_quality_heard(request.settings.checkpoint)
        raise out_of_memory(checkpoint.name, place, "the least that it can take", hears_quality=hears_quality)

    def hear(
        self, content: Sound, checkpoint: str, share: Share, device: str = "auto", progress: ReportProgress = ignore
    ) -> Iterator[Image]:
        """See :class:`stylus_daw.engine.checkpoint.Hearing`."""
        hearing = self.checkpoint(checkpoint, device)
        if not isinstance(hearing, Hearing):
            text = f"A render with {checkpoint} cannot be shared by several machines. Render it on one."
            raise EngineError("engine.share", text)
        return hearing.hear(content, share, progress)

    def model(self, name: str, device: str = "auto") -> tuple[str, str]:
        """Name and SHA-256 of a checkpoint, for provenance."""
        checkpoint = self.checkpoint(name, device)
        return checkpoint.name, checkpoint.sha256

    def circumstances(self, settings: StyleSettings, device: str = "auto") -> dict[str, str]:
        """What else decided the sound just made: device, precision, switches, LoRA, notes of the style."""
        checkpoint = self.checkpoint(settings.checkpoint, device)
        told = {**checkpoint.place.circumstances, **self._told}
        lora = getattr(checkpoint, "lora_sha256", "") if settings.sampler is Sampler.LCM else ""
        return {**told, "lora_sha256": lora} if lora else told
