"""The preset library: folders of presets, found, searched, edited, thrown away and restored."""
