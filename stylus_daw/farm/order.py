"""A render on its way to a worker: the request without paths, and the files that it needs, by hash."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stylus_daw.farm.errors import FarmError
from stylus_daw.farm.identity import Identity
from stylus_daw.jobs.fingerprint import content_hash, fingerprint
from stylus_daw.jobs.job import RenderRequest, Stem

TOPIC = "stylus-daw"
"""Dask's topic for progress and for files that workers lack. One for all, so that the scheduler keeps one list."""
RESOURCE = "stylus-daw"
"""Dask's resource: other tasks of a shared cluster never take a render's place, nor renders theirs."""
SERVICE = "stylus-daw"
"""Name of the worker plugin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedFile:
    """A file of a render. ``shared`` is its path below the shared folder; empty: it is not there."""

    sha256: str
    name: str
    shared: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOrder:
    """Plain data, for it crosses machines.

    Attributes:
        key: fingerprint of the request: the same work twice is one task.
        checkpoint: name of the model.
        request: JSON of the request, its paths replaced by what ``files`` calls them.
        files: by role.
        identity: of the machine that asks.
        probe: name of a file in the shared folder; empty: there is none.
    """

    key: str
    checkpoint: str
    request: str
    files: Mapping[str, OrderedFile]
    identity: Identity
    probe: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9a-f]{64}", self.key):
            raise FarmError("farm.order", f"{self.key[:80]!r} is not the fingerprint of a render.")

    @property
    def task(self) -> str:
        return f"stylus-daw-{self.key}"

    def request_with(self, paths: Mapping[str, Path], stem: Path, device: str) -> RenderRequest:
        """The request, on the worker."""
        asked = RenderRequest.from_json(self.request)
        styles = tuple(replace(style, path=paths[str(style.path)]) for style in asked.styles)
        heard = tuple(paths[str(path)] for path in asked.heard)
        return replace(asked, source=paths[str(asked.source)], styles=styles, heard=heard, stem=stem, device=device)

    def as_json(self) -> dict[str, Any]:
        files = {role: [file.sha256, file.name, file.shared] for role, file in self.files.items()}
        return {
            "key": self.key,
            "checkpoint": self.checkpoint,
            "request": self.request,
            "files": files,
            "identity": self.identity.as_json(),
            "probe": self.probe,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> RenderOrder:
        files = {
            role: OrderedFile(sha256=sha256, name=name, shared=shared)
            for role, (sha256, name, shared) in raw["files"].items()
        }
        return cls(**{**raw, "files": files, "identity": Identity(**raw["identity"])})


def order_of(request: RenderRequest, identity: Identity, *, shared: Path | None = None, probe: str = "") -> RenderOrder:
    """The order for a request, and its files by role.

    Raises:
        AudioFileError: a file cannot be read.
    """
    paths = paths_of(request)
    files = {
        role: OrderedFile(sha256=content_hash(path), name=path.name, shared=_below(path, shared) if probe else "")
        for role, path in paths.items()
    }
    styles = tuple(replace(style, path=Path(f"style-{number}")) for number, style in enumerate(request.styles))
    heard = tuple(Path(f"heard-{number}") for number, _ in enumerate(request.heard))
    bare = replace(request, source=Path("source"), stem=Path("farm.wav"), styles=styles, heard=heard, device="auto")
    return RenderOrder(
        key=fingerprint(request, identity.model_sha256 + identity.code),
        checkpoint=request.settings.checkpoint,
        request=bare.to_json(),
        files=files,
        identity=identity,
        probe=probe,
    )


def paths_of(request: RenderRequest) -> dict[str, Path]:
    """The files of a request, by what an order calls them."""
    styles = {f"style-{number}": style.path for number, style in enumerate(request.styles)}
    return {"source": request.source, **styles, **{f"heard-{number}": one for number, one in enumerate(request.heard)}}


def _below(path: Path, folder: Path | None) -> str:
    """The path below the shared folder, with forward slashes."""
    if folder is None:
        return ""
    real, top = Path(os.path.realpath(path)), Path(os.path.realpath(folder))
    return real.relative_to(top).as_posix() if real.is_relative_to(top) else ""


def needs_this_machine(request: RenderRequest) -> str:
    """Why a request cannot be rendered elsewhere; empty where it can."""
    if '"kind": "plugin"' in json.dumps(dict(request.chain.spec), default=str):
        return "its effects hold a plugin, which is on this machine only"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What became of an order. ``state`` is done, failed or cancelled; ``worker`` is the address that has the stem."""

    state: str
    worker: str = ""
    name: str = ""
    sha256: str = ""
    size: int = 0
    shared: str = ""
    code: str = ""
    message: str = ""
    stem: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    def stem_at(self, path: Path) -> Stem:
        assert self.stem is not None
        return Stem.of({**self.stem, "path": path})
