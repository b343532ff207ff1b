"""Renderer: all that the render process needs to know of whatever makes stems."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Protocol

from stylus_daw.engine.progress import ReportProgress
from stylus_daw.jobs.job import RenderRequest, Stem


class Renderer(Protocol):
    """Turns a request into a stem on disk. Lives in the render process and keeps its model between jobs."""

    def render(self, request: RenderRequest, progress: ReportProgress, is_cancelled: Callable[[], bool]) -> Stem:
        """Write ``request.stem`` (temporary name, fsync, rename) and say where it is.

        Raises:
            JobCancelled: ``progress`` raised it, or ``is_cancelled()`` was true.
            StylusError: anything the producer should read.
        """
        ...


def load_renderer(name: str) -> Renderer:
    """Import ``"module:function"`` and call the function: the parent never imports what the child holds."""
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)()
