"""What the transport says in words and figures. No Qt."""

from __future__ import annotations

import math

from stylus_ui.audition.output import OutputState
from stylus_ui.presenters.workspace.drafts import DraftShown, DraftState
from stylus_ui.state.text import Text

DASH = "–"


def level(text: Text, lufs: float) -> str:
    """Loudness, with the minus sign that is as wide as a figure.

    >>> level(Text("en"), -14.23), level(Text("en"), -math.inf)
    ('−14.2 LUFS', '– LUFS')
    """
    said = DASH if math.isinf(lufs) or lufs < -70 else text.number(lufs, 1).replace("-", "−")
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
