"""A strict stand-in of ``ptsl`` 601.1, as far as we call it: unknown names, arguments and fields are errors.

``test_protools.py`` compares it with the package where that is installed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace
from typing import Any

import numpy as np
import soundfile


class CommandError(RuntimeError):
    """What Pro Tools says when it refuses."""


def message(name: str, *fields: str) -> type:
    """A message of the protocol that takes these fields and no others."""

    def take(self: Any, **values: Any) -> None:
        unknown = set(values) - set(fields)
        if unknown:
            raise ValueError(f"{name} has no field {sorted(unknown)}")
        self.__dict__.update(values)

    return type(name, (), {"__init__": take, "FIELDS": fields})


class Protocol:
    """``ptsl.PTSL_pb2``."""

    TLType_Samples = 1
    EFType_WAV, BDepth_32Float, EFormat_Interleaved, RDNBy_AutoRenaming = 1, 4, 4, 1
    SLType_Start, AOperations_CopyAudio, MDestination_NewTrack, MLocation_Spot, IType_Audio = 1, 2, 3, 5, 2
    TAState_None, TAState_SetExplicitly, TAState_SetExplicitlyAndImplicitly = 1, 2, 4
    TimelineLocation = message("TimelineLocation", "location", "time_type")
    SpotLocationData = message("SpotLocationData", "location_type", "location_value", "location_options", "location")
    AudioData = message(
        "AudioData",
        "file_list",
        "audio_operations",
        "destination_path",
        "destination",
        "location",
        "location_data",
        "audio_destination",
        "audio_location",
    )


CId_Import = message("ImportRequestBody", "session_path", "import_type", "session_data", "audio_data")
OPS = SimpleNamespace(CId_Import=CId_Import)


class Client:
    """Runs commands; the only one that may change the session is the import."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self, op: Any) -> None:
        assert isinstance(op, CId_Import)
        if self._engine.refuses_import:
            raise CommandError("ErrType 126: PT_CannotBeDone")
        self._engine.imported.append(op)


class Engine:
    """A session with one track of one clip, which is selected. The signatures are those of ``ptsl.Engine``."""

    def __init__(self, *, start: int, length: int, rate: int | None = 48_000) -> None:
        self.client = Client(self)
        self.selected = (str(start), str(start + length))
        self.clips = [("Gtr_01", length)]
        self.rate = rate
        self.refuses_import = False
        self.imported: list[Any] = []
        self.tracks = [self._track("Gtr", Protocol.TAState_SetExplicitly), self._track("Bass", Protocol.TAState_None)]

    @staticmethod
    def _track(name: str, is_selected: int) -> Any:
        return SimpleNamespace(name=name, track_attributes=SimpleNamespace(is_selected=is_selected))

    def get_edit_selection(self, loc_type: int = 5) -> tuple[str, str]:
        assert loc_type == Protocol.TLType_Samples, "any other form would not be samples"
        return self.selected

    def session_sample_rate(self) -> int | None:
        return self.rate

    def session_name(self) -> str:
        return "Übung"

    def track_list(self, filters: Sequence[Any] = ()) -> list[Any]:
        assert not filters
        return self.tracks

    def export_clips_as_files(
        self,
        path: str,
        ftype: int,
        bit_depth: int,
        ex_format: int | None = None,
        enforce_avid_compatibility: bool = False,
        resolve_duplicates: int | None = None,
    ) -> None:
        assert (ftype, bit_depth, ex_format) == (1, 4, 4)
        assert not enforce_avid_compatibility
        if not path.endswith(":"):
            raise CommandError("ErrType 1: PT_UnknownError")
        folder = folder_of(path)
        for name, length in self.clips:
            noise = np.random.default_rng(length).uniform(-0.5, 0.5, (length, 2))
            soundfile.write(folder / f"{name}.wav", noise, self.rate or 48_000, subtype="FLOAT")

    def close(self) -> None:
        pass


def folder_of(path: str) -> Path:
    """The folder that macOS means by a path with colons, on this machine."""
    disk, *parts, end = path.split(":")
    assert disk
    assert end == ""
    assert "/" not in PureWindowsPath(disk).name
    return Path("/", *(part.replace("/", ":") for part in parts))
