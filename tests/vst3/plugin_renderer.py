"""What the render process holds in these tests: no model, the real chain, little patience."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from stylus_daw.audio.clip import Clip
from stylus_daw.chain.apply import apply_chain
from stylus_daw.chain.planning import spec_of
from stylus_daw.chain.plugins.cache import PluginCache
from stylus_daw.chain.plugins.hosting import Hosting
from stylus_daw.chain.plugins.process import Timeouts
from stylus_daw.chain_plan import ChainPlan
from stylus_daw.engine.progress import ReportProgress
from stylus_daw.engine.request import StyleRequest
from stylus_daw.jobs.stem_renderer import StemRenderer


class Unchanged:
    """An engine that gives the content back."""

    def stylize(self, request: StyleRequest, device: str, progress: ReportProgress) -> Clip:
        return request.content

    def model(self, name: str, device: str) -> tuple[str, str]:
        return "none", "0" * 64

    def circumstances(self, settings: Any, device: str) -> dict[str, str]:
        return {}


class ShortChain:
    def apply(self, clip: Clip, plan: ChainPlan) -> Clip:
        timeouts = Timeouts(open_s=20, block_s=float(os.environ["STYLUS_TEST_BLOCK_S"]))
        hosting = Hosting(cache=PluginCache(Path(os.environ["STYLUS_HOME"]) / "plugins.json"), timeouts=timeouts)
        return apply_chain(clip, spec_of(plan), hosting=hosting)


def make() -> StemRenderer:
    return StemRenderer(Unchanged(), ShortChain())
