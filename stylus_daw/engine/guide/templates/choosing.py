"""Which of the style's notes plays a note of the content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stylus_daw.engine.guide.templates.note_templates import NoteTemplate

BEST = 2
"""Templates that share a note, each half as strong as the one before."""
OVERLAP_COST, SHORT_COST, STUB_COST, DOUBT_COST = 8.0, 2.0, 3.0, 6.0
"""In semitones: never alone; ends 200 ms early; shorter than 100 ms; hardly heard."""
SHORT_FRAMES, STUB_FRAMES = 20, 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Palette:
    """All note templates of a style, ready to be chosen from."""

    templates: Sequence[NoteTemplate]
    _pitch: np.ndarray
    _body: np.ndarray
    _fixed: np.ndarray

    @classmethod
    def of(cls, templates: Sequence[NoteTemplate]) -> Palette:
        body = np.array([t.shape.body for t in templates])
        overlap = np.minimum(1.0, [t.overlap for t in templates])
        doubt = 1.0 - np.array([t.confidence for t in templates])
        fixed = OVERLAP_COST * overlap + DOUBT_COST * doubt + STUB_COST * (body < STUB_FRAMES)
        return cls(templates=templates, _pitch=np.array([t.pitch for t in templates]), _body=body, _fixed=fixed)

    def chosen(self, pitch: float, frames: int, best: int = BEST) -> list[tuple[float, NoteTemplate]]:
        """The nearest by pitch, loneliness and length, with their shares (sum 1)."""
        missing = np.clip((frames - self._body) / SHORT_FRAMES, 0.0, 1.0)
        cost = np.abs(self._pitch - pitch) + self._fixed + SHORT_COST * missing
        order = np.argsort(cost, kind="stable")[:best]
        shares = 2.0 ** -np.arange(len(order))
        shares = shares / shares.sum()
        return [(float(share), self.templates[i]) for share, i in zip(shares, order, strict=True)]
