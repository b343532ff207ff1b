"""Presenters of content and result over time."""
