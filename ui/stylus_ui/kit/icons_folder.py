"""Where the icons are. Apart from `stylus_ui.kit.icons`, which needs Qt."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

FOLDER = Path(str(resources.files("stylus_ui"))) / "assets" / "icons"
