"""Where a datagram comes from or goes to."""

from __future__ import annotations

Address = tuple[str, int]
"""Host and port."""
