"""The window in all its states, as pictures: ``python -m stylus_ui.screenshots OUT``."""
