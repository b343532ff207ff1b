"""One run of the benchmark: every contestant restyles every pair, and is measured against the truth."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.hearing.multipitch import jaccard_distance, written_sets
from bench.material.pairs import RATE, Pair, by_another_library
from bench.quality.anchors import ANCHORS, Engine, oracle
from bench.quality.heard import headline
from bench.quality.metrics import Judge
from bench.quality.musaicing import musaic
from bench.quality.ours import knowing_the_notes, make_engine
from bench.quality.results import KNOWN_NOTES, OTHER_LIBRARY, OURS, Result
from bench.quality.sheets import PAIRS_PER_SHEET, Strip, draw_sheet, strip, write_clips
from stylus_daw.audio.clip import Clip
from stylus_daw.engine.request import StyleSettings
from training.soundfont import Soundfont

log = logging.getLogger(__name__)


Contestant = Callable[[Pair], Clip]


@dataclass(slots=True, kw_only=True)
class Session:
    """One run, growing pair by pair."""

    contestants: dict[str, Contestant]
    pictured: list[str]
    sheets: Path | None = None
    audio: Path | None = None
    results: list[Result] = field(default_factory=list)
    estimator: list[float] = field(default_factory=list)
    _strips: list[Strip] = field(default_factory=list)

    def judge(self, pair: Pair) -> None:
        """Let every contestant restyle the pair, and measure it."""
        judge = Judge(pair.content, pair.truth)
        heard = judge.truth.pitches
        written = written_sets(pair.plan.piece, heard.shape[1], pair.truth.rate)
        self.estimator.append(jaccard_distance(heard, written))
        clips = {name: restyle(pair) for name, restyle in self.contestants.items()}
        for name, clip in clips.items():
            self.results.append(
                Result(
                    engine=name,
                    pair=pair.plan.index,
                    category=pair.plan.category.value,
                    font_name=pair.font_name,
                    figures=judge.measure(clip),
                    headline=headline(clip, pair),
                )
            )
        self.show(pair, clips)

    def show(self, pair: Pair, clips: dict[str, Clip]) -> None:
        if self.sheets:
            self._strips.append(strip(pair, {name: clips[name] for name in self.pictured}))
            if len(self._strips) == PAIRS_PER_SHEET:
                self.flush()
        if self.audio:
            write_clips(pair, clips, self.audio)

    def flush(self) -> None:
        """Draw the pairs that are not yet on a sheet."""
        if self.sheets and self._strips:
            first = int(self._strips[0].title.partition(":")[0])
            draw_sheet(self._strips, self.sheets / f"pairs-{first:02d}.png")
            self._strips.clear()


def contestants(settings: dict[str, StyleSettings], device: str, fonts: list[Path]) -> dict[str, Contestant]:
    """The anchors, ours under each of the settings, and, with two soundfonts, the score played from the other."""
    engines: dict[str, Engine] = {**ANCHORS, "NMF musaicing": musaic}
    engines |= {name: make_engine(own, device) for name, own in settings.items()}
    restyling: dict[str, Contestant] = {name: _blind(engine) for name, engine in engines.items()}
    if OURS in settings:
        restyling[KNOWN_NOTES] = knowing_the_notes(settings[OURS], device)
    if len(fonts) > 1:
        libraries = [Soundfont(path, RATE) for path in fonts]
        restyling[OTHER_LIBRARY] = lambda pair: by_another_library(pair.plan, libraries)
    return {**restyling, "oracle": lambda pair: oracle(pair.content, pair.truth)}


def _blind(engine: Engine) -> Contestant:
    """An engine sees content and style, never the truth."""
    return lambda pair: engine(pair.content, pair.style)
