"""Ableton Live: a Remote Script, that runs in Live's own Python."""
