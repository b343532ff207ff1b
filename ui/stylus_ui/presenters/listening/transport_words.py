"""What the transport says in words and figures. No Qt."""

from __future__ import annotations

import math

from stylus_ui.audition.loading import Loudness
from stylus_ui.audition.output import OutputState
from stylus_ui.presenters.workspace.drafts import DraftShown, DraftState
from stylus_ui.state.text import Text

DASH = "–"
SAME_DB = 0.05


def level(text: Text, lufs: float) -> str:
    """Loudness, with the minus sign that is as wide as a figure.

    >>> level(Text("en"), -14.23), level(Text("en"), -math.inf)
    ('−14.2 LUFS', '– LUFS')
    """
    said = DASH if math.isinf(lufs) or lufs < -70 else text.number(lufs, 1)
    return f"{said} LUFS"


def why_silent(text: Text, state: OutputState) -> str:
    """Why nothing can be heard, the most important words first; empty: it can, or nobody knows yet.

    >>> why_silent(Text("en"), OutputState(problem="…", wanted="Interface"))
    'No sound: Interface'
    """
    if not state.problem:
        return ""
    return text("No sound: {name}", name=state.wanted) if state.wanted else text("No sound output found")


def what_helps(text: Text, state: OutputState) -> str:
    """The same as a sentence, with the next step."""
    if not state.wanted:
        return text("No sound output was found. Connect one, then try again.")
    return text("{name} cannot be opened. Close whatever else uses it, or choose another output.", name=state.wanted)


def match_said(text: Text, loudness: Loudness, *, is_matched: bool) -> tuple[str, str]:
    """How A and B are brought to the same loudness: in a word, and as a sentence; empty while it is not known.

    >>> match_said(Text("en"), Loudness(original=-14.0, result=-17.2), is_matched=True)[0]
    'A −3.2 dB'
    >>> match_said(Text("en"), Loudness(original=-14.0, result=-17.2), is_matched=False)[0]
    'A +3.2 dB'
    """
    away = loudness.original - loudness.result
    if not math.isfinite(away):
        return "", ""
    number = text.number(abs(away), 1)
    louder, softer = ("A", "B") if away > 0 else ("B", "A")
    known = {"side": louder, "number": number}
    if abs(away) < SAME_DB:
        return "A = B", text("A and B are equally loud as they are.")
    if is_matched:
        said = text("Equally loud: {side} is turned down by {number} dB. Click to hear both as they are.", **known)
        return f"{louder} −{number} dB", said
    said = text("{side} is {number} dB louder than {other}. Click to hear both equally loud.", **known, other=softer)
    return f"{louder} +{number} dB", said


def draft_said(text: Text, shown: DraftShown) -> str:
    """The draft in a word or two; empty: there is none.

    >>> draft_said(Text("en"), DraftShown(state=DraftState.READY, seconds_taken=3.14))
    'Draft · 3.1 s'
    """
    if shown.state is DraftState.READY:
        return text("Draft · {seconds} s", seconds=text.number(shown.seconds_taken, 1))
    if shown.state is DraftState.FAILED:
        return text("No draft")
    return "" if shown.state is DraftState.NONE else text("Draft…")
