"""How quickly the window opens and whether it is ever held up: ``python -m bench.window`` writes `window.md`."""
