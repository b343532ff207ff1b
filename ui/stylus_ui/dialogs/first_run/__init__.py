"""The first run: greets a newcomer once."""
