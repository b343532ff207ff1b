"""The image that stylus-mini sees and starts from: decibels as values, and row matching."""
