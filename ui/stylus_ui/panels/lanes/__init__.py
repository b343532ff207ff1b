"""Content and result over time."""
