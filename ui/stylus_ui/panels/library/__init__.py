"""The preset library as a painted list."""
