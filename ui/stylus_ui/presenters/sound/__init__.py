"""Styles, blend, knobs and the effect chain. No Qt."""
