"""The current job: its content, edits, takes and lanes. No Qt."""
