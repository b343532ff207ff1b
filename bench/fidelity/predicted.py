"""The image that stylus-mini predicts, before it becomes sound. Loads torch."""

from __future__ import annotations

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.machine.device import choose_device
from stylus_daw.engine.progress import ignore
from stylus_daw.engine.request import StyleSettings
from stylus_daw.engine.shelf.registry import open_checkpoint


class Predictor:
    """The shipped weights at their default settings."""

    def __init__(self, device: str = "cpu") -> None:
        self._checkpoint = open_checkpoint("stylus-mini", choose_device(device))

    def __call__(self, content: Clip, style: Clip) -> tuple[Image, Image]:
        """The content's image and the result's, dB re full scale at the content's level. Shape: ``[bands, frames]``."""
        checkpoint, curve = self._checkpoint, self._checkpoint.curve
        heard, other = (mel_image(clip, checkpoint.geometry) for clip in (content, style))
        level = curve.level(heard)
        values = curve.to_values(heard, level)
        knobs = checkpoint.knobs(StyleSettings())
        result = checkpoint.restyle(values, [(1.0, curve.to_values(other, curve.level(other)))], knobs, ignore)
        return curve.to_decibels(values, level), curve.to_decibels(result, level)
