"""A message's fields as OSC type tags and arguments, with strict checks on the way back."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import Field, fields
from typing import Any, TypeVar

from stylus_bridge.wire.protocol import Message, address_of
from stylus_daw.errors import BridgeError

_TAGS = {"str": "s", "int": "i", "float": "f", "SamplePosition": "s"}
_T = TypeVar("_T")


def tags_of(kind: type[Any]) -> str:
    """The OSC type tags of a message class.

    >>> from stylus_bridge.wire.protocol import Done
    >>> tags_of(Done)
    'ssssii'
    """
    return "".join(_TAGS[str(f.type)] for f in fields(kind))


def arguments_of(message: Message) -> list[Any]:
    """The message's arguments as they travel.

    >>> from stylus_bridge.wire.protocol import Queued
    >>> arguments_of(Queued(job="a", position=2))
    ['a', 2]
    """
    return [_to_wire(str(f.type), getattr(message, f.name)) for f in fields(message)]


def shortened(message: Message, name: str, text: str) -> dict[str, Any]:
    """The message's fields with another text in ``name``."""
    return {f.name: text if f.name == name else getattr(message, f.name) for f in fields(message)}


def check_tags(kind: type[Any], tags: str) -> None:
    """Refuse arguments of the wrong number or the wrong types.

    Raises:
        BridgeError: ``osc.count`` or ``osc.types``, with what is expected.

    >>> from stylus_bridge.wire.protocol import Ping
    >>> check_tags(Ping, "s")
    >>> check_tags(Ping, "i")
    Traceback (most recent call last):
    stylus_daw.errors.BridgeError: /stylus/ping came with types "i"; expected "s" (token).
    """
    expected = tags_of(kind)
    if tags == expected:
        return
    names = ", ".join(f.name for f in fields(kind))
    if len(tags) != len(expected):
        raise BridgeError(
            "osc.count",
            f"{address_of(kind)} came with {len(tags)} arguments; expected {len(expected)}: {names}.",
        )
    raise BridgeError("osc.types", f'{address_of(kind)} came with types "{tags}"; expected "{expected}" ({names}).')


def parse(kind: type[_T], arguments: Sequence[Any]) -> _T:
    """A message from arguments whose tags were checked.

    Raises:
        BridgeError: a position that is not a number, a port out of range.
        RequestError: a job id that is not allowed.

    >>> from stylus_bridge.wire.protocol import Queued
    >>> parse(Queued, ["a", 2])
    Queued(job='a', position=2)
    """
    specs = fields(kind)  # pyright: ignore[reportArgumentType]
    return kind(**{spec.name: _from_wire(spec, value) for spec, value in zip(specs, arguments, strict=True)})


def _to_wire(annotation: str, value: Any) -> Any:
    if annotation == "SamplePosition":
        return str(value)
    if annotation == "int" and not -(2**31) <= value < 2**31:
        raise BridgeError("osc.range", f"{value} does not fit into the 32 bits of this OSC argument.")
    return value


def _from_wire(spec: Field[Any], value: Any) -> Any:
    if spec.type != "SamplePosition":
        return value
    try:
        position = int(value)
        struct.pack(">q", position)
    except (ValueError, struct.error) as error:
        raise BridgeError(
            "osc.range", f"{spec.name} is {value[:40]!r}; expected a whole number of at most 64 bits."
        ) from error
    return position
