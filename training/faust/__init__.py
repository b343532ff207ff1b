"""Faust: programs of one note (``programs``), run by a process of its own (``process``), tuned key by key (``tuning``).

Some Faust programs abort or never end. Nothing but ``child`` imports DawDreamer (GPL-3.0), and nothing but ``process``
starts ``child``: what happens there ends a note, not a training.
"""
