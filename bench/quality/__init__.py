"""How near a result comes to the truth: ``python -m bench.quality`` writes `quality.md`."""
