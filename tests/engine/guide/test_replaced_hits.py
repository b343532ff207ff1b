"""Drums in the sound of a style's drums: its own hits, on the content's attacks, and nothing where they have no say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.hearing.holes import holes
from stylus_daw.audio import reconstruction
from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.sound import to_clip
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine import transfer
from stylus_daw.engine.knobs.style_settings import StyleSettings
from stylus_daw.engine.machine.runtime import choose_runtime
from stylus_daw.engine.mini.loading import load_mini
from stylus_daw.engine.notes.note import HEARD_ROWS, Note
from stylus_daw.engine.notes.transcriber import embedded
from stylus_daw.engine.request import StyleRequest, WeightedStyle
from stylus_daw.engine.result_cache import KeptResults
from stylus_daw.engine.share import Share, Shared
from stylus_daw.engine.shelf.registry import embedded_folder
from stylus_daw.engine.transfer import stylize, stylized
from tests.support.engine.drum_takes import KICK, SNAP, Beat, beaten, taken
from tests.support.engine.played_notes import note, played

RATE, SECONDS = 44_100, 1.8
BEATS = [Beat(0.2031, KICK), Beat(0.6117, SNAP), Beat(1.0043, KICK), Beat(1.4, SNAP)]
STRUCK = [Beat(0.1, KICK), Beat(0.5, SNAP), Beat(0.9, KICK), Beat(1.3, SNAP)]
CONTENT, STYLE = beaten(BEATS, SECONDS, RATE), beaten(STRUCK, SECONDS, RATE, kick_hz=110, seed=7)


def asked(content: Clip, style: Clip, **knobs: object) -> StyleRequest:
    settings = StyleSettings(**knobs)  # pyright: ignore[reportArgumentType]
    return StyleRequest(content=content, styles=(WeightedStyle(clip=style),), settings=settings)


def rendered(
    content: Clip = CONTENT,
    beats: Sequence[Beat] = BEATS,
    style: Clip = STYLE,
    struck: Sequence[Beat] = STRUCK,
    *notes: Note,
    **knobs: object,
) -> Samples:
    made = stylize(asked(content, style, **knobs), taken(content, beats, style, struck, *notes))
    assert (made.samples.shape, made.rate, made.start) == (content.samples.shape, content.rate, content.start)
    assert np.isfinite(made.samples).all()
    return made.samples


def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the content keeps its own hits."""
    monkeypatch.setattr(transfer, "_replacement", lambda guide: None)


def channels(*parts: np.ndarray) -> Clip:
    return Clip(samples=np.concatenate(parts).astype(np.float32), rate=RATE)


def at(samples: Samples, beat: Beat, rate: int = RATE, seconds: float = 0.15) -> Samples:
    """From an attack on, of each channel."""
    place = round(beat.start_s * rate)
    return samples[:, place : place + round(seconds * rate)]


def pitch_hz(sound: Samples) -> int:
    return int(np.abs(np.fft.rfft(sound, RATE)).argmax())


def level_db(samples: Samples) -> float:
    return float(10.0 * np.log10(np.square(samples, dtype=np.float64).mean() + 1e-30))


def begun(sound: Samples) -> int:
    return int(np.argmax(np.abs(sound) > 0.2 * np.abs(sound).max()))


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
def test_attacks_fall_on_those_of_the_content_and_nothing_sounds_before_them(rate: int) -> None:
    content = beaten(BEATS, SECONDS, rate)
    made = rendered(content)
    for beat in BEATS:
        assert abs(begun(at(made, beat, rate)[0]) - begun(at(content.samples, beat, rate)[0])) <= 0.0003 * rate
        place = round(beat.start_s * rate)
        ahead = made[0, place - round(0.06 * rate) : place - round(0.002 * rate)]
        assert np.abs(ahead).max() < 1e-3 * np.abs(at(made, beat, rate)).max()


@pytest.mark.parametrize(("style_rate", "style_channels"), [(22_050, 1), (44_100, 2), (96_000, 2)])
def test_kicks_are_the_style_s_own(style_rate: int, style_channels: int) -> None:
    mono = beaten(STRUCK, SECONDS, style_rate, kick_hz=110)
    style = Clip(samples=np.repeat(mono.samples, style_channels, axis=0), rate=style_rate)
    made = rendered(style=style)
    for beat in BEATS[::2]:
        assert pitch_hz(at(CONTENT.samples, beat)[0]) == 60
        assert pitch_hz(at(made, beat)[0]) == 110


def test_strength_and_dry_wet_of_nothing_are_the_content_bit_for_bit() -> None:
    for made in (rendered(strength=0.0), rendered(dry_wet=0.0)):
        assert made.tobytes() == CONTENT.samples.tobytes()


def test_a_little_strength_brings_a_little_of_the_hits() -> None:
    far = [np.abs(rendered(strength=strength) - CONTENT.samples).mean() for strength in (0.01, 0.3)]
    assert 0.0 < far[0] < 0.3 * far[1]


def test_where_the_envelope_is_0_the_content_sounds() -> None:
    made = rendered(envelope=((0.0, 0.0), (0.9, 0.0), (0.95, 1.0)))
    early = slice(0, round(0.85 * RATE))
    np.testing.assert_allclose(made[:, early], CONTENT.samples[:, early], atol=1e-6)
    assert pitch_hz(at(made, BEATS[2])[0]) == 110


def test_kept_lows_are_the_content_s() -> None:
    made = rendered(low_keep_hz=300.0)
    for beat in BEATS[::2]:
        ours, theirs = (np.abs(np.fft.rfft(at(samples, beat)[0], RATE))[30:100] for samples in (CONTENT.samples, made))
        assert np.linalg.norm(theirs - ours) < 0.15 * np.linalg.norm(ours)


def test_kept_transients_are_the_content_s(monkeypatch: pytest.MonkeyPatch) -> None:
    made = rendered(transients=1.0)
    changed = rendered()
    without(monkeypatch)
    own = rendered(transients=1.0)
    for beat in BEATS:
        head, wanted, other = (at(samples, beat, seconds=0.02)[0] for samples in (made, own, changed))
        assert np.corrcoef(head, wanted)[0, 1] > 0.95
        assert abs(np.corrcoef(other, wanted)[0, 1]) < 0.7


def test_a_hit_stays_on_its_side() -> None:
    kicks, snaps = (beaten(BEATS[i::2], SECONDS, RATE, seed=i).samples for i in (0, 1))
    made = rendered(channels(kicks, snaps))
    for beat, side in zip(BEATS, (0, 1, 0, 1), strict=True):
        own, other = at(made, beat)[[side, 1 - side]]
        assert level_db(other) < level_db(own) - 80.0


def test_channels_keep_their_levels_and_silent_ones_their_silence() -> None:
    mono, silent = CONTENT.samples, np.zeros_like(CONTENT.samples)
    made = rendered(channels(mono, mono, silent, silent, -mono, 0.5 * mono))
    assert not made[2:4].any()
    for beat in BEATS:
        levels = [level_db(channel) for channel in at(made, beat)[[0, 1, 4, 5]]]
        assert levels == pytest.approx([levels[0], levels[0], levels[0], levels[0] - 6.02], abs=0.5)


def test_channels_in_opposed_phase_do_not_lose_their_hits() -> None:
    made, mono = rendered(channels(CONTENT.samples, -CONTENT.samples)), rendered()
    for beat in BEATS:
        assert [level_db(channel) for channel in at(made, beat)] == pytest.approx(
            [level_db(at(mono, beat))] * 2, abs=1.0
        )


def test_without_hits_nothing_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    melody = [note(0.1, 0.6, 50), note(0.9, 1.7, 62)]
    cases = [
        (CONTENT, (), STYLE, STRUCK),
        (CONTENT, BEATS, played(melody, SECONDS), (), *melody),
    ]
    made = [rendered(*case) for case in cases]
    without(monkeypatch)
    assert [one.tobytes() for one in made] == [rendered(*case).tobytes() for case in cases]


def test_hits_that_sound_only_with_notes_are_not_played(monkeypatch: pytest.MonkeyPatch) -> None:
    melody = [note(0.1, 0.6, 50), note(0.5, 1.2, 57), note(0.9, 1.7, 62)]
    soft = [Beat(one.start_s, SNAP, 0.02) for one in melody]
    drowned = beaten(soft, SECONDS, RATE).samples + 2.0 * played(melody, SECONDS).samples[:1]
    case = CONTENT, BEATS, channels(drowned), soft, *melody
    made = rendered(*case)
    without(monkeypatch)
    assert rendered(*case).tobytes() == made.tobytes()


def test_a_region_that_begins_within_a_noise_keeps_it_though_a_hit_is_heard_there() -> None:
    noise = 0.1 * np.random.default_rng(0).standard_normal((1, RATE))
    content = channels(noise)
    made = Clip(samples=rendered(content, [Beat(0.0, SNAP)]), rate=RATE)
    assert max(holes(content, made).values()) == 0.0


def test_one_hit_of_a_style_plays_all() -> None:
    struck = [Beat(0.3, KICK)]
    made = rendered(CONTENT, BEATS, beaten(struck, 1.0, RATE, kick_hz=110), struck)
    assert np.abs(made - CONTENT.samples).max() > 0.05


@pytest.mark.parametrize(
    "beats",
    [
        [Beat(0.0, KICK)],
        [Beat(0.4995, SNAP)],
        [Beat(0.0, SNAP), Beat(0.49, KICK)],
        [Beat(0.1, SNAP), Beat(0.13, KICK), Beat(0.16, SNAP), Beat(0.161, KICK)],
        [Beat(0.005 * i, SNAP) for i in range(90)],
    ],
    ids=["first", "last", "both", "close", "a roll"],
)
def test_hits_at_the_ends_and_close_together_are_played(beats: list[Beat]) -> None:
    content = beaten(beats, 0.5, RATE)
    made = rendered(content, beats)
    assert np.abs(made - content.samples).max() > 0.01
    theirs, ours = (begun(at(samples, beats[0], seconds=0.02)[0]) for samples in (made, content.samples))
    assert abs(theirs - ours) <= 0.0003 * RATE


@pytest.mark.parametrize("kind", ["silence", "click", "square", "one sample", "two"])
def test_anything_that_is_mistaken_for_hits_stays_finite(kind: str) -> None:
    beats = [Beat(0.0, KICK), Beat(0.25, KICK), Beat(0.4, SNAP), Beat(0.999, SNAP)]
    sounds = {
        "silence": np.concatenate([np.zeros(20_000), CONTENT.samples[0, :20_000], np.zeros(4_100)]),
        "click": np.eye(1, 44_100, 11_025)[0],
        "square": np.sign(np.sin(np.arange(44_100) / 30)),
        "one sample": np.ones(1),
        "two": np.array([1.0, -1.0]),
    }
    content = channels(sounds[kind][None], sounds[kind][None])
    made = rendered(content, [beat for beat in beats if round(beat.start_s * RATE) < content.length])
    assert made.any()


def test_a_region_of_many_blocks_is_the_same_in_others(monkeypatch: pytest.MonkeyPatch) -> None:
    beats = [Beat(0.1 + 0.23 * i, SNAP if i % 3 else KICK) for i in range(14)]
    mono = beaten(beats, 3.4, 22_050)
    hiss = 0.003 * np.random.default_rng(0).standard_normal(mono.samples.shape)
    content = Clip(samples=np.concatenate([mono.samples, 0.5 * mono.samples + hiss]).astype(np.float32), rate=22_050)
    model, kept = taken(content, beats, STYLE, STRUCK), KeptResults()
    whole = to_clip(stylized(asked(content, STYLE), model, scratch=Scratch(), kept=kept)).samples
    for frames in (100, 5_000):
        monkeypatch.setattr(reconstruction, "BLOCK_FRAMES", frames)
        again = to_clip(stylized(asked(content, STYLE), model, scratch=Scratch(), kept=kept)).samples
        np.testing.assert_allclose(again, whole, atol=1e-5)


def test_a_region_on_disk_is_the_one_in_memory_bit_for_bit(tmp_path: Path) -> None:
    scratch = Scratch(folder=tmp_path, memory_bytes=1)
    made = stylized(asked(CONTENT, STYLE), taken(CONTENT, BEATS, STYLE, STRUCK), scratch=scratch)
    assert to_clip(made).samples.tobytes() == rendered().tobytes()


def test_drums_that_several_machines_heard_are_rendered_as_by_one(tmp_path: Path) -> None:
    beats = [Beat(0.1 + 0.4 * i, SNAP if i % 2 else KICK) for i in range(14)]
    content, model = beaten(beats, 5.8, 22_050), load_mini(embedded_folder(), "cpu")
    transcriber, files = embedded(choose_runtime("cpu")), []
    for number in range(2):
        part = np.concatenate(list(transcriber.hear(content, Share(number=number, of=2))), axis=1)
        files.append(tmp_path / f"{number}.npy")
        np.save(files[-1], part.T)
    request, told = asked(content, STYLE), {}
    alone = to_clip(stylized(request, model, scratch=Scratch(), tell=told.update))
    together = stylize(replace(request, heard=Shared.of(tuple(files), rows=HEARD_ROWS)), model)
    assert int(told["style_hits"]) > 0
    assert together.samples.tobytes() == alone.samples.tobytes()
