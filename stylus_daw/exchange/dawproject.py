"""DAWproject 1.0: a ZIP of ``project.xml``, ``metadata.xml`` and the audio, as Bitwig, Studio One and Cubase open it.

The timeline counts in seconds and the clip has no warp markers, so no tempo moves or stretches it. Element order
follows the published schema (Project.xsd and MetaData.xsd of the DAWproject 1.0 specification).
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from stylus_daw import __version__
from stylus_daw.exchange.file_names import name_inside
from stylus_daw.exchange.files import add_file, add_text, writing
from stylus_daw.exchange.placed import PlacedStem

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_dawproject(stem: PlacedStem, target: Path) -> None:
    """A project with one audio track and the stem at its place.

    Raises:
        AudioFileError: ``target`` is the stem, or cannot be written.
    """
    audio = "audio/" + name_inside(stem.path.name)
    with writing(target, stem.path) as stream, zipfile.ZipFile(stream, "w") as archive:
        add_text(archive, "metadata.xml", _document(metadata_of(stem)))
        add_text(archive, "project.xml", _document(project_of(stem, audio)))
        add_file(archive, audio, stem.path)


def project_of(stem: PlacedStem, audio: str) -> Element:
    """``project.xml``. ``audio`` is the path of the stem inside the archive."""
    project = Element("Project", version="1.0")
    SubElement(project, "Application", name="stylus-daw", version=__version__)
    _add_transport(project, stem)
    structure = SubElement(project, "Structure")
    _add_track(structure, "track", stem.title, stem.info.channels, role="regular", destination="master-channel")
    _add_track(structure, "master", "Master", 2, role="master")
    arrangement = SubElement(project, "Arrangement", id="arrangement")
    lanes = SubElement(arrangement, "Lanes", timeUnit="seconds", id="lanes")
    track_lanes = SubElement(lanes, "Lanes", track="track", id="track-lanes")
    _add_clip(SubElement(track_lanes, "Clips", id="clips"), stem, audio)
    SubElement(project, "Scenes")
    return project


def metadata_of(stem: PlacedStem) -> Element:
    """``metadata.xml``."""
    metadata = Element("MetaData")
    SubElement(metadata, "Title").text = _clean(stem.project or stem.title)
    if stem.provenance:
        SubElement(metadata, "Comment").text = _clean(stem.provenance.summary)
    return metadata


def _add_transport(project: Element, stem: PlacedStem) -> None:
    transport = SubElement(project, "Transport")
    tempo = f"{stem.tempo_bpm:.6f}"
    SubElement(transport, "Tempo", max="999.0", min="1.0", unit="bpm", value=tempo, id="tempo", name="Tempo")
    numerator, denominator = (str(part) for part in stem.time_signature)
    SubElement(transport, "TimeSignature", denominator=denominator, numerator=numerator, id="time-signature")


def _add_track(
    parent: Element, name: str, title: str, channels: int, *, role: str, destination: str | None = None
) -> None:
    track = SubElement(parent, "Track", contentType="audio", loaded="true", id=name, name=_clean(title))
    channel = SubElement(track, "Channel", audioChannels=str(channels), role=role, solo="false", id=f"{name}-channel")
    if destination:
        channel.set("destination", destination)
    SubElement(channel, "Mute", value="false", id=f"{name}-mute", name="Mute")
    SubElement(channel, "Pan", max="1.0", min="0.0", unit="normalized", value="0.5", id=f"{name}-pan", name="Pan")
    SubElement(channel, "Volume", max="2.0", min="0.0", unit="linear", value="1.0", id=f"{name}-volume", name="Volume")


def _add_clip(clips: Element, stem: PlacedStem, audio: str) -> None:
    seconds = repr(stem.info.seconds)
    clip = SubElement(
        clips,
        "Clip",
        time=repr(stem.start_seconds),
        duration=seconds,
        contentTimeUnit="seconds",
        playStart="0.0",
        name=_clean(stem.title),
    )
    sound = SubElement(
        clip, "Audio", channels=str(stem.info.channels), sampleRate=str(stem.info.rate), duration=seconds, id="audio"
    )
    SubElement(sound, "File", path=_clean(audio))


def _document(root: Element) -> str:
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    """Characters that XML does not allow become U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)
