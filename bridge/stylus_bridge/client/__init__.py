"""The caller's end of the bridge: scripts, the demo and a second instance reach the app through it."""
