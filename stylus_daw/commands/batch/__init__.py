"""``stylus-daw batch``: many files, resumable."""
