"""Checkpoints on disk: their layout, family and parts. Nothing is loaded."""
