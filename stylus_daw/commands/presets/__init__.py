"""``stylus-daw presets``: the preset library from the command line."""
