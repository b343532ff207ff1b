"""``stylus-daw farm``: more than one machine."""
