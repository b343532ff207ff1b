"""The DAW status in the top bar, and what unfolds from it."""
