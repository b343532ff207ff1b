"""The preset library. No Qt."""
