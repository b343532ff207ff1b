"""stylus-mini, the embedded model: its image, its network and its render."""
