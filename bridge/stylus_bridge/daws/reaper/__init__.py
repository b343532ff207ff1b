"""REAPER: Lua actions. They need no sockets, no Python and no configuration."""
