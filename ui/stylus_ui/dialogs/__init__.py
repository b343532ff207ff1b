"""Windows of their own, opened on demand."""
