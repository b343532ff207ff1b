"""Style presets: references, settings and a chain under one name."""
