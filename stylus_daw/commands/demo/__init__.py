"""``stylus-daw demo``: one region all the way round, checked and pictured."""
