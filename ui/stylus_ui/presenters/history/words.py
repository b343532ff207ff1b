"""What a row of the history says. No Qt."""

from __future__ import annotations

import re
from datetime import datetime

from stylus_daw.exchange.file_names import file_name
from stylus_daw.jobs.job import RenderRequest, Stem
from stylus_ui.presenters.daws.daw_names import DAWS, NAMELESS, daw_name
from stylus_ui.presenters.history.entry import HistoryEntry
from stylus_ui.presenters.history.time_left import left_words
from stylus_ui.state.text import Text, later
from stylus_ui.workspace.takes import Take, TakeState

_FOLDERS = re.compile(r"(['\"\s]|^)(?:[A-Za-z]:)?[/\\](?:[^'\"/\\]+[/\\])+")
MOST_LETTERS = 80  # of a file's name: more is not read

STAGES = (
    later("starting"),
    later("starting again"),
    later("waiting for a free core"),
    later("reading"),
    later("listening to the region"),
    later("hearing the notes"),
    later("listening to the style"),
    later("inverting the style"),
    later("playing the notes"),
    later("restyling"),
    later("rebuilding the sound"),
    later("effects"),
    later("checking the peaks"),
    later("writing"),
    later("done"),
)
"""Short words of the engine."""


def name_of(request: RenderRequest) -> str:
    """Track (else the file's name) and preset, as far as they are known."""
    origin = request.origin
    return " · ".join(part for part in (origin.track or request.source.stem, origin.preset) if part)


def title_of(entry: HistoryEntry) -> str:
    """What the user has called it, else its name."""
    return entry.note.name or name_of(entry.request)


def has_bar(entry: HistoryEntry, in_lane: Take | None) -> bool:
    """Whether a row shows its progress as a bar: what the result lane fills with has its bar there, once is enough."""
    return entry.state is TakeState.RENDERING and (in_lane is None or in_lane.job != entry.job)


def details_of(text: Text, request: RenderRequest) -> str:
    """What tells it from others of the same name: ``edited · 4 styles · take 2``."""
    origin, styles = request.origin, len(request.styles)
    parts = (
        text("edited") if origin.edited else "",
        text("{count} styles", count=styles) if styles > 1 and (origin.edited or not origin.preset) else "",
        text("take {number}", number=origin.take) if origin.take else "",
    )
    return " · ".join(part for part in parts if part)


def file_name_of(entry: HistoryEntry) -> str:
    """The same as a name for a file, without its suffix; every job has another."""
    said = title_of(entry).replace(" · ", " - ").strip(" .")[:MOST_LETTERS]
    return f"{file_name(said)} {entry.job[-6:]}"


def where_from(text: Text, entry: HistoryEntry) -> str:
    """What is special about it; DAW and project, or the file; and how long it is."""
    origin = entry.request.origin
    details = details_of(text, entry.request)
    if origin.client in NAMELESS:
        parts = [origin.project or entry.request.source.name]
    else:
        parts = [daw_name(origin.client), origin.project]
    if entry.seconds is not None:
        parts.append(_length_words(text, entry.seconds, entry.take.stem))
    return " · ".join(part for part in (details, *parts) if part)


def state_words(text: Text, entry: HistoryEntry, now: datetime) -> str:
    """Where it stands, in a few words."""
    if entry.is_cancelling:
        return text("Cancelling…")
    match entry.state:
        case TakeState.WAITING:
            return text("{count} before it", count=entry.position) if entry.position else text("Next")
        case TakeState.RENDERING:
            percent = text("{percent} %", percent=int(100 * entry.take.fraction))
            return percent if entry.left_s is None else f"{percent} · {left_words(text, entry.left_s)}"
        case TakeState.DONE:
            return _done(text, entry, now)
        case TakeState.FAILED:
            return text("Failed {time}", time=_time(text, entry.ended_at, now))
    return text("Cancelled")


def stage_words(text: Text, entry: HistoryEntry) -> str:
    """What is being done; empty if nothing is."""
    return text(entry.take.stage) if entry.state is TakeState.RENDERING else ""


def failure_words(message: str) -> tuple[str, str]:
    """What went wrong, files by their names alone; and what helps, which is the last sentence.

    >>> failure_words("'/home/me/My Song/bass.wav' is gone. Put it back, or choose another.")
    ("'bass.wav' is gone.", 'Put it back, or choose another.')
    >>> failure_words("The render process died.")
    ('', 'The render process died.')
    """
    short = _FOLDERS.sub(r"\1", message.strip())
    problem, _, remedy = short.rpartition(". ")
    return (f"{problem}." if problem else ""), remedy


def spoken(text: Text, entry: HistoryEntry, now: datetime) -> str:
    """All of it, for screen readers."""
    message = text(entry.take.message) if entry.state is TakeState.FAILED else ""
    parts = (
        title_of(entry),
        state_words(text, entry, now),
        stage_words(text, entry),
        message,
        where_from(text, entry),
    )
    return ", ".join(part for part in parts if part)


def _length_words(text: Text, seconds: float, stem: Stem | None) -> str:
    said, short = text.number(seconds, 1), stem.short if stem else None
    if short is None:
        return text("{seconds} s", seconds=said)
    if short.announced_s is None:
        return text("{seconds} s: the file breaks off", seconds=said)
    whole = text.number(short.announced_s, 1)
    return text("{seconds} s of {whole} s: the file breaks off", seconds=said, whole=whole)


def _done(text: Text, entry: HistoryEntry, now: datetime) -> str:
    time, client = _time(text, entry.ended_at, now), entry.request.origin.client
    if client in DAWS:
        return text("Landed in {daw} {time}", daw=daw_name(client), time=time)
    return text("Rendered {time}", time=time)


def _time(text: Text, at: float, now: datetime) -> str:
    """The time of today, the date of any other day."""
    when = datetime.fromtimestamp(at)
    if when.date() == now.date():
        return f"{when:%H:%M}"
    return f"{when:%d.%m.%Y}" if text.language == "de" else f"{when:%Y-%m-%d}"
