"""What several panels share: file drops and painted rows."""
