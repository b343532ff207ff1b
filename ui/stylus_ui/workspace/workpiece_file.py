"""A Workpiece as JSON and back: what survives a crash. No Qt."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import Any

from stylus_daw.chain.spec import ChainSpec
from stylus_daw.engine.request import StyleSettings
from stylus_daw.errors import StylusError
from stylus_daw.jobs.job import Origin
from stylus_daw.jobs.style_part import StylePart
from stylus_ui.workspace.workpiece import Content, Selection, StyleSlot, Treatment, Workpiece

logger = logging.getLogger(__name__)

FILE = "workspace.json"
VERSION = 2
"""Version 1 called the treatment ``sound``."""


def workpiece_to_json(workpiece: Workpiece) -> str:
    """As a file holds it."""
    return json.dumps({"version": VERSION} | asdict(workpiece), default=_plain, indent=1) + "\n"


def workpiece_from_json(text: str) -> Workpiece:
    """The workpiece of :func:`workpiece_to_json`.

    Raises:
        ValueError, KeyError, TypeError, StylusError: the text does not hold a workpiece of a version that is known.
    """
    raw = json.loads(text)
    version = raw.pop("version")
    if version == 1:
        raw["treatment"] = raw.pop("sound")
    elif version != VERSION:
        raise ValueError("another version")
    content = raw["content"]
    if content:
        content = Content(**{**content, "path": Path(content["path"]), "origin": Origin(**content["origin"])})
    return Workpiece(
        **{
            **raw,
            "content": content,
            "selection": Selection(**raw["selection"]) if raw["selection"] else None,
            "more": tuple(Path(path) for path in raw["more"]),
            "treatment": _treatment(raw["treatment"]),
            "loaded": _treatment(raw["loaded"]) if raw["loaded"] else None,
        }
    )


def read_workpiece(path: Path) -> Workpiece:
    """The workpiece that was kept last; an empty one if there is none, or none that can be read."""
    try:
        return workpiece_from_json(path.read_text("utf-8"))
    except FileNotFoundError:
        return Workpiece()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StylusError):
        logger.warning("%s cannot be read; the workspace starts empty", path, exc_info=True)
        return Workpiece()


def _treatment(raw: dict[str, Any]) -> Treatment:
    return Treatment(
        styles=tuple(_slot(slot) for slot in raw["styles"]),
        settings=StyleSettings(**raw["settings"]),
        chain=ChainSpec.model_validate(raw["chain"]),
    )


def _slot(raw: dict[str, Any]) -> StyleSlot:
    part = raw.get("part")
    return StyleSlot(**{**raw, "path": Path(raw["path"]), "part": StylePart(**part) if part else None})


def _plain(value: object) -> object:
    if isinstance(value, ChainSpec):
        return value.model_dump(mode="json")
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} cannot be serialised to JSON")
