"""How well the net names the drums of kits that it never heard, and how well one kit then answers another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np
import torch

from stylus_daw.engine.guide.templates.drums import DRUMS, hit_values
from stylus_daw.engine.guide.templates.hit_templates import Colour, HitTemplate
from stylus_daw.engine.guide.templates.hit_templates import Kit as Templates
from training.compose import Role, compose
from training.drums.learning import DrumNet
from training.drums.scenes import RATE, SECONDS, Float, mel_power, random_piece, strokes_of
from training.kits.hits import DRUMS as PITCHES
from training.kits.hits import Kit, loop

LOOPS_PER_KIT, PAIRS, SURE = 12, 60, 0.5
METAL = DRUMS.index("closed hat")


@torch.no_grad()
def probabilities(net: DrumNet, images: Sequence[Float]) -> Float:
    """Shape: ``[bands, any]`` each ``-> [hits, 6]``."""
    return torch.sigmoid(net.eval()(torch.from_numpy(hit_values(images)))).numpy()


def accuracy(net: DrumNet, kits: Sequence[Kit]) -> dict[str, dict[str, float]]:
    """By drum, on random loops of those kits: area under the curve, F1 of what is likelier than not."""
    rng, found, wanted = np.random.default_rng([22, 0]), [], []
    for kit in kits:
        for _ in range(LOOPS_PER_KIT):
            piece = random_piece(rng, [pitch for pitch in PITCHES if pitch in kit])
            images, drums = strokes_of(mel_power(loop(kit, piece, SECONDS, RATE)), piece, [0])
            found.append(probabilities(net, images))
            wanted.append(drums)
    sure, true = np.concatenate(found), np.concatenate(wanted) > SURE
    return {name: _figures(sure[:, i], true[:, i]) for i, name in enumerate(DRUMS)}


def _figures(sure: Float, true: np.ndarray) -> dict[str, float]:
    ranks = sure.argsort().argsort() + 1.0
    positive, negative = int(true.sum()), int((~true).sum())
    area = (ranks[true].sum() - positive * (positive + 1) / 2) / (positive * negative)
    said = sure > SURE
    return {
        "auc": round(float(area), 3),
        "f1": round(2.0 * float((said & true).sum()) / float(said.sum() + positive), 3),
    }


def alike(net: DrumNet, kits: Sequence[Kit]) -> dict[str, float]:
    """One kit's pattern answered by another kit's hits: of the drums that either strikes the share that both do, 0..1.

    All metal counts as one drum: patterns seldom have a closed hat, an open one and a cymbal.

    ``colour``: chosen without the net. ``best``: had the drums been known.
    """
    rng, cases = np.random.default_rng([23, 0]), list(permutations(kits, 2))
    figures = []
    for index in np.resize(np.arange(len(cases)), PAIRS):
        (ours, struck), (theirs, known) = (_played(kit, rng) for kit in cases[index])
        struck, known = _metal_as_one(struck), _metal_as_one(known)
        same = np.array([[np.minimum(a, b).sum() / np.maximum(a, b).sum() for b in known] for a in struck])
        deaf = [np.zeros((len(images), len(DRUMS)), np.float32) for images in (ours, theirs)]
        heard = [probabilities(net, images) for images in (ours, theirs)]
        chosen = [_chosen(ours, theirs, *drums) for drums in (deaf, heard)]
        figures.append([*(same[np.arange(len(same)), by].mean() for by in chosen), same.max(axis=1).mean()])
    return dict(zip(("colour", "net", "best"), (round(float(f), 3) for f in np.mean(figures, axis=0)), strict=True))


def _metal_as_one(drums: Float) -> Float:
    """Shape: ``[hits, 6] -> [hits, 4]``."""
    return np.concatenate([drums[:, :METAL], drums[:, METAL:].max(axis=1, keepdims=True)], axis=1)


def _played(kit: Kit, rng: np.random.Generator) -> tuple[list[Float], Float]:
    piece = compose(rng, seconds=SECONDS, role=Role.DRUMS)
    piece = replace(piece, drums=tuple(note for note in piece.drums if note.pitch in kit))
    return strokes_of(mel_power(loop(kit, piece, SECONDS, RATE)), piece, [0])


def _chosen(ours: list[Float], theirs: list[Float], our_drums: Float, their_drums: Float) -> list[int]:
    """Which of ``theirs`` answers each of ``ours``."""
    silence = np.zeros(0, np.float32)
    colours = [Colour.of(image, drums) for image, drums in zip(theirs, their_drums, strict=True)]
    pairs = zip(theirs, colours, strict=True)
    templates = [HitTemplate(image=image, colour=colour, sound=silence, purity=1.0) for image, colour in pairs]
    wanted = [Colour.of(image, drums) for image, drums in zip(ours, our_drums, strict=True)]
    return [index for index, _ in Templates(templates=templates, rate=RATE).chosen(wanted)]
