"""This machine's end of a farm: its jobs on their way to workers, and their stems back."""
