"""Pro Tools, through its scripting interface (PTSL) and ``py-ptsl``. Experimental: never run in Pro Tools."""
