"""Ardour: editor actions and a timer hook in Lua."""
