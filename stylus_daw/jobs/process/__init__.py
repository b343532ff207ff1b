"""The render process: from the inside, from the outside, and when it counts as stuck."""
