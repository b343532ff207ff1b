"""From sound to image and, through a gain per band and frame, back: the content's complex STFT, shaped.

The ratio of the result's to the content's mel image is applied as a gain on the complex STFT of
every channel: phase, fine structure, stereo image and length are the content's, the spectral
envelope over time is the result's. Attacks are kept from sounding before they begin (`pre_echo`), and where the
content has nothing to raise its overtones take the place (`overtones`).
Works in blocks of frames, so memory does not grow with length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from stylus_daw.audio import overtones, pre_echo
from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.sound import Sound, eased
from stylus_daw.audio.spectrogram import POWER_FLOOR, Image, MelGeometry, MelGrid, Spectrum

# Short enough for attacks, long enough to tell neighbouring low notes apart.
SYNTHESIS = MelGeometry(hop_ms=10, window_ms=50, fft_ms=100)
BLOCK_FRAMES = 512
EASE_S = 0.005
MAX_BOOST_DB, MAX_CUT_DB = 40.0, -80.0

GainAt = Callable[[int, int], Image]
"""``gain(first, count)``: dB per band, ``count`` frames from ``first``. Shape: ``[bands, count]``."""

MissingAt = Callable[[int, Image], Image]
"""``missing(first, gain_db)``: levels where overtones take the content's place, ``-inf`` elsewhere. Shape kept."""


def mel_blocks(sound: Sound, geometry: MelGeometry) -> Iterator[Image]:
    """Mel image of all channels together, dB re full scale, in blocks of frames. Shape: each ``[bands, any]``.

    Power is averaged over channels, so that channels in opposite phase do not vanish.
    """
    grid = geometry.at(sound.rate)
    for first, count in frame_blocks(grid.frames(sound.length)):
        power = sum(grid.mel_power(grid.transformed(channel)) for channel in _under(sound, grid, first, count))
        mean = power / sound.channels
        yield np.float32(10.0) * np.log10(np.maximum(mean, np.float32(POWER_FLOOR)))


def mel_image(sound: Sound, geometry: MelGeometry) -> Image:
    """:func:`mel_blocks` in one piece. Shape: ``[bands, frames]``."""
    return np.concatenate(list(mel_blocks(sound, geometry)), axis=1)


def can_take_overtones(bands: MelGeometry) -> bool:
    """Whether levels on that grid can be told from the frames of the synthesis."""
    return (bands.window_ms, bands.fft_ms) == (SYNTHESIS.window_ms, SYNTHESIS.fft_ms)


def shaped_blocks(
    sound: Sound, gain_db: GainAt, bands: MelGeometry, *, missing_db: MissingAt | None = None
) -> Iterator[Samples]:
    """The sound with a gain per band and frame, in pieces that add up to its length. Shape: each ``[channels, any]``.

    Args:
        sound: the content.
        gain_db: on the grid of ``bands`` (whose hop must be that of the synthesis grid).
        bands: the geometry of the gain.
        missing_db: levels where overtones are to take the content's place, ``-inf`` elsewhere; see `overtones`. Only
            for grids that :func:`can_take_overtones`.
    """
    if bands.hop_ms != SYNTHESIS.hop_ms:
        raise ValueError(f"gain on a {bands.hop_ms} ms grid; the synthesis grid has {SYNTHESIS.hop_ms} ms")
    grid = SYNTHESIS.at(sound.rate)
    frames = bands.at(sound.rate).frames(sound.length)
    shaped = _shaped(sound, gain_db, missing_db, grid, bands, frames)
    return _cut(_overlapped(shaped, grid, frames), grid, sound.length)


def apply_gain(clip: Clip, gain_db: Image, bands: MelGeometry) -> Clip:
    """:func:`shaped_blocks` of a clip whose gain is at hand. ``gain_db``: ``[bands, frames]``."""
    blocks = shaped_blocks(clip, lambda first, count: gain_db[:, first : first + count], bands)
    return clip.with_samples(np.concatenate(list(blocks), axis=1))


def frame_blocks(frames: int) -> Iterator[tuple[int, int]]:
    """First frame and number of frames of each block."""
    for first in range(0, frames, BLOCK_FRAMES):
        yield first, min(BLOCK_FRAMES, frames - first)


def _under(sound: Sound, grid: MelGrid, first: int, count: int, *, before: int = 0, after: int = 0) -> Samples:
    """The samples under ``count`` windows from frame ``first`` and some around them; the sound's ends fade out."""
    span = (count - 1) * grid.hop + grid.window
    place = first * grid.hop - grid.window // 2 - before
    return eased(sound, place, before + span + after, ease=round(EASE_S * grid.rate))


def _shaped(
    sound: Sound, gain_db: GainAt, missing_db: MissingAt | None, grid: MelGrid, bands: MelGeometry, frames: int
) -> Iterator[Samples]:
    """Overlap-added blocks of shaped frames; each reaches ``window - hop`` samples into the next."""
    for first, count in frame_blocks(frames):
        asked_db = gain_db(first, count)
        wanted_db = missing_db(first, asked_db) if missing_db else None
        most_db = MAX_BOOST_DB if wanted_db is None else overtones.MOST_RAISED_DB
        gain = grid.linear_gain(np.clip(asked_db, MAX_CUT_DB, most_db), bands)
        before, after = pre_echo.margins(grid)
        samples = _under(sound, grid, first, count, before=before, after=after)
        channels = samples[:, before : samples.shape[1] - after]
        shaped = np.stack([grid.overlap_add(_under_gain(grid.transformed(channel), gain)) for channel in channels])
        pre_echo.mend(shaped, samples, gain, grid, first)
        if wanted_db is not None and np.isfinite(wanted_db).any():
            overtones.add_overtones(shaped, samples, wanted_db, grid, bands, first)
        yield shaped


def _overlapped(blocks: Iterable[Samples], grid: MelGrid, frames: int) -> Iterator[Samples]:
    """The blocks added where they overlap and divided by the window's sum; begins half a window before the sound."""
    carried = grid.window - grid.hop
    tail, row = np.zeros((1, carried), np.float32), 0
    for block in blocks:
        block[:, :carried] += tail
        is_last = row + block.shape[1] // grid.hop == frames + grid.window // grid.hop - 1
        done = block if is_last else block[:, :-carried]
        tail = block[:, block.shape[1] - carried :]
        rows = done.shape[1] // grid.hop
        yield done / grid.window_sum(frames, row, rows)
        row += rows


def _cut(pieces: Iterable[Samples], grid: MelGrid, length: int) -> Iterator[Samples]:
    """Without the half window before the sound and what lies behind its end."""
    skip, left = grid.window // 2, length
    for piece in pieces:
        kept = piece[:, skip : skip + left]
        skip, left = max(0, skip - piece.shape[1]), left - kept.shape[1]
        if kept.shape[1]:
            yield kept


def _under_gain(spectrum: Spectrum, gain: Image) -> Spectrum:
    return np.multiply(spectrum, gain, out=spectrum)
