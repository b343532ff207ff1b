"""The commands of ``stylus-daw``: with ``app``, ``rehearsal`` and ``alignment`` all that knows the bridge here.

A module named like a command holds its options and imports next to nothing; what does the work is imported when
the command runs, so that help and ``send`` come at once.
"""
