"""stylus-daw: restyle a region of a DAW session with a local Stylus engine.

This package makes sound and keeps work safe. It knows neither Qt nor OSC: the window lives in
``ui`` and everything that talks to a DAW in ``bridge``; only ``stylus_daw.app`` and
``stylus_daw.cli`` know all three.
"""

__version__ = "0.1.0"
