"""What cannot be done, in words for the user."""

from __future__ import annotations


class Refusal(Exception):
    """Its text goes to Live's status bar."""
