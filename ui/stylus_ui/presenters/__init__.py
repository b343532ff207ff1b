"""What the window knows and does. No Qt: tested without a window."""
