"""Which samples of which file a clip plays. Live has no way to render: the file is all there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .refusal import Refusal

if TYPE_CHECKING:
    from Live.Clip import Clip

CONSOLIDATE = " Consolidate it first (Ctrl/Cmd-J), then try again."


class ClipAudio:
    """What is heard of a clip.

    Attributes:
        path: the file.
        rate: its samples per second.
        first: the first sample that is heard.
        length: how many are.
        total: how many the file has.
        beat: where the clip begins in the arrangement; None in a session slot.
    """

    def __init__(self, clip: Clip, tempo: float) -> None:
        if not clip.is_audio_clip:
            raise Refusal("'" + clip.name + "' is a MIDI clip. Freeze and flatten its track, or resample it, first.")
        self.path = Path(clip.file_path)
        self.rate = round(clip.sample_rate)
        self.total = int(clip.sample_length)
        first, last = _samples(clip, self.rate, tempo)
        self.first, self.length = first, last - first
        self.beat = clip.start_time if clip.is_arrangement_clip else None
        self._check(clip)

    def _check(self, clip: Clip) -> None:
        if not self.path.is_file():
            raise Refusal("The file of '" + clip.name + "' is missing: " + str(self.path))
        if self.length < 1 or self.first < 0 or self.first + self.length > self.total:
            raise Refusal("'" + clip.name + "' plays beyond its file." + CONSOLIDATE)


def _samples(clip: Clip, rate: int, tempo: float) -> tuple[int, int]:
    """First sample and the one after the last."""
    begin, end = clip.start_marker, clip.end_marker
    if clip.looping:
        if clip.is_arrangement_clip:
            raise Refusal("'" + clip.name + "' is looped." + CONSOLIDATE)
        begin, end = clip.loop_start, clip.loop_end
    if not clip.warping:  # markers are in seconds then
        return round(begin * rate), round(end * rate)
    first = round(clip.beat_to_sample_time(begin))
    last = round(clip.beat_to_sample_time(end))
    if abs((end - begin) * 60.0 / tempo * rate - (last - first)) > 1.0:
        raise Refusal("'" + clip.name + "' is stretched by Warp." + CONSOLIDATE)
    return first, last
