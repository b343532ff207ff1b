"""Makes stylus-mini and the factory style loops. Never imported by the app."""
