"""A stem into the Live set: on a new audio track below its own, as one undo step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .job import Job
from .refusal import Refusal

if TYPE_CHECKING:
    from Live.Clip import Clip
    from Live.Song import Song
    from Live.Track import Track


def place(song: Song, job: Job, stem: dict[str, Any]) -> str:
    """Insert the stem; gives where it stands, for people.

    Raises:
        Refusal: this Live cannot, or did not do it exactly; the set is as before then.
    """
    path, title = stem["path"], "The stem of '" + job.name + "' is finished"
    if not _can_insert(song):
        raise Refusal(title + ". This Live cannot insert it (12.0.5 can): drag it in from " + path)
    song.begin_undo_step()
    index, problem = _index_below(song, job.track), ""
    track = song.create_audio_track(index)
    try:
        track.name = job.name + " - Stylus"
        clip = _insert(track, job, path)
        problem = _inexactness(clip, job, stem)
    except Exception as error:  # noqa: BLE001 - Live raises whatever it likes
        problem = str(error) or type(error).__name__
    if problem:
        song.delete_track(list(song.tracks).index(track))
    song.end_undo_step()
    if problem:
        raise Refusal(title + ", but Live changed it (" + problem + "). Drag it in from " + path)
    return track.name


def _can_insert(song: Song) -> bool:
    return any(hasattr(track, "create_audio_clip") for track in song.tracks)


def _index_below(song: Song, track: Track) -> int:
    """-1: at the end, where the clip's own track is gone."""
    tracks = list(song.tracks)
    return tracks.index(track) + 1 if track in tracks else -1


def _insert(track: Track, job: Job, path: str) -> Clip:
    if job.scene is None:
        clip = track.create_audio_clip(path, job.audio.beat or 0.0)
    else:
        slot = list(track.clip_slots)[job.scene]
        slot.create_audio_clip(path)
        clip = slot.clip
    clip.warping = False  # Live warps what it imports as the user has set it; that would bend the stem
    clip.name = job.name
    return clip


def _inexactness(clip: Clip, job: Job, stem: dict[str, Any]) -> str:
    """What is wrong with the clip; empty if nothing is."""
    length_s, beat = int(stem["length_samples"]) / stem["rate"], job.audio.beat
    if clip.warping:
        return "it stays warped"
    if beat is not None and abs(clip.start_time - beat) > 1e-6:
        return f"it begins at beat {clip.start_time:.6f}, not {beat:.6f}"
    if abs(clip.start_marker) > 0.5 / stem["rate"] or abs(clip.end_marker - length_s) > 0.5 / stem["rate"]:
        return f"its length is {clip.end_marker - clip.start_marker:.6f} s, not {length_s:.6f} s"
    return ""
