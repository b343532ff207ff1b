"""Bitwig Studio: a controller script that puts finished stems into launcher slots."""
