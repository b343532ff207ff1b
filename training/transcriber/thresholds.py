"""Chooses what counts as a note: thresholds one after the other, on held-out voices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from stylus_daw.engine.notes.decoding import Decoder, Thresholds, hits
from stylus_daw.engine.notes.note import Heard
from training.transcriber.matching import Score, score_hits, score_notes
from training.transcriber.shards import Shard, load_shard
from training.transcriber.validation import hear
from training.transcriber.weights import CONFIG, load_trained, write_config

CANDIDATES = {
    "begin": (0.15, 0.2, 0.25, 0.3, 0.4),
    "again": (0.45, 0.5, 0.55, 0.6, 0.65, 0.7),
    "frame": (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65),
}
PERCUSSION = (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
OFFSETS_SHARE = 0.3
"""How much notes with their ends count beside onsets alone."""
ROUNDS = 2


def choose(shard: Shard, heard: Sequence[Heard]) -> Thresholds:
    """The best of the candidates, one threshold after the other, twice."""
    best = Thresholds()
    for _ in range(ROUNDS):
        for name, values in CANDIDATES.items():
            tried = {value: worth(shard, heard, replace(best, **{name: value})) for value in values}
            best = replace(best, **{name: max(tried, key=lambda value: tried[value])})
            print(name, {value: round(figure, 4) for value, figure in tried.items()}, flush=True)
    tried = {value: _hits_f1(shard, heard, replace(best, percussion=value)) for value in PERCUSSION}
    print("percussion", {value: round(figure, 4) for value, figure in tried.items()}, flush=True)
    return replace(best, percussion=max(tried, key=lambda value: tried[value]))


def worth(shard: Shard, heard: Sequence[Heard], thresholds: Thresholds) -> float:
    """F1 of onsets and, to a smaller share, of notes with their ends."""
    onsets, offsets = Score(), Score()
    for number, one in enumerate(heard):
        decoder = Decoder(thresholds=thresholds)
        decoder.feed(one)
        found = np.array([(n.start_s, n.end_s, n.pitch) for n in decoder.finish()]).reshape(-1, 3)
        written = shard.notes[shard.notes[:, 0] == number][:, 1:4]
        onsets += score_notes(written, found)
        offsets += score_notes(written, found, with_offsets=True)
    return (1 - OFFSETS_SHARE) * onsets.f1 + OFFSETS_SHARE * offsets.f1


def _hits_f1(shard: Shard, heard: Sequence[Heard], thresholds: Thresholds) -> float:
    total = Score()
    for number, one in enumerate(heard):
        found = hits(one.percussion, np.zeros(one.percussion.shape, np.float32), thresholds)
        total += score_hits(shard.hits[shard.hits[:, 0] == number][:, 1], np.array([hit.start_s for hit in found]))
    return total.f1


def choose_for(weights: Path, data: Path) -> None:
    """Write the best thresholds for these weights beside them."""
    net, _ = load_trained(weights)
    shard = load_shard(data / "validation.npz")
    heard = [hear(net, shard, number, torch.device("cpu")) for number in range(len(shard.kinds))]
    told = json.loads((weights / CONFIG).read_text("utf-8"))
    write_config(weights, choose(shard, heard), {name: told[name] for name in ("net", "parameters", "training")})
