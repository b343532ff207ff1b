"""Audio without torch: clips, files, spectrograms, windows, loudness."""
