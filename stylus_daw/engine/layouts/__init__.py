"""What lies on disk as a checkpoint: its layout, its family, its parts; nothing is loaded."""
