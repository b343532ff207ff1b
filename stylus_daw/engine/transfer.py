"""The method from top to bottom: a region and one or several styles in, the restyled region out.

In the order of the paper (arXiv 2411.15913, section 3): mel images, the checkpoint's restyling of the
content's image (inversion and sampling, or one pass), phase-preserving reconstruction. The result
has the content's channels, rate, number of samples and loudness.
"""

from __future__ import annotations

import logging

import numpy as np

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.loudness import integrated_lufs, match_loudness
from stylus_daw.audio.reconstruction import apply_gain, mel_image
from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.checkpoints.base import Checkpoint
from stylus_daw.engine.controls import Controls, controlled
from stylus_daw.engine.progress import ProgressListener, ignore, within
from stylus_daw.engine.request import StyleRequest, WeightedStyle
from stylus_daw.engine.style_loop import Clock, in_time
from stylus_daw.errors import EngineError, RequestError

log = logging.getLogger(__name__)

SILENCE_DB = -100.0
MODEL_SHARE = (0.1, 0.85)


def stylize(request: StyleRequest, checkpoint: Checkpoint, progress: ProgressListener = ignore) -> Clip:
    """The content in the sound of the styles.

    Same channels, rate and number of samples as ``request.content``, first sample aligned. Strength 0,
    dry/wet 0 and silent contents come back bit for bit.

    Raises:
        RequestError: a style is silent, or has no beat where it shall follow the session's tempo.
        EngineError: the model gave NaN or ran out of memory.
        JobCancelled: ``progress`` raised it.
    """
    content, knobs = request.content, checkpoint.knobs(request.settings)
    controls = Controls.of(request.settings, before_s=request.before / content.rate)
    if knobs.strength == 0.0 or controls.is_dry or _is_silent(content):
        return content
    progress(0.0, "listening to the region")
    curve = checkpoint.curve
    content_db = mel_image(content, checkpoint.geometry)
    level = curve.level(content_db)
    styles = list(zip(request.weights, _style_values(request, checkpoint), strict=True))
    progress(MODEL_SHARE[0], "restyling")
    values = curve.to_values(content_db, level)
    result = checkpoint.restyle(values, styles, knobs, within(progress, *MODEL_SHARE))
    if not np.isfinite(result).all():
        raise EngineError(
            "engine.nan", f"{checkpoint.name} gave values that are no numbers; lower the strength or change the device."
        )
    progress(MODEL_SHARE[1], "rebuilding the sound")
    gain_db = curve.to_decibels(result, level) - curve.to_decibels(values, level)
    gain_db = controlled(gain_db, content_db, controls, checkpoint.geometry)
    shaped = apply_gain(content, gain_db, checkpoint.geometry)
    return shaped if controls.keeps_level else _as_loud_as(content, shaped)


def _is_silent(clip: Clip) -> bool:
    return float(np.abs(clip.samples).max()) < 10.0 ** (SILENCE_DB / 20.0)


def _style_values(request: StyleRequest, checkpoint: Checkpoint) -> list[Image]:
    """The styles' images, in time with the session where that is asked for."""
    images = tuple(_style_image(style, checkpoint) for style in request.styles)
    if clock := Clock.of(request.settings):
        tempos = tuple(style.tempo_bpm for style in request.styles)
        images = in_time(images, tempos, clock, checkpoint.geometry.hop_ms)
    return [checkpoint.curve.to_values(image, checkpoint.curve.level(image)) for image in images]


def _style_image(style: WeightedStyle, checkpoint: Checkpoint) -> Image:
    if _is_silent(style.clip):
        raise RequestError(
            "style.silent", "A style reference is silent (peak below -100 dBFS). Choose one that sounds."
        )
    return mel_image(style.clip, checkpoint.geometry)


def _as_loud_as(content: Clip, result: Clip) -> Clip:
    return match_loudness(result, integrated_lufs(content))
