"""What the installer writes in here."""

from __future__ import annotations

STATE_FOLDER = "@STYLUS_STATE_FOLDER@"
VERSION = "@STYLUS_VERSION@"
