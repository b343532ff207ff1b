"""stylus-daw: restyle a region of a DAW session with a local Stylus engine.

This package makes sound and keeps work safe. It knows neither Qt nor OSC: the window is `stylus_ui`,
everything that talks to a DAW is `stylus_bridge`; only ``app``, ``rehearsal``, ``alignment`` and
``commands`` know them.
"""

__version__ = "0.1.0"
