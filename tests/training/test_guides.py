"""Triples with guides: made-up mistakes, losses, batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from tests.support.needs import need_module

need_module("tinysoundfont")

from training.compose import Role, compose
from training.dataset import FRAMES, SECONDS
from training.guides.learning import envelope_distance
from training.guides.pool import CROPS, GuidePool
from training.guides.shards import IMAGES
from training.guides.written import mistaken
from training.triples import CONTENT_FRAMES, STYLE_FRAMES


def test_a_middling_transcriber_tells_most_notes_and_not_all() -> None:
    rng = np.random.default_rng(1)
    pieces = [compose(rng, seconds=SECONDS, role=Role.CHORDS) for _ in range(20)]
    written = sum(note.start_s < SECONDS - 0.1 for piece in pieces for note in piece.notes)
    told = [mistaken(piece, SECONDS, rng) for piece in pieces]
    right = sum(
        any(note.pitch == n.pitch and abs(note.start_s - n.start_s) < 0.04 for note in heard.notes)
        for piece, heard in zip(pieces, told, strict=True)
        for n in piece.notes
        if n.start_s < SECONDS - 0.1
    )
    assert 0.88 <= right / written <= 0.99


def test_its_posteriors_are_sure_where_its_notes_are() -> None:
    rng = np.random.default_rng(2)
    heard = mistaken(compose(rng, seconds=SECONDS, role=Role.MELODY), SECONDS, rng)
    posteriors = heard.posteriors.all()
    for note in heard.notes:
        middle = round(50 * (note.start_s + note.end_s))
        assert posteriors.frame[int(note.pitch) - 21, middle] > 0.3


def test_a_blurred_attack_costs_though_the_average_is_right() -> None:
    sharp = torch.zeros(1, 1, 128, 64)
    sharp[..., 32:] = 1
    blurred = torch.zeros_like(sharp)
    blurred[..., 16:48] = torch.linspace(0, 1, 32)
    blurred[..., 48:] = 1
    assert envelope_distance(blurred, sharp) > 0.02
    assert envelope_distance(sharp, sharp) == 0


def test_a_louder_result_has_the_same_envelope() -> None:
    image = torch.rand(1, 1, 128, 64)
    assert envelope_distance(image + 0.2, image) < 1e-6


def test_held_out_shards_are_not_learned_from(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    for index in (0, 1, 2):
        images = {name: rng.integers(0, 255, (index + 1, 128, FRAMES), dtype=np.uint8) for name in IMAGES}
        voices = np.array([(0, 7 * index)] * (index + 1))
        np.savez(tmp_path / f"guides-{index:03d}.npz", voices=voices, **images)
    pool, unseen = GuidePool(), GuidePool()
    assert pool.extend(tmp_path) == 5
    assert unseen.extend(tmp_path, held_out=True) == 1
    assert GuidePool(most_voices=1).extend(tmp_path) == 2
    batch = pool.draw(rng, 4)
    assert batch.style.shape == (4, 1, 128, STYLE_FRAMES)
    assert batch.truth.shape == (4 * CROPS, 1, 128, CONTENT_FRAMES)
