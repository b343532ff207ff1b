"""As much OSC as the bridge needs: messages of strings, 32-bit integers and floats."""

from __future__ import annotations

import struct
from typing import Any


def encode(address: str, *values: Any) -> bytes:
    r"""A packet.

    >>> encode("/a", 1)
    b'/a\x00\x00,i\x00\x00\x00\x00\x00\x01'
    """
    tags, body = ",", b""
    for value in values:
        if isinstance(value, str):
            tags += "s"
            body += _text(value)
        elif isinstance(value, int):
            tags += "i"
            body += struct.pack(">i", value)
        else:
            tags += "f"
            body += struct.pack(">f", value)
    return _text(address) + _text(tags) + body


def decode(packet: bytes) -> tuple[str, list[Any]]:
    """The address and the values of a packet.

    Raises:
        ValueError: it is not a message of these types.
    """
    try:
        address, at = _read_text(packet, 0)
        tags, at = _read_text(packet, at)
        values: list[Any] = []
        for tag in tags[1:]:
            if tag == "s":
                text, at = _read_text(packet, at)
                values.append(text)
            elif tag in "if":
                values += struct.unpack_from(">" + tag, packet, at)
                at += 4
            else:
                raise ValueError("unknown type " + tag)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error
    return address, values


def _text(text: str) -> bytes:
    raw = text.encode("utf-8") + b"\0"
    return raw + b"\0" * (-len(raw) % 4)


def _read_text(packet: bytes, at: int) -> tuple[str, int]:
    end = packet.find(b"\0", at)
    if end < 0:
        raise ValueError("a string has no end")
    return packet[at:end].decode("utf-8"), (end // 4 + 1) * 4
