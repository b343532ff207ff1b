"""What the main window is made of."""
