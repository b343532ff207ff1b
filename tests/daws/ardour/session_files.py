"""Ardour sessions as files: made with ardour7-lua, audio put in and regions read out as XML."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import soundfile

HERE = Path(__file__).parent
SUPERCLOCK = 282_240_000
OSC_NAME = "Open Sound Control (OSC)"


@dataclass(frozen=True, kw_only=True)
class Region:
    """A region on a track, as the saved session has it."""

    track: str
    name: str
    start: int
    length: int
    offset: int
    fades: bool
    sources: tuple[Path, ...]

    @property
    def place(self) -> tuple[int, int]:
        return self.start, self.length


class Session:
    """A session folder and its XML, while Ardour does not have it open (or after it saved)."""

    def __init__(self, folder: Path, rate: int) -> None:
        self.folder = folder
        self.rate = rate

    @property
    def file(self) -> Path:
        return self.folder / f"{self.folder.name}.ardour"

    @property
    def _ticks(self) -> int:
        return SUPERCLOCK // self.rate

    def tracks(self) -> list[str]:
        """Names of the audio tracks in their order on screen."""
        routes = [r for r in self._routes() if r.get("audio-playlist")]
        return [r.get("name", "") for r in sorted(routes, key=_order)]

    def regions(self, track: str | None = None) -> list[Region]:
        root = ElementTree.parse(self.file).getroot()
        sources = {s.get("id"): self._audio / s.get("name", "") for s in root.iter("Source")}
        owners = {r.get("audio-playlist"): r.get("name", "") for r in self._routes()}
        found = []
        for playlist in root.find("Playlists") or ():
            owner = owners.get(playlist.get("id"))
            found += [
                self._region(r, owner, sources)
                for r in playlist.findall("Region")
                if owner in (track or owner,) and owner
            ]
        return found

    def put(self, track: str, audio: np.ndarray, start: int, name: str, *, file_rate: int | None = None) -> None:
        """A region with ``audio`` (samples, channels) at sample ``start``; the session must be closed.

        With ``file_rate`` the file says another rate than the session's; Ardour plays it sample for sample.
        """
        tree = ElementTree.parse(self.file)
        root = tree.getroot()
        ids = iter(range(int(root.get("id-counter", "0")), 10**9))
        taken = [next(ids) for _ in range(audio.shape[1] + 2)]
        sources, (whole, part) = taken[:-2], taken[-2:]
        for channel, number in enumerate(sources):
            letter = "LR"[channel] if len(sources) == 2 else "abcdefgh"[channel]
            file = f"{name}%{letter}.wav" if len(sources) > 1 else f"{name}.wav"
            self._audio.mkdir(parents=True, exist_ok=True)
            soundfile.write(self._audio / file, audio[:, channel], file_rate or self.rate, subtype="FLOAT")
            attributes = {"name": file, "type": "audio", "flags": "", "id": str(number), "natural-position": "a0"}
            ElementTree.SubElement(
                _child(root, "Sources"), "Source", attributes | {"channel": "0", "origin": "", "gain": "1"}
            )
        self._add_region(_child(root, "Regions"), name, len(audio), 0, whole, sources, whole_file=True)
        self._add_region(_playlist(root, track), name, len(audio), start, part, sources, whole_file=False)
        root.set("id-counter", str(next(ids)))
        tree.write(self.file, encoding="UTF-8", xml_declaration=True)

    def begin_at(self, start: int) -> None:
        """The start marker at sample ``start``, the end a minute later."""
        tree = ElementTree.parse(self.file)
        start_ticks, end_ticks = start * self._ticks, (start + 60 * self.rate) * self._ticks
        attributes = {"name": "session", "start": f"a{start_ticks}", "end": f"a{end_ticks}", "flags": "IsSessionRange"}
        more = {"id": "900001", "locked": "0", "timestamp": "0", "cue": "0"}
        ElementTree.SubElement(_child(tree.getroot(), "Locations"), "Location", attributes | more)
        tree.write(self.file, encoding="UTF-8", xml_declaration=True)

    def enable_osc(self) -> None:
        tree = ElementTree.parse(self.file)
        controls = tree.getroot().find("ControlProtocols")
        node = controls if controls is not None else ElementTree.SubElement(tree.getroot(), "ControlProtocols")
        for old in [p for p in node if p.get("name") == OSC_NAME]:
            node.remove(old)
        options = {"active": "1", "feedback": "0", "debugmode": "0", "address-only": "1", "remote-port": "8000"}
        zero = {"banksize": "0", "gainmode": "0", "send-page-size": "0", "plug-page-size": "0"}
        ElementTree.SubElement(node, "Protocol", {"name": OSC_NAME, "striptypes": "159"} | options | zero)
        tree.write(self.file, encoding="UTF-8", xml_declaration=True)

    @property
    def _audio(self) -> Path:
        return self.folder / "interchange" / self.folder.name / "audiofiles"

    def _routes(self) -> list[ElementTree.Element]:
        return list(ElementTree.parse(self.file).getroot().find("Routes") or ())

    def _region(self, node: ElementTree.Element, owner: str, sources: dict[str | None, Path]) -> Region:
        length, start = (int(part.lstrip("a")) for part in node.get("length", "").split("@"))
        assert length % self._ticks == 0, "the length is not a whole number of samples"
        assert start % self._ticks == 0, "the position is not a whole number of samples"
        offset = int(node.get("start", "a0").lstrip("a"))
        paths = tuple(sources[node.get(f"source-{c}")] for c in range(int(node.get("channels", "0"))))
        fades = "1" in (node.get("fade-in-active"), node.get("fade-out-active"))
        return Region(
            track=owner,
            name=node.get("name", ""),
            start=start // self._ticks,
            length=length // self._ticks,
            offset=offset // self._ticks,
            fades=fades,
            sources=paths,
        )

    def _add_region(
        self,
        parent: ElementTree.Element,
        name: str,
        length: int,
        start: int,
        number: int,
        sources: list[int],
        *,
        whole_file: bool,
    ) -> None:
        zeros = (
            "muted locked video-locked automatic import sync-marked left-of-split right-of-split hidden "
            "position-locked valid-transients layering-index contents envelope-active default-fade-in "
            "default-fade-out fade-in-active fade-out-active"
        )
        attributes = dict.fromkeys(zeros.split(), "0") | {
            "name": name,
            "opaque": "1",
            "whole-file": str(int(whole_file)),
            "external": "1",
            "start": "a0",
            "length": f"a{length * self._ticks}@a{start * self._ticks}",
            "sync-position": "a0",
            "ancestral-start": "a0",
            "ancestral-length": "a0@a0",
            "stretch": "1",
            "shift": "1",
            "tags": "",
            "scale-amplitude": "1",
            "id": str(number),
            "type": "audio",
            "first-edit": "nothing",
            "channels": str(len(sources)),
        }
        for channel, source in enumerate(sources):
            attributes |= {f"source-{channel}": str(source), f"master-source-{channel}": str(source)}
        ElementTree.SubElement(parent, "Region", attributes)


def make_session(folder: Path, rate: int, start: int = 0) -> Session:
    """A new session with the tracks Keys (stereo), Bass (mono) and Room (5.1), that begins at sample ``start``."""
    tool = shutil.which("ardour7-lua")
    assert tool, "ardour7-lua is missing; run: make test-daw"
    command = [tool, str(HERE / "make_session.lua"), str(folder), folder.name, str(rate)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    session = Session(folder, rate)
    if start:
        session.begin_at(start)
    return session


def _child(root: ElementTree.Element, name: str) -> ElementTree.Element:
    found = root.find(name)
    assert found is not None, name
    return found


def _playlist(root: ElementTree.Element, track: str) -> ElementTree.Element:
    route = next(r for r in _child(root, "Routes") if r.get("name") == track)
    return next(p for p in _child(root, "Playlists") if p.get("id") == route.get("audio-playlist"))


def _order(route: ElementTree.Element) -> int:
    presentation = route.find("PresentationInfo")
    return int(presentation.get("order", "0")) if presentation is not None else 0
