"""Hears the notes and hits of a sound, in pieces, in flat memory."""

from __future__ import annotations

from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.device import Device
from stylus_daw.engine.notes.note import Transcription
from stylus_daw.engine.progress import ProgressListener, ignore


def transcribe(
    sound: Sound,
    *,
    device: Device | None = None,
    scratch: Scratch | None = None,
    progress: ProgressListener = ignore,
) -> Transcription:
    """Notes, hits and posteriors of a sound.

    Args:
        sound: any rate, length and channel count; read in pieces.
        device: where the net runs; None: the processor.
        scratch: where long posteriors lie; None: the system's folder for temporary files.
        progress: told 0..1 and "hearing the notes"; what it raises ends the work.

    Raises:
        CheckpointError: the transcriber's weights are missing or broken.
    """
    raise NotImplementedError
