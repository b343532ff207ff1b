"""The knobs of the engine, written once: what each may be, its defaults and its words. No torch, no Qt.

`StyleSettings` (in ``style_settings.py``) is the table: one field, one knob. Presets, job.json, the command line, the
window and the pages read it and repeat nothing.
"""
