"""Contexts, outputs and sounds for tests of the window."""
