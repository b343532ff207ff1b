"""The method from top to bottom: a region and one or several styles in, the restyled region out.

In the order of the paper (arXiv 2411.15913, section 3): mel images, the checkpoint's restyling of the
content's image (inversion and sampling, or one pass), phase-preserving reconstruction. The result
has the content's channels, rate, number of samples and loudness. Everything works in blocks, so that
the length of a region costs disk, not memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.columns import Columns, Mapped
from stylus_daw.audio.level.loudness import MAX_TARGET_LUFS, LoudnessMeter, measured
from stylus_daw.audio.overtones import AROUND, missing_levels
from stylus_daw.audio.reconstruction import (
    GainAt,
    MissingAt,
    Replacing,
    can_take_overtones,
    mel_blocks,
    mel_image,
    shaped_blocks,
)
from stylus_daw.audio.sound import Amplified, Sound, Watched, pieces, to_clip
from stylus_daw.audio.spectrogram import Image
from stylus_daw.audio.spool import Scratch, Spool, SpooledSound
from stylus_daw.engine.checkpoint import Checkpoint, Knobs
from stylus_daw.engine.controls.controls import AUDIBLE_LU, CONTEXT_FRAMES, Controls, GainPlan, planned
from stylus_daw.engine.controls.style_loop import Clock, in_time
from stylus_daw.engine.fingerprint import sha256_of_sound
from stylus_daw.engine.guide.base_image import BaseImage
from stylus_daw.engine.guide.region import HeardRegion, HeardStyle
from stylus_daw.engine.progress import ReportProgress, ignore, within
from stylus_daw.engine.request import StyleRequest, WeightedStyle
from stylus_daw.engine.result_cache import KeptResults, Replacement, Result, result_key
from stylus_daw.errors import EngineError, RequestError

SILENCE_DB = -100.0
# Where in the progress of a render each part ends: about its share of the time on two cores.
KNOWN, HEARD, GUIDED, RESTYLED = 0.03, 0.15, 0.4, 0.75
BYTES = 4


def stylize(request: StyleRequest, checkpoint: Checkpoint, progress: ReportProgress = ignore) -> Clip:
    """:func:`stylized` with the result in memory."""
    return to_clip(stylized(request, checkpoint, scratch=Scratch(), progress=progress))


def stylized(
    request: StyleRequest,
    checkpoint: Checkpoint,
    *,
    scratch: Scratch,
    kept: KeptResults | None = None,
    progress: ReportProgress = ignore,
    tell: Callable[[Mapping[str, str]], None] | None = None,
) -> Sound:
    """The content in the sound of the styles.

    Same channels, rate and number of samples as ``request.content``, first sample aligned. Strength 0,
    dry/wet 0 and silent contents come back bit for bit.

    Args:
        request: what to make.
        checkpoint: with which model.
        scratch: where long sounds and images lie meanwhile.
        kept: results of earlier renders; a result that is there is not computed again.
        progress: told at every step; may raise JobCancelled.
        tell: told what of the styles was used, for provenance.

    Raises:
        RequestError: a style is silent, or has no beat where it shall follow the session's tempo.
        AudioFileError: no space for ``scratch``.
        EngineError: the model gave NaN or ran out of memory.
        JobCancelled: ``progress`` raised it.
    """
    content, knobs = request.content, checkpoint.knobs(request.settings)
    controls = Controls.of(request.settings, before_s=request.before / content.rate)
    if 0.0 in (knobs.strength, knobs.gain) or controls.is_dry:
        return content
    progress(0.0, "listening to the region")
    if _is_silent(content):
        return content
    _require(content, checkpoint, scratch)
    result = _result(request, checkpoint, knobs, scratch, kept, progress)
    if tell:
        tell(result.told)
    return _rebuilt(content, result, knobs, controls, checkpoint, scratch, within(progress, RESTYLED, 1.0))


def _rebuilt(
    content: Sound,
    result: Result,
    knobs: Knobs,
    controls: Controls,
    checkpoint: Checkpoint,
    scratch: Scratch,
    rebuilding: ReportProgress,
) -> Sound:
    """The content under the gain and the controls, as loud as before; a second pass where these change that."""
    rebuilding(0.0, "rebuilding the sound")
    plan = _plan(result, knobs, controls, checkpoint, lambda: rebuilding(0.0, "rebuilding the sound"))
    first = within(rebuilding, 0.0, 0.5) if controls.keeps_level else rebuilding
    shaped, makeup_db = _shaped(content, result, knobs, plan, checkpoint, scratch, first)
    if plan and controls.keeps_level:
        if abs(makeup_db) <= AUDIBLE_LU:
            return shaped
        corrected, second = plan.corrected(makeup_db), within(rebuilding, 0.5, 1.0)
        return _shaped(content, result, knobs, corrected, checkpoint, scratch, second)[0]
    return Amplified(source=shaped, gain_db=makeup_db) if makeup_db else shaped


def _is_silent(sound: Sound) -> bool:
    threshold = 10.0 ** (SILENCE_DB / 20.0)
    return all(float(np.abs(samples).max()) < threshold for samples in pieces(sound))


def _require(content: Sound, checkpoint: Checkpoint, scratch: Scratch) -> None:
    image = BYTES * checkpoint.geometry.bands * checkpoint.geometry.at(content.rate).frames(content.length)
    scratch.require([image, image, BYTES * content.channels * content.length])


def _result(
    request: StyleRequest,
    checkpoint: Checkpoint,
    knobs: Knobs,
    scratch: Scratch,
    kept: KeptResults | None,
    progress: ReportProgress,
) -> Result:
    """Kept, or made and kept."""
    if kept is None:
        return _made(request, checkpoint, knobs, scratch, progress)
    knowing = _watching(request.content, within(progress, 0.0, KNOWN), "listening to the region")
    key = result_key(sha256_of_sound(knowing), request, knobs, checkpoint.sha256)
    result = kept.get(key)
    if result is None:
        result = _made(request, checkpoint, knobs, scratch, progress)
        kept.put(key, result)
    return result


def _made(
    request: StyleRequest, checkpoint: Checkpoint, knobs: Knobs, scratch: Scratch, progress: ReportProgress
) -> Result:
    curve = checkpoint.curve
    content_db, level, lufs = _heard(request.content, checkpoint, scratch, within(progress, KNOWN, HEARD))
    styles = list(zip(request.weights, _style_values(request, checkpoint), strict=True))
    progress(HEARD, "restyling")
    values = Mapped(image=content_db, function=lambda block: curve.to_values(block, level))
    region = HeardRegion(
        content=request.content,
        content_db=content_db,
        level=level,
        styles=_heard_styles(request, styles),
        heard=request.heard,
    )
    guide = checkpoint.guide(region, knobs, scratch, within(progress, HEARD, GUIDED))
    gain_db = scratch.spool(content_db.rows)
    rest = within(progress, GUIDED if guide else HEARD, RESTYLED)
    for made in checkpoint.restyle_blocks(values, styles, knobs, rest, guide and guide.values):
        _refuse_non_finite(made, checkpoint)
        block = guide.kept_sounding(made, gain_db.columns) if guide else made
        before = values[:, gain_db.columns : gain_db.columns + block.shape[1]]
        gain_db.append(curve.to_decibels(block, level) - curve.to_decibels(before, level))
    floor_db = float(curve.to_decibels(np.full((1, 1), -1.0, np.float32), level)[0, 0])
    return Result(
        content_db=content_db,
        gain_db=gain_db,
        content_lufs=lufs,
        floor_db=floor_db,
        told=dict(guide.told) if guide else {},
        replacement=_replacement(guide) if guide else None,
    )


def _replacement(guide: BaseImage) -> Replacement | None:
    """The styles' hits; None where they have none."""
    if guide.kit is None or guide.struck is None:
        return None
    return Replacement(sound=guide.kit, share=guide.struck, nbytes=guide.kit.nbytes)


def _heard_styles(request: StyleRequest, values: Sequence[tuple[float, Image]]) -> tuple[HeardStyle, ...]:
    clips = (style.clip for style in request.styles)
    return tuple(HeardStyle(weight=w, clip=clip, values=v) for (w, v), clip in zip(values, clips, strict=True))


def _heard(
    content: Sound, checkpoint: Checkpoint, scratch: Scratch, progress: ReportProgress
) -> tuple[Spool, float, float]:
    """The content's mel image, its level on the checkpoint's scale and its loudness."""
    stage = "listening to the region"
    image = scratch.spool(checkpoint.geometry.bands)
    levels = []
    for block in mel_blocks(_watching(content, within(progress, 0.0, 0.7), stage), checkpoint.geometry):
        image.append(block)
        levels.append(checkpoint.curve.frame_levels(block))
    meter = measured(_watching(content, within(progress, 0.7, 1.0), stage))
    _refuse_too_loud("The region", meter.level_lufs)
    return image, checkpoint.curve.level_of(np.concatenate(levels)), meter.level_lufs


def _refuse_too_loud(what: str, lufs: float) -> None:
    """Such samples are mostly integers in a file of floats; far enough up, powers of them are infinite."""
    if lufs > MAX_TARGET_LUFS:
        raise RequestError(
            "audio.level",
            f"{what} has a loudness of {lufs:+.0f} LUFS; allowed: up to {MAX_TARGET_LUFS:+.0f}. Lower it by "
            f"{lufs - MAX_TARGET_LUFS:.0f} dB or more, or export it again with full scale at 1.0.",
        )


def _refuse_non_finite(block: Image, checkpoint: Checkpoint) -> None:
    if not np.isfinite(block).all():
        raise EngineError(
            "engine.nan", f"{checkpoint.name} returned NaN or infinity. Lower the strength or choose another device."
        )


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
    _refuse_too_loud("A style reference", measured(style.clip).level_lufs)
    return mel_image(style.clip, checkpoint.geometry)


def _plan(
    result: Result, knobs: Knobs, controls: Controls, checkpoint: Checkpoint, step: Callable[[], None]
) -> GainPlan | None:
    """What the controls make of the gain; None where they change nothing. ``step`` is called while they look at it."""
    if controls.is_neutral:
        return None

    def looked_at(block: Image) -> Image:
        step()
        return block

    gain_db = Mapped(image=_asked(result, knobs), function=looked_at)
    return planned(gain_db, result.content_db, controls, checkpoint.geometry)


def _asked(result: Result, knobs: Knobs) -> Columns:
    """The gain per band and frame at the asked strength."""
    return Mapped(image=result.gain_db, function=lambda block: block * np.float32(knobs.gain))


def _gain(result: Result, knobs: Knobs, plan: GainPlan | None) -> GainAt:
    """The gain under the controls."""
    gain_db = _asked(result, knobs)
    if plan is None:
        return lambda first, count: gain_db[:, first : first + count]

    def shaped(first: int, count: int) -> Image:
        low = max(0, first - CONTEXT_FRAMES)
        around = slice(None), slice(low, min(gain_db.shape[1], first + count + CONTEXT_FRAMES))
        return plan.shaped(gain_db[around], result.content_db[around], low)[:, first - low : first - low + count]

    return shaped


def _missing(result: Result, knobs: Knobs) -> MissingAt:
    """Levels where the content has nothing: those of strength 1, because strengths above it must not deepen them."""
    stretched = max(1.0, knobs.gain)

    def levels(first: int, gain_db: Image) -> Image:
        low = max(0, first - AROUND)
        content_db = result.content_db[:, low : min(result.content_db.shape[1], first + gain_db.shape[1] + AROUND)]
        return missing_levels(content_db, gain_db / np.float32(stretched), result.floor_db, before=first - low)

    return levels


def _replacing(result: Result, knobs: Knobs, plan: GainPlan | None) -> Replacing | None:
    """The styles' hits in the place of the content's, as far as strength and controls let the style in."""
    if result.replacement is None:
        return None
    wet, share_of, content_db = np.float32(min(1.0, knobs.gain)), result.replacement.share, result.content_db

    def share(first: int, count: int) -> Image:
        asked = wet * share_of[:, first : first + count]
        return asked if plan is None else asked * plan.wetness(first, count, content_db)

    return Replacing(sound=result.replacement.sound, share=share, content_db=content_db)


def _shaped(
    content: Sound,
    result: Result,
    knobs: Knobs,
    plan: GainPlan | None,
    checkpoint: Checkpoint,
    scratch: Scratch,
    progress: ReportProgress,
) -> tuple[Sound, float]:
    """The content under the gain, and what brings it to the content's loudness, dB."""
    gain, bands = _gain(result, knobs, plan), checkpoint.geometry
    missing = _missing(result, knobs) if can_take_overtones(bands) else None
    spool, meter = scratch.spool(content.channels), LoudnessMeter(content.channels, content.rate)
    watched = _watching(content, progress, "rebuilding the sound")
    replacing = _replacing(result, knobs, plan) if can_take_overtones(bands) else None
    for samples in shaped_blocks(watched, gain, bands, missing_db=missing, replacing=replacing):
        spool.append(samples)
        meter.add(samples)
    shaped = SpooledSound(spool=spool, rate=content.rate, start=content.start)
    return shaped, meter.gain_db_to(result.content_lufs)


def _watching(sound: Sound, progress: ReportProgress, stage: str) -> Sound:
    return Watched(source=sound, listener=lambda fraction: progress(fraction, stage))
