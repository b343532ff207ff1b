"""Kept results of drums: turning a knob of the gain uses them again, and their sounds count as memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.sound import to_clip
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.knobs.style_settings import StyleSettings
from stylus_daw.engine.mini.checkpoint import MiniCheckpoint
from stylus_daw.engine.progress import ReportProgress
from stylus_daw.engine.request import StyleRequest, WeightedStyle
from stylus_daw.engine.result_cache import KeptResults, Replacement, Result
from stylus_daw.engine.transfer import stylize, stylized
from tests.support.engine.drum_takes import KICK, SNAP, Beat, beaten, taken

BEATS = [Beat(0.1, KICK), Beat(0.35, SNAP), Beat(0.6, KICK)]
STRUCK = [Beat(0.2, KICK), Beat(0.6, SNAP)]
CONTENT, STYLE = beaten(BEATS, 0.9, 44_100), beaten(STRUCK, 1.0, 44_100, kick_hz=110)
TURNED: Sequence[dict[str, Any]] = (
    {},
    {"strength": 0.3},
    {"dry_wet": 0.4},
    {"transients": 0.5},
    {"low_keep_hz": 200.0},
    {"envelope": ((0.0, 0.0), (0.5, 1.0))},
    {},
)


def asked(**knobs: Any) -> StyleRequest:
    return StyleRequest(content=CONTENT, styles=(WeightedStyle(clip=STYLE),), settings=StyleSettings(**knobs))


def mini() -> MiniCheckpoint:
    return taken(CONTENT, BEATS, STYLE, STRUCK)


def test_a_kept_result_gives_the_bytes_of_a_fresh_one_without_listening_again() -> None:
    model, kept, heard = mini(), KeptResults(), []
    listen = model.listen

    def counted(sound: Any, *, runtime: Any, scratch: Any, progress: ReportProgress) -> Any:
        heard.append(sound)
        return listen(sound, runtime=runtime, scratch=scratch, progress=progress)

    model.listen = counted
    for knobs in TURNED:
        again = to_clip(stylized(asked(**knobs), model, scratch=Scratch(), kept=kept))
        assert again.samples.tobytes() == stylize(asked(**knobs), mini()).samples.tobytes(), knobs
    assert heard == [CONTENT]


def result(sound: Clip | None) -> Result:
    content, gain, share = (Scratch().spool(1) for _ in range(3))
    for spool in (content, gain, share):
        spool.append(np.zeros((1, 10), np.float32))
    other = sound and Replacement(sound=sound, share=share, nbytes=sound.samples.nbytes)
    return Result(content_db=content, gain_db=gain, content_lufs=-20.0, floor_db=-90.0, replacement=other)


def silence(samples: int) -> Clip:
    return Clip(samples=np.zeros((1, samples), np.float32), rate=8_000)


@pytest.mark.parametrize(("samples", "left"), [(None, "abc"), (100, "abc"), (400, "bc"), (900, "c"), (1_800, "")])
def test_sounds_and_shares_count_as_memory(samples: int | None, left: str) -> None:
    kept = KeptResults(memory_bytes=4_000)
    for name in "abc":
        kept.put(name, result(silence(samples) if samples else None))
    assert "".join(name for name in "abc" if kept.get(name)) == left


def test_the_share_is_one_of_the_spools_that_are_kept() -> None:
    without, with_drums = result(None), result(silence(9))
    assert len(without.spools) == 2
    assert with_drums.replacement is not None
    assert with_drums.spools[2] is with_drums.replacement.share


def test_a_render_of_drums_keeps_as_much_as_its_sounds_take() -> None:
    kept = KeptResults()
    stylized(asked(), mini(), scratch=Scratch(), kept=kept)
    (made,) = kept._results.values()
    images = sum(spool.nbytes for spool in made.spools)
    assert made.replacement is not None
    assert made.replacement.nbytes > 200_000  # a sound of 1.2 s
    small = KeptResults(memory_bytes=images + 100_000)
    stylized(asked(), mini(), scratch=Scratch(), kept=small)
    assert not small._results
