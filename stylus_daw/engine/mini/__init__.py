"""stylus-mini, the embedded model: its network and its one pass."""
