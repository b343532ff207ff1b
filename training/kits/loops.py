"""What the judges hear: groups of kits that play the same patterns, stored as the recogniser's clips."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stylus_daw.audio.clip import Clip
from training.compose import Role, compose
from training.kits.hits import Kit, completed, different, draw_kit, kits_of, loop
from training.recogniser.clips import FRAMES, RATE, SECONDS, SOUNDS, Clips, in_bytes
from training.recogniser.image import clip_image
from training.soundfont import Soundfont

FOLDS = {
    "FluidR3_GM": ("sf2/TimGM6mb.sf2", "sf2/sf_GMbank.sf2", "sf2/OPL-3_FM_128M.sf2"),
    "TimGM6mb": ("sf2/FluidR3_GM.sf2", "sf3/MuseScore_General_Full.sf3", "sf2/OPL-3_FM_128M.sf2"),
}
"""By the soundfont whose loops are judged: those that its judge hears. None shares a sample with it."""
KITS_PER_GROUP, PLAIN, PATTERNS = 16, 4, 4
"""Kits of a group, and how many of them are as a soundfont has them; patterns that each of them plays."""


def sources(fold: str) -> list[Kit]:
    """The kits from which a fold's are made; none twice."""
    return different([kit for name in FOLDS[fold] for kit in kits_of(Soundfont(SOUNDS / name, RATE))])


def make_group(kits: Sequence[Kit], path: Path, seed: int) -> Path:
    """One group; a finished one is left as it is."""
    if path.exists():
        return path
    rng = np.random.default_rng([17, seed])
    patterns = [compose(rng, seconds=SECONDS, role=Role.DRUMS) for _ in range(PATTERNS)]
    plain = [completed(kits[i], rng, RATE) for i in rng.choice(len(kits), min(PLAIN, len(kits)), replace=False)]
    drawn = plain + [draw_kit(kits, rng, RATE) for _ in range(KITS_PER_GROUP - len(plain))]
    audio = [loop(kit, pattern, SECONDS, RATE) for kit in drawn for pattern in patterns]
    images = [in_bytes(clip_image(Clip(samples=sound[None], rate=RATE))[:, :FRAMES]) for sound in audio]
    temp = path.with_suffix(".tmp.npz")
    np.savez(temp, images=np.stack(images), programs=np.repeat(np.arange(KITS_PER_GROUP), PATTERNS))
    temp.replace(path)
    return path


def make_groups(fold: str, folder: Path, groups: int) -> list[Path]:
    """All groups of a fold; its soundfonts are loaded only where one is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"group-{number:03d}.npz" for number in range(groups)]
    if not all(path.exists() for path in paths):
        kits = sources(fold)
        for number, path in enumerate(paths):
            print(make_group(kits, path, number), flush=True)
    return paths


def unseen(fold: str) -> Clips:
    """The judged soundfont's own kits, as they are, all on the same patterns."""
    kits = kits_of(Soundfont(SOUNDS / f"sf2/{fold}.sf2", RATE))
    rng = np.random.default_rng([18, 0])
    patterns = [compose(rng, seconds=SECONDS, role=Role.DRUMS) for _ in range(PATTERNS)]
    whole = [(number, kit) for number, kit in enumerate(kits) if len(kit) == max(map(len, kits))]
    audio = [(number, loop(kit, pattern, SECONDS, RATE)) for number, kit in whole for pattern in patterns]
    images = [in_bytes(clip_image(Clip(samples=sound[None], rate=RATE))[:, :FRAMES]) for _, sound in audio]
    return Clips(images=np.stack(images), programs=np.array([number for number, _ in audio]))
