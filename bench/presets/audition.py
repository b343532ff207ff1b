"""Factory presets rendered as a job renders them, and how far apart they sound.

Presets differ by the mean, over the contents, of the Euclidean distance of the means and standard deviations over
time of MFCC 1 to 19: timbre, whatever the loudness.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import librosa
import numpy as np
from numpy.typing import NDArray

from bench.presets.contents import contents
from bench.presets.report import Audition, PresetReport
from bench.quality.metrics import MEL, MFCCS, RANGE_DB
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import read, write_audio
from stylus_daw.audio.level.loudness import integrated_lufs
from stylus_daw.audio.level.true_peak import true_peak_db
from stylus_daw.chain.apply import apply_chain
from stylus_daw.chain.pedalboard_chain import PedalboardChain
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.engine.local import LocalEngine
from stylus_daw.jobs.job import Origin
from stylus_daw.jobs.stem_renderer import StemRenderer
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset
from stylus_daw.presets.requests import PresetRequests
from stylus_daw.settings import Settings

SHELF_DB, SHELF_HZ = 3.0, 2_000.0


@dataclass(frozen=True, slots=True)
class Auditioner:
    """Renders presets in a scratch folder."""

    library: PresetLibrary
    renderer: StemRenderer
    scratch: Path
    device: str

    def render(self, preset: Preset, content: Clip) -> Clip:
        """The stem of a content."""
        source, stem = self.scratch / "content.wav", self.scratch / "stem.wav"
        write_audio(source, content)
        requests = PresetRequests(presets=self.library, settings=Settings(home=self.scratch, device=self.device))
        request = requests.request(
            preset,
            source=source,
            stem=stem,
            region=None,
            settings=preset.to_settings(),
            origin=Origin(preset=preset.name),
        )
        self.renderer.render(request, lambda fraction, stage: None, lambda: False)
        return read(stem)


def audition(preset: Preset, auditioner: Auditioner, pieces: dict[str, Clip]) -> Audition:
    """A preset, measured on every content."""
    stems = {name: auditioner.render(preset, clip) for name, clip in pieces.items()}
    vectors = {name: timbre(stem) for name, stem in stems.items()}
    return Audition(
        preset=preset,
        lufs=tuple(integrated_lufs(stem) for stem in stems.values()),
        true_peak_db=max(true_peak_db(stem) for stem in stems.values()),
        centroid_hz=float(np.mean([centroid_hz(stem) for stem in stems.values()])),
        from_input=mean_distance(vectors, {name: timbre(clip) for name, clip in pieces.items()}),
        timbres=vectors,
    )


def timbre(clip: Clip) -> NDArray[np.float32]:
    """Means and standard deviations over time of MFCC 1 to 19. Shape: ``[38]``."""
    power = librosa.feature.melspectrogram(y=clip.mid(), sr=clip.rate, power=2.0, **MEL)
    mel_db = 10.0 * np.log10(np.maximum(power, 1e-12))
    coefficients = librosa.feature.mfcc(S=np.maximum(mel_db, mel_db.max() - RANGE_DB), n_mfcc=MFCCS)[1:]
    return np.concatenate([coefficients.mean(axis=1), coefficients.std(axis=1)]).astype(np.float32)


def centroid_hz(clip: Clip) -> float:
    """Spectral centroid, each frame counted by its energy."""
    magnitudes = np.abs(librosa.stft(clip.mid()))
    centroids = librosa.feature.spectral_centroid(S=magnitudes, sr=clip.rate)[0]
    energy = (magnitudes**2).sum(axis=0)
    return float((centroids * energy).sum() / max(energy.sum(), 1e-12))


def mean_distance(one: dict[str, NDArray[np.float32]], other: dict[str, NDArray[np.float32]]) -> float:
    """Mean over the contents of the timbre distance."""
    return float(np.mean([np.linalg.norm(one[name] - other[name]) for name in one]))


def threshold(pieces: dict[str, Clip]) -> float:
    """How far a high shelf of 3 dB at 2 kHz moves the contents: what counts as another sound."""
    shelf = {"kind": "high_shelf", "params": {"frequency_hz": SHELF_HZ, "gain_db": SHELF_DB}}
    chain = ChainSpec.model_validate({"effects": [shelf]})
    moved = {name: timbre(apply_chain(clip, chain)) for name, clip in pieces.items()}
    return mean_distance(moved, {name: timbre(clip) for name, clip in pieces.items()})


def measure(seconds: float, device: str) -> PresetReport:
    """Every factory preset through the embedded weights."""
    library, engine, pieces = PresetLibrary(), LocalEngine(), contents(seconds)
    name, sha256 = engine.model("stylus-mini", device)
    with tempfile.TemporaryDirectory() as scratch:
        auditioner = Auditioner(library, StemRenderer(engine, PedalboardChain()), Path(scratch), device)
        auditions = []
        for preset in library.all():
            auditions.append(audition(preset, auditioner, pieces))
            print(f"{preset.id}: {auditions[-1].true_peak_db:.1f} dBTP", flush=True)
    between = np.array([[mean_distance(a.timbres, b.timbres) for b in auditions] for a in auditions])
    return PresetReport(
        auditions=tuple(auditions),
        distances=between,
        threshold=threshold(pieces),
        seconds=seconds,
        contents=tuple(pieces),
        model=f"{name} {sha256[:12]}",
    )
