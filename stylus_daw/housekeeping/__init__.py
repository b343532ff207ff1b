"""Housekeeping: what the state folder may forget, and when. Nothing that a session may refer to goes unasked."""
