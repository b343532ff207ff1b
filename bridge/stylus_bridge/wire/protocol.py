"""The bridge's vocabulary: one frozen dataclass per OSC message, in both directions. No sockets.

A field's annotation is its place on the wire: ``str`` is ``s``, ``int`` is ``i`` (32 bits), ``float``
is ``f``, and ``SamplePosition`` (64 bits) travels as ``s``, because some OSC libraries send 64-bit
integers as doubles (``bridge/stylus_bridge/wire/arguments.py`` does it). Fields with ``metadata=FOR_PEOPLE`` may be
shortened to keep a message small; ids and paths never are. ``docs/osc.md`` holds the same table for
people, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, TypeAlias, TypeVar

from stylus_daw.errors import BridgeError, StylusError
from stylus_daw.jobs.job_id import check_job_id

PROTOCOL_VERSION = 1
DEFAULT_PORT = 47120
CAPABILITIES = ("folder", "render", "cancel", "status", "inserted", "presets")
FOR_PEOPLE: Mapping[str, bool] = MappingProxyType({"for_people": True})

SamplePosition: TypeAlias = int
"""A sample position or length of up to 64 bits; a decimal string on the wire."""


class Message(Protocol):
    """Any message of this protocol: a dataclass that is registered under an address."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


_REQUESTS: dict[str, type[Any]] = {}
_EVENTS: dict[str, type[Any]] = {}
_ADDRESSES: dict[type[Any], str] = {}

REQUESTS: Mapping[str, type[Any]] = MappingProxyType(_REQUESTS)
"""What a host may send, by address. The first argument of each is the token."""
EVENTS: Mapping[str, type[Any]] = MappingProxyType(_EVENTS)
"""What the app sends (answers and events), by address."""

_T = TypeVar("_T")


def _registered(registry: dict[str, type[Any]], address: str) -> Callable[[type[_T]], type[_T]]:
    def register(kind: type[_T]) -> type[_T]:
        registry[address] = kind
        _ADDRESSES[kind] = address
        return kind

    return register


def _request(address: str) -> Callable[[type[_T]], type[_T]]:
    return _registered(_REQUESTS, address)


def _event(address: str) -> Callable[[type[_T]], type[_T]]:
    return _registered(_EVENTS, address)


class _NamesAJob:
    """Checks the job id of a message that has one."""

    __slots__ = ()
    job: str

    def __post_init__(self) -> None:
        check_job_id(self.job)


# Requests: host -> app


@_request("/stylus/hello")
@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """A host introduces itself. ``reply_port`` 0: answer to the port that this came from."""

    token: str
    protocol: int
    client: str
    client_version: str
    reply_port: int

    def __post_init__(self) -> None:
        if not 0 <= self.reply_port <= 65_535:
            raise BridgeError("osc.range", f"reply_port is {self.reply_port}; allowed: 0 (the sender's) to 65535.")


@_request("/stylus/ping")
@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """Is the app there?"""

    token: str


@_request("/stylus/preset/list")
@dataclass(frozen=True, slots=True, kw_only=True)
class ListPresets:
    """Ask for every preset."""

    token: str


@_request("/stylus/job/submit")
@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitJob(_NamesAJob):
    """Render the job folder that the host has written."""

    token: str
    job: str
    folder: str


@_request("/stylus/job/render")
@dataclass(frozen=True, slots=True, kw_only=True)
class RenderFile(_NamesAJob):
    """The short form: the whole of ``wav`` is the region, at position 0."""

    token: str
    job: str
    wav: str
    preset: str


@_request("/stylus/job/cancel")
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelJob(_NamesAJob):
    """Stop a job, whether it waits or runs."""

    token: str
    job: str


@_request("/stylus/job/status")
@dataclass(frozen=True, slots=True, kw_only=True)
class AskStatus(_NamesAJob):
    """Ask for the job's last event again."""

    token: str
    job: str


@_request("/stylus/job/inserted")
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmInserted(_NamesAJob):
    """The host says that the stem is in the session. Not answered."""

    token: str
    job: str
    detail: str


# Answers and events: app -> host


@_event("/stylus/welcome")
@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """Answer to :class:`Hello`. ``capabilities`` is comma separated."""

    protocol: int
    version: str
    capabilities: str
    jobs_folder: str


@_event("/stylus/pong")
@dataclass(frozen=True, slots=True, kw_only=True)
class Pong:
    """Answer to :class:`Ping`."""

    version: str
    queued: int
    running: int


@_event("/stylus/preset")
@dataclass(frozen=True, slots=True, kw_only=True)
class PresetListed:
    """One preset of ``count``. With no preset at all: one message with ``count`` 0 and an empty ``id``."""

    index: int
    count: int
    id: str
    name: str = field(metadata=FOR_PEOPLE)


@_event("/stylus/job/queued")
@dataclass(frozen=True, slots=True, kw_only=True)
class Queued(_NamesAJob):
    """The job waits; ``position`` 0 is next."""

    job: str
    position: int


@_event("/stylus/job/progress")
@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed(_NamesAJob):
    """The job runs. ``fraction`` 0..1, for display only."""

    job: str
    fraction: float
    stage: str = field(metadata=FOR_PEOPLE)


@_event("/stylus/job/done")
@dataclass(frozen=True, slots=True, kw_only=True)
class Done(_NamesAJob):
    """The stem is on disk. Positions in samples of ``rate``."""

    job: str
    stem_path: str
    start_sample: SamplePosition
    length_samples: SamplePosition
    rate: int
    channels: int


@_event("/stylus/job/cancelled")
@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(_NamesAJob):
    """The job was cancelled."""

    job: str


@_event("/stylus/job/failed")
@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(_NamesAJob):
    """The job failed; ``message`` is for the producer."""

    job: str
    code: str
    message: str = field(metadata=FOR_PEOPLE)


@_event("/stylus/error")
@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A request was not acted on. ``address`` is the request's."""

    code: str
    message: str = field(metadata=FOR_PEOPLE)
    address: str


@_event("/stylus/ready")
@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The app has started; sent to the reply ports of earlier hellos."""

    version: str


JobMessage = Queued | Progressed | Done | Cancelled | Failed
FINAL = (Done, Cancelled, Failed)


def address_of(kind: type[Any]) -> str:
    """The OSC address of a message class.

    >>> address_of(Ping)
    '/stylus/ping'
    """
    return _ADDRESSES[kind]


def refusal(error: StylusError, address: str) -> Refused:
    """The answer to a request at ``address`` that raised ``error``."""
    shown = address if len(address) <= 200 else address[:200] + "…"
    return Refused(code=error.code, message=error.message, address=shown)
