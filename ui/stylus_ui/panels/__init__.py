"""The places of the window, each a thin view of a presenter."""
