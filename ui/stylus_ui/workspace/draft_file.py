"""A Draft as JSON and back: what survives a crash. No Qt."""

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
from stylus_ui.workspace.draft import Content, Draft, Selection, Sound, StyleSlot

logger = logging.getLogger(__name__)

FILE = "workspace.json"
VERSION = 1


def draft_to_json(draft: Draft) -> str:
    """As a file holds it."""
    return json.dumps({"version": VERSION} | asdict(draft), default=_plain, indent=1) + "\n"


def draft_from_json(text: str) -> Draft:
    """The draft of :func:`draft_to_json`.

    Raises:
        ValueError, KeyError, TypeError, StylusError: the text is not a draft of this version.
    """
    raw = json.loads(text)
    if raw.pop("version") != VERSION:
        raise ValueError("another version")
    content = raw["content"]
    if content:
        content = Content(**{**content, "path": Path(content["path"]), "origin": Origin(**content["origin"])})
    return Draft(
        **{
            **raw,
            "content": content,
            "selection": Selection(**raw["selection"]) if raw["selection"] else None,
            "more": tuple(Path(path) for path in raw["more"]),
            "sound": _sound(raw["sound"]),
            "loaded": _sound(raw["loaded"]) if raw["loaded"] else None,
        }
    )


def read_draft(path: Path) -> Draft:
    """The draft that was kept last; an empty one if there is none, or none that can be read."""
    try:
        return draft_from_json(path.read_text("utf-8"))
    except FileNotFoundError:
        return Draft()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StylusError):
        logger.warning("%s cannot be read; the workspace starts empty", path, exc_info=True)
        return Draft()


def _sound(raw: dict[str, Any]) -> Sound:
    return Sound(
        styles=tuple(StyleSlot(**{**slot, "path": Path(slot["path"])}) for slot in raw["styles"]),
        settings=StyleSettings(**raw["settings"]),
        chain=ChainSpec.model_validate(raw["chain"]),
    )


def _plain(value: object) -> object:
    if isinstance(value, ChainSpec):
        return value.model_dump(mode="json")
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} cannot be serialised to JSON")
