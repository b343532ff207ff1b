"""How the factory presets sound: ``python -m bench.presets`` writes `docs/factory-presets.md`."""
