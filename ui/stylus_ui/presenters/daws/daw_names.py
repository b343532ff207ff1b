"""Names of DAWs. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

WINDOW = "window"
"""``client`` of the jobs of this window."""
NAMELESS = (WINDOW, "osc")
"""Those of jobs that nobody with a name has sent: this window, ``stylus-daw send``, a plain OSC message."""
DAWS: Mapping[str, str] = {
    "reaper": "REAPER",
    "ardour": "Ardour",
    "live": "Ableton Live",
    "bitwig": "Bitwig Studio",
    "protools": "Pro Tools",
    "connect": "Stylus Connect",
}
"""By the name that a host gives itself: those that put stems into the session by themselves."""


def daw_name(client: str) -> str:
    """For people. An instance of the plugin says its track, too.

    >>> daw_name("reaper"), daw_name("my-script"), daw_name("connect: Gtr")
    ('REAPER', 'my-script', 'Stylus Connect: Gtr')
    """
    kind, colon, track = client.partition(": ")
    return f"{DAWS[kind]}{colon}{track}" if kind in DAWS else client
