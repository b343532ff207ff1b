"""Styles, blend, controls and chain."""
