"""``stylus-daw models``: the models on this machine."""
