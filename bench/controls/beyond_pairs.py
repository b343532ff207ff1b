"""What pairs cannot measure: attacks out of silence, and the tempo of the factory styles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.controls.page import TempoRow
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import read
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.sound import to_clip
from stylus_daw.engine.checkpoint import Checkpoint
from stylus_daw.engine.controls.style_loop import Clock, folded, looped
from stylus_daw.engine.controls.tempo import heard_beat
from stylus_daw.engine.local import LocalEngine
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from training.factory_styles import ALL_SCORES, STYLES

SESSION_BPM = 120.0
ATTACK_S, ATTACKS, BEFORE_S = 0.5, 10, 0.020


def pre_echo_db(engine: LocalEngine, style: Clip, transients: float, device: str) -> float:
    """Loudest 20 ms before an attack out of silence, re the 20 ms after it."""
    content = _attacks(style.rate)
    request = StyleRequest(
        content=content, styles=(WeightedStyle(clip=style),), settings=StyleSettings(transients=transients)
    )
    power = np.square(to_clip(engine.stylize(request, device)).mid(), dtype=np.float64)
    width, starts = round(BEFORE_S * style.rate), _starts(style.rate)
    return max(
        10 * float(np.log10(max(power[at - width : at].sum(), 1e-20) / power[at : at + width].sum())) for at in starts
    )


def _attacks(rate: int) -> Clip:
    """Bursts of noise and tone that begin at once and die away."""
    rng = np.random.default_rng(0)
    since = np.arange(round(ATTACK_S * rate)) / rate
    out = np.zeros(round((ATTACKS + 1) * ATTACK_S * rate))
    for number, at in enumerate(_starts(rate)):
        tone = np.sin(2 * np.pi * 110 * 2 ** (number / 3) * since) + 0.5 * rng.standard_normal(since.size)
        out[at : at + since.size] += 0.2 * tone * np.exp(-since * 25)
    return Clip(samples=out.astype(np.float32)[None], rate=rate)


def _starts(rate: int) -> list[int]:
    return [round((number + 0.5) * ATTACK_S * rate) for number in range(ATTACKS)]


def tempo_rows(checkpoint: Checkpoint) -> Iterator[TempoRow]:
    """What is heard of the factory styles, whose tempo is written, and of their loops at another tempo."""
    hop_ms = checkpoint.geometry.hop_ms
    for score in ALL_SCORES:
        image = mel_image(read(STYLES / f"{score.style}.flac"), checkpoint.geometry)
        loop = np.tile(looped(image, score.bpm, Clock(bpm=SESSION_BPM), hop_ms), (1, 2))
        told, after = heard_beat(image, hop_ms), heard_beat(loop, hop_ms)
        yield TempoRow(
            style=score.style,
            bpm=score.bpm,
            heard_bpm=folded(told.bpm, score.bpm),
            is_clear=told.is_clear,
            looped_bpm=folded(after.bpm, SESSION_BPM),
        )
