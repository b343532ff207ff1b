"""Chunks of WAV, AIFF, CAF and Wave64 files: where the samples are, and what stands beside them."""
