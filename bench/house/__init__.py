"""The state of the code itself, before and after: ``python -m bench.house`` writes `house.md`."""
