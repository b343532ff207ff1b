"""The shipped transcriber on sounds whose notes are known, and on everything else that a session may hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.engine.machine.runtime import choose_runtime
from stylus_daw.engine.notes.note import HOP_S, Note, Transcription, hertz
from stylus_daw.engine.notes.transcriber import load_transcriber, transcribe
from stylus_daw.engine.notes.weights import transcriber_files
from stylus_daw.errors import CheckpointError, JobCancelled

RATE = 44_100
Score = Sequence[tuple[float, float, float]]
"""Start in s, seconds, pitch."""


def plucked(score: Score, *, seconds: float, rate: int = RATE, channels: int = 1, decay_s: float = 0.8) -> Clip:
    """Decaying harmonic tones."""
    wave = np.zeros(round(seconds * rate))
    for start, length, pitch in score:
        first = round(start * rate)
        time = np.arange(min(round(length * rate), len(wave) - first)) / rate
        partials = [h for h in range(1, 12) if h * hertz(pitch) < rate / 2.2]
        tone = sum((np.sin(2 * np.pi * h * hertz(pitch) * time) / h**1.2 for h in partials), np.zeros(len(time)))
        fade = np.minimum(1, (length - time) / 0.02) * np.minimum(1, time / 0.003)
        wave[first : first + len(time)] += 0.1 * tone * np.exp(-time / decay_s) * fade
    return Clip(samples=np.tile(wave, (channels, 1)).astype(np.float32), rate=rate)


def heard_of(score: Score, found: Sequence[Note]) -> tuple[int, int]:
    """How many written notes were found, and how many found ones are not written."""
    hits = [any(abs(n.start_s - start) < 0.05 and n.pitch == pitch for n in found) for start, _, pitch in score]
    return sum(hits), len(found) - sum(hits)


def in_seconds(result: Transcription) -> float:
    return result.posteriors.frames * HOP_S


def test_a_melody_is_written_down() -> None:
    score = [(0.2 + 0.4 * i, 0.38, pitch) for i, pitch in enumerate((60, 62, 64, 65, 67, 69, 71, 72))]
    found, wrong = heard_of(score, transcribe(plucked(score, seconds=4)).notes)
    assert (found, wrong <= 1) == (8, True)


def test_chords_are_written_down() -> None:
    score = [(0.2 + i, 0.9, pitch) for i, root in enumerate((48, 53, 55)) for pitch in (root, root + 4, root + 7)]
    found, wrong = heard_of(score, transcribe(plucked(score, seconds=3.5)).notes)
    assert found >= 8
    assert wrong <= 2


def test_an_octave_lower_is_not_taken_for_the_octave() -> None:
    score = [(0.2 + 0.5 * i, 0.45, pitch) for i, pitch in enumerate((45, 57, 45, 57, 69, 57))]
    found, wrong = heard_of(score, transcribe(plucked(score, seconds=3.5)).notes)
    assert found == 6
    assert wrong <= 1


def test_one_long_note_is_one_note() -> None:
    notes = transcribe(plucked([(0.3, 5.0, 57)], seconds=6, decay_s=20.0)).notes
    assert [note.pitch for note in notes if note.seconds > 0.3] == [57]
    assert max(note.seconds for note in notes) > 3.5


def test_a_detuned_melody_has_the_same_notes_and_says_how_far_it_is_off() -> None:
    score = [(0.2 + 0.4 * i, 0.38, pitch) for i, pitch in enumerate((60, 64, 67, 72, 67, 64))]
    detuned = [(start, length, pitch - 0.35) for start, length, pitch in score]
    result = transcribe(plucked(detuned, seconds=3))
    assert result.tuning_cents == pytest.approx(-35, abs=4)
    assert heard_of(score, result.notes)[0] == 6
    assert result.hertz(69) == pytest.approx(hertz(68.65), rel=0.003)


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000, 192_000])
def test_the_rate_of_the_session_does_not_matter(rate: int) -> None:
    score = [(0.2, 0.5, 60), (0.8, 0.5, 64), (1.4, 0.5, 67)]
    assert heard_of(score, transcribe(plucked(score, seconds=2.2, rate=rate)).notes)[0] == 3


def test_eight_channels_are_heard_as_one() -> None:
    score = [(0.2, 0.5, 60), (0.8, 0.5, 64)]
    one, eight = (transcribe(plucked(score, seconds=1.5, channels=channels)) for channels in (1, 8))
    assert [n.pitch for n in one.notes] == [n.pitch for n in eight.notes]
    assert [n.start_s for n in one.notes] == pytest.approx([n.start_s for n in eight.notes], abs=HOP_S)


def test_a_louder_note_is_stronger() -> None:
    loud, soft = plucked([(0.2, 0.5, 60)], seconds=2), plucked([(1.2, 0.5, 60)], seconds=2)
    both = loud.with_samples(loud.samples + np.float32(0.15) * soft.samples)
    first, second = sorted(transcribe(both).notes, key=lambda note: note.start_s)[:2]
    assert first.strength > second.strength


@pytest.mark.parametrize("samples", [1, 10, 441, 8_820])
def test_very_short_sounds_have_an_answer(samples: int) -> None:
    clip = Clip(samples=np.full((2, samples), 0.1, np.float32), rate=RATE)
    assert in_seconds(transcribe(clip)) == pytest.approx(samples / RATE, abs=HOP_S + 1e-6)


@pytest.mark.parametrize("level", [0.0, 1e-5])
def test_silence_and_what_is_nearly_silent_has_no_notes(level: float) -> None:
    hiss = np.random.default_rng(1).standard_normal((1, 3 * RATE)).astype(np.float32)
    result = transcribe(Clip(samples=np.float32(level) * hiss, rate=RATE))
    assert (result.notes, result.hits) == ((), ())


def test_noise_has_hardly_any_notes() -> None:
    hiss = np.random.default_rng(1).standard_normal((1, 5 * RATE)).astype(np.float32)
    assert len(transcribe(Clip(samples=0.1 * hiss, rate=RATE)).notes) <= 2


def test_bursts_of_noise_are_hits_and_not_notes() -> None:
    rng, wave = np.random.default_rng(2), np.zeros(4 * RATE, np.float32)
    starts = [0.25 + 0.5 * i for i in range(7)]
    for start in starts:
        burst = rng.standard_normal(RATE // 5) * np.exp(-np.arange(RATE // 5) / (0.03 * RATE))
        wave[round(start * RATE) :][: len(burst)] += (0.2 * burst).astype(np.float32)
    result = transcribe(Clip(samples=wave[None], rate=RATE))
    found = [any(abs(hit.start_s - start) < 0.05 for hit in result.hits) for start in starts]
    assert sum(found) >= 6
    assert len(result.notes) <= 2


def test_tiles_leave_no_seam() -> None:
    """A sound of one tile and a half gives what its second half gives, away from the cut."""
    score = [(0.3 * i, 0.28, 50 + 7 * i % 24) for i in range(27)]
    clip = plucked(score, seconds=8.4)
    whole = transcribe(clip).posteriors.read(400, 300)
    late = transcribe(clip.slice(2 * RATE, 6 * RATE)).posteriors.read(200, 300)
    assert np.abs(whole.frame - late.frame).mean() < 0.01


def test_the_same_sound_has_the_same_notes_every_time() -> None:
    clip = plucked([(0.2, 0.5, 60), (0.8, 0.5, 64)], seconds=1.5)
    assert transcribe(clip).notes == transcribe(clip).notes


def test_progress_rises_to_one() -> None:
    seen: list[tuple[float, str]] = []
    transcribe(plucked([(0.2, 0.5, 60)], seconds=12), progress=lambda share, stage: seen.append((share, stage)))
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert seen[-1] == (1.0, "hearing the notes")


def test_a_listener_that_cancels_ends_it() -> None:
    def cancel(fraction: float, stage: str) -> None:
        if fraction > 0.3:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        transcribe(plucked([(0.2, 0.5, 60)], seconds=16), progress=cancel)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"lacks config\.json"):
        load_transcriber(tmp_path, choose_runtime("cpu"))


def test_weights_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"net": {}, "thresholds": {}}', "utf-8")
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        load_transcriber(tmp_path, choose_runtime("cpu"))


@pytest.mark.parametrize("says_so", [False, True])
def test_a_damaged_file_is_refused_before_and_while_it_is_opened(tmp_path: Path, says_so: bool) -> None:
    config, weights = transcriber_files()
    damaged = weights.read_bytes()[:-100]
    (tmp_path / weights.name).write_bytes(damaged)
    told = json.loads(config.read_text("utf-8"))
    sha256 = hashlib.sha256(damaged).hexdigest() if says_so else told["sha256"]
    (tmp_path / config.name).write_text(json.dumps({**told, "sha256": sha256}), "utf-8")
    with pytest.raises(CheckpointError, match="cannot be loaded by" if says_so else "is damaged"):
        load_transcriber(tmp_path, choose_runtime("cpu"))


def test_the_shipped_weights_are_small() -> None:
    assert sum(file.stat().st_size for file in transcriber_files()) < 4_000_000
