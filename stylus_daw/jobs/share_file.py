"""What a share of a region sounds like, as a file: columns of float32 in numpy's format, one after the other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Protocol, runtime_checkable

import numpy as np

from stylus_daw.audio.columns import column_blocks
from stylus_daw.audio.files import write_made_stem
from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spectrogram import Image
from stylus_daw.audio.spool import Scratch, Spool
from stylus_daw.engine.notes.note import HEARD_ROWS
from stylus_daw.engine.progress import ReportProgress
from stylus_daw.engine.share import Share
from stylus_daw.errors import EngineError
from stylus_daw.jobs.job import RenderRequest, Stem

BLOCK = 4096  # columns that are written at once: 6 MB


@runtime_checkable
class Hearer(Protocol):
    """The engine, as far as a share needs it."""

    def hear(
        self, content: Sound, checkpoint: str, share: Share, device: str, progress: ReportProgress
    ) -> Iterator[Image]:
        """Blocks of what a share sounds like. Shape: each ``[HEARD_ROWS, any]``."""
        ...


def write_share(
    request: RenderRequest, engine: object, content: Sound, scratch: Scratch, progress: ReportProgress
) -> Stem:
    """Hear ``request.share`` of the content and write it to ``request.stem``; its length counts columns.

    Raises:
        AudioFileError: the disk refuses.
        EngineError: ``engine.share``: the engine or the checkpoint cannot share a render.
        JobCancelled: ``progress`` raised it.
    """
    assert request.share is not None
    if not isinstance(engine, Hearer):
        raise EngineError("engine.share", "This engine hears no shares. Render the region on one machine.")
    heard = scratch.spool(HEARD_ROWS)
    for block in engine.hear(content, request.settings.checkpoint, request.share, request.device, progress):
        heard.append(block)
    head = io.BytesIO()
    described = {"descr": "<f4", "fortran_order": False, "shape": (heard.columns, heard.rows)}
    np.lib.format.write_array_header_1_0(head, described)
    size = len(head.getvalue()) + heard.nbytes
    write_made_stem(request.stem, _file(head.getvalue(), heard), size, protect=(request.source,))
    progress(1.0, "done")
    return Stem(path=request.stem, start=0, length=heard.columns, rate=content.rate, channels=heard.rows)


def _file(head: bytes, heard: Spool) -> Iterator[bytes]:
    yield head
    for block in column_blocks(heard, BLOCK):
        yield np.ascontiguousarray(block.T, dtype="<f4").tobytes()
