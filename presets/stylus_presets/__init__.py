"""Factory presets: one JSON file each, and their style audio in ``styles/``."""
