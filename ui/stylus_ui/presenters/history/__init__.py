"""The queue and every finished job. No Qt."""
