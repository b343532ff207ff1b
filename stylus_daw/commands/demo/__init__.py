"""``stylus-daw demo``: the whole way of one region, checked and pictured."""
