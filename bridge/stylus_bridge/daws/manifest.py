"""What we have put into a DAW's folder, kept beside it: so that only that is ever replaced or removed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from stylus_daw.atomic import write_text_atomic

_NAME = ".stylus-daw-{host}.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The files of one host in one folder.

    Attributes:
        version: of stylus-daw, when they were put there.
        state_folder: which the scripts look into.
        files: path below the folder -> SHA-256 of what was written.
    """

    version: str
    state_folder: str
    files: dict[str, str] = field(default_factory=dict)


def read_manifest(folder: Path, host: str) -> Manifest | None:
    """The manifest of a folder; None if there is none, or none that makes sense."""
    try:
        raw = json.loads((folder / _NAME.format(host=host)).read_text("utf-8"))
        files = {str(name): str(sha256) for name, sha256 in raw["files"].items()}
        return Manifest(version=str(raw["version"]), state_folder=str(raw["state_folder"]), files=files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_manifest(folder: Path, host: str, manifest: Manifest) -> None:
    """Keep a manifest, whole or not at all."""
    content = {"version": manifest.version, "state_folder": manifest.state_folder, "files": manifest.files}
    write_text_atomic(folder / _NAME.format(host=host), json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def remove_manifest(folder: Path, host: str) -> None:
    """Forget a folder."""
    (folder / _NAME.format(host=host)).unlink(missing_ok=True)


def sha256_of_bytes(content: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()
