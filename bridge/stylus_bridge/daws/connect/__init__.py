"""Stylus Connect, the plugin, in the system's folders for plugins."""
