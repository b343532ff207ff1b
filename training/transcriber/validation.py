"""Looks at a net on held-out voices: F1 of notes and hits in the validation shard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from stylus_daw.engine.notes.decoding import Decoder, Thresholds, hits
from stylus_daw.engine.notes.note import Heard
from training.transcriber.matching import Score, score_hits, score_notes
from training.transcriber.net import NoteNet
from training.transcriber.shards import Shard, load_shard

SCENES = 24


def look(net: NoteNet, path: Path, device: torch.device) -> dict[str, float]:
    """Onset F1, F1 with offsets, F1 of hits; nothing where there is no such shard yet."""
    if not path.exists():
        return {"onset_f1": 0.0, "offset_f1": 0.0, "hit_f1": 0.0}
    shard = load_shard(path)
    onsets, offsets, struck = Score(), Score(), Score()
    for number in range(min(SCENES, len(shard.kinds))):
        heard = hear(net, shard, number, device)
        decoder = Decoder()
        decoder.feed(heard)
        found = np.array([(n.start_s, n.end_s, n.pitch) for n in decoder.finish()]).reshape(-1, 3)
        written = shard.notes[shard.notes[:, 0] == number][:, 1:4]
        onsets += score_notes(written, found)
        offsets += score_notes(written, found, with_offsets=True)
        strokes = [h.start_s for h in hits(heard.percussion, np.zeros_like(heard.percussion), Thresholds())]
        struck += score_hits(shard.hits[shard.hits[:, 0] == number][:, 1], np.array(strokes))
    return {"onset_f1": round(onsets.f1, 4), "offset_f1": round(offsets.f1, 4), "hit_f1": round(struck.f1, 4)}


@torch.inference_mode()
def hear(net: NoteNet, shard: Shard, number: int, device: torch.device) -> Heard:
    """Posteriors of one scene."""
    grid, bands = (torch.from_numpy(x[number].astype(np.float32) / 255)[None] for x in (shard.grid, shard.bands))
    keys, percussion = net.eval()(grid.to(device), bands.to(device))
    onset, frame, offset, strength = keys[0].float().sigmoid().cpu().numpy()
    return Heard(
        onset=onset,
        frame=frame,
        offset=offset,
        strength=strength,
        percussion=percussion[0].float().sigmoid().cpu().numpy(),
    )
