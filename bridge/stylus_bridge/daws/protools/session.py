"""The open Pro Tools session: the selection, its audio, a stem on a new track. All calls of ``ptsl`` are here."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stylus_bridge.daws.protools.paths import file_for_import, folder_for_export
from stylus_daw.errors import BridgeError, RequestError

COMPANY, APPLICATION = "stylus-daw", "stylus-daw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The edit selection.

    Attributes:
        start: first sample, as Pro Tools counts.
        length: samples.
        rate: the session's samples per second.
        session: its name.
        track: the selected track's name; empty unless there is exactly one.
    """

    start: int
    length: int
    rate: int
    session: str = ""
    track: str = ""


class ProToolsSession:
    """The session that is open in Pro Tools.

    Args:
        engine: a ``ptsl.Engine``.
        pt: the module ``ptsl.PTSL_pb2``, with the protocol's messages and enumerations.
        ops: the module ``ptsl.ops``, with its commands.
        failures: what these raise when Pro Tools refuses or is gone.
        system: as ``platform.system()`` says.
    """

    def __init__(self, engine: Any, pt: Any, ops: Any, failures: tuple[type[Exception], ...], system: str = "") -> None:
        self._engine, self._pt, self._ops, self._failures = engine, pt, ops, failures
        self._system = system or platform.system()

    def selection(self) -> Selection:
        """What is selected now.

        Raises:
            RequestError: ``protools.selection``: nothing is, or the session's rate is unknown.
            BridgeError: ``protools.refused``.
        """
        first, last = self._asked("the selection", lambda: self._engine.get_edit_selection(self._pt.TLType_Samples))
        rate = self._asked("the sample rate", self._engine.session_sample_rate)
        start, end = _samples(first), _samples(last)
        if end <= start or not rate:
            text = f"Pro Tools says that samples {first} to {last} are selected, at {rate} Hz. Select a clip."
            raise RequestError("protools.selection", text)
        name = self._asked("the session's name", self._engine.session_name)
        return Selection(start=start, length=end - start, rate=rate, session=name, track=self._selected_track())

    def export_selected_clip(self, folder: Path) -> None:
        """Have the selected clips written into ``folder`` as WAV in 32-bit float; the session does not change.

        Raises:
            BridgeError: ``protools.refused``.
        """
        pt, path = self._pt, folder_for_export(folder, self._system)
        self._asked(
            "an export of the clip",
            lambda: self._engine.export_clips_as_files(
                path=path,
                ftype=pt.EFType_WAV,
                bit_depth=pt.BDepth_32Float,
                ex_format=pt.EFormat_Interleaved,
                enforce_avid_compatibility=False,
                resolve_duplicates=pt.RDNBy_AutoRenaming,
            ),
        )

    def import_on_new_track(self, path: Path, start: int) -> None:
        """Copy a file into the session, onto a new track, its first sample at ``start``.

        Not with ``Engine.import_audio``: that of py-ptsl 601.1 asks for the import of a session (``import_type=1``),
        where audio is 2.

        Raises:
            BridgeError: ``protools.refused``.
        """
        pt = self._pt
        place = pt.SpotLocationData(
            location_type=pt.SLType_Start,
            location=pt.TimelineLocation(location=str(start), time_type=pt.TLType_Samples),
        )
        audio = pt.AudioData(
            file_list=[file_for_import(path)],
            audio_operations=pt.AOperations_CopyAudio,
            audio_destination=pt.MDestination_NewTrack,
            audio_location=pt.MLocation_Spot,
            location_data=place,
        )
        command = self._ops.CId_Import(import_type=pt.IType_Audio, audio_data=audio)
        self._asked("an import of the stem", lambda: self._engine.client.run(command))

    def _selected_track(self) -> str:
        chosen = (self._pt.TAState_SetExplicitly, self._pt.TAState_SetExplicitlyAndImplicitly)
        tracks = self._asked("the tracks", self._engine.track_list)
        names = [track.name for track in tracks if track.track_attributes.is_selected in chosen]
        return names[0] if len(names) == 1 else ""

    def _asked(self, what: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except self._failures as error:
            text = f"Pro Tools was asked for {what}".replace("for to", "to")
            raise BridgeError("protools.refused", f"{text} and refused: {error}. Is a dialog open there?") from error


@contextmanager
def open_session() -> Iterator[ProToolsSession]:
    """The session that is open in Pro Tools on this computer.

    Raises:
        RequestError: ``protools.missing``: the package ``py-ptsl`` is not installed.
        BridgeError: ``protools.not_running``.
    """
    try:
        import grpc  # pyright: ignore[reportMissingImports, reportMissingModuleSource]
        import ptsl  # pyright: ignore[reportMissingImports]
        from ptsl import PTSL_pb2, ops  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        text = f"Access to Pro Tools needs the package py-ptsl ({error}): pip install 'py-ptsl>=601.1'"
        raise RequestError("protools.missing", text) from error
    failures = (ptsl.CommandError, grpc.RpcError, AssertionError, AttributeError)  # the last two: of empty answers
    try:
        engine = ptsl.Engine(company_name=COMPANY, application_name=APPLICATION)
    except failures as error:
        text = "Pro Tools does not answer on port 31416 of this computer. Open your session there, then try again."
        raise BridgeError("protools.not_running", text) from error
    try:
        yield ProToolsSession(engine, PTSL_pb2, ops, failures)
    finally:
        engine.close()


def _samples(text: str) -> int:
    """A position; Pro Tools writes it in decimal digits.

    Raises:
        RequestError: ``protools.selection``.
    """
    try:
        return int(text)
    except (TypeError, ValueError):
        raise RequestError("protools.selection", f"Pro Tools gave {text!r} instead of samples.") from None
