"""How fast a render is and how much memory it takes: ``python -m bench.speed`` writes `speed.md`."""
