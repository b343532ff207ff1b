"""Audio files: reading, writing, and the chunks that carry position and provenance."""
