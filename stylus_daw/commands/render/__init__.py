"""``stylus-daw render``: one file, in this process."""
