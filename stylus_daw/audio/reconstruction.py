"""From sound to mel image, and back through a gain per band and frame.

The ratio of the result's mel image to the content's becomes a gain on the complex STFT of every channel. Phase, fine
structure, stereo image and length stay the content's; the spectral envelope over time becomes the result's. Attacks
are kept from sounding early (`pre_echo`), and where the content has nothing to raise, its overtones fill in
(`overtones`). Everything works in blocks of frames, so memory does not grow with length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from stylus_daw.audio import overtones, pre_echo
from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.columns import Columns
from stylus_daw.audio.parallel import in_order
from stylus_daw.audio.replacing import CONTEXT_FRAMES, Replacement, replaced
from stylus_daw.audio.sound import Sound, eased
from stylus_daw.audio.spectrogram import POWER_FLOOR, Image, MelGeometry, MelGrid, Spectrum

# Short enough for attacks, long enough to separate neighbouring low notes;
# `bench/fidelity/reconstructions.md` compares 20 ms.
SYNTHESIS = MelGeometry(hop_ms=10, window_ms=50, fft_ms=100)
BLOCK_FRAMES = 256  # frames, 2.5 s: fast enough, and a stereo block of spectra takes 10 MB at 48 kHz
EASE_S = 0.005  # s in which a sound that is cut off fades; by trial on the steps line of `bench/fidelity/fidelity.md`
MAX_BOOST_DB = 40.0  # dB: more would raise noise; by trial, not swept
MAX_CUT_DB = -80.0  # dB: the range of the model's image, where everything is silent

GainAt = Callable[[int, int], Image]
"""``gain(first, count)``: dB per band, for ``count`` frames from ``first``. Shape: ``[bands, count]``."""

MissingAt = Callable[[int, Image], Image]
"""``missing(first, gain_db)``: levels where overtones fill in, ``-inf`` elsewhere. Shape: ``[bands, count]``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replacing:
    """Another sound that takes the content's place where it has a share; see `replacing`.

    Attributes:
        sound: one channel, as long as the content.
        share: of the result's power, ``share(first, count)``, 0..1. ``[bands, count]``.
        content_db: the content's mel image.
    """

    sound: Sound
    share: GainAt
    content_db: Columns


def mel_blocks(sound: Sound, geometry: MelGeometry) -> Iterator[Image]:
    """Mel image of all channels together, dB re full scale, in blocks of frames. Shape: each ``[bands, any]``.

    Power is averaged over the channels, so that channels in opposite phase do not cancel.
    """
    grid = geometry.at(sound.rate)
    blocks = frame_blocks(grid.frames(sound.length))
    return in_order(partial(_mel_block, grid=grid), (_under(sound, grid, *block) for block in blocks))


def _mel_block(samples: Samples, grid: MelGrid) -> Image:
    """Of the frames under ``samples``, ``[channels, any]``. Shape: ``[bands, frames]``."""
    power = sum(grid.mel_power(grid.transformed(channel)) for channel in samples)
    mean = power / samples.shape[0]
    return np.float32(10.0) * np.log10(np.maximum(mean, np.float32(POWER_FLOOR)))


def mel_image(sound: Sound, geometry: MelGeometry) -> Image:
    """:func:`mel_blocks` in one piece. Shape: ``[bands, frames]``."""
    return np.concatenate(list(mel_blocks(sound, geometry)), axis=1)


def can_take_overtones(bands: MelGeometry) -> bool:
    """Whether levels on this grid can be compared with frames of the synthesis grid."""
    return (bands.window_ms, bands.fft_ms) == (SYNTHESIS.window_ms, SYNTHESIS.fft_ms)


def shaped_blocks(
    sound: Sound,
    gain_db: GainAt,
    bands: MelGeometry,
    *,
    missing_db: MissingAt | None = None,
    replacing: Replacing | None = None,
) -> Iterator[Samples]:
    """The sound with a gain per band and frame, in pieces that add up to its length. Shape: each ``[channels, any]``.

    Args:
        sound: the content.
        gain_db: on the grid of ``bands``, whose hop must be that of the synthesis grid.
        bands: the geometry of the gain.
        missing_db: levels where overtones fill in, ``-inf`` elsewhere; see `overtones`. Only for grids that
            :func:`can_take_overtones`.
        replacing: what takes its place in parts of it. Only for grids that :func:`can_take_overtones`.
    """
    if bands.hop_ms != SYNTHESIS.hop_ms:
        raise ValueError(f"gain on a {bands.hop_ms} ms grid; the synthesis grid has {SYNTHESIS.hop_ms} ms")
    grid = SYNTHESIS.at(sound.rate)
    frames = bands.at(sound.rate).frames(sound.length)
    shaped = _shaped(sound, gain_db, missing_db, replacing, grid, bands, frames)
    return _cut(_overlapped(shaped, grid, frames), grid, sound.length)


def apply_gain(clip: Clip, gain_db: Image, bands: MelGeometry) -> Clip:
    """:func:`shaped_blocks` of a clip with a known gain. Shape of ``gain_db``: ``[bands, frames]``."""
    blocks = shaped_blocks(clip, lambda first, count: gain_db[:, first : first + count], bands)
    return clip.with_samples(np.concatenate(list(blocks), axis=1))


def frame_blocks(frames: int) -> Iterator[tuple[int, int]]:
    """The first frame and the number of frames of each block."""
    for first in range(0, frames, BLOCK_FRAMES):
        yield first, min(BLOCK_FRAMES, frames - first)


def _under(sound: Sound, grid: MelGrid, first: int, count: int, *, before: int = 0, after: int = 0) -> Samples:
    """The samples under ``count`` windows from frame ``first``, and some around them; the sound's ends fade out.

    Shape: ``[channels, before + (count - 1) * hop + window + after]``.
    """
    span = (count - 1) * grid.hop + grid.window
    place = first * grid.hop - grid.window // 2 - before
    return eased(sound, place, before + span + after, ease=round(EASE_S * grid.rate))


def _shaped(
    sound: Sound,
    gain_db: GainAt,
    missing_db: MissingAt | None,
    replacing: Replacing | None,
    grid: MelGrid,
    bands: MelGeometry,
    frames: int,
) -> Iterator[Samples]:
    """Overlap-added blocks of shaped frames; each reaches ``window - hop`` samples into the next.

    Shape: each ``[channels, (count - 1) * hop + window]``.
    """
    before, after = pre_echo.margins(grid)

    def read(first: int, count: int) -> _Block:
        context = CONTEXT_FRAMES if replacing else 0
        around = range(max(0, first - context), min(frames, first + count + context))
        wide_db = gain_db(around.start, len(around))
        asked_db = wide_db[:, first - around.start : first - around.start + count]
        wanted_db = missing_db(first, asked_db) if missing_db else None
        samples = _under(sound, grid, first, count, before=before, after=after)
        other = _replacement(replacing, sound, wide_db, grid, around, first) if replacing else None
        return _Block(first=first, samples=samples, asked_db=asked_db, wanted_db=wanted_db, replacement=other)

    blocks = (read(first, count) for first, count in frame_blocks(frames))
    return in_order(partial(_shaped_block, grid=grid, bands=bands), blocks)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Block:
    """What one block is made of.

    Attributes:
        first: its first frame.
        samples: the content under its windows, with the margins of `pre_echo` around it. ``[channels, any]``.
        asked_db: gain. ``[bands, frames]``.
        wanted_db: levels where overtones fill in. ``[bands, frames]``.
        replacement: what takes the content's place; None where nothing does.
    """

    first: int
    samples: Samples
    asked_db: Image
    wanted_db: Image | None
    replacement: Replacement | None


def _replacement(
    replacing: Replacing, sound: Sound, gain_db: Image, grid: MelGrid, around: range, first: int
) -> Replacement | None:
    """Of a block that begins with frame ``first``, and of the frames ``around`` it, whose gain is given."""
    share = replacing.share(around.start, len(around))
    if not share.any():
        return None
    before, after = pre_echo.margins(grid)
    return Replacement(
        samples=_under(replacing.sound, grid, around.start, len(around), before=before, after=after),
        content=_under(sound, grid, around.start, len(around)),
        share=share,
        wanted_db=replacing.content_db[:, around.start : around.stop] + gain_db,
        before=first - around.start,
    )


def _shaped_block(block: _Block, grid: MelGrid, bands: MelGeometry) -> Samples:
    """Shape: ``[channels, (frames - 1) * hop + window]``."""
    before, after = pre_echo.margins(grid)
    most_db = MAX_BOOST_DB if block.wanted_db is None else overtones.MOST_RAISED_DB
    asked_db, other, added = block.asked_db, block.replacement, None
    under = block.samples[:, before : block.samples.shape[1] - after]
    spectra = [grid.transformed(channel) for channel in (under if other is None else other.content)]
    if other is not None:
        asked_db, added = replaced(other, asked_db, spectra, grid, bands, block.first)
        spectra = [spectrum[:, other.before : other.before + asked_db.shape[1]] for spectrum in spectra]
    gain = grid.linear_gain(np.clip(asked_db, MAX_CUT_DB, most_db), bands)
    shaped = np.stack([grid.overlap_add(_under_gain(spectrum, gain)) for spectrum in spectra])
    pre_echo.mend(shaped, block.samples, gain, grid, block.first)
    if added is not None:
        shaped += added
    if block.wanted_db is not None and np.isfinite(block.wanted_db).any():
        overtones.add_overtones(shaped, block.samples, block.wanted_db, grid, bands, block.first)
    return shaped


def _overlapped(blocks: Iterable[Samples], grid: MelGrid, frames: int) -> Iterator[Samples]:
    """The blocks, added where they overlap and divided by the window sum; begins half a window before the sound.

    Shape: each ``[channels, any]``.
    """
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
    """Without the half window before the sound, and without anything after its end. Shape: each ``[channels, any]``."""
    skip, left = grid.window // 2, length
    for piece in pieces:
        kept = piece[:, skip : skip + left]
        skip, left = max(0, skip - piece.shape[1]), left - kept.shape[1]
        if kept.shape[1]:
            yield kept


def _under_gain(spectrum: Spectrum, gain: Image) -> Spectrum:
    """In place. Shape: ``[bins, frames]``, kept."""
    return np.multiply(spectrum, gain, out=spectrum)
