"""All files whose bytes decide what a guide hears: the transcriber's, and those of the net that names drums."""

from __future__ import annotations

from pathlib import Path

from stylus_daw.engine.guide.templates.drum_weights import drum_files
from stylus_daw.engine.notes.weights import transcriber_files


def guide_files() -> tuple[Path, ...]:
    """The transcriber's first."""
    return (*transcriber_files(), *drum_files())
