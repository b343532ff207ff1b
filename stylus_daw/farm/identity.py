"""Identity: what must be the same on two machines, so that they make the same samples."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import stylus_daw
from stylus_daw import __version__
from stylus_daw.engine.shelf.library import ModelLibrary
from stylus_daw.engine.shelf.registry import find_checkpoint
from stylus_daw.errors import StylusError
from stylus_daw.settings import state_folder

ROOMS = ("audio", "engine", "chain", "jobs")
"""What decides the samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Of this machine, for one checkpoint.

    Attributes:
        app: version of stylus-daw.
        code: hash of the code that makes the samples; two builds may have one version.
        model_sha256: of the checkpoint; empty: it is not here.
        why_no_model: why it is not here.
        runtime: what carries the messages; two of different kinds may not understand each other.
    """

    app: str
    code: str
    model_sha256: str
    why_no_model: str = ""
    runtime: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)

    def complaint(self, checkpoint: str, worker: Identity, name: str) -> str:
        """Why a worker must not render for this machine; empty where it may.

        >>> here = Identity(app="2.0", code="ab", model_sha256="cd")
        >>> here.complaint("stylus-mini", Identity(app="1.0", code="ef", model_sha256="cd"), "box")
        'box has stylus-daw 1.0, this machine 2.0. Install the same version on both.'
        """
        if worker.app != self.app:
            return f"{name} has stylus-daw {worker.app}, this machine {self.app}. Install the same version on both."
        if worker.runtime != self.runtime:
            text = f"{name} has {worker.runtime or 'another Python'}, this machine {self.runtime}. "
            return text + "Install the same versions on both: pip install -U 'stylus-daw[farm]'."
        if worker.code != self.code:
            return f"{name} has another build of stylus-daw {self.app}. Install the same files on both."
        if not worker.model_sha256:
            return f"{name} lacks the model {checkpoint}: {worker.why_no_model}"
        if worker.model_sha256 != self.model_sha256:
            shown = f"{worker.model_sha256[:12]} there, {self.model_sha256[:12]} here"
            return f"{name} has another model under the name {checkpoint} ({shown}). Copy it from this machine."
        return ""


def identity_for(checkpoint: str) -> Identity:
    """This machine's. Reads weights again only when their files have changed."""
    try:
        library = ModelLibrary(state_folder())
        model = library.hashes.sha256(find_checkpoint(checkpoint, library).layout.weights)
        return Identity(app=__version__, code=code_hash(), model_sha256=model, runtime=runtime())
    except (StylusError, OSError) as error:
        here = Identity(app=__version__, code=code_hash(), model_sha256="", runtime=runtime())
        return replace(here, why_no_model=str(error))


@cache
def runtime() -> str:
    """As ``Python 3.11, distributed 2026.8.0``: pickles and Dask's messages need not fit those of another."""
    major, minor = sys.version_info[:2]
    return f"Python {major}.{minor}, distributed {version('distributed')}"


@cache
def code_hash() -> str:
    """Of the modules that decide the samples."""
    root, digest = Path(stylus_daw.__file__).parent, hashlib.sha256()
    for path in sorted(path for room in ROOMS for path in (root / room).rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()
