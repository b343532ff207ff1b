"""The program around the panels: start, window, places, core, tray, stop."""
