"""What each control, switch and constant does to the sound: ``python -m bench.controls`` writes `controls.md`."""
