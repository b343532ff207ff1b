"""Messages to datagrams and back. The only place that knows python-osc's encoding.

Bundles are taken apart here and not by python-osc: its parser loops for ever on a bundle element of
negative size and recurses once per nested bundle. A bundle's date is ignored: its messages are
meant for now.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from pythonosc.osc_message import OscMessage, ParseError
from pythonosc.osc_message_builder import BuildError, OscMessageBuilder
from pythonosc.parsing import osc_types

from stylus_bridge.wire.arguments import arguments_of, check_tags, parse, shortened, tags_of
from stylus_bridge.wire.protocol import Message, address_of
from stylus_daw.errors import BridgeError

MAX_MESSAGE_BYTES = 1_000
"""What we send stays under this; REAPER's limit is 1,024."""
MAX_PACKET_BYTES = 8_192
"""What we accept; a bundle may hold several messages."""
MAX_BUNDLE_DEPTH = 8

_BUNDLE = b"#bundle\x00"
_BUNDLE_HEADER_BYTES = len(_BUNDLE) + 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A datagram of one message whose address and type tags were read, but not its arguments."""

    address: str
    tags: str
    datagram: bytes


def encode(message: Message) -> bytes:
    """The message as one datagram of less than 1,000 bytes; text for people is shortened to fit.

    Raises:
        BridgeError: ``osc.too_long`` where ids and paths alone are too long, ``osc.text`` for text that
            OSC cannot carry, ``osc.range`` for a number of more than 32 bits.
    """
    datagram = _build(message)
    excess = len(datagram) - MAX_MESSAGE_BYTES + 1
    while excess > 0:
        message = _shorten(message, excess)
        datagram = _build(message)
        excess = len(datagram) - MAX_MESSAGE_BYTES + 1
    return datagram


def split_packet(packet: bytes) -> list[bytes]:
    """The messages of a packet, in order: itself, or those of a bundle and of the bundles inside it.

    Raises:
        BridgeError: ``osc.oversize`` or ``osc.malformed``.
    """
    if len(packet) > MAX_PACKET_BYTES:
        raise BridgeError(
            "osc.oversize",
            f"The packet has more than {MAX_PACKET_BYTES:,} bytes. Send paths, not audio, and one message per packet.",
        )
    messages: list[bytes] = []
    pending = [(packet, 0)]
    while pending:
        part, depth = pending.pop()
        if not part.startswith(_BUNDLE):
            messages.append(part)
            continue
        if depth == MAX_BUNDLE_DEPTH:
            raise BridgeError("osc.malformed", f"Bundles are nested deeper than {MAX_BUNDLE_DEPTH}.")
        pending += [(element, depth + 1) for element in reversed(_elements(part))]
    return messages


def open_envelope(datagram: bytes) -> Envelope:
    """Address and type tags of a message.

    Raises:
        BridgeError: ``osc.malformed``.
    """
    if not datagram.startswith(b"/"):
        raise BridgeError("osc.malformed", "The packet is not OSC: a message begins with '/', a bundle with '#bundle'.")
    try:
        address, index = osc_types.get_string(datagram, 0)
        tags = osc_types.get_string(datagram, index)[0] if datagram[index:] else ","
    except (osc_types.ParseError, UnicodeDecodeError) as error:
        raise BridgeError("osc.malformed", "The OSC message ends in the middle of its address or type tags.") from error
    if not tags.startswith(","):
        raise BridgeError("osc.malformed", "The OSC message has no type tags: they begin with ','.")
    return Envelope(address=address, tags=tags[1:], datagram=datagram)


def read_arguments(envelope: Envelope, known: Mapping[str, type[Any]]) -> tuple[type[Any], list[Any]]:
    """The message's class and its arguments, of the right number and types.

    Raises:
        BridgeError: ``osc.address``, ``osc.count``, ``osc.types``, ``osc.text`` or ``osc.malformed``.
    """
    kind = known.get(envelope.address)
    if kind is None:
        raise BridgeError("osc.address", f"{envelope.address[:200]!r} is not an address. docs/osc.md lists them.")
    check_tags(kind, envelope.tags)
    try:
        arguments = OscMessage(envelope.datagram).params
    except UnicodeDecodeError as error:
        text = f"{envelope.address}: a text or path is not UTF-8. Rename the file, or send its name as UTF-8."
        raise BridgeError("osc.text", text) from error
    except ParseError as error:
        raise BridgeError(
            "osc.malformed",
            f"{envelope.address} announces {tags_of(kind)!r} but ends before its last argument.",
        ) from error
    return kind, arguments


def decode(datagram: bytes, known: Mapping[str, type[Any]]) -> Any:
    """The message in a datagram, one of the ``known`` classes.

    Raises:
        BridgeError: it is none of them, or not well formed.
    """
    kind, arguments = read_arguments(open_envelope(datagram), known)
    return parse(kind, arguments)


def _elements(bundle: bytes) -> list[bytes]:
    if len(bundle) < _BUNDLE_HEADER_BYTES:
        raise BridgeError("osc.malformed", "The bundle ends in the middle of its header.")
    elements, index = [], _BUNDLE_HEADER_BYTES
    while index < len(bundle):
        size_bytes = bundle[index : index + 4]
        size = struct.unpack(">i", size_bytes)[0] if len(size_bytes) == 4 else -1
        if not 0 < size <= len(bundle) - index - 4:
            raise BridgeError("osc.malformed", f"The bundle's element at byte {index} has an impossible size.")
        elements.append(bundle[index + 4 : index + 4 + size])
        index += 4 + size
    return elements


def _build(message: Message) -> bytes:
    kind = type(message)
    builder = OscMessageBuilder(address_of(kind))
    for tag, argument, spec in zip(tags_of(kind), arguments_of(message), fields(message), strict=True):
        if isinstance(argument, str) and "\x00" in argument:
            argument = _without_nul(argument, spec.name, for_people=bool(spec.metadata))
        builder.add_arg(argument, tag)
    try:
        return builder.build().dgram
    except BuildError as error:
        raise BridgeError("osc.text", f"{address_of(kind)}: a text or path is not valid Unicode; rename it.") from error


def _without_nul(text: str, name: str, *, for_people: bool) -> str:
    if for_people:
        return text.replace("\x00", " ")
    raise BridgeError("osc.text", f"{name} contains a NUL character, which OSC cannot carry. Remove it.")


def _shorten(message: Message, excess: int) -> Message:
    """The message with its longest text for people shortened by at least ``excess`` bytes and an ellipsis."""
    texts = {f.name: getattr(message, f.name).encode() for f in fields(message) if f.metadata}
    name = max(texts, key=lambda key: len(texts[key]), default="")
    ellipsis_bytes = len("…".encode())
    if not name or len(texts[name]) <= ellipsis_bytes:
        raise BridgeError(
            "osc.too_long",
            f"{address_of(type(message))} does not fit into {MAX_MESSAGE_BYTES:,} bytes: a path or name in it is too "
            "long. Read state.json in the job folder instead, or move the jobs folder to a shorter path.",
        )
    kept = texts[name][: max(0, len(texts[name]) - excess - ellipsis_bytes)].decode(errors="ignore")
    return type(message)(**shortened(message, name, kept + "…"))
