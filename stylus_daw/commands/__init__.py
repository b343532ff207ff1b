"""The commands of ``stylus-daw``: with ``app.py`` and ``cli.py``, the only part of this package that knows the bridge.

A module named like a command holds its options and imports next to nothing; what does the work is imported when
the command runs, so that help and ``send`` come at once.
"""
