"""Live's object model as far as the script may use it. Unknown names, wrong types and unbalanced undo steps fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import soundfile


class Strict:
    """Only what a class declares can be read or written, and only with the declared type."""

    _types: ClassVar[dict[str, type]] = {}

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_"):
            assert name in self._types, f"Live has no {type(self).__name__}.{name}"
            assert isinstance(value, self._types[name]), f"{name} takes {self._types[name].__name__}, not {value!r}"
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"Live has no {type(self).__name__}.{name}")


class Clip(Strict):
    _types: ClassVar[dict[str, type]] = {"name": str, "warping": bool}

    def __init__(self, parent: Any, path: Path, *, beat: float | None, warping: bool, tempo: float) -> None:
        info = soundfile.info(path)
        self._tempo, self._parent, self._beat = tempo, parent, beat
        self.name = path.stem
        self.warping = warping
        fixed = {
            "file_path": str(path),
            "sample_rate": float(info.samplerate),
            "sample_length": info.frames,
            "is_audio_clip": True,
            "looping": False,
        }
        for name, value in fixed.items():
            object.__setattr__(self, name, value)
        self._markers = (0.0, info.frames / info.samplerate)

    @property
    def canonical_parent(self) -> Any:
        return self._parent

    @property
    def is_arrangement_clip(self) -> bool:
        return self._beat is not None

    @property
    def start_time(self) -> float:
        assert self._beat is not None, "only arrangement clips have a start_time"
        return self._beat

    @property
    def start_marker(self) -> float:
        return self._unit(self._markers[0])

    @property
    def end_marker(self) -> float:
        return self._unit(self._markers[1])

    def set_markers(self, start_s: float, end_s: float) -> None:
        self._markers = (start_s, end_s)

    def beat_to_sample_time(self, beat: float) -> float:
        assert isinstance(beat, float)
        if not self.warping:
            raise RuntimeError("Sample is not warped")
        return beat * 60.0 / self._tempo * getattr(self, "_stretch", 1.0) * self.sample_rate

    def stretch(self, factor: float) -> None:
        self._stretch = factor

    def _unit(self, seconds: float) -> float:
        return seconds * self._tempo / 60.0 if self.warping else seconds


class Slot(Strict):
    def __init__(self, track: Track) -> None:
        self._track, self._clip = track, None

    @property
    def canonical_parent(self) -> Track:
        return self._track

    @property
    def clip(self) -> Any:
        return self._clip

    def create_audio_clip(self, path: str) -> None:
        assert isinstance(path, str)
        self._clip = self._track._set._new_clip(self, path, None)

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


class Track(Strict):
    """Of Live 11; :class:`NewTrack` can insert."""

    _types: ClassVar[dict[str, type]] = {"name": str}

    def __init__(self, live_set: Set, name: str) -> None:
        self._set = live_set
        self.name = name
        self._slots = [Slot(self), Slot(self)]
        self._arrangement: list[Clip] = []

    @property
    def clip_slots(self) -> tuple[Slot, ...]:
        return tuple(self._slots)

    @property
    def arrangement_clips(self) -> tuple[Clip, ...]:
        return tuple(self._arrangement)


class NewTrack(Track):
    def create_audio_clip(self, path: str, beat: float) -> Clip:
        assert isinstance(path, str)
        assert isinstance(beat, float)
        clip = self._set._new_clip(self, path, beat)
        self._arrangement.append(clip)
        return clip


class View(Strict):
    def __init__(self) -> None:
        self._detail: Clip | None = None

    @property
    def detail_clip(self) -> Clip | None:
        return self._detail


class Set(Strict):
    """A song. ``bends``: how much longer an inserted clip comes out; ``raises``: what Live says to an insertion."""

    def __init__(self, *, version: str = "12.1", tempo: float = 120.0) -> None:
        self._track_type = NewTrack if version >= "12.0.5" else Track
        self._tempo = tempo
        self._tracks = [self._track_type(self, "Keys"), self._track_type(self, "Bass")]
        self._view = View()
        self._depth = 0
        self.steps: list[list[str]]
        object.__setattr__(self, "steps", [])
        self._recording = False
        self._bends, self._raises = 1.0, ""

    tempo = property(lambda self: self._tempo)
    view = property(lambda self: self._view)
    tracks = property(lambda self: tuple(self._tracks))
    signature_numerator = property(lambda self: 3)
    signature_denominator = property(lambda self: 4)
    is_playing = property(lambda self: self._recording)
    record_mode = property(lambda self: self._recording)

    def begin_undo_step(self) -> None:
        assert self._depth == 0, "undo steps must not be nested"
        self._depth = 1
        self.steps.append([])

    def end_undo_step(self) -> None:
        assert self._depth == 1, "no undo step is open"
        self._depth = 0

    def create_audio_track(self, index: int) -> Track:
        assert isinstance(index, int)
        self._note("create_audio_track")
        track = self._track_type(self, "Audio")
        self._tracks.insert(len(self._tracks) if index == -1 else index, track)
        return track

    def delete_track(self, index: int) -> None:
        self._note("delete_track")
        del self._tracks[index]

    def _new_clip(self, parent: Any, path: str, beat: float | None) -> Clip:
        self._note("create_audio_clip")
        if self._raises:
            raise RuntimeError(self._raises)
        clip = Clip(parent, Path(path), beat=beat, warping=True, tempo=self._tempo)
        clip.set_markers(0.0, clip._markers[1] * self._bends)
        return clip

    def _note(self, what: str) -> None:
        assert self._depth == 1, f"{what} outside of an undo step"
        self.steps[-1].append(what)


class ControlSurface:
    """``_Framework.ControlSurface``: a song, a clock, a status bar."""

    def __init__(self, c_instance: Any) -> None:
        self._live_set = c_instance
        self._queue: list[Callable[[], None]] = []
        self.shown: list[str] = []
        self.logged: list[str] = []
        self.is_connected = True

    def song(self) -> Set:
        return self._live_set

    def show_message(self, text: str) -> None:
        assert isinstance(text, str)
        self.shown.append(text)

    def log_message(self, *texts: str) -> None:
        self.logged.append(" ".join(texts))

    def schedule_message(self, ticks: int, callback: Callable[[], None]) -> None:
        assert isinstance(ticks, int)
        assert ticks >= 1
        self._queue.append(callback)

    def disconnect(self) -> None:
        self.is_connected = False

    def run(self, ticks: int) -> None:
        """Let Live's clock go on."""
        for _ in range(ticks):
            due, self._queue = self._queue, []
            for callback in due:
                callback()
