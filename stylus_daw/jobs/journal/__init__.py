"""The journal: every job, on disk before it is promised."""
