"""The queue and the history as a painted list."""
