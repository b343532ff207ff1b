"""What is said of the bridge and of DAWs. No Qt."""

from __future__ import annotations

from datetime import datetime

from stylus_ui.presenters.daws.daw_scripts import DawLine, ScriptState
from stylus_ui.presenters.daws.status import Bridge, BridgeState
from stylus_ui.state.text import Text


def bar_words(text: Text, bridge: Bridge) -> str:
    """A few words for the bar."""
    match bridge.state:
        case BridgeState.STARTING:
            return text("Starting…")
        case BridgeState.FAILED:
            return text("DAWs cannot connect")
        case BridgeState.READY:
            return text("Ready for your DAW")
    first, more = bridge.daws[0], len(bridge.daws) - 1
    named = text("{daw} and {count} more", daw=first, count=more) if more else first
    return text("{daw} connected", daw=named)


def sentence(text: Text, bridge: Bridge) -> str:
    """The same with all that matters, for the popover."""
    if bridge.state is BridgeState.FAILED:
        return text(bridge.problem)
    if bridge.state is BridgeState.STARTING:
        return text("The bridge to your DAW is starting. It takes about a second.")
    if bridge.taken_port:
        return text(
            "Port {taken} belongs to another program, so {port} is used. The scripts in your DAW find it on their own.",
            taken=bridge.taken_port,
            port=bridge.port,
        )
    if bridge.state is BridgeState.READY:
        return text("Listening on port {port}. No DAW has made contact since Stylus started.", port=bridge.port)
    return text("Listening on port {port}.", port=bridge.port)


def daw_words(text: Text, line: DawLine, now: datetime) -> str:
    """How the scripts stand, and when the DAW was last heard."""
    said = {
        ScriptState.NO_DAW: text("Not found on this computer") if line.has_installer else "",
        ScriptState.NOT_INSTALLED: text("Script not installed"),
        ScriptState.OUTDATED: text("Script {version} is outdated", version=line.version),
        ScriptState.ELSEWHERE: text("Script belongs to another Stylus folder"),
        ScriptState.OFF: text("Script installed, but switched off"),
        ScriptState.INSTALLED: text("Script installed"),
    }[line.scripts]
    heard = heard_words(text, line.heard_at, now) if line.heard_at else ""
    return " · ".join(part for part in (said, heard) if part)


def heard_words(text: Text, at: float, now: datetime) -> str:
    """When a DAW was last heard.

    >>> heard_words(Text(), datetime(2025, 1, 1, 12).timestamp(), datetime(2025, 1, 1, 12, 5))
    'heard 5 min ago'
    """
    when = datetime.fromtimestamp(at)
    minutes = int((now - when).total_seconds() // 60)
    if minutes < 1:
        return text("heard just now")
    if minutes < 60:
        return text("heard {minutes} min ago", minutes=minutes)
    if when.date() == now.date():
        return text("last heard {time}", time=f"{when:%H:%M}")
    return text("last heard {time}", time=f"{when:%d.%m.%Y}" if text.language == "de" else f"{when:%Y-%m-%d}")


def install_words(text: Text, line: DawLine) -> str:
    """What its button says."""
    if line.scripts is ScriptState.NO_DAW:
        return text("Choose folder…")
    if line.scripts in (ScriptState.INSTALLED, ScriptState.OFF):
        return text("Install again")
    return text("Update script") if line.scripts is ScriptState.OUTDATED else text("Install script…")
