"""How the page about the disk says things. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from stylus_daw.housekeeping.policy import Kind
from stylus_ui.presenters.setup.storage import Asked, Listed, StemsPlace, Taken
from stylus_ui.state.sizes import size_said
from stylus_ui.state.text import Text, later


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """What a kind is called, and what it means that it goes; English."""

    title: str
    meaning: str


KIND_WORDS: Mapping[Kind, KindWords] = {
    Kind.TEMPORARY: KindWords(
        title=later("Temporary files"),
        meaning=later("Left by a crash or a power failure; nothing needs them."),
    ),
    Kind.INPUTS: KindWords(
        title=later("Inputs of finished jobs"),
        meaning=later("What DAWs have sent. Without it a row cannot be compared or rendered again; its stem stays."),
    ),
    Kind.ENDED: KindWords(
        title=later("Jobs without a stem"),
        meaning=later("Inputs and descriptions of what was cancelled or failed."),
    ),
    Kind.LOGS: KindWords(title=later("Old logs"), meaning=later("The newest one stays.")),
    Kind.CACHES: KindWords(
        title=later("Caches"),
        meaning=later("Analysed styles, waveforms and covers; made again when needed."),
    ),
    Kind.STEMS: KindWords(
        title=later("Stems"),
        meaning=later("DAW sessions may play them from here."),
    ),
}
assert set(KIND_WORDS) == set(Kind)


def taken_said(text: Text, taken: Taken) -> str:
    """``1.2 GB in 36 files. What DAWs have sent. …``"""
    if not taken.files:
        return text("Empty")
    return f"{_amount(text, taken.files, taken.bytes)}. {text(KIND_WORDS[taken.kind].meaning)}"


def place_said(text: Text, place: StemsPlace) -> str:
    """The folder, what is in it, and that nothing of one's own is ever removed."""
    if place.files < 0:
        return text("{folder}\nThis folder is not there. Plug in its drive, or choose another.", folder=place.folder)
    amount = _amount(text, place.files, place.bytes) if place.files else text("Empty")
    if place.is_own:
        return text("{folder}\n{amount}. Stylus never removes anything here.", folder=place.folder, amount=amount)
    return text("{folder}\n{amount}. A folder of your own is never cleared.", folder=place.folder, amount=amount)


def title_said(text: Text, asked: Asked) -> str:
    """What is to be cleared."""
    return text("Clear: {name}", name=text(KIND_WORDS[asked.kind].title))


def asked_said(text: Text, asked: Asked) -> str:
    """What it would mean, and what stays."""
    if not asked.files:
        said = text("Nothing is old enough.")
    elif asked.needs_word:
        said = text(
            "These stems may be part of a DAW session: it would open with them missing, and nothing brings them back. "
            "Save the session with its audio collected first, or keep them."
        )
    else:
        said = text(KIND_WORDS[asked.kind].meaning)
    if not asked.kept:
        return said
    stays = text.count(
        "{count} file stays: starred, or open here.", "{count} files stay: starred, or open here.", asked.kept
    )
    return f"{said} {stays}"


def file_said(text: Text, listed: Listed) -> str:
    """``12 MB · 2026-03-01 · Bass · Warm Strings (win-0a1b)``"""
    day = datetime.fromtimestamp(listed.found.written).astimezone().date().isoformat()
    return f"{size_said(text, listed.found.bytes)} · {day} · {listed.name}"


def remove_said(text: Text, asked: Asked) -> str:
    """The button."""
    return text("Remove {amount}", amount=_amount(text, len(asked.files), asked.bytes))


def _amount(text: Text, files: int, size: int) -> str:
    said = size_said(text, size)
    return text.count("{size} in {count} file", "{size} in {count} files", files, size=said)
