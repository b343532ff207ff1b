"""The ``iXML`` chunk: a stem's provenance and position as XML (iXML specification 2.10)."""

from __future__ import annotations

import codecs
import json
import re
from xml.etree import ElementTree

from stylus_daw.audio.formats.chunks.bext import Bext
from stylus_daw.audio.formats.provenance import Provenance

_OWN_ELEMENT = "STYLUS_DAW"
_TEXT_FIELDS = ("preset", "model", "model_sha256", "source_sha256", "app_version", "note")
_TIME_FIELDS = (
    ("SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", "SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO"),
    ("BEXT/BWF_TIME_REFERENCE_HIGH", "BEXT/BWF_TIME_REFERENCE_LOW"),
)
_MAX_DEPTH, _MAX_ELEMENTS = 32, 100_000  # iXML 2.10 is 5 deep; a track list of 1,000 tracks has 6,000 elements
_MAX_TAG = 1 << 16  # bytes of one tag; iXML uses no attributes
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def pack(provenance: Provenance, bext: Bext, *, rate: int, channels: int) -> bytes:
    """The chunk's content as UTF-8 of even length. Characters that XML does not allow become U+FFFD."""
    root = ElementTree.Element("BWFXML")
    _add(root, "IXML_VERSION", "2.10")
    _add(root, "NOTE", provenance.note)
    _add_speed(root, bext.time_reference, rate)
    _add_bext(root, bext)
    _add_tracks(root, channels)
    own = ElementTree.SubElement(root, _OWN_ELEMENT)
    for name in _TEXT_FIELDS:
        _add(own, name.upper(), getattr(provenance, name))
    _add(own, "SETTINGS", provenance.settings_json)
    xml = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return xml + b"\n" * (len(xml) % 2)


def unpack(content: bytes) -> Provenance | None:
    """The provenance in an ``iXML`` chunk; None if another program wrote it."""
    if f"<{_OWN_ELEMENT}".encode() not in content:
        return None
    try:
        own = _parsed(content).find(_OWN_ELEMENT)
        if own is None:
            return None
        texts = {name: own.findtext(name.upper(), default="") for name in _TEXT_FIELDS}
        return Provenance(settings=json.loads(own.findtext("SETTINGS", default="{}")), **texts)
    except (ElementTree.ParseError, ValueError, TypeError):
        return None


def time_reference(content: bytes) -> int | None:
    """Samples since midnight as ``SPEED`` or ``BEXT`` say; None where neither does."""
    try:
        root = _parsed(content)
    except (ElementTree.ParseError, ValueError):
        return None
    for high, low in _TIME_FIELDS:
        words = root.findtext(high), root.findtext(low)
        if all(word is not None and word.strip().isdecimal() for word in words):
            return (int(words[0] or 0) << 32) + int(words[1] or 0)
    return None


class _Bounded(ElementTree.TreeBuilder):
    """Refuses what no iXML needs, before it takes memory."""

    _depth = _elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ElementTree.Element:
        self._depth, self._elements = self._depth + 1, self._elements + 1
        if self._depth > _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise ValueError(f"iXML: allowed are {_MAX_ELEMENTS:,} elements, {_MAX_DEPTH} deep")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ElementTree.Element:
        self._depth -= 1
        return super().end(tag)


def _parsed(content: bytes) -> ElementTree.Element:
    """The XML without its padding.

    Raises:
        ElementTree.ParseError: not XML.
        ValueError: larger than iXML is, or text that cannot be decoded.
    """
    parser = ElementTree.XMLParser(target=_Bounded())
    is_wide = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    text = content.decode("utf-16").encode() if is_wide else content
    _check_size(text)
    parser.feed(text.decode().rstrip("\0") if is_wide else text.rstrip(b"\0"))
    return parser.close()


def _check_size(xml: bytes) -> None:
    """The parser reads all that it is given, even after a refusal: what is too much must not reach it."""
    if xml.count(b"<") > 2 * _MAX_ELEMENTS:
        raise ValueError(f"iXML: allowed are {_MAX_ELEMENTS:,} elements")
    if any(len(part.partition(b">")[0]) > _MAX_TAG for part in xml.split(b"<")[1:]):
        raise ValueError(f"iXML: a tag has more than {_MAX_TAG:,} bytes")


def _add(parent: ElementTree.Element, name: str, text: str | int) -> None:
    ElementTree.SubElement(parent, name).text = _NOT_XML.sub("\ufffd", str(text))


def _add_speed(root: ElementTree.Element, time_reference: int, rate: int) -> None:
    speed = ElementTree.SubElement(root, "SPEED")
    _add(speed, "FILE_SAMPLE_RATE", rate)
    _add(speed, "AUDIO_BIT_DEPTH", 32)
    _add(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", time_reference >> 32)
    _add(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", time_reference & 0xFFFF_FFFF)
    _add(speed, "TIMESTAMP_SAMPLE_RATE", rate)


def _add_bext(root: ElementTree.Element, bext: Bext) -> None:
    element = ElementTree.SubElement(root, "BEXT")
    _add(element, "BWF_DESCRIPTION", bext.description)
    _add(element, "BWF_ORIGINATOR", bext.originator)
    _add(element, "BWF_ORIGINATOR_REFERENCE", bext.reference)
    _add(element, "BWF_ORIGINATION_DATE", bext.created.strftime("%Y-%m-%d"))
    _add(element, "BWF_ORIGINATION_TIME", bext.created.strftime("%H:%M:%S"))
    _add(element, "BWF_TIME_REFERENCE_LOW", bext.time_reference & 0xFFFF_FFFF)
    _add(element, "BWF_TIME_REFERENCE_HIGH", bext.time_reference >> 32)


def _add_tracks(root: ElementTree.Element, channels: int) -> None:
    tracks = ElementTree.SubElement(root, "TRACK_LIST")
    _add(tracks, "TRACK_COUNT", channels)
    for index in range(1, channels + 1):
        track = ElementTree.SubElement(tracks, "TRACK")
        _add(track, "CHANNEL_INDEX", index)
        _add(track, "INTERLEAVE_INDEX", index)
