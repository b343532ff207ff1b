"""Trains the transcriber: scenes that are composed and played, what it sees of them, and the net."""
