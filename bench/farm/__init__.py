"""What a farm yields, what it costs, and where it stops yielding more."""
